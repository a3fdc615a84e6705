// One warning for an answer that looks like a tool call though none was made: OpenClaw's own words (§5.5), so that whoever searches logs
// for them finds ours.
import { type Hearing, hearing } from "./hearing.ts";
import type { Say } from "./log.ts";

const WORDS =
  "Assistant reply looks like a tool call, but no structured tool invocation was emitted; treating it as text.";

/** Makes the observer that warns. */
export function createLookAlikeLog(warn: Say): Hearing {
  return hearing(["attempt-end"], ({ attempt, request }) => {
    const { told, target, outcome } = attempt;
    if (outcome !== "completed" || told?.lookAlike === undefined) return;
    const { pattern, toolName, registeredTool } = told.lookAlike;
    const { provider, model } = target;
    const named = toolName === null ? {} : { toolName };
    warn(WORDS, { runId: request.id, provider, model, pattern, ...named, registeredTool });
  });
}
