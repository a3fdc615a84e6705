// `params` under one spelling each: what requests get that leave it out (decision 11 c). Keys that no wire format has a place for are left
// behind; `not_implemented` names them.
import type { Json, JsonObject } from "../core/json.ts";
import { parseModelRef, targetIdOf } from "./model-ref.ts";
import type { AgentDefaultsConfig } from "./schema/agents.ts";

/** Parameters that have one spelling. */
const PLAIN = [
  "temperature",
  "seed",
  "stop",
  "user",
  "metadata",
  "store",
  "thinking",
  "provider",
  "verbosity",
  "keep_alive",
] as const;

/** Parameters that are written in OpenAI's way and in OpenClaw's. */
const SNAKE = [
  "top_p",
  "top_k",
  "min_p",
  "frequency_penalty",
  "presence_penalty",
  "repetition_penalty",
  "logit_bias",
  "response_format",
  "parallel_tool_calls",
  "service_tier",
  "prompt_cache_key",
  "reasoning_effort",
  "tool_stream",
  "chat_template_kwargs",
  "extra_body",
  "num_ctx",
] as const;

const OTHERS: readonly (readonly [written: string, name: string])[] = [
  ["maxTokens", "maxTokens"],
  ["max_tokens", "maxTokens"],
  ["max_completion_tokens", "maxTokens"],
  ["text_verbosity", "verbosity"],
  ["textVerbosity", "verbosity"],
  ["qwenThinkingFormat", "qwenThinkingFormat"],
  ["qwen_thinking_format", "qwenThinkingFormat"],
  ["preserveThinking", "preserveThinking"],
];

const camel = (name: string): string => name.replace(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());

/** Written key to the name that transforms know. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ...PLAIN.map((name) => [name, name] as const),
  ...SNAKE.flatMap((name) => [[name, name] as const, [camel(name), name] as const]),
  ...OTHERS,
]);

/** Every spelling that is obeyed. */
export const OBEYED_PARAMS: ReadonlySet<unknown> = new Set(NAMES.keys());

/** Params as written. */
export type Params = Readonly<Record<string, Json>> | undefined;

/** The obeyed ones of several layers, the nearest last, merged by key. */
export function fillOf(...layers: readonly Params[]): JsonObject {
  const fill: Record<string, Json> = {};
  for (const layer of layers) {
    for (const [written, value] of Object.entries(layer ?? {})) {
      const name = NAMES.get(written);
      if (name !== undefined) fill[name] = value;
    }
  }
  return fill;
}

/** The params of a model list by lower-case target id. */
export function paramsByTarget(models: AgentDefaultsConfig["models"]): ReadonlyMap<string, NonNullable<Params>> {
  return new Map(
    Object.entries(models).flatMap(([ref, entry]) => {
      const { provider, model } = parseModelRef(ref) ?? {};
      if (entry.params === undefined || model === undefined || provider === undefined || provider === null) return [];
      return [[targetIdOf(provider, model).toLowerCase(), entry.params] as const];
    }),
  );
}

/** What `agents.defaults` gives to requests, for all models and for single ones. */
export class CommonParams {
  readonly #all: Params;
  readonly #byTarget: ReadonlyMap<string, Params>;

  constructor({ params, models }: AgentDefaultsConfig) {
    this.#all = params;
    this.#byTarget = paramsByTarget(models);
  }

  /** The layers of a target, the nearest last. */
  layersOf(targetId: string): readonly Params[] {
    return [this.#all, this.#byTarget.get(targetId.toLowerCase())];
  }
}
