// What a streamed and a whole message have in common: their frame, usage, endings, ids of calls.
import type { Json, JsonObject } from "../../core/json.ts";
import type { Usage } from "../../core/lane.ts";
import { answerId } from "../answer-id.ts";
import { answerCallId, ID_RULES } from "../call-ids.ts";
import type { AnswerContext } from "../dialect.ts";
import type { Finish } from "../vocabulary.ts";
import { STOP_REASONS } from "./finish.ts";

/** A message; without more it is one that has just begun. */
export function messageFrame(context: AnswerContext, more: Readonly<Record<string, Json>> = {}): JsonObject {
  return {
    id: answerId("msg_", context),
    type: "message",
    role: "assistant",
    model: context.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage: messagesUsage(null),
    ...more,
  };
}

/** The `usage` object, whose input leaves out what the cache held. What nobody told is 0 here: the API has no other word for it. */
export function messagesUsage(usage: Usage | null): JsonObject {
  const { input, output, cacheRead, cacheWrite, reasoning } = usage ?? { input: 0, output: 0 };
  return {
    input_tokens: Math.max(input - (cacheRead ?? 0) - (cacheWrite ?? 0), 0),
    ...(cacheWrite === undefined ? {} : { cache_creation_input_tokens: cacheWrite }),
    ...(cacheRead === undefined ? {} : { cache_read_input_tokens: cacheRead }),
    output_tokens: output,
    ...(reasoning === undefined ? {} : { output_tokens_details: { thinking_tokens: reasoning } }),
  };
}

/** The id of a call. Clients send it back, so a missing one is made. */
export function callId(id: string | null, block: number, context: AnswerContext): string {
  return answerCallId(id ?? `${answerId("toolu_", context)}_${block}`, block, ID_RULES["anthropic-messages"]);
}

/** The `stop_reason` of an ending; who has only refused has refused. */
export function stopReason(finish: Finish, refused: boolean): string {
  return refused && finish === "stop" ? STOP_REASONS["content-filter"] : STOP_REASONS[finish];
}
