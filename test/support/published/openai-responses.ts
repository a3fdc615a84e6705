// The published shapes of the Responses API, strict: the Response, its items, and every event of its streams with the order they come in
// (https://github.com/openai/openai-openapi, https://platform.openai.com/docs/api-reference/responses-streaming; https://www.openresponses.org
// for the settings that a Response repeats).
import { z } from "zod";
import { faultsOf, type Judged, readEvents } from "./judged.ts";

const count = z.int().nonnegative();
const status = z.enum(["in_progress", "completed", "incomplete"]);
const token = z.strictObject({ token: z.string(), logprob: z.number(), bytes: z.array(z.int()).nullable() });
const logprobs = z.array(token.extend({ top_logprobs: z.array(token) }));
const annotation = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("url_citation"),
    start_index: z.int(),
    end_index: z.int(),
    title: z.string(),
    url: z.string(),
  }),
  z.strictObject({ type: z.literal("file_citation"), file_id: z.string(), filename: z.string(), index: z.int() }),
]);
const outputText = z.strictObject({
  type: z.literal("output_text"),
  text: z.string(),
  annotations: z.array(annotation),
  logprobs: logprobs.optional(),
});
const part = z.discriminatedUnion("type", [
  outputText,
  z.strictObject({ type: z.literal("refusal"), refusal: z.string() }),
]);
const summary = z.strictObject({ type: z.literal("summary_text"), text: z.string() });
const item = z.discriminatedUnion("type", [
  z.strictObject({
    type: z.literal("message"),
    id: z.string().min(1),
    role: z.literal("assistant"),
    status,
    content: z.array(part),
    phase: z.enum(["commentary", "final_answer"]).nullish(),
  }),
  z.strictObject({
    type: z.literal("function_call"),
    id: z.string().min(1),
    call_id: z.string().min(1).max(64),
    name: z.string(),
    namespace: z.string().optional(),
    arguments: z.string(),
    status,
  }),
  z.strictObject({
    type: z.literal("custom_tool_call"),
    id: z.string().min(1),
    call_id: z.string().min(1).max(64),
    name: z.string(),
    namespace: z.string().optional(),
    input: z.string(),
    status: status.optional(),
  }),
  z.strictObject({
    type: z.literal("image_generation_call"),
    id: z.string().min(1),
    status: z.enum(["in_progress", "completed", "generating", "failed"]),
    result: z.string().nullable(),
  }),
  z.strictObject({
    type: z.literal("reasoning"),
    id: z.string().min(1),
    summary: z.array(summary),
    content: z.array(z.strictObject({ type: z.literal("reasoning_text"), text: z.string() })).optional(),
    encrypted_content: z.string().nullish(),
    status: status.optional(),
  }),
]);
type Item = z.infer<typeof item>;

const usage = z.strictObject({
  input_tokens: count,
  input_tokens_details: z.strictObject({ cached_tokens: count, cache_write_tokens: count.optional() }),
  output_tokens: count,
  output_tokens_details: z.strictObject({ reasoning_tokens: count }),
  total_tokens: count,
});

const response = z.strictObject({
  id: z.string().min(1),
  object: z.literal("response"),
  created_at: z.int(),
  status: z.enum(["in_progress", "completed", "incomplete", "failed", "cancelled", "queued"]),
  error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  incomplete_details: z.strictObject({ reason: z.enum(["max_output_tokens", "content_filter"]) }).nullable(),
  instructions: z.union([z.string(), z.array(z.unknown())]).nullable(),
  metadata: z.record(z.string(), z.string()).nullable(),
  model: z.string().min(1),
  output: z.array(item),
  parallel_tool_calls: z.boolean(),
  temperature: z.number().nullable(),
  tool_choice: z.union([z.enum(["auto", "none", "required"]), z.looseObject({ type: z.string() })]),
  tools: z.array(z.looseObject({ type: z.string() })),
  top_p: z.number().nullable(),
  background: z.boolean().nullish(),
  completed_at: z.number().nullish(),
  frequency_penalty: z.number().optional(),
  max_output_tokens: z.int().nullish(),
  max_tool_calls: z.int().nullish(),
  presence_penalty: z.number().optional(),
  previous_response_id: z.string().nullish(),
  prompt_cache_key: z.string().nullish(),
  prompt_cache_retention: z.string().nullish(),
  reasoning: z.strictObject({ effort: z.string().nullish(), summary: z.string().nullish() }).nullish(),
  safety_identifier: z.string().nullish(),
  service_tier: z.string().nullish(),
  store: z.boolean().optional(),
  text: z
    .looseObject({ format: z.looseObject({ type: z.enum(["text", "json_object", "json_schema"]) }).optional() })
    .optional(),
  top_logprobs: z.int().nullish(),
  truncation: z.enum(["auto", "disabled"]).nullish(),
  usage: usage.nullish(),
  user: z.string().nullish(),
});
type Response = z.infer<typeof response>;

const at = { item_id: z.string(), output_index: count };
const inPart = { ...at, content_index: count };
const inSummary = { ...at, summary_index: count };
const obfuscation = z.string().optional();

