// A provider of chat completions, as strict as OpenAI's own (https://platform.openai.com/docs/api-reference/chat/create) but for
// `reasoning_content`, which DeepSeek, vLLM and llama.cpp give and take.
import { z } from "zod";
import { HOLD } from "../../support/script.ts";
import {
  base64Of,
  events,
  halves,
  type HeardResult,
  Refused,
  type Said,
  shaped,
  streamed,
  type Wire,
  whole,
} from "../wire.ts";

const text = z.strictObject({ type: z.literal("text"), text: z.string() });
const image = z.strictObject({
  type: z.literal("image_url"),
  image_url: z.strictObject({ url: z.string(), detail: z.enum(["auto", "low", "high"]).optional() }),
});
const call = z.strictObject({
  id: z.string().min(1).max(40),
  type: z.literal("function"),
  function: z.strictObject({ name: z.string().regex(/^[\w-]{1,64}$/), arguments: z.string() }),
});
const message = z.discriminatedUnion("role", [
  z.strictObject({ role: z.enum(["system", "developer"]), content: z.union([z.string(), z.array(text).min(1)]) }),
  z.strictObject({
    role: z.literal("user"),
    name: z.string().optional(),
    content: z.union([z.string(), z.array(z.union([text, image])).min(1)]),
  }),
  z.strictObject({
    role: z.literal("assistant"),
    content: z.union([z.string(), z.array(text).min(1)]).nullish(),
    refusal: z.string().nullish(),
    annotations: z.array(z.unknown()).optional(),
    reasoning_content: z.string().optional(),
    tool_calls: z.array(call).min(1).optional(),
  }),
  z.strictObject({ role: z.literal("tool"), tool_call_id: z.string(), content: z.union([z.string(), z.array(text)]) }),
]);
type Message = z.infer<typeof message>;

const functionTool = z.strictObject({
  type: z.literal("function"),
  function: z.strictObject({
    name: z.string(),
    description: z.string().optional(),
    parameters: z.record(z.string(), z.unknown()).optional(),
    strict: z.boolean().nullish(),
  }),
});

/** Top-level fields: others are "Unrecognized request argument supplied". */
const REQUEST = z.strictObject({
  model: z.string(),
  messages: z.array(message).min(1),
  stream: z.boolean().optional(),
  stream_options: z.strictObject({ include_usage: z.boolean().optional() }).optional(),
  tools: z.array(functionTool).min(1).optional(),
  tool_choice: z
    .union([
      z.enum(["auto", "none", "required"]),
      z.strictObject({ type: z.literal("function"), function: z.strictObject({ name: z.string() }) }),
    ])
    .optional(),
  parallel_tool_calls: z.boolean().optional(),
  max_tokens: z.int().optional(),
  max_completion_tokens: z.int().optional(),
  temperature: z.number().min(0).max(2).optional(),
  top_p: z.number().optional(),
  /** Of vLLM, llama.cpp and most others, and not of OpenAI's own. */
  top_k: z.int().optional(),
  n: z.int().optional(),
  stop: z.union([z.string(), z.array(z.string()).max(4)]).optional(),
  seed: z.int().optional(),
  frequency_penalty: z.number().optional(),
  presence_penalty: z.number().optional(),
  logprobs: z.boolean().optional(),
  top_logprobs: z.int().optional(),
  reasoning_effort: z.enum(["none", "minimal", "low", "medium", "high", "xhigh"]).optional(),
  verbosity: z.enum(["low", "medium", "high"]).optional(),
  service_tier: z.string().optional(),
  user: z.string().max(64).optional(),
  safety_identifier: z.string().optional(),
  prompt_cache_key: z.string().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  store: z.boolean().optional(),
  response_format: z
    .union([
      z.strictObject({ type: z.enum(["text", "json_object"]) }),
      z.strictObject({
        type: z.literal("json_schema"),
        json_schema: z.strictObject({
          name: z.string().regex(/^[\w-]{1,64}$/),
          description: z.string().optional(),
          strict: z.boolean().nullish(),
          schema: z.record(z.string(), z.unknown()),
        }),
      }),
    ])
    .optional(),
});

const CREATED = 1_767_323_045;
const USAGE = {
  prompt_tokens: 7,
  completion_tokens: 5,
  total_tokens: 12,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
};

