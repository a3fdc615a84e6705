// `edge.compat.adjust` and what self-healing has learned: fields that the target cannot take are left out, wherever its wire format has them.
import type { Draft } from "./draft.ts";
import { PARAM_PLACES } from "./param-places.ts";
import { without } from "./reading.ts";
import type { Transform } from "./transform.ts";

/** Leaves fields out. */
export const spareFields: Transform = {
  dialects: [
    "openai-chat",
    "openai-responses",
    "anthropic-messages",
    "google-generative",
    "ollama",
    "openai-embeddings",
  ],
  needed: ({ target }) => target.compat.dropFields !== undefined,
  apply: (draft, { target }) => {
    for (const field of target.compat.dropFields ?? []) spare(draft, field);
  },
};

function spare(draft: Draft, field: string): void {
  const { within, key = field } = PARAM_PLACES[draft.dialect]?.[field] ?? {};
  if (within === undefined) {
    draft.drop(key);
    return;
  }
  const around = draft.objectAt(within);
  if (around === null || around[key] === undefined) return;
  const rest = without(around, key);
  if (Object.keys(rest).length === 0) draft.take(within);
  else draft.set(within, rest);
  draft.note(field);
}
