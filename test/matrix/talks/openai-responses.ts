// The official `openai` SDK on the Responses API, without stored state: what was said goes back as it came.
import OpenAI from "openai";
import type {
  Response,
  ResponseCreateParamsNonStreaming,
  ResponseInput,
  ResponseInputItem,
} from "openai/resources/responses/responses";
import { type Ask, type Client, FORMAT, OUTPUT_MAX, type Seen, SYSTEM, type Talk, TOOL } from "../talk.ts";
import { readOpenAIError } from "./openai-chat.ts";

/** The SDK as a client of the matrix. */
export const openaiResponsesClient: Client = {
  name: "openai · responses",
  path: "/v1/responses",
  open: ({ url, token, fetch }, model) => {
    return new ResponsesTalk(new OpenAI({ baseURL: `${url}/v1`, apiKey: token, fetch, maxRetries: 0 }), model);
  },
  readError: readOpenAIError,
};

class ResponsesTalk implements Talk {
  readonly #sdk: OpenAI;
  readonly #model: string;
  readonly #input: ResponseInput = [];

  constructor(sdk: OpenAI, model: string) {
    this.#sdk = sdk;
    this.#model = model;
  }

  user(text: string, image?: string): void {
    const words = { type: "input_text" as const, text };
    const url = `data:image/png;base64,${image}`;
    const shown = { type: "input_image" as const, image_url: url, detail: "auto" as const };
    this.#input.push({ role: "user", content: image === undefined ? text : [words, shown] });
  }

  results(results: Parameters<Talk["results"]>[0]): void {
    for (const { call, text } of results) {
      this.#input.push({ type: "function_call_output", call_id: call.id, output: text });
    }
  }

  async ask(ask: Ask): Promise<Seen> {
    const response = ask.stream === true ? await this.#streamed(ask) : await this.#whole(ask);
    this.#input.push(...response.output.map(sentBack));
    const calls = response.output.filter((item) => item.type === "function_call");
    const thoughts = response.output.filter((item) => item.type === "reasoning");
    return {
      text: response.output_text,
      thought: thoughts.flatMap(({ summary }) => summary.map(({ text }) => text)).join(""),
      calls: calls.map(({ call_id: id, name, arguments: args }) => ({ id, name, args: JSON.parse(args) })),
      finish: finishOf(response),
      usage: { input: response.usage?.input_tokens, output: response.usage?.output_tokens },
    };
  }

  #body({ tools, schema, effort }: Ask): ResponseCreateParamsNonStreaming {
    const { name, description, schema: parameters } = TOOL;
    return {
      model: this.#model,
      instructions: SYSTEM,
      input: this.#input,
      max_output_tokens: OUTPUT_MAX,
      store: false,
      ...(tools === true && { tools: [{ type: "function", name, description, parameters, strict: false }] }),
      ...(schema === true && { text: { format: { type: "json_schema", ...FORMAT, strict: true } } }),
      ...(effort === true && {
        reasoning: { effort: "medium" },
        include: ["reasoning.encrypted_content"],
      }),
    };
  }

  async #whole(ask: Ask): Promise<Response> {
    return this.#sdk.responses.create(this.#body(ask), { signal: ask.signal });
  }

  async #streamed(ask: Ask): Promise<Response> {
    const stream = this.#sdk.responses.stream({ ...this.#body(ask), stream: true }, { signal: ask.signal });
    let isComplete = false;
    for await (const event of stream) {
      if (event.type === "response.output_text.delta") ask.onText?.(event.delta);
      if (event.type === "response.failed") throw new Error(event.response.error?.message);
      isComplete ||= event.type === "response.completed" || event.type === "response.incomplete";
    }
    if (!isComplete) throw new Error("the stream ended without a terminal event");
    return stream.finalResponse();
  }
}

/** The SDK's helper adds `parsed` and `parsed_arguments`, which are its own and not the API's. */
function sentBack(item: object): ResponseInputItem {
  const helpers = new Set(["parsed", "parsed_arguments"]);
  const text = JSON.stringify(item, (key, value: unknown) => (helpers.has(key) ? undefined : value));
  return JSON.parse(text) as ResponseInputItem;
}

function finishOf({ status, output, incomplete_details: details }: Response): Seen["finish"] {
  if (status === "completed") return output.some(({ type }) => type === "function_call") ? "tool-calls" : "stop";
  return details?.reason === "max_output_tokens" ? "length" : "other";
}
