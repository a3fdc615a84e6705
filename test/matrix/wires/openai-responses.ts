// A provider of the Responses API, as strict as OpenAI's own (https://platform.openai.com/docs/api-reference/responses/create): ids of items and sealed thoughts are known only where this provider gave them out.
import { z } from "zod";
import { HOLD } from "../../support/script.ts";
import {
  base64Of,
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

const status = z.enum(["in_progress", "completed", "incomplete"]).optional();
const inputText = z.strictObject({ type: z.literal("input_text"), text: z.string() });
const inputImage = z.strictObject({
  type: z.literal("input_image"),
  image_url: z.string(),
  detail: z.enum(["auto", "low", "high"]).optional(),
});
const outputText = z.strictObject({
  type: z.literal("output_text"),
  text: z.string(),
  annotations: z.array(z.unknown()).optional(),
  logprobs: z.array(z.unknown()).optional(),
});
const input = z.strictObject({
  type: z.literal("message").optional(),
  role: z.enum(["user", "system", "developer"]),
  content: z.union([z.string(), z.array(z.union([inputText, inputImage])).min(1)]),
});
const output = z.strictObject({
  type: z.literal("message").optional(),
  id: z.string().optional(),
  status,
  phase: z.string().nullish(),
  role: z.literal("assistant"),
  content: z.union([
    z.string(),
    z.array(z.union([outputText, z.strictObject({ type: z.literal("refusal"), refusal: z.string() })])).min(1),
  ]),
});
const call = z.strictObject({
  type: z.literal("function_call"),
  id: z.string().nullish(),
  call_id: z.string().min(1).max(64),
  name: z.string(),
  arguments: z.string(),
  status,
});
const result = z.strictObject({
  type: z.literal("function_call_output"),
  id: z.string().nullish(),
  call_id: z.string().min(1).max(64),
  output: z.union([z.string(), z.array(z.union([inputText, inputImage]))]),
  status: status.nullable(),
});
const summary = z.strictObject({ type: z.literal("summary_text"), text: z.string() });
const reasoning = z.strictObject({
  type: z.literal("reasoning"),
  id: z.string().optional(),
  summary: z.array(summary),
  encrypted_content: z.string().nullish(),
  content: z.array(z.unknown()).optional(),
  status: status.nullable(),
});
const item = z.union([input, output, call, result, reasoning]);
type Item = z.infer<typeof item>;

/** Top-level fields: others are "Unknown parameter". */
const REQUEST = z.strictObject({
  model: z.string(),
  input: z.union([z.string(), z.array(item).min(1)]),
  instructions: z.string().nullish(),
  stream: z.boolean().optional(),
  store: z.boolean().optional(),
  include: z.array(z.enum(["reasoning.encrypted_content", "message.output_text.logprobs"])).optional(),
  tools: z
    .array(
      z.strictObject({
        type: z.literal("function"),
        name: z.string(),
        description: z.string().optional(),
        parameters: z.record(z.string(), z.unknown()),
        strict: z.boolean().nullish(),
      }),
    )
    .min(1)
    .optional(),
  tool_choice: z
    .union([z.enum(["auto", "none", "required"]), z.strictObject({ type: z.literal("function"), name: z.string() })])
    .optional(),
  parallel_tool_calls: z.boolean().optional(),
  max_output_tokens: z.int().min(16).optional(),
  temperature: z.number().optional(),
  top_p: z.number().optional(),
  top_logprobs: z.int().optional(),
  reasoning: z
    .strictObject({
      effort: z.enum(["none", "minimal", "low", "medium", "high", "xhigh"]).optional(),
      summary: z.enum(["auto", "concise", "detailed"]).optional(),
    })
    .optional(),
  text: z
    .strictObject({
      verbosity: z.enum(["low", "medium", "high"]).optional(),
      format: z
        .union([
          z.strictObject({ type: z.enum(["text", "json_object"]) }),
          z.strictObject({
            type: z.literal("json_schema"),
            name: z.string(),
            description: z.string().optional(),
            strict: z.boolean().nullish(),
            schema: z.record(z.string(), z.unknown()),
          }),
        ])
        .optional(),
    })
    .optional(),
  service_tier: z.string().optional(),
  user: z.string().max(64).optional(),
  safety_identifier: z.string().optional(),
  prompt_cache_key: z.string().optional(),
  metadata: z.record(z.string(), z.string()).optional(),
  truncation: z.enum(["auto", "disabled"]).optional(),
});

const CREATED = 1_767_323_045;
const USAGE = {
  input_tokens: 7,
  input_tokens_details: { cached_tokens: 0 },
  output_tokens: 5,
  output_tokens_details: { reasoning_tokens: 0 },
  total_tokens: 12,
};

/** The provider that speaks the Responses API. */
export const openaiResponsesWire: Wire = {
  api: "openai-responses",
  dialect: "openai-responses",
  model: "gpt-5.2",
  base: "/v1",
  limit: {
    status: 429,
    body: {
      error: {
        message: "Rate limit reached for gpt-5.2 in organization org-x on tokens per min (TPM): Limit 30000.",
        type: "tokens",
        param: null,
        code: "rate_limit_exceeded",
      },
    },
  },
  hear: (request, memory) => {
    const body = shaped(REQUEST, request.json());
    const items: readonly Item[] = typeof body.input === "string" ? [] : body.input;
    for (const each of items) known(each, memory);
    paired(items, memory);
    const messages = items.filter((each) => isMessage(each));
    const system = messages.filter(({ role }) => role === "system" || role === "developer");
    const users = messages.filter(({ role }) => role === "user");
    const format = body.text?.format;
    return {
      stream: body.stream === true,
      system: [body.instructions ?? [], system.map(({ content }) => textOf(content))].flat(2).join("\n"),
      users: typeof body.input === "string" ? [body.input] : users.map(({ content }) => textOf(content)),
      images: users.flatMap(({ content }) => imagesOf(content)),
      results: linked(items),
      tools: (body.tools ?? []).map(({ name, parameters }) => ({ name, schema: parameters })),
      schema: format?.type === "json_schema" ? format.schema : null,
      effort: body.reasoning?.effort ?? null,
      outputMax: body.max_output_tokens ?? null,
      proofs: items.flatMap((each) => (isThought(each) ? (each.encrypted_content ?? []) : [])),
    };
  },
  say: (said, heard, memory) => {
    const items = itemsOf(said, memory);
    if (!heard.stream) return whole(responseOf("completed", items));
    return streamed("text/event-stream; charset=utf-8", numbered(eventsOf(said, items)));
  },
  begin: (texts) => [...streamed("text/event-stream", numbered(opening(texts))), HOLD],
  breakOff: (texts) => {
    const error = { type: "error", code: "server_error", message: "The server had an error", param: null };
    return streamed("text/event-stream", numbered([...opening(texts), error]));
  },
  refusal: (message) => ({ error: { message, type: "invalid_request_error", param: "input", code: "invalid_value" } }),
};

type Message = z.infer<typeof input> | z.infer<typeof output>;

function isMessage(each: Item): each is Message {
  return "role" in each;
}

function isThought(each: Item): each is z.infer<typeof reasoning> {
  return !isMessage(each) && each.type === "reasoning";
}

/** Only what this provider gave out is known again. */
function known(each: Item, memory: Memory): void {
  const { id } = each as { readonly id?: string | null };
  if (typeof id === "string" && !memory.knows(id)) {
    throw new Refused(`Item with id '${id}' not found. Items are not persisted when \`store\` is set to false.`);
  }
  if (!isThought(each)) return;
  const sealed = each.encrypted_content ?? "";
  if (!memory.knows(sealed)) throw new Refused("The encrypted content could not be verified.");
}

/** A call that goes by the id of its item wants the thought before it, which was given out with it. */
function paired(items: readonly Item[], memory: Memory): void {
  for (const [at, each] of items.entries()) {
    if (isMessage(each) || each.type !== "function_call" || typeof each.id !== "string") continue;
    if (!memory.knows(`${each.id} needs thought`)) continue;
    const before = items.slice(0, at).some(isThought);
    if (!before) throw new Refused(`Item '${each.id}' was provided without its required 'reasoning' item.`);
  }
}

function textOf(content: Message["content"]): string {
  if (typeof content === "string") return content;
  return content.flatMap((part) => ("text" in part ? part.text : [])).join("\n");
}

function imagesOf(content: Message["content"]): string[] {
  if (typeof content === "string") return [];
  return content.flatMap((part) => (part.type === "input_image" ? base64Of(part.image_url) : []));
}

function linked(items: readonly Item[]): HeardResult[] {
  const calls = items.filter((each) => !isMessage(each) && each.type === "function_call");
  const results = items.filter((each) => !isMessage(each) && each.type === "function_call_output");
  const stray = results.find(({ call_id }) => !calls.some((each) => each.call_id === call_id));
  if (stray !== undefined)
    throw new Refused(`No tool call found for function call output with call_id ${stray.call_id}.`);
  return calls.map(({ call_id, name, arguments: args }) => {
    const answer = results.find((each) => each.call_id === call_id);
    if (answer === undefined) throw new Refused(`No tool output found for function call ${call_id}.`);
    return { name, args: JSON.parse(args), text: textOf(answer.output) };
  });
}

type OutputItem = { readonly type: string; readonly id: string } & Readonly<Record<string, unknown>>;

function itemsOf({ thought, texts, calls = [] }: Said, memory: Memory): OutputItem[] {
  const items: OutputItem[] = [];
  if (thought !== undefined) {
    const text = { type: "summary_text", text: thought };
    const id = memory.issue("rs_00a1b2c3");
    items.push({ id, type: "reasoning", summary: [text], encrypted_content: memory.issue("gAAAAABsealed") });
  }
  if (texts !== undefined) {
    const part = { type: "output_text", annotations: [], logprobs: [], text: texts.join("") };
    items.push({
      id: memory.issue("msg_00a1b2c3"),
      type: "message",
      status: "completed",
      content: [part],
      role: "assistant",
    });
  }
  for (const { id: call_id, name, args } of calls) {
    const id = memory.issue("fc_00a1b2c3");
    if (thought !== undefined) memory.keep(`${id} needs thought`);
    items.push({ id, type: "function_call", status: "completed", arguments: JSON.stringify(args), call_id, name });
  }
  return items;
}

function responseOf(state: string, items: readonly OutputItem[]): object {
  return {
    id: "resp_00a1b2c3",
    object: "response",
    created_at: CREATED,
    status: state,
    background: false,
    error: null,
    incomplete_details: null,
    instructions: null,
    max_output_tokens: null,
    max_tool_calls: null,
    model: "gpt-5.2-2025-12-11",
    output: items,
    parallel_tool_calls: true,
    previous_response_id: null,
    prompt_cache_key: null,
    reasoning: { effort: "medium", summary: "detailed" },
    safety_identifier: null,
    service_tier: "default",
    store: false,
    temperature: 1,
    text: { format: { type: "text" }, verbosity: "medium" },
    tool_choice: "auto",
    tools: [],
    top_logprobs: 0,
    top_p: 1,
    truncation: "disabled",
    usage: state === "completed" ? USAGE : null,
    user: null,
    metadata: {},
  };
}

type StreamEvent = { readonly type: string } & Readonly<Record<string, unknown>>;

function numbered(payloads: readonly StreamEvent[]): string[] {
  return events(
    payloads.map(({ type, ...rest }, sequence_number) => ({ type, sequence_number, ...rest })),
    true,
  );
}

function life(state: "created" | "in_progress"): StreamEvent {
  return { type: `response.${state}`, response: responseOf("in_progress", []) };
}

function opening(texts: readonly string[]): StreamEvent[] {
  const started = { id: "msg_1", type: "message", status: "in_progress", content: [], role: "assistant" };
  const place = { item_id: "msg_1", output_index: 0, content_index: 0 };
  return [
    life("created"),
    life("in_progress"),
    { type: "response.output_item.added", output_index: 0, item: started },
    { type: "response.content_part.added", ...place, part: { type: "output_text", annotations: [], text: "" } },
    { type: "response.output_text.delta", ...place, delta: texts[0], logprobs: [], obfuscation: "x7" },
  ];
}

function eventsOf(said: Said, items: readonly OutputItem[]): StreamEvent[] {
  const said_ = items.flatMap((each, output_index) => itemEvents(each, output_index, said));
  return [
    life("created"),
    life("in_progress"),
    ...said_,
    { type: "response.completed", response: responseOf("completed", items) },
  ];
}

function itemEvents(each: OutputItem, output_index: number, said: Said): StreamEvent[] {
  const inside = { reasoning: thoughtEvents, message: textEvents, function_call: callEvents }[each.type];
  const started = { reasoning: { summary: [] }, message: { content: [] }, function_call: { arguments: "" } }[each.type];
  const begun = each.type === "reasoning" ? {} : { status: "in_progress" };
  return [
    { type: "response.output_item.added", output_index, item: { ...each, ...started, ...begun } },
    ...(inside?.(each, output_index, said) ?? []),
    { type: "response.output_item.done", output_index, item: each },
  ];
}

function thoughtEvents({ id }: OutputItem, output_index: number, { thought = "" }: Said): StreamEvent[] {
  const place = { item_id: id, output_index, summary_index: 0 };
  const deltas = halves(thought).map((delta) => summaryDelta(place, delta));
  return [
    { type: "response.reasoning_summary_part.added", ...place, part: { type: "summary_text", text: "" } },
    ...deltas,
    { type: "response.reasoning_summary_text.done", ...place, text: thought },
    { type: "response.reasoning_summary_part.done", ...place, part: { type: "summary_text", text: thought } },
  ];
}

function textEvents({ id }: OutputItem, output_index: number, { texts = [] }: Said): StreamEvent[] {
  const place = { item_id: id, output_index, content_index: 0 };
  const part = { type: "output_text", annotations: [], logprobs: [], text: texts.join("") };
  return [
    { type: "response.content_part.added", ...place, part: { ...part, text: "" } },
    ...texts.map((delta) => ({ type: "response.output_text.delta", ...place, delta, logprobs: [] })),
    { type: "response.output_text.done", ...place, text: part.text, logprobs: [] },
    { type: "response.content_part.done", ...place, part },
  ];
}

function callEvents({ id, arguments: args }: OutputItem, output_index: number): StreamEvent[] {
  const place = { item_id: id, output_index };
  const text = String(args);
  return [
    ...halves(text).map((delta) => argumentsDelta(place, delta)),
    { type: "response.function_call_arguments.done", ...place, arguments: text },
  ];
}

function summaryDelta(place: object, delta: string): StreamEvent {
  return { type: "response.reasoning_summary_text.delta", ...place, delta };
}

function argumentsDelta(place: object, delta: string): StreamEvent {
  return { type: "response.function_call_arguments.delta", ...place, delta };
}
