// What a well-behaved provider says, in the wire formats of its endpoints. Behaviours spoil it; see behaviours.ts.

/** How an answer is worded. */
export interface AnswerWords {
  readonly model: string;
  /** The text, in the pieces of the stream. Default: names the model, with characters of two and four bytes. */
  readonly texts?: readonly string[];
  readonly finish?: string;
}

/** Tokens of every answer here. */
export const USAGE = { prompt_tokens: 7, completion_tokens: 5, total_tokens: 12 } as const;
const CREATED = 1_767_323_045;

/** The pieces of an answer's text. */
export function textsOf({ model, texts }: AnswerWords): readonly string[] {
  return texts ?? ["Grüße ", "from ", model, " 🦞"];
}

/** The text of an answer. */
export function textOf(words: AnswerWords): string {
  return textsOf(words).join("");
}

/** A whole chat completion. */
export function chatCompletion(words: AnswerWords): object {
  const message = { role: "assistant", content: textOf(words), refusal: null };
  return {
    id: "chatcmpl-1",
    object: "chat.completion",
    created: CREATED,
    model: words.model,
    choices: [{ index: 0, message, logprobs: null, finish_reason: words.finish ?? "stop" }],
    usage: USAGE,
  };
}

/** One chunk of a streamed chat completion. */
export function chatChunk(model: string, delta: object, finish: string | null = null): object {
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: finish }];
  return { id: "chatcmpl-1", object: "chat.completion.chunk", created: CREATED, model, choices };
}

/** The extra chunk of `stream_options.include_usage`. */
export function usageChunk(model: string): object {
  return { id: "chatcmpl-1", object: "chat.completion.chunk", created: CREATED, model, choices: [], usage: USAGE };
}

/** The chunks of a streamed chat completion without usage and `[DONE]`: role, texts, finish. */
export function chatChunks(words: AnswerWords): object[] {
  const { model } = words;
  return [
    chatChunk(model, { role: "assistant", content: "" }),
    ...textsOf(words).map((content) => chatChunk(model, { content })),
    chatChunk(model, {}, words.finish ?? "stop"),
  ];
}

/** A whole answer of the Responses API. */
export function response(words: AnswerWords): object {
  return responseWith(words, "completed", [message(words)]);
}

function responseWith({ model }: AnswerWords, status: string, output: readonly object[]): object {
  const { prompt_tokens: input_tokens, completion_tokens: output_tokens, total_tokens } = USAGE;
  const usage = status === "completed" ? { input_tokens, output_tokens, total_tokens } : null;
  return { id: "resp_1", object: "response", created_at: CREATED, status, error: null, model, output, usage };
}

function message(words: AnswerWords): object {
  const content = [{ type: "output_text", text: textOf(words), annotations: [] }];
  return { type: "message", id: "msg_1", status: "completed", role: "assistant", content };
}

/** The events of a streamed answer of the Responses API, in order. */
export function responseEvents(words: AnswerWords): (object & { readonly type: string })[] {
  const part = { type: "output_text", text: textOf(words), annotations: [] };
  const started = { type: "message", id: "msg_1", status: "in_progress", role: "assistant", content: [] };
  const events = [
    { type: "response.created", response: responseWith(words, "in_progress", []) },
    { type: "response.in_progress", response: responseWith(words, "in_progress", []) },
    { type: "response.output_item.added", output_index: 0, item: started },
    { type: "response.content_part.added", ...PLACE, part: { ...part, text: "" } },
    ...textsOf(words).map((delta) => textDelta(delta)),
    { type: "response.output_text.done", ...PLACE, text: part.text },
    { type: "response.content_part.done", ...PLACE, part },
    { type: "response.output_item.done", output_index: 0, item: message(words) },
    { type: "response.completed", response: response(words) },
  ];
  return events.map((event, sequence_number) => Object.assign(event, { sequence_number }));
}

const PLACE = { item_id: "msg_1", output_index: 0, content_index: 0 };

function textDelta(delta: string): { readonly type: string; readonly delta: string } {
  return { type: "response.output_text.delta", ...PLACE, delta };
}

/** An embeddings answer: one vector per input, made of its position. */
export function embeddings(model: string, inputs: number): object {
  const data = Array.from({ length: inputs }, (_, index) => ({
    object: "embedding",
    index,
    embedding: [index, 0.25, -1],
  }));
  return { object: "list", data, model, usage: { prompt_tokens: 7, total_tokens: 7 } };
}

/** An error body as OpenAI words it. */
export function errorBody(message: string, more: Readonly<Record<string, string | null>> = {}): object {
  return { error: { message, type: "server_error", param: null, code: null, ...more } };
}

/** How a stream is written; every one of these is legal or seen in the field. */
export interface SseStyle {
  readonly eol?: "\n" | "\r\n" | "\r";
  /** The space behind `data:`. */
  readonly space?: boolean;
  readonly bom?: boolean;
  /** A comment line before every event. */
  readonly comment?: string;
  /** Each event's data on two lines, cut behind the first comma. */
  readonly multiline?: boolean;
}

/** The bytes of one event; its `event:` line is written when the payload has a type, as the Responses API does. */
export function sseEvent(payload: object | string, style: SseStyle = {}): string {
  const { eol = "\n", space = true, comment, multiline = false } = style;
  const data = typeof payload === "string" ? payload : JSON.stringify(payload);
  const comma = multiline ? data.indexOf(",") + 1 : 0;
  const lines = comma === 0 ? [data] : [data.slice(0, comma), data.slice(comma)];
  const type = typeof payload === "object" && "type" in payload ? [`event: ${String(payload.type)}`] : [];
  const before = comment === undefined ? [] : [`: ${comment}`, ""];
  return [...before, ...type, ...lines.map((line) => `data:${space ? " " : ""}${line}`), "", ""].join(eol);
}
