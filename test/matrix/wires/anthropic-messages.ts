// A provider of the Messages API, as strict as Anthropic's own (https://docs.claude.com/en/api/messages): results right behind their calls,
// signatures only of its own hand, no field that it does not know.
import { z } from "zod";
import { HOLD } from "../../support/script.ts";
import {
  events,
  halves,
  type HeardResult,
  type Memory,
  Refused,
  type Said,
  shaped,
  streamed,
  type Wire,
  whole,
} from "../wire.ts";

const cache_control = z.strictObject({ type: z.literal("ephemeral"), ttl: z.enum(["5m", "1h"]).optional() }).nullish();
const text = z.strictObject({
  type: z.literal("text"),
  text: z.string().regex(/\S/, "text content blocks must contain non-whitespace text"),
  citations: z.null().optional(),
  cache_control,
});
const image = z.strictObject({
  type: z.literal("image"),
  source: z.strictObject({ type: z.literal("base64"), media_type: z.literal("image/png"), data: z.string() }),
  cache_control,
});
const use = z.strictObject({
  type: z.literal("tool_use"),
  id: z.string().regex(/^[a-zA-Z0-9_-]+$/),
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/),
  input: z.record(z.string(), z.unknown()),
  caller: z.unknown().optional(),
  cache_control,
});
const result = z.strictObject({
  type: z.literal("tool_result"),
  tool_use_id: z.string(),
  content: z.union([z.string(), z.array(z.union([text, image]))]).optional(),
  is_error: z.boolean().optional(),
  cache_control,
});
const thinking = z.strictObject({ type: z.literal("thinking"), thinking: z.string(), signature: z.string().min(1) });
const redacted = z.strictObject({ type: z.literal("redacted_thinking"), data: z.string().min(1) });
const message = z.discriminatedUnion("role", [
  z.strictObject({
    role: z.literal("user"),
    content: z.union([z.string(), z.array(z.union([text, image, result])).min(1)]),
  }),
  z.strictObject({
    role: z.literal("assistant"),
    content: z.union([z.string(), z.array(z.union([text, use, thinking, redacted])).min(1)]),
  }),
]);
type Message = z.infer<typeof message>;
type Block = Exclude<Message["content"], string>[number];

/** Top-level fields: others are "Extra inputs are not permitted". */
const REQUEST = z.strictObject({
  model: z.string(),
  max_tokens: z.int().positive(),
  messages: z.array(message).min(1),
  system: z.union([z.string(), z.array(text).min(1)]).optional(),
  stream: z.boolean().optional(),
  stop_sequences: z.array(z.string().regex(/\S/)).optional(),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().optional(),
  top_k: z.int().optional(),
  metadata: z.strictObject({ user_id: z.string().nullish() }).optional(),
  service_tier: z.enum(["auto", "standard_only"]).optional(),
  thinking: z
    .union([
      z.strictObject({ type: z.literal("adaptive"), display: z.enum(["summarized", "omitted"]).optional() }),
      z.strictObject({ type: z.literal("disabled") }),
      z.strictObject({ type: z.literal("enabled"), budget_tokens: z.int().min(1_024) }),
    ])
    .optional(),
  output_config: z
    .strictObject({
      effort: z.enum(["low", "medium", "high", "xhigh", "max"]).optional(),
      format: z
        .strictObject({
          type: z.literal("json_schema"),
          schema: z.looseObject({ additionalProperties: z.literal(false) }),
        })
        .optional(),
    })
    .optional(),
  tools: z
    .array(
      z.strictObject({
        type: z.literal("custom").optional(),
        name: z.string(),
        description: z.string().optional(),
        input_schema: z.looseObject({ type: z.literal("object") }),
        strict: z.boolean().optional(),
        eager_input_streaming: z.boolean().optional(),
        cache_control,
      }),
    )
    .optional(),
  tool_choice: z
    .union([
      z.strictObject({ type: z.literal("none") }),
      z.strictObject({ type: z.enum(["auto", "any"]), disable_parallel_tool_use: z.boolean().optional() }),
      z.strictObject({ type: z.literal("tool"), name: z.string(), disable_parallel_tool_use: z.boolean().optional() }),
    ])
    .optional(),
});

const USAGE = {
  input_tokens: 7,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 0,
  cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
  output_tokens: 5,
  service_tier: "standard",
};

/** Thinks by a budget of tokens. */
const BUDGET_MODEL = "claude-sonnet-4-5";