/** TABLE: the fields of every event beside its type and number. */
const EVENTS = {
  "response.created": { response },
  "response.in_progress": { response },
  "response.completed": { response },
  "response.incomplete": { response },
  "response.failed": { response },
  "response.output_item.added": { output_index: count, item },
  "response.output_item.done": { output_index: count, item },
  "response.content_part.added": { ...inPart, part },
  "response.content_part.done": { ...inPart, part },
  "response.output_text.delta": { ...inPart, delta: z.string(), logprobs, obfuscation },
  "response.output_text.done": { ...inPart, text: z.string(), logprobs },
  "response.output_text.annotation.added": { ...inPart, annotation_index: count, annotation },
  "response.refusal.delta": { ...inPart, delta: z.string(), obfuscation },
  "response.refusal.done": { ...inPart, refusal: z.string() },
  "response.function_call_arguments.delta": { ...at, delta: z.string(), obfuscation },
  "response.function_call_arguments.done": { ...at, arguments: z.string(), name: z.string().optional() },
  "response.custom_tool_call_input.delta": { ...at, delta: z.string(), obfuscation },
  "response.custom_tool_call_input.done": { ...at, input: z.string() },
  "response.reasoning_summary_part.added": { ...inSummary, part: summary },
  "response.reasoning_summary_part.done": { ...inSummary, part: summary },
  "response.reasoning_summary_text.delta": { ...inSummary, delta: z.string(), obfuscation },
  "response.reasoning_summary_text.done": { ...inSummary, text: z.string() },
  "response.image_generation_call.in_progress": at,
  "response.image_generation_call.generating": at,
  "response.image_generation_call.completed": at,
  error: { code: z.string().nullable(), message: z.string(), param: z.string().nullable() },
} as const satisfies Record<string, z.ZodRawShape>;

const SHAPES: ReadonlyMap<string, z.ZodType> = new Map(
  Object.entries(EVENTS).map(([type, fields]) => {
    return [type, z.strictObject({ type: z.literal(type), sequence_number: count, ...fields })] as const;
  }),
);

/** Endings of a stream. */
const TERMINAL: ReadonlySet<string> = new Set([
  "response.completed",
  "response.incomplete",
  "response.failed",
  "error",
]);

interface Told {
  readonly type: string;
  readonly sequence_number: number;
  readonly output_index?: number;
  readonly item_id?: string;
  readonly item?: Item;
  readonly response?: Response;
}

/** What is wrong with a whole answer. */
export function responseFaults(body: unknown): string[] {
  return faultsOf(response, body, "response");
}

/** What is wrong with a streamed answer: each event, and their order. */
export function responsesStreamFaults(text: string): Judged {
  const said = readEvents(text);
  const faults: string[] = [];
  const events = said.filter(({ data }) => data !== "[DONE]");
  const told = events.map(({ data }) => JSON.parse(data) as Told);
  for (const [place, each] of told.entries()) {
    const shape = SHAPES.get(each.type);
    if (shape === undefined) faults.push(`event ${place}: unknown type ${each.type}`);
    else faults.push(...faultsOf(shape, each, `event ${place} ${each.type}`));
    if (events[place]?.event !== each.type) faults.push(`event ${place}: the event line is not its type`);
    if (each.sequence_number !== place) faults.push(`event ${place}: numbered ${each.sequence_number}`);
  }
  const last = told.at(-1);
  const hasFailed = last?.type === "response.failed" || last?.type === "error";
  const hasDone = said.at(-1)?.data === "[DONE]";
  if (hasDone === hasFailed) faults.push("[DONE] follows a good ending and no other");
  if (said.length - told.length > 1) faults.push("[DONE] is said once");
  if (faults.length === 0) faults.push(...orderFaults(told));
  return { faults, hasFailed };
}

function orderFaults(told: readonly Told[]): string[] {
  const faults: string[] = [];
  if (told[0]?.type !== "response.created") faults.push("it does not begin with response.created");
  if (told[1]?.type !== "response.in_progress") faults.push("response.in_progress is not second");
  const endings = told.filter(({ type }) => TERMINAL.has(type));
  if (endings.length !== 1 || endings[0] !== told.at(-1)) faults.push("it does not end once");
  if (new Set(told.flatMap(({ response: each }) => each?.id ?? [])).size > 1)
    faults.push("the response changes its id");
  return [...faults, ...itemFaults(told)];
}

/** Items begin in order, everything inside names its item, and the terminal event repeats them as they ended. */
function itemFaults(told: readonly Told[]): string[] {
  const faults: string[] = [];
  const ids: string[] = [];
  const open = new Set<number>();
  const done: Item[] = [];
  for (const { type, output_index: index, item_id: id, item: each } of told) {
    if (index === undefined) continue;
    if (type === "response.output_item.added") {
      if (index !== ids.length) faults.push(`item ${index} is added as the ${ids.length}th`);
      ids[index] = each?.id ?? "";
      open.add(index);
      continue;
    }
    if (!open.has(index)) faults.push(`${type} of item ${index}, which is not open`);
    if ((each?.id ?? id) !== ids[index]) faults.push(`${type} names another item`);
    if (type !== "response.output_item.done") continue;
    open.delete(index);
    if (each !== undefined) done[index] = each;
  }
  const last = told.at(-1);
  if (last?.type === "response.failed" || last?.type === "error") return faults;
  if (open.size > 0) faults.push("an item is not done");
  if (JSON.stringify(last?.response?.output) !== JSON.stringify(done)) faults.push("the output is not its items");
  return faults;
}
