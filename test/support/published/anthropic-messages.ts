// The published shapes of the Messages API, strict: the message, its blocks, every event of its streams with the order they come in
// (https://docs.claude.com/en/api/messages, https://docs.claude.com/en/docs/build-with-claude/streaming; types of the official SDK).
import { z } from "zod";
import { faultsOf, type Judged, readEvents } from "./judged.ts";

const count = z.int().nonnegative();
const stop = z.enum([
  "end_turn",
  "max_tokens",
  "stop_sequence",
  "tool_use",
  "pause_turn",
  "refusal",
  "model_context_window_exceeded",
]);
const citation = z.looseObject({ type: z.string() });
const block = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text"), text: z.string(), citations: z.array(citation).nullish() }),
  z.strictObject({ type: z.literal("thinking"), thinking: z.string(), signature: z.string() }),
  z.strictObject({ type: z.literal("redacted_thinking"), data: z.string().min(1) }),
  z.strictObject({
    type: z.literal("tool_use"),
    id: z.string().regex(/^[a-zA-Z0-9_-]+$/),
    name: z.string(),
    input: z.record(z.string(), z.unknown()),
    caller: z.unknown().optional(),
  }),
]);

/** Counts that not every answer has. */
const COUNTS = {
  cache_creation_input_tokens: count.nullish(),
  cache_read_input_tokens: count.nullish(),
  cache_creation: z.strictObject({ ephemeral_5m_input_tokens: count, ephemeral_1h_input_tokens: count }).nullish(),
  server_tool_use: z.looseObject({}).nullish(),
  output_tokens_details: z.strictObject({ thinking_tokens: count }).nullish(),
};
const usage = z.strictObject({
  input_tokens: count,
  output_tokens: count,
  ...COUNTS,
  service_tier: z.enum(["standard", "priority", "batch"]).nullish(),
  inference_geo: z.string().nullish(),
  speed: z.enum(["standard", "fast"]).nullish(),
});

const ending = {
  stop_reason: stop.nullable(),
  stop_sequence: z.string().nullable(),
  stop_details: z.looseObject({ type: z.string() }).nullish(),
  container: z.null().optional(),
};
const message = z.strictObject({
  id: z.string().min(1),
  type: z.literal("message"),
  role: z.literal("assistant"),
  model: z.string().min(1),
  content: z.array(block),
  ...ending,
  usage,
});

const delta = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("text_delta"), text: z.string() }),
  z.strictObject({ type: z.literal("input_json_delta"), partial_json: z.string() }),
  z.strictObject({ type: z.literal("thinking_delta"), thinking: z.string() }),
  z.strictObject({ type: z.literal("signature_delta"), signature: z.string() }),
  z.strictObject({ type: z.literal("citations_delta"), citation }),
]);
const error = z.strictObject({
  type: z.enum([
    "invalid_request_error",
    "authentication_error",
    "billing_error",
    "permission_error",
    "not_found_error",
    "request_too_large",
    "rate_limit_error",
    "timeout_error",
    "api_error",
    "overloaded_error",
  ]),
  message: z.string().min(1),
});

const event = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("message_start"), message }),
  z.strictObject({ type: z.literal("content_block_start"), index: count, content_block: block }),
  z.strictObject({ type: z.literal("content_block_delta"), index: count, delta }),
  z.strictObject({ type: z.literal("content_block_stop"), index: count }),
  z.strictObject({
    type: z.literal("message_delta"),
    delta: z.strictObject({ ...ending, stop_reason: stop }),
    usage: z.strictObject({ input_tokens: count.nullish(), output_tokens: count, ...COUNTS }),
  }),
  z.strictObject({ type: z.literal("message_stop") }),
  z.strictObject({ type: z.literal("ping") }),
  z.strictObject({ type: z.literal("error"), error, request_id: z.string().nullish() }),
]);
type StreamEvent = z.infer<typeof event>;

/** Which deltas a block takes. */
const DELTAS: Readonly<Record<string, ReadonlySet<string>>> = {
  text: new Set(["text_delta", "citations_delta"]),
  thinking: new Set(["thinking_delta", "signature_delta"]),
  tool_use: new Set(["input_json_delta"]),
};

/** What is wrong with a whole answer. */
export function messageFaults(body: unknown): string[] {
  const faults = faultsOf(message, body, "message");
  if (faults.length === 0 && (body as z.infer<typeof message>).stop_reason === null) faults.push("no stop reason");
  return faults;
}

/** What is wrong with an error. `error` may list the attempts beside it. */
export function messagesErrorFaults(body: unknown): string[] {
  const { error: inner } = (body ?? {}) as { readonly error?: Readonly<Record<string, unknown>> };
  const { attempts: _attempts, ...published } = inner ?? {};
  const shape = z.strictObject({ type: z.literal("error"), error, request_id: z.string().nullish() });
  return faultsOf(shape, { ...(body as object), error: published }, "error");
}

/** What is wrong with a streamed answer: each event, and their order. */
export function messagesStreamFaults(text: string): Judged {
  const said = readEvents(text);
  const faults: string[] = [];
  const told = said.map(({ data }) => JSON.parse(data) as StreamEvent);
  for (const [at, each] of told.entries()) {
    faults.push(...faultsOf(event, each, `event ${at} ${each.type}`));
    if (said[at]?.event !== each.type) faults.push(`event ${at}: the event line is not its type`);
  }
  const hasFailed = told.at(-1)?.type === "error";
  if (faults.length === 0) faults.push(...orderFaults(told, hasFailed));
  return { faults, hasFailed };
}

/** Blocks come one behind the other, each started and stopped, between the message's start and its end. */
function orderFaults(told: readonly StreamEvent[], hasFailed: boolean): string[] {
  const faults: string[] = [];
  const types = told.map(({ type }) => type).filter((type) => type !== "ping");
  if (types[0] !== "message_start" && types[0] !== "error") faults.push("it does not begin with message_start");
  if (!hasFailed && types.slice(-2).join() !== "message_delta,message_stop") faults.push("it does not end");
  let open: { readonly index: number; readonly type: string } | null = null;
  let next = 0;
  for (const each of told) {
    if (each.type === "content_block_start") {
      if (open !== null || each.index !== next) faults.push(`block ${each.index} starts where ${next} should`);
      open = { index: each.index, type: each.content_block.type };
      next += 1;
    } else if (each.type === "content_block_delta") {
      const isRight = open?.index === each.index && DELTAS[open.type]?.has(each.delta.type) === true;
      if (!isRight) faults.push(`${each.delta.type} of block ${each.index} while ${open?.type} is open`);
    } else if (each.type === "content_block_stop") {
      if (open?.index !== each.index) faults.push(`block ${each.index} stops and is not open`);
      open = null;
    }
  }
  if (open !== null && !hasFailed) faults.push("a block does not stop");
  return faults;
}
