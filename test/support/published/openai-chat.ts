// The published shapes of chat completions, strict: required fields, types, words, and no field that the API does not have
// (https://github.com/openai/openai-openapi; https://platform.openai.com/docs/api-reference/chat/object). Fields of other servers that we
// write on purpose are listed apart.
import { z } from "zod";
import { faultsOf, type Judged, readEvents } from "./judged.ts";

/** Words of thoughts (DeepSeek, vLLM), their proofs and images (OpenRouter): the API itself has no place for them. */
const BEYOND = {
  images: z
    .array(
      z.strictObject({ type: z.literal("image_url"), index: z.int(), image_url: z.strictObject({ url: z.string() }) }),
    )
    .min(1)
    .optional(),
  reasoning_content: z.string().optional(),
  reasoning_details: z
    .array(
      z.strictObject({
        type: z.enum(["reasoning.text", "reasoning.summary", "reasoning.encrypted"]),
        text: z.string().optional(),
        summary: z.string().optional(),
        signature: z.string().optional(),
        data: z.string().optional(),
        format: z.string(),
        index: z.int(),
      }),
    )
    .optional(),
} as const;
/** Google's proof of a call. */
const extra_content = z.strictObject({ google: z.strictObject({ thought_signature: z.string() }) }).optional();

const token = z.strictObject({ token: z.string(), logprob: z.number(), bytes: z.array(z.int()).nullable() });
const logprob = token.extend({ top_logprobs: z.array(token) });
const logprobs = z.strictObject({ content: z.array(logprob).nullable(), refusal: z.array(logprob).nullable() });
const annotation = z.strictObject({
  type: z.literal("url_citation"),
  url_citation: z.strictObject({ start_index: z.int(), end_index: z.int(), title: z.string(), url: z.string() }),
});
const finish = z.enum(["stop", "length", "tool_calls", "content_filter", "function_call"]);
const tier = z.enum(["auto", "default", "flex", "scale", "priority", "fast"]).nullish();
const count = z.int().nonnegative();

/** `usage`. */
const usage = z
  .strictObject({
    prompt_tokens: count,
    completion_tokens: count,
    total_tokens: count,
    prompt_tokens_details: z
      .strictObject({
        cached_tokens: count.optional(),
        cache_write_tokens: count.optional(),
        audio_tokens: count.optional(),
        text_tokens: count.optional(),
        image_tokens: count.optional(),
      })
      .optional(),
    completion_tokens_details: z
      .strictObject({
        reasoning_tokens: count.optional(),
        audio_tokens: count.optional(),
        text_tokens: count.optional(),
        accepted_prediction_tokens: count.optional(),
        rejected_prediction_tokens: count.optional(),
      })
      .optional(),
  })
  .refine((each) => each.total_tokens === each.prompt_tokens + each.completion_tokens, "the total is no sum");

const frame = {
  id: z.string().min(1),
  created: z.int(),
  model: z.string().min(1),
  service_tier: tier,
  system_fingerprint: z.string().nullish(),
};
/** Clients send it back, and the API refuses longer ones. */
const callId = z.string().min(1).max(40);
const call = z.strictObject({
  id: callId,
  type: z.literal("function"),
  function: z.strictObject({ name: z.string(), arguments: z.string() }),
  extra_content,
});

const completion = z.strictObject({
  ...frame,
  object: z.literal("chat.completion"),
  choices: z
    .array(
      z.strictObject({
        index: z.int(),
        message: z.strictObject({
          role: z.literal("assistant"),
          content: z.string().nullable(),
          refusal: z.string().nullable(),
          annotations: z.array(annotation).optional(),
          tool_calls: z.array(call).min(1).optional(),
          ...BEYOND,
        }),
        logprobs: logprobs.nullable(),
        finish_reason: finish,
      }),
    )
    .min(1),
  usage: usage.optional(),
});

const delta = z.strictObject({
  role: z.literal("assistant").optional(),
  content: z.string().nullish(),
  refusal: z.string().nullish(),
  annotations: z.array(annotation).optional(),
  tool_calls: z
    .array(
      z.strictObject({
        index: z.int().nonnegative(),
        id: callId.optional(),
        type: z.literal("function").optional(),
        function: z.strictObject({ name: z.string().optional(), arguments: z.string().optional() }).optional(),
        extra_content,
      }),
    )
    .min(1)
    .optional(),
  ...BEYOND,
});
const chunk = z.strictObject({
  ...frame,
  object: z.literal("chat.completion.chunk"),
  choices: z.array(
    z.strictObject({
      index: z.int(),
      delta,
      logprobs: logprobs.nullish(),
      finish_reason: finish.nullable(),
    }),
  ),
  usage: usage.nullish(),
  obfuscation: z.string().optional(),
});
type Chunk = z.infer<typeof chunk>;

/** What is wrong with a whole answer. */
export function chatCompletionFaults(body: unknown): string[] {
  return faultsOf(completion, body, "completion");
}

/** What is wrong with a streamed answer: each chunk, and what they are together. A stream may end in an error, then nothing else. */
export function chatStreamFaults(text: string): Judged {
  const events = readEvents(text);
  const faults: string[] = [];
  const chunks: Chunk[] = [];
  const last = events.at(-1);
  const hasFailed = last !== undefined && last.data.startsWith('{"error"');
  for (const [at, { event, data }] of events.entries()) {
    if (event !== undefined) faults.push(`event ${at} has a name`);
    if (data === "[DONE]" || (hasFailed && at === events.length - 1)) continue;
    const tree: unknown = JSON.parse(data);
    faults.push(...faultsOf(chunk, tree, `chunk ${at}`));
    chunks.push(tree as Chunk);
  }
  const dones = events.filter(({ data }) => data === "[DONE]").length;
  if (hasFailed ? dones !== 0 : last?.data !== "[DONE]" || dones !== 1) faults.push("[DONE] ends a good stream, once");
  if (faults.length === 0) faults.push(...togetherFaults(chunks, hasFailed));
  return { faults, hasFailed };
}

function togetherFaults(chunks: readonly Chunk[], hasFailed: boolean): string[] {
  const faults: string[] = [];
  const frames = new Set(chunks.map(({ id, created, model }) => `${id} ${created} ${model}`));
  if (frames.size > 1) faults.push("id, created and model change");
  const choices = chunks.flatMap((each) => each.choices);
  if (chunks.length > 0 && choices[0]?.delta.role !== "assistant") faults.push("the first chunk has no role");
  const ends = choices.filter(({ finish_reason: reason }) => reason !== null);
  if (!hasFailed && ends.length !== 1) faults.push(`${ends.length} finish reasons`);
  if (ends[0] !== undefined && choices.at(-1) !== ends[0]) faults.push("something follows the finish reason");
  const emptyAt = chunks.findIndex((each) => each.choices.length === 0);
  if (emptyAt >= 0 && emptyAt !== chunks.length - 1) faults.push("something follows the usage");
  const calls = choices.flatMap((each) => each.delta.tool_calls ?? []);
  const named = calls.filter((each) => each.function?.name !== undefined);
  const ided = calls.filter(({ id }) => id !== undefined);
  const indexes = [...new Set(calls.map(({ index }) => index))];
  if (named.length !== indexes.length || ided.length !== indexes.length) faults.push("name and id of a call come once");
  if (indexes.some((index, at) => index !== at)) faults.push("calls are not numbered from 0");
  return faults;
}
