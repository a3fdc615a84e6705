// What a streamed and a whole chat completion have in common: finish reasons, usage, tool calls.
import type { JsonObject } from "../../core/json.ts";
import type { Usage } from "../../core/lane.ts";
import { answerId } from "../answer-id.ts";
import { answerCallId, ID_RULES } from "../call-ids.ts";
import type { BlockNote } from "../collect.ts";
import { given } from "../given.ts";
import type { AnswerContext } from "../dialect.ts";
import { signedCall } from "../openai-family/signed-call.ts";
import type { Finish } from "../vocabulary.ts";
import { type CallForm, isLegacy } from "./call-forms.ts";

/** `finish_reason` of each ending. */
export const FINISH_REASONS = {
  stop: "stop",
  length: "length",
  "tool-calls": "tool_calls",
  "content-filter": "content_filter",
} as const satisfies Record<Finish, string>;

/** The `usage` object. Details that the provider did not tell are left out: unknown is not 0. */
export function chatUsage({ input, output, cacheRead, cacheWrite, reasoning }: Usage): JsonObject {
  const cached = given({ cached_tokens: cacheRead, cache_write_tokens: cacheWrite });
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    ...(cacheRead === undefined && cacheWrite === undefined ? {} : { prompt_tokens_details: cached }),
    ...(reasoning === undefined ? {} : { completion_tokens_details: { reasoning_tokens: reasoning } }),
  };
}

/** What is known of a tool call. */
export interface CalledTool {
  readonly block: number;
  readonly id: string | null;
  readonly name: string | null;
  readonly text: string;
  readonly notes?: readonly BlockNote[];
}

/** A tool call, with arguments as far as they are known. Clients send the id back, so a missing one is made. */
export function toolCall(call: CalledTool, { type, words }: CallForm, context: AnswerContext): JsonObject {
  const said = words(call.name ?? "", call.text);
  if (type === null) return said;
  const given = call.id ?? `${answerId("call_", context)}_${call.block}`;
  const id = answerCallId(given, call.block, ID_RULES["openai-chat"]);
  return { id, type, [type]: said, ...signedCall(call.notes ?? [], context) };
}

/** `finish_reason` in the words of the client's time. */
export function finishReason(finish: Finish, { request }: AnswerContext): string {
  return finish === "tool-calls" && isLegacy(request) ? "function_call" : FINISH_REASONS[finish];
}
