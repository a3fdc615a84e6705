// `supportedReasoningEfforts` and `reasoningEffortMap`: the asked level in the words of the target, or the nearest that it has
// (OpenClaw §5.3). `supportsReasoningEffort: false` drops it.
import type { Json } from "../core/json.ts";
import type { Compat } from "../core/snapshot.ts";
import type { Draft } from "./draft.ts";
import { objectOf, rowOf, without } from "./reading.ts";
import type { Transform } from "./transform.ts";

/** OpenClaw's words that no wire format has, in the words that they do. */
export const SYNONYMS: Readonly<Record<string, string>> = { off: "none", adaptive: "medium", max: "xhigh" };
/** What stands in for a level that the target does not have, nearest first. A level without a row takes the target's first. */
const NEAREST: Readonly<Record<string, readonly string[]>> = { minimal: ["low", "medium"], xhigh: ["high"] };
const NONE = "none";

/** Clamps the level. */
export const reasoningEffort: Transform = {
  dialects: ["openai-chat", "openai-responses"],
  needed: ({ target: { compat } }) =>
    compat.supportedReasoningEfforts !== undefined || compat.reasoningEffortMap !== undefined,
  apply: (draft, { target }) => {
    const asked = effortIn(draft);
    if (typeof asked !== "string") return;
    const taken = takenEffort(asked, target.compat);
    if (taken === asked) return;
    setEffort(draft, taken);
    draft.note("reasoning_effort");
  },
};

/** Leaves the level out, whatever its field. */
export const noReasoningEffort: Transform = {
  dialects: ["openai-chat", "openai-responses", "ollama"],
  needed: ({ target }) => target.compat.supportsReasoningEffort === false,
  apply: (draft) => {
    if (draft.dialect === "ollama") {
      draft.drop("think");
      return;
    }
    if (effortIn(draft) === undefined) return;
    setEffort(draft, null);
    draft.note("reasoning_effort");
  },
};

/** The level where the wire format has it. */
function effortIn(draft: Draft): Json | undefined {
  return draft.dialect === "openai-chat" ? draft.get("reasoning_effort") : objectOf(draft.get("reasoning"))["effort"];
}

/** Null leaves it out. */
function setEffort(draft: Draft, level: string | null): void {
  if (draft.dialect === "openai-chat") {
    if (level === null) draft.take("reasoning_effort");
    else draft.set("reasoning_effort", level);
    return;
  }
  const rest = without(objectOf(draft.get("reasoning")), "effort");
  const reasoning = level === null ? rest : { ...rest, effort: level };
  if (Object.keys(reasoning).length === 0) draft.take("reasoning");
  else draft.set("reasoning", reasoning);
}

/** The word that the target takes; null when it has none for it. */
function takenEffort(asked: string, { supportedReasoningEfforts: supported, reasoningEffortMap: map }: Compat) {
  const level = rowOf(SYNONYMS, asked) ?? asked;
  const mapped = (map === undefined ? undefined : (rowOf(map, asked) ?? rowOf(map, level))) ?? null;
  if (supported === undefined) return mapped ?? asked;
  const taken = [mapped, asked, level, ...(rowOf(NEAREST, level) ?? [])].find(
    (word) => word !== null && supported.includes(word),
  );
  if (taken !== undefined || level === NONE) return taken ?? null;
  return supported.find((word) => word !== NONE) ?? null;
}
