// `params` fill what the client left out (decision 11 c), each in the place that the wire format has for it.
import type { Json } from "../core/json.ts";
import type { Draft } from "./draft.ts";
import { PARAM_PLACES, type Place } from "./param-places.ts";
import { objectOf } from "./reading.ts";
import type { Transform } from "./transform.ts";

const SAMPLING = ["temperature", "top_p", "top_k"] as const;

/** Fills in parameters. A written null keeps one from being sent at all. */
export const fillParams: Transform = {
  dialects: [
    "openai-chat",
    "openai-responses",
    "openai-embeddings",
    "anthropic-messages",
    "google-generative",
    "ollama",
  ],
  needed: ({ fill }) => Object.keys(fill).length > 0,
  apply: (draft, { fill }) => {
    const samples = choosesSampling(draft);
    for (const [name, place] of Object.entries(PARAM_PLACES[draft.dialect] ?? {})) {
      const value = fill[name] ?? null;
      if (value === null || (place.sampling && samples) || (place.besideTools && draft.count("tools") <= 0)) continue;
      put(draft, place, place.list && !Array.isArray(value) ? [value] : value);
    }
  },
};

/** True when the request thinks or the client has chosen how tokens are drawn. */
function choosesSampling(draft: Draft): boolean {
  const { type } = objectOf(draft.get("thinking"));
  return type === "enabled" || type === "adaptive" || SAMPLING.some((key) => draft.has(key));
}

function put(draft: Draft, place: Place, value: Json): void {
  if (place.within !== undefined) {
    const around = draft.objectAt(place.within);
    const isFree = place.demanded ? !draft.wrote(place.within) : around?.[place.key] === undefined;
    if (around !== null && isFree) draft.set(place.within, { ...around, [place.key]: value });
    return;
  }
  if (place.or?.some((key) => draft.has(key)) === true) return;
  if (!place.demanded) draft.fill(place.key, value);
  else if (!draft.wrote(place.key) && leavesRoom(draft, value)) draft.set(place.key, value);
}

/** A bound that the budget of thoughts would fill is refused. */
function leavesRoom(draft: Draft, bound: Json): boolean {
  const { budget_tokens: budget } = objectOf(draft.get("thinking"));
  return typeof bound === "number" && (typeof budget !== "number" || budget < bound);
}
