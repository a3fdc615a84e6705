// What some servers of Anthropic's format refuse: `supportsEagerToolInputStreaming: false` and `supportsLongCacheRetention: false`.
import { isJsonObject, type Json, type JsonObject } from "../core/json.ts";
import { changeEach, eachObject, without } from "./reading.ts";
import type { Transform } from "./transform.ts";

const EAGER = "eager_input_streaming";
const MARK = "cache_control";
const MARKED = ["system", "messages", "tools"] as const;

/** Takes the wish for early tool input out of tools. */
export const eagerToolInput: Transform = {
  dialects: ["anthropic-messages"],
  needed: ({ target }) => target.compat.supportsEagerToolInputStreaming === false,
  apply: (draft) => {
    if (!draft.mayHold("tools", EAGER)) return;
    const changed = changeEach(draft, "tools", (tool) => (tool[EAGER] === undefined ? tool : without(tool, EAGER)));
    if (changed) draft.note(`tools.${EAGER}`);
  },
};

/** Makes cache marks ones of the usual time. */
export const usualCacheTime: Transform = {
  dialects: ["anthropic-messages"],
  needed: ({ target }) => target.compat.supportsLongCacheRetention === false,
  apply: (draft) => {
    const own = draft.get(MARK);
    if (isJsonObject(own) && own["ttl"] !== undefined) {
      draft.set(MARK, without(own, "ttl"));
      draft.note(`${MARK}.ttl`);
    }
    for (const list of MARKED) {
      if (draft.mayHold(list, "ttl") && changeEach(draft, list, withUsualTime)) draft.note(`${list}.${MARK}.ttl`);
    }
  },
};

/** Of the entry and of the parts of its content: a tool's result has parts of its own. */
function withUsualTime(entry: JsonObject): JsonObject {
  const { content } = entry;
  const mark = entry[MARK];
  const inner = Array.isArray(content) ? eachObject(content as readonly Json[], withUsualTime) : content;
  const hasTime = isJsonObject(mark) && mark["ttl"] !== undefined;
  if (!hasTime && inner === content) return entry;
  return { ...entry, ...(hasTime && { [MARK]: without(mark, "ttl") }), ...(inner !== undefined && { content: inner }) };
}