/** The provider that speaks chat completions. */
export const openaiChatWire: Wire = {
  api: "openai-completions",
  dialect: "openai-chat",
  model: "gpt-5.2",
  base: "/v1",
  limit: {
    status: 429,
    body: {
      error: {
        message: "Rate limit reached for gpt-5.2 in organization org-x on requests per min (RPM): Limit 3, Used 3.",
        type: "requests",
        param: null,
        code: "rate_limit_exceeded",
      },
    },
  },
  hear: (request, memory) => {
    const body = shaped(REQUEST, request.json());
    const { messages } = body;
    const thoughts = thoughtsOf(messages);
    const format = body.response_format;
    return {
      stream: body.stream === true,
      system: messages.flatMap((each) => (isSystem(each) ? textOf(each.content) : [])).join("\n"),
      users: messages.flatMap((each) => (each.role === "user" ? [textOf(each.content)] : [])),
      images: messages.flatMap((each) => (each.role === "user" ? imagesOf(each.content) : [])),
      results: linked(messages),
      tools: (body.tools ?? []).map(({ function: { name, parameters } }) => ({ name, schema: parameters })),
      schema: format?.type === "json_schema" ? format.json_schema.schema : null,
      effort: body.reasoning_effort ?? null,
      outputMax: body.max_completion_tokens ?? body.max_tokens ?? null,
      // Servers that give thoughts take theirs back; some refuse the field, so nobody's else should stand there.
      strange: thoughts.filter((thought) => !memory.knows(thought)),
      proofs: thoughts.filter((thought) => memory.knows(thought)),
    };
  },
  say: (said, heard, memory) => {
    if (said.thought !== undefined) memory.keep(said.thought);
    return heard.stream
      ? streamed("text/event-stream; charset=utf-8", [...events(chunksOf(said)), "data: [DONE]\n\n"])
      : whole(completionOf(said));
  },
  begin: (texts) => [...streamed("text/event-stream", events([openingChunk(), chunk({ content: texts[0] })])), HOLD],
  breakOff: (texts) =>
    streamed("text/event-stream", [
      ...events([openingChunk(), chunk({ content: texts[0] })]),
      ...events([{ error: { message: "The server had an error", type: "server_error", param: null, code: null } }]),
    ]),
  refusal: (message) => ({ error: { message, type: "invalid_request_error", param: null, code: "invalid_value" } }),
};

function thoughtsOf(messages: readonly Message[]): string[] {
  return messages.flatMap((each) => (each.role === "assistant" ? (each.reasoning_content ?? []) : []));
}

function isSystem(each: Message): each is Extract<Message, { role: "system" | "developer" }> {
  return each.role === "system" || each.role === "developer";
}

type Content = Extract<Message, { role: "user" }>["content"];

function textOf(content: Content | null | undefined): string {
  if (typeof content === "string") return content;
  return (content ?? []).flatMap((part) => (part.type === "text" ? part.text : [])).join("\n");
}

function imagesOf(content: Content): string[] {
  if (typeof content === "string") return [];
  return content.flatMap((part) => (part.type === "image_url" ? base64Of(part.image_url.url) : []));
}

/** Every call is answered right behind it, and every result answers one of those calls. */
function linked(messages: readonly Message[]): HeardResult[] {
  const results: HeardResult[] = [];
  for (const [at, each] of messages.entries()) {
    if (each.role === "tool" && !["assistant", "tool"].includes(messages[at - 1]?.role ?? "")) {
      throw new Refused("messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.");
    }
    if (each.role !== "assistant") continue;
    const rest = messages.slice(at + 1);
    const end = rest.findIndex(({ role }) => role !== "tool");
    const answers = rest.slice(0, end < 0 ? rest.length : end).filter((next) => next.role === "tool");
    const ids = new Set(each.tool_calls?.map(({ id }) => id));
    const stray = answers.find(({ tool_call_id }) => !ids.has(tool_call_id));
    if (stray !== undefined) throw new Refused(`no call has the id ${stray.tool_call_id}`);
    for (const { id, function: called } of each.tool_calls ?? []) {
      const answer = answers.find(({ tool_call_id }) => tool_call_id === id);
      if (answer === undefined) throw new Refused(`the following tool_call_ids did not have response messages: ${id}`);
      results.push({ name: called.name, args: JSON.parse(called.arguments), text: textOf(answer.content) });
    }
  }
  return results;
}

function completionOf({ thought, texts, calls }: Said): object {
  const message = {
    role: "assistant",
    content: texts?.join("") ?? null,
    refusal: null,
    annotations: [],
    ...(thought === undefined ? {} : { reasoning_content: thought }),
    ...(calls === undefined ? {} : { tool_calls: calls.map((each) => callOf(each)) }),
  };
  return {
    id: "chatcmpl-Cx1",
    object: "chat.completion",
    created: CREATED,
    model: "gpt-5.2-2025-12-11",
    choices: [{ index: 0, message, logprobs: null, finish_reason: finishOf(calls) }],
    usage: USAGE,
    service_tier: "default",
    system_fingerprint: null,
  };
}

function callOf({ id, name, args }: NonNullable<Said["calls"]>[number]): object {
  return { id, type: "function", function: { name, arguments: JSON.stringify(args) } };
}

function finishOf(calls: Said["calls"]): string {
  return calls === undefined ? "stop" : "tool_calls";
}

function chunk(delta: object, finish: string | null = null): object {
  return {
    id: "chatcmpl-Cx1",
    object: "chat.completion.chunk",
    created: CREATED,
    model: "gpt-5.2-2025-12-11",
    service_tier: "default",
    system_fingerprint: null,
    choices: [{ index: 0, delta, logprobs: null, finish_reason: finish }],
    usage: null,
  };
}

function openingChunk(): object {
  return chunk({ role: "assistant", content: "", refusal: null });
}

function chunksOf({ thought, texts = [], calls = [] }: Said): object[] {
  const called = calls.flatMap(({ id, name, args }, index) => [
    chunk({ tool_calls: [{ index, id, type: "function", function: { name, arguments: "" } }] }),
    ...halves(JSON.stringify(args)).map((piece) => chunk({ tool_calls: [{ index, function: { arguments: piece } }] })),
  ]);
  return [
    openingChunk(),
    ...(thought === undefined ? [] : halves(thought).map((piece) => chunk({ reasoning_content: piece }))),
    ...texts.map((content) => chunk({ content })),
    ...called,
    chunk({}, finishOf(calls.length === 0 ? undefined : calls)),
    { ...chunk({}), choices: [], usage: USAGE },
  ];
}
