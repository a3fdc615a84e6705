// The official `openai` SDK on chat completions.
import OpenAI, { APIError } from "openai";
import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionMessage,
  ChatCompletionMessageParam,
} from "openai/resources/chat/completions";
import { type Ask, type Client, FORMAT, OUTPUT_MAX, type Seen, SYSTEM, type Talk, TOOL } from "../talk.ts";

/** Fields of reasoning that servers and we write, and that the SDK's types do not know. */
interface Thinking {
  readonly reasoning_content?: string;
  readonly reasoning_details?: readonly object[];
}

const FINISHES: Readonly<Record<string, Seen["finish"]>> = { stop: "stop", tool_calls: "tool-calls", length: "length" };

/** The SDK as a client of the matrix. */
export const openaiChatClient: Client = {
  name: "openai · chat completions",
  path: "/v1/chat/completions",
  open: ({ url, token, fetch }, model) => {
    return new ChatTalk(new OpenAI({ baseURL: `${url}/v1`, apiKey: token, fetch, maxRetries: 0 }), model);
  },
  readError: readOpenAIError,
};

/** What an error of the `openai` SDK says. */
export function readOpenAIError(error: unknown) {
  const { name, message } = error as Error;
  return { name, message, status: error instanceof APIError ? (error.status as number | undefined) : undefined };
}

class ChatTalk implements Talk {
  readonly #sdk: OpenAI;
  readonly #model: string;
  readonly #messages: ChatCompletionMessageParam[] = [{ role: "system", content: SYSTEM }];

  constructor(sdk: OpenAI, model: string) {
    this.#sdk = sdk;
    this.#model = model;
  }

  user(text: string, image?: string): void {
    const words = { type: "text" as const, text };
    const shown = { type: "image_url" as const, image_url: { url: `data:image/png;base64,${image}` } };
    this.#messages.push({ role: "user", content: image === undefined ? text : [words, shown] });
  }

  results(results: Parameters<Talk["results"]>[0]): void {
    for (const { call, text } of results) {
      this.#messages.push({ role: "tool", tool_call_id: call.id, content: text });
    }
  }

  async ask(ask: Ask): Promise<Seen> {
    const completion = ask.stream === true ? await this.#streamed(ask) : await this.#whole(ask);
    const [choice] = completion.choices;
    if (choice === undefined) throw new Error("no choice");
    const { message, finish_reason } = choice;
    this.#messages.push(sentBack(message));
    const calls = (message.tool_calls ?? []).flatMap((call) => (call.type === "function" ? call : []));
    return {
      text: message.content ?? "",
      thought: (message as ChatCompletionMessage & Thinking).reasoning_content ?? "",
      calls: calls.map(({ id, function: { name, arguments: args } }) => ({ id, name, args: JSON.parse(args) })),
      finish: FINISHES[finish_reason] ?? "other",
      usage: { input: completion.usage?.prompt_tokens, output: completion.usage?.completion_tokens },
    };
  }

  #body({ tools, schema, effort }: Ask): ChatCompletionCreateParamsNonStreaming {
    const { name, description, schema: parameters } = TOOL;
    return {
      model: this.#model,
      messages: this.#messages,
      max_completion_tokens: OUTPUT_MAX,
      ...(tools === true && { tools: [{ type: "function", function: { name, description, parameters } }] }),
      ...(schema === true && { response_format: { type: "json_schema", json_schema: { ...FORMAT, strict: true } } }),
      ...(effort === true && { reasoning_effort: "medium" }),
    };
  }

  async #whole(ask: Ask): Promise<ChatCompletion> {
    return this.#sdk.chat.completions.create(this.#body(ask), { signal: ask.signal });
  }

  /** The SDK folds a stream; of reasoning, which it does not know, it keeps the last piece, so that is folded here. */
  async #streamed(ask: Ask): Promise<ChatCompletion> {
    const body = { ...this.#body(ask), stream: true as const, stream_options: { include_usage: true } };
    const stream = this.#sdk.chat.completions.stream(body, { signal: ask.signal });
    let thought = "";
    const details: object[] = [];
    for await (const chunk of stream) {
      const delta = chunk.choices[0]?.delta as (ChatCompletionChunk.Choice.Delta & Thinking) | undefined;
      thought += delta?.reasoning_content ?? "";
      details.push(...(delta?.reasoning_details ?? []));
      if (typeof delta?.content === "string" && delta.content !== "") ask.onText?.(delta.content);
    }
    const completion = await stream.finalChatCompletion();
    const message = completion.choices[0]?.message ?? {};
    if (thought !== "") Object.assign(message, { reasoning_content: thought });
    if (details.length > 0) Object.assign(message, { reasoning_details: details });
    return completion;
  }
}

/** The SDK's helper adds `parsed`, which is its own and not the API's. */
function sentBack({ ...message }: ChatCompletionMessage & { parsed?: unknown }): ChatCompletionMessageParam {
  delete message.parsed;
  return message as ChatCompletionMessageParam;
}
