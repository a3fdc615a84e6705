// The Response object in each state of its life. Strict clients want every field, so what nobody said has its neutral value.
import type { Json, JsonObject } from "../../core/json.ts";
import type { Usage } from "../../core/lane.ts";
import { answerId } from "../answer-id.ts";
import type { CollectedAnswer } from "../collect.ts";
import type { AnswerContext } from "../dialect.ts";
import type { Finish } from "../vocabulary.ts";
import { outputItem, proofItems } from "./items.ts";

/** What a Response can say of the request. Without the request it says the defaults. */
export type ResponsesContext = AnswerContext;

/** States of a Response. */
export type ResponseStatus = "in_progress" | "completed" | "incomplete" | "failed";

/** Settings that a Response repeats from its request, with what they are when the request is silent. */
const REPEATED: JsonObject = {
  background: false,
  frequency_penalty: 0,
  instructions: null,
  max_output_tokens: null,
  max_tool_calls: null,
  metadata: {},
  parallel_tool_calls: true,
  presence_penalty: 0,
  previous_response_id: null,
  prompt_cache_key: null,
  reasoning: { effort: null, summary: null },
  safety_identifier: null,
  service_tier: "default",
  store: false,
  temperature: 1,
  text: { format: { type: "text" } },
  tool_choice: "auto",
  tools: [],
  top_logprobs: 0,
  top_p: 1,
  truncation: "disabled",
  user: null,
};

/** Why a Response is incomplete; null where it is complete. */
const INCOMPLETE_REASONS = {
  stop: null,
  "tool-calls": null,
  length: "max_output_tokens",
  "content-filter": "content_filter",
} as const satisfies Record<Finish, string | null>;

/** The state that an ending leads to. */
export function statusAfter(finish: Finish): "completed" | "incomplete" {
  return INCOMPLETE_REASONS[finish] === null ? "completed" : "incomplete";
}

/** A Response that is under way. */
export function startedResponse(context: ResponsesContext): JsonObject {
  return responseObject(context, { status: "in_progress" });
}

/** A Response that has ended by itself, with its whole output. Only the block that ended last can have been cut. */
export function endedResponse(
  answer: CollectedAnswer & { readonly finish: Finish },
  context: ResponsesContext,
): JsonObject {
  const status = statusAfter(answer.finish);
  const reason = INCOMPLETE_REASONS[answer.finish];
  const said = answer.blocks.map((block) =>
    outputItem(block, block === answer.lastEnded ? status : "completed", context),
  );
  const output = [...said, ...proofItems(answer.blocks, context)];
  const incomplete = reason === null ? null : { reason };
  const usage = answer.usage === null ? null : responsesUsage(answer.usage);
  return responseObject(context, { status, output, incomplete_details: incomplete, usage });
}

/** A Response that broke. */
export function failedResponse(error: { readonly code: string; readonly message: string }, context: ResponsesContext) {
  return responseObject(context, { status: "failed", error: { ...error } });
}

/** Details that nobody told are 0 here: the schema of this API has no other word for it. */
function responsesUsage({ input, output, cacheRead, cacheWrite, reasoning }: Usage): JsonObject {
  return {
    input_tokens: input,
    input_tokens_details: {
      cached_tokens: cacheRead ?? 0,
      ...(cacheWrite === undefined ? {} : { cache_write_tokens: cacheWrite }),
    },
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: reasoning ?? 0 },
    total_tokens: input + output,
  };
}

function responseObject(
  context: ResponsesContext,
  { status, ...told }: { readonly status: ResponseStatus } & Readonly<Record<string, Json>>,
): JsonObject {
  return {
    id: answerId("resp_", context),
    object: "response",
    created_at: context.created,
    status,
    completed_at: null,
    error: null,
    incomplete_details: null,
    model: context.model,
    output: [],
    usage: null,
    ...repeated(context.request ?? {}),
    ...told,
  };
}

function repeated(request: JsonObject): JsonObject {
  const settings = Object.entries(REPEATED).map(([key, neutral]) => [key, request[key] ?? neutral] as const);
  return Object.fromEntries(settings);
}
