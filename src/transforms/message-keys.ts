// `strictMessageKeys`: messages with `role` and `content` alone, for servers that refuse every other key.
import type { JsonObject } from "../core/json.ts";
import { changeEach } from "./reading.ts";
import type { Transform } from "./transform.ts";

const KEPT: ReadonlySet<string> = new Set(["role", "content"]);

/** Leaves the other keys out. */
export const messageKeys: Transform = {
  dialects: ["openai-chat"],
  needed: ({ target }) => target.compat.strictMessageKeys === true,
  apply: (draft) => {
    if (changeEach(draft, "messages", bare)) draft.note("messages");
  },
};

function bare(message: JsonObject): JsonObject {
  const entries = Object.entries(message);
  const kept = entries.filter(([key]) => KEPT.has(key));
  return kept.length === entries.length ? message : Object.fromEntries(kept);
}
