// Vercel's `ai` SDK with the providers that people point at gateways. One talk for all: they differ in the API they speak and in what
// they let through.
import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenResponses } from "@ai-sdk/open-responses";
import { createOpenAI } from "@ai-sdk/openai";
import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import {
  APICallError,
  generateText,
  jsonSchema,
  type LanguageModel,
  type ModelMessage,
  Output,
  streamText,
  tool,
  type ToolSet,
} from "ai";
import { type Ask, type Client, FORMAT, OUTPUT_MAX, type Seen, SYSTEM, type Talk, TOOL } from "../talk.ts";

type Options = NonNullable<Parameters<typeof generateText>[0]["providerOptions"]>;
type Door = Parameters<Client["open"]>[0];

const UNKNOWN_TO_CHAT = "its chat model knows no reasoning";

/** TABLE: the providers of the SDK as clients of the matrix. */
export const AI_CLIENTS: readonly Client[] = [
  {
    ...named("ai · @ai-sdk/openai chat", "/v1/chat/completions"),
    lacks: { thought: UNKNOWN_TO_CHAT, proof: UNKNOWN_TO_CHAT },
    open: (door, model) => {
      const { chat } = createOpenAI({ ...settings(door), baseURL: `${door.url}/v1` });
      // It takes models that it does not know for ones that do not think.
      return new AiTalk(chat(model), { openai: { forceReasoning: true, systemMessageMode: "system" } });
    },
  },
  {
    ...named("ai · @ai-sdk/openai responses", "/v1/responses"),
    open: (door, model) => {
      const { responses } = createOpenAI({ ...settings(door), baseURL: `${door.url}/v1` });
      return new AiTalk(responses(model), {
        openai: { store: false, forceReasoning: true, systemMessageMode: "system" },
      });
    },
  },
  {
    ...named("ai · @ai-sdk/openai-compatible", "/v1/chat/completions"),
    lacks: { proof: "it sends the words of a thought back, and nothing else" },
    open: (door, model) => {
      const more = { name: "edge", includeUsage: true, supportsStructuredOutputs: true };
      const edge = createOpenAICompatible({ ...settings(door), ...more, baseURL: `${door.url}/v1` });
      return new AiTalk(edge(model), {});
    },
  },
  {
    ...named("ai · @ai-sdk/open-responses", "/v1/responses"),
    lacks: { message: "it reads an error's words only where `param` and `code` are strings" },
    open: (door, model) => {
      const edge = createOpenResponses({ ...settings(door), name: "edge", url: `${door.url}/v1/responses` });
      return new AiTalk(edge(model), {});
    },
  },
  {
    ...named("ai · @ai-sdk/anthropic", "/v1/messages"),
    open: (door, model) => {
      const edge = createAnthropic({ ...settings(door), baseURL: `${door.url}/v1` });
      // It takes models that it does not know for ones that take no schema.
      return new AiTalk(edge(model), { anthropic: { structuredOutputMode: "outputFormat" } }, THINKING);
    },
  },
];

const THINKING: Options = { anthropic: { thinking: { type: "adaptive" }, effort: "medium" } };

const TOOLS = {
  [TOOL.name]: tool({ description: TOOL.description, inputSchema: jsonSchema(TOOL.schema) }),
} as unknown as ToolSet;

function settings({ token, fetch }: Door) {
  return { apiKey: token, fetch };
}

function named(name: string, path: string): Pick<Client, "name" | "path" | "readError"> {
  const readError: Client["readError"] = (error) => ({
    name: (error as Error).name,
    message: (error as Error).message,
    status: APICallError.isInstance(error) ? error.statusCode : undefined,
  });
  return { name, path, readError };
}

const FINISHES: Readonly<Record<string, Seen["finish"]>> = {
  stop: "stop",
  "tool-calls": "tool-calls",
  length: "length",
};

class AiTalk implements Talk {
  readonly #model: LanguageModel;
  readonly #options: Options;
  readonly #thinking: Options | null;
  readonly #messages: ModelMessage[] = [];

  /** `thinking` are options that ask for thought; null: the SDK's own word does. */
  constructor(model: LanguageModel, options: Options, thinking: Options | null = null) {
    this.#model = model;
    this.#options = options;
    this.#thinking = thinking;
  }

  user(text: string, image?: string): void {
    const words = { type: "text" as const, text };
    const shown = { type: "file" as const, mediaType: "image/png", data: image ?? "" };
    this.#messages.push({ role: "user", content: image === undefined ? text : [words, shown] });
  }

  results(results: Parameters<Talk["results"]>[0]): void {
    const content = results.map(({ call, text }) => ({
      type: "tool-result" as const,
      toolCallId: call.id,
      toolName: call.name,
      output: { type: "text" as const, value: text },
    }));
    this.#messages.push({ role: "tool", content });
  }

  async ask(ask: Ask): Promise<Seen> {
    return ask.stream === true ? this.#streamed(ask) : this.#whole(ask);
  }

  #asked({ tools, schema, effort, signal }: Ask) {
    const { name, schema: form } = FORMAT;
    const thinking = effort === true ? this.#thinking : null;
    return {
      model: this.#model,
      instructions: SYSTEM,
      messages: this.#messages,
      maxOutputTokens: OUTPUT_MAX,
      maxRetries: 0,
      providerOptions: thinking === null ? this.#options : merged(this.#options, thinking),
      ...(signal !== undefined && { abortSignal: signal }),
      ...(tools === true && { tools: TOOLS }),
      ...(schema === true && { output: Output.object({ name, schema: jsonSchema(form) }) }),
      ...(effort === true && thinking === null && { reasoning: "medium" as const }),
    };
  }

  async #whole(ask: Ask): Promise<Seen> {
    const result = await generateText(this.#asked(ask));
    this.#messages.push(...result.response.messages);
    const { text, reasoningText, toolCalls, finishReason, usage } = result;
    return seen({ text, reasoningText, toolCalls, finishReason, usage });
  }

  async #streamed(ask: Ask): Promise<Seen> {
    // Errors are read from the stream.
    const result = streamText({ ...this.#asked(ask), onError: () => undefined });
    for await (const part of result.fullStream) {
      if (part.type === "text-delta") ask.onText?.(part.text);
      else if (part.type === "error") throw part.error;
      else if (part.type === "abort") throw new Error("aborted");
    }
    this.#messages.push(...(await result.response).messages);
    const [text, reasoningText, toolCalls] = await Promise.all([result.text, result.reasoningText, result.toolCalls]);
    return seen({
      text,
      reasoningText,
      toolCalls,
      finishReason: await result.finishReason,
      usage: await result.usage,
    });
  }
}

interface Result {
  readonly text: string;
  readonly reasoningText: string | undefined;
  readonly toolCalls: readonly { readonly toolCallId: string; readonly toolName: string; readonly input: unknown }[];
  readonly finishReason: string;
  readonly usage: { readonly inputTokens: number | undefined; readonly outputTokens: number | undefined };
}

function seen({ text, reasoningText, toolCalls, finishReason, usage }: Result): Seen {
  return {
    text,
    thought: reasoningText ?? "",
    calls: toolCalls.map(({ toolCallId: id, toolName: name, input: args }) => ({ id, name, args })),
    finish: FINISHES[finishReason] ?? "other",
    usage: { input: usage.inputTokens, output: usage.outputTokens },
  };
}

function merged(options: Options, more: Options): Options {
  const names = [...new Set([...Object.keys(options), ...Object.keys(more)])];
  return Object.fromEntries(names.map((name) => [name, { ...options[name], ...more[name] }]));
}