/** The provider that speaks the Messages API. */
export const anthropicMessagesWire: Wire = {
  api: "anthropic-messages",
  dialect: "anthropic-messages",
  model: "claude-opus-4-7",
  base: "",
  limit: {
    status: 429,
    body: {
      type: "error",
      error: {
        type: "rate_limit_error",
        message: "This request would exceed the rate limit for your organization of 50 requests per minute.",
      },
      request_id: "req_011CXx",
    },
  },
  hear: (request, memory) => {
    const body = shaped(REQUEST, request.json());
    const { messages } = body;
    if (messages[0]?.role !== "user") throw new Refused('messages: first message must use the "user" role');
    for (const each of messages.flatMap(blocksOf)) signedHere(each, memory);
    thinksInRoom(body);
    const users = messages.filter(({ role }) => role === "user");
    const { thinking: thinks, output_config: output } = body;
    return {
      stream: body.stream === true,
      system: textOf(body.system ?? []),
      users: users.map(({ content }) => textOf(content)).filter((said) => said !== ""),
      images: users.flatMap(blocksOf).flatMap((each) => (each.type === "image" ? each.source.data : [])),
      results: linked(messages),
      tools: (body.tools ?? []).map(({ name, input_schema }) => ({ name, schema: input_schema })),
      schema: output?.format?.schema ?? null,
      effort: thinks?.type === "adaptive" ? (output?.effort ?? null) : null,
      outputMax: body.max_tokens,
      proofs: messages.flatMap(blocksOf).flatMap((each) => (each.type === "thinking" ? each.signature : [])),
    };
  },
  say: (said, heard, memory) => {
    const blocks = contentOf(said, memory);
    const stop = said.calls === undefined ? "end_turn" : "tool_use";
    if (!heard.stream) return whole(messageOf(blocks, stop));
    return streamed("text/event-stream; charset=utf-8", events(eventsOf(said, blocks, stop), true));
  },
  begin: (texts) => [...streamed("text/event-stream", events(opening(texts), true)), HOLD],
  breakOff: (texts) => {
    const error = { type: "error", error: { type: "overloaded_error", message: "Overloaded" } };
    return streamed("text/event-stream", events([...opening(texts), error], true));
  },
  refusal: (message) => ({
    type: "error",
    error: { type: "invalid_request_error", message },
    request_id: "req_011CXy",
  }),
};

/** The same provider with a model of the generation before. */
export const anthropicBudgetWire: Wire = { ...anthropicMessagesWire, model: BUDGET_MODEL };

function blocksOf({ content }: Message): readonly Block[] {
  return typeof content === "string" ? [{ type: "text", text: content }] : content;
}

/** A budget is part of the limit, warmth is not for thinkers, and whoever thinks goes on from a thought (extended thinking with tool use). */
function thinksInRoom({
  model,
  thinking: thinks,
  max_tokens: max,
  messages,
  temperature,
  top_k,
}: z.infer<typeof REQUEST>): void {
  const isOn = thinks !== undefined && thinks.type !== "disabled";
  if (isOn && (temperature ?? 1) !== 1)
    throw new Refused("`temperature` may only be set to 1 when thinking is enabled");
  if (isOn && top_k !== undefined) throw new Refused("`top_k` must be unset when thinking is enabled");
  if (thinks?.type === "adaptive" && model === BUDGET_MODEL) throw new Refused("adaptive thinking is not supported");
  if (thinks?.type !== "enabled") return;
  if (model !== BUDGET_MODEL) throw new Refused("`thinking.type: enabled` is not supported for this model");
  if (thinks.budget_tokens >= max) throw new Refused("`max_tokens` must be greater than `thinking.budget_tokens`");
  const last = messages.at(-1);
  if (last === undefined || blocksOf(last)[0]?.type !== "tool_result") return;
  const first = messages.findLast(({ role }) => role === "assistant");
  const type = first === undefined ? undefined : blocksOf(first)[0]?.type;
  if (type !== "thinking" && type !== "redacted_thinking") {
    throw new Refused(
      "Expected `thinking` or `redacted_thinking`: a final `assistant` message must start with a thinking block",
    );
  }
}

function signedHere(each: Block, memory: Memory): void {
  if (each.type === "thinking" && !memory.knows(each.signature)) {
    throw new Refused("messages.1.content.0: Invalid `signature` in `thinking` block");
  }
  if (each.type === "redacted_thinking" && !memory.knows(each.data)) {
    throw new Refused("messages.1.content.0: Invalid `data` in `redacted_thinking` block");
  }
}

