// The official `@anthropic-ai/sdk` on the Messages API.
import Anthropic, { APIError } from "@anthropic-ai/sdk";
import type {
  ContentBlock,
  Message,
  MessageCreateParamsNonStreaming,
  MessageParam,
} from "@anthropic-ai/sdk/resources/messages";
import { type Ask, type Client, FORMAT, OUTPUT_MAX, type Seen, SYSTEM, type Talk, TOOL } from "../talk.ts";

const FINISHES: Readonly<Record<string, Seen["finish"]>> = {
  end_turn: "stop",
  tool_use: "tool-calls",
  max_tokens: "length",
};

/** The SDK as a client of the matrix. */
export const anthropicClient: Client = {
  name: "anthropic · messages",
  path: "/v1/messages",
  open: ({ url, token, fetch }, model) => {
    return new MessagesTalk(new Anthropic({ baseURL: url, apiKey: token, fetch, maxRetries: 0 }), model);
  },
  readError: (error) => {
    const { name, message } = error as Error;
    return { name, message, status: error instanceof APIError ? (error.status as number | undefined) : undefined };
  },
};

class MessagesTalk implements Talk {
  readonly #sdk: Anthropic;
  readonly #model: string;
  readonly #messages: MessageParam[] = [];

  constructor(sdk: Anthropic, model: string) {
    this.#sdk = sdk;
    this.#model = model;
  }

  user(text: string, image?: string): void {
    const words = { type: "text" as const, text };
    const source = { type: "base64" as const, media_type: "image/png" as const, data: image ?? "" };
    this.#messages.push({
      role: "user",
      content: image === undefined ? text : [words, { type: "image", source }],
    });
  }

  results(results: Parameters<Talk["results"]>[0]): void {
    const content = results.map(({ call, text }) => ({
      type: "tool_result" as const,
      tool_use_id: call.id,
      content: text,
    }));
    this.#messages.push({ role: "user", content });
  }

  async ask(ask: Ask): Promise<Seen> {
    const message = ask.stream === true ? await this.#streamed(ask) : await this.#whole(ask);
    this.#messages.push({ role: "assistant", content: message.content });
    return {
      text: joined(message.content, "text", ({ text }) => text),
      thought: joined(message.content, "thinking", ({ thinking }) => thinking),
      calls: message.content.flatMap((block) =>
        block.type === "tool_use" ? { id: block.id, name: block.name, args: block.input } : [],
      ),
      finish: FINISHES[message.stop_reason ?? ""] ?? "other",
      usage: { input: message.usage.input_tokens, output: message.usage.output_tokens },
    };
  }

  #body({ tools, schema, effort }: Ask): MessageCreateParamsNonStreaming {
    const { name, description, schema: input_schema } = TOOL;
    const format = { type: "json_schema" as const, schema: FORMAT.schema };
    const output = { ...(schema === true && { format }), ...(effort === true && { effort: "medium" as const }) };
    return {
      model: this.#model,
      max_tokens: OUTPUT_MAX,
      system: SYSTEM,
      messages: this.#messages,
      ...(tools === true && { tools: [{ name, description, input_schema: { ...input_schema, required: ["city"] } }] }),
      ...(Object.keys(output).length > 0 && { output_config: output }),
      ...(effort === true && { thinking: { type: "adaptive" } }),
    };
  }

  async #whole(ask: Ask): Promise<Message> {
    return this.#sdk.messages.create(this.#body(ask), { signal: ask.signal });
  }

  async #streamed(ask: Ask): Promise<Message> {
    const stream = this.#sdk.messages.stream(this.#body(ask), { signal: ask.signal });
    stream.on("text", (delta) => ask.onText?.(delta));
    return stream.finalMessage();
  }
}

function joined<Type extends ContentBlock["type"]>(
  content: readonly ContentBlock[],
  type: Type,
  read: (block: Extract<ContentBlock, { type: Type }>) => string,
): string {
  const isOfType = (block: ContentBlock): block is Extract<ContentBlock, { type: Type }> => block.type === type;
  return content.filter(isOfType).map(read).join("");
}
