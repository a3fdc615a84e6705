// One warning for an answer that looks like a tool call though none was made: OpenClaw's own words (§5.5), so that whoever searches logs
// for them finds ours.
import type { Observer } from "../core/events.ts";
import type { Say } from "./log.ts";

const WORDS =
  "Assistant reply looks like a tool call, but no structured tool invocation was emitted; treating it as text.";

/** Makes the observer that warns. */
export function createLookAlikeLog(warn: Say): Observer {
  return (event) => {
    if (event.type !== "attempt-end" || event.attempt.outcome !== "completed") return;
    const { told, target } = event.attempt;
    if (told?.lookAlike === undefined) return;
    const { pattern, toolName, registeredTool } = told.lookAlike;
    const { provider, model } = target;
    const named = toolName === null ? {} : { toolName };
    warn(WORDS, { runId: event.request.id, provider, model, pattern, ...named, registeredTool });
  };
}
