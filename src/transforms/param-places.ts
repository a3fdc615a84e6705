// TABLE: where each wire format has the parameters that a file may give. A parameter without a place there is not sent.
import type { DialectName } from "../core/names.ts";

/** The member that a parameter fills. */
export interface Place {
  readonly key: string;
  /** The top-level object that holds the member. */
  readonly within?: string;
  /** Other top-level members that say the same: a client that wrote one has chosen. */
  readonly or?: readonly string[];
  /** A single value is wrapped. */
  readonly list?: true;
  /** The translation has put something there unasked: what the client did not write is replaced. */
  readonly demanded?: true;
  /** Sent only beside tools: refused without. */
  readonly besideTools?: true;
  /** Refused in a request that thinks, and beside its like. */
  readonly sampling?: true;
}

/** Places by the parameter's name. */
export type Places = Readonly<Record<string, Place>>;

/** Parameters that a wire format calls by their own names. */
function named(...names: readonly string[]): Places {
  return Object.fromEntries(names.map((key) => [key, { key }]));
}

/** The same inside an object. */
function inside(within: string, names: Readonly<Record<string, string>>): Places {
  return Object.fromEntries(Object.entries(names).map(([name, key]) => [name, { within, key }]));
}

const OPENAI: Places = {
  ...named("temperature", "top_p", "service_tier", "prompt_cache_key", "user", "metadata", "store", "provider"),
  parallel_tool_calls: { key: "parallel_tool_calls", besideTools: true },
};

/** Places by wire format. Embeddings have those of `memorySearch` only; other formats of theirs are filled when they are written. */
export const PARAM_PLACES: Readonly<Partial<Record<DialectName, Places>>> = {
  "openai-chat": {
    ...OPENAI,
    ...named("top_k", "min_p", "seed", "stop", "frequency_penalty", "presence_penalty", "repetition_penalty"),
    ...named("logit_bias", "response_format", "verbosity", "thinking"),
    maxTokens: { key: "max_completion_tokens", or: ["max_tokens"] },
    tool_stream: { key: "tool_stream", besideTools: true },
  },
  "openai-responses": {
    ...OPENAI,
    ...inside("text", { verbosity: "verbosity" }),
    maxTokens: { key: "max_output_tokens" },
  },
  "openai-embeddings": named("dimensions", "input_type"),
  "anthropic-messages": {
    temperature: { key: "temperature", sampling: true },
    top_p: { key: "top_p", sampling: true },
    top_k: { key: "top_k", sampling: true },
    stop: { key: "stop_sequences", list: true },
    maxTokens: { key: "max_tokens", demanded: true },
  },
  "google-generative": {
    ...inside("generationConfig", {
      temperature: "temperature",
      top_p: "topP",
      top_k: "topK",
      seed: "seed",
      frequency_penalty: "frequencyPenalty",
      presence_penalty: "presencePenalty",
      maxTokens: "maxOutputTokens",
    }),
    stop: { within: "generationConfig", key: "stopSequences", list: true },
  },
  ollama: {
    ...named("keep_alive"),
    ...inside("options", {
      temperature: "temperature",
      top_p: "top_p",
      top_k: "top_k",
      min_p: "min_p",
      seed: "seed",
      frequency_penalty: "frequency_penalty",
      presence_penalty: "presence_penalty",
      repetition_penalty: "repeat_penalty",
      maxTokens: "num_predict",
    }),
    stop: { within: "options", key: "stop", list: true },
    num_ctx: { within: "options", key: "num_ctx", demanded: true },
  },
};