function textOf(content: string | readonly { readonly type: string; readonly text?: unknown }[]): string {
  if (typeof content === "string") return content;
  return content.flatMap((each) => (each.type === "text" ? String(each.text) : [])).join("\n");
}

/** Results stand in the message right behind the calls, before anything else in it; every call has one. */
function linked(messages: readonly Message[]): HeardResult[] {
  const results: HeardResult[] = [];
  for (const [at, each] of messages.entries()) {
    const blocks = blocksOf(each);
    const answers = blocks.filter((block) => block.type === "tool_result");
    const before = at === 0 ? [] : blocksOf(messages[at - 1] as Message);
    const uses = before.filter((block) => block.type === "tool_use");
    const stray = answers.find(({ tool_use_id }) => !uses.some(({ id }) => id === tool_use_id));
    if (stray !== undefined)
      throw new Refused(`unexpected \`tool_use_id\` found in \`tool_result\`: ${stray.tool_use_id}`);
    if (blocks.slice(0, answers.length).some(({ type }) => type !== "tool_result") && answers.length > 0) {
      throw new Refused("tool_result blocks must come first");
    }
    for (const { id, name, input } of uses) {
      const answer = answers.find(({ tool_use_id }) => tool_use_id === id);
      if (answer === undefined) throw new Refused(`\`tool_use\` ids were found without \`tool_result\` after: ${id}`);
      results.push({ name, args: input, text: textOf(answer.content ?? "") });
    }
  }
  const open = blocksOf(messages.at(-1) as Message).some(({ type }) => type === "tool_use");
  if (open) throw new Refused("`tool_use` ids were found without `tool_result` blocks immediately after");
  return results;
}

type Said_ = { readonly type: string } & Readonly<Record<string, unknown>>;

function contentOf({ thought, texts, calls = [] }: Said, memory: Memory): Said_[] {
  return [
    ...(thought === undefined
      ? []
      : [{ type: "thinking", thinking: thought, signature: memory.issue("EqQBCkgIsigned+/") }]),
    ...(texts === undefined ? [] : [{ type: "text", text: texts.join("") }]),
    ...calls.map(({ id, name, args }) => ({ type: "tool_use", id: id.replace("call_", "toolu_"), name, input: args })),
  ];
}

function messageOf(content: readonly Said_[], stop: string | null): object {
  return {
    model: "claude-opus-4-7",
    id: "msg_01XFDUDYJgAACzvnptvVoYEL",
    type: "message",
    role: "assistant",
    content,
    stop_reason: stop,
    stop_sequence: null,
    usage: stop === null ? { ...USAGE, output_tokens: 1 } : USAGE,
  };
}

function opening(texts: readonly string[]): Said_[] {
  return [
    { type: "message_start", message: messageOf([], null) },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "ping" },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text: texts[0] } },
  ];
}

function eventsOf(said: Said, blocks: readonly Said_[], stop: string): Said_[] {
  return [
    { type: "message_start", message: messageOf([], null) },
    { type: "ping" },
    ...blocks.flatMap((block, index) => blockEvents(block, index, said)),
    { type: "message_delta", delta: { stop_reason: stop, stop_sequence: null }, usage: { output_tokens: 5 } },
    { type: "message_stop" },
  ];
}

function blockEvents(block: Said_, index: number, said: Said): Said_[] {
  const begun = {
    thinking: { type: "thinking", thinking: "", signature: "" },
    text: { type: "text", text: "" },
    tool_use: { ...block, input: {} },
  }[block.type];
  return [
    { type: "content_block_start", index, content_block: begun },
    ...deltasOf(block, said).map((delta) => ({ type: "content_block_delta", index, delta })),
    { type: "content_block_stop", index },
  ];
}

function deltasOf(block: Said_, { texts = [], thought = "" }: Said): object[] {
  switch (block.type) {
    case "thinking":
      return [
        ...halves(thought).map((piece) => ({ type: "thinking_delta", thinking: piece })),
        { type: "signature_delta", signature: block["signature"] },
      ];
    case "text":
      return texts.map((piece) => ({ type: "text_delta", text: piece }));
    default: {
      const [first, second] = halves(JSON.stringify(block["input"]));
      return ["", first, second].map((partial_json) => ({ type: "input_json_delta", partial_json }));
    }
  }
}
