// An Ollama server's own chat API (https://github.com/ollama/ollama/blob/main/docs/api.md). It forgets nothing and proves nothing: calls
// have no ids on this wire, and results go by name and order.
import { z } from "zod";
import { HOLD } from "../../support/script.ts";
import { type HeardResult, Refused, type Said, shaped, streamed, type Wire, whole } from "../wire.ts";

const call = z.strictObject({
  function: z.strictObject({ name: z.string(), arguments: z.record(z.string(), z.unknown()) }),
});
const message = z.strictObject({
  role: z.enum(["system", "user", "assistant", "tool"]),
  content: z.string(),
  images: z.array(z.base64()).optional(),
  thinking: z.string().optional(),
  tool_calls: z.array(call).min(1).optional(),
  tool_name: z.string().optional(),
});
type Message = z.infer<typeof message>;

/** Options that the server knows; it warns of others. */
const options = z.strictObject({
  num_ctx: z.int().optional(),
  num_predict: z.int().optional(),
  temperature: z.number().optional(),
  top_p: z.number().optional(),
  top_k: z.int().optional(),
  min_p: z.number().optional(),
  repeat_penalty: z.number().optional(),
  seed: z.int().optional(),
  stop: z.array(z.string()).optional(),
  presence_penalty: z.number().optional(),
  frequency_penalty: z.number().optional(),
});

const REQUEST = z.strictObject({
  model: z.string(),
  messages: z.array(message).min(1),
  stream: z.boolean(),
  tools: z
    .array(
      z.strictObject({
        type: z.literal("function"),
        function: z.strictObject({
          name: z.string(),
          description: z.string().optional(),
          parameters: z.record(z.string(), z.unknown()),
        }),
      }),
    )
    .optional(),
  format: z.union([z.literal("json"), z.record(z.string(), z.unknown())]).optional(),
  options: options.optional(),
  think: z.union([z.boolean(), z.enum(["low", "medium", "high"])]).optional(),
  keep_alive: z.union([z.string(), z.number()]).optional(),
});

const CREATED = "2026-01-02T03:04:05.123456Z";
const TIMES = {
  total_duration: 1_234_567_890,
  load_duration: 12_345_678,
  prompt_eval_count: 7,
  prompt_eval_duration: 23_456_789,
  eval_count: 5,
  eval_duration: 345_678_901,
};

/** The provider that speaks Ollama's own API. */
export const ollamaWire: Wire = {
  api: "ollama",
  dialect: "ollama",
  model: "gpt-oss:20b",
  base: "",
  limit: { status: 503, body: { error: "server busy, please try again.  maximum pending requests exceeded" } },
  hear: (request) => {
    if (request.path !== "/api/chat") throw new Refused(`unknown path ${request.path}`);
    const body = shaped(REQUEST, request.json());
    const of = (role: Message["role"]) => body.messages.filter((each) => each.role === role);
    return {
      stream: body.stream,
      system: of("system")
        .map(({ content }) => content)
        .join("\n"),
      users: of("user").map(({ content }) => content),
      images: of("user").flatMap(({ images }) => images ?? []),
      results: linked(body.messages),
      tools: (body.tools ?? []).map(({ function: { name, parameters } }) => ({ name, schema: parameters })),
      schema: typeof body.format === "object" ? body.format : null,
      effort: typeof body.think === "string" ? body.think : null,
      outputMax: body.options?.num_predict ?? null,
      proofs: of("assistant").flatMap(({ thinking }) => thinking ?? []),
    };
  },
  say: (said, heard) => (heard.stream ? streamed(TYPE, lines(partsOf(said), DONE)) : whole(wholeOf(said))),
  begin: (texts) => [...streamed(TYPE, lines([{ content: texts[0] ?? "" }])), HOLD],
  breakOff: (texts) => {
    const error = { error: "an error was encountered while running the model: unexpected EOF" };
    return streamed(TYPE, [...lines([{ content: texts[0] ?? "" }]), `${JSON.stringify(error)}\n`]);
  },
  refusal: (message) => ({ error: message }),
};

const TYPE = "application/x-ndjson";
const DONE = { content: "" };

/** Results stand behind the message that called, in the order of its calls, named after them. */
function linked(messages: readonly Message[]): HeardResult[] {
  const results: HeardResult[] = [];
  let open: { name: string; args: unknown }[] = [];
  for (const { role, content, tool_calls: calls, tool_name: name } of messages) {
    if (role !== "tool") {
      if (open.length > 0) throw new Refused(`no result for ${open[0]?.name}`);
      open = (calls ?? []).map((each) => ({ name: each.function.name, args: each.function.arguments }));
      continue;
    }
    const answered = open.shift();
    if (answered === undefined) throw new Refused("a result without a call");
    if (name !== answered.name) throw new Refused(`a result named ${name} for ${answered.name}`);
    results.push({ ...answered, text: content });
  }
  if (open.length > 0) throw new Refused(`no result for ${open[0]?.name}`);
  return results;
}

interface SaidMessage {
  readonly content: string;
  readonly thinking?: string;
  readonly tool_calls?: readonly object[];
}

function callsOf(calls: Said["calls"]): readonly object[] | undefined {
  return calls?.map(({ name, args }) => ({ function: { name, arguments: args } }));
}

function partsOf({ thought, texts = [], calls }: Said): SaidMessage[] {
  const called = callsOf(calls);
  return [
    ...(thought === undefined ? [] : [{ content: "", thinking: thought }]),
    ...texts.map((content) => ({ content })),
    ...(called === undefined ? [] : [{ content: "", tool_calls: called }]),
  ];
}

function lines(messages: readonly SaidMessage[], last?: SaidMessage): string[] {
  const said = messages.map((each) => frame(each, { done: false }));
  const done = last === undefined ? [] : [frame(last, { done: true, done_reason: "stop", ...TIMES })];
  return [...said, ...done].map((each) => `${JSON.stringify(each)}\n`);
}

function frame(each: SaidMessage, more: object): object {
  return { model: "gpt-oss:20b", created_at: CREATED, message: { role: "assistant", ...each }, ...more };
}

function wholeOf({ thought, texts = [], calls }: Said): object {
  const called = callsOf(calls);
  const said = {
    content: texts.join(""),
    ...(thought === undefined ? {} : { thinking: thought }),
    ...(called === undefined ? {} : { tool_calls: called }),
  };
  return frame(said, { done: true, done_reason: "stop", ...TIMES });
}
