// The `generationConfig` of a request, and the names of what Google has no words for.
import type { Json, JsonObject } from "../../core/json.ts";
import { given } from "../given.ts";
import { asList } from "../reading.ts";
import type { AnswerFormat, ChatRequest } from "../vocabulary.ts";
import { encodeThinking } from "./thinking.ts";

/** The API refuses more (https://ai.google.dev/api/generate-content#GenerationConfig). */
const STOPS_MAX = 5;
/** Seeds are 32-bit integers. */
const SEED_MAX = 2 ** 31 - 1;
/** Alternatives at most. */
const LOGPROBS_MAX = 20;

/** Words in common that this API does not have, under the names that clients give them. */
const UNSAYABLE = {
  verbosity: "verbosity",
  serviceTier: "service_tier",
  user: "user",
  promptCacheKey: "prompt_cache_key",
  metadata: "metadata",
} as const satisfies Partial<Record<keyof ChatRequest, string>>;

/** The settings of a request for a model; empty when nothing was asked for. */
export function encodeSettings(request: ChatRequest, model: string, lost: Set<string>): JsonObject {
  for (const [word, name] of Object.entries(UNSAYABLE)) {
    if (request[word as keyof typeof UNSAYABLE] !== undefined) lost.add(name);
  }
  if (request.n !== undefined && request.n > 1) lost.add("n");
  const { thinking } = request;
  return {
    ...given({
      temperature: request.temperature,
      topP: request.topP,
      topK: request.topK,
      maxOutputTokens: request.outputMax,
      stopSequences: stopsOf(request, lost),
      seed: seedOf(request, lost),
      presencePenalty: request.presencePenalty,
      frequencyPenalty: request.frequencyPenalty,
      thinkingConfig: thinking === undefined ? undefined : encodeThinking(thinking, model, lost),
    }),
    ...encodeModalities(request, lost),
    ...encodeLogprobs(request, lost),
    ...(request.format === undefined ? {} : encodeFormat(request.format)),
  };
}

function stopsOf({ stop }: ChatRequest, lost: Set<string>): readonly string[] | undefined {
  if (stop === undefined || stop.length <= STOPS_MAX) return stop;
  lost.add("stop");
  return stop.slice(0, STOPS_MAX);
}

function seedOf({ seed }: ChatRequest, lost: Set<string>): number | undefined {
  if (seed === undefined || (Number.isInteger(seed) && Math.abs(seed) <= SEED_MAX)) return seed;
  lost.add("seed");
  return undefined;
}

const MODALITIES: ReadonlySet<Json> = new Set(["text", "image"]);

/** Text and images, which chat clients know how to read; sound comes in a form that they do not. */
function encodeModalities({ others }: ChatRequest, lost: Set<string>): JsonObject {
  const written = asList(others.get("modalities"));
  const kept = written.filter((each) => typeof each === "string" && MODALITIES.has(each)) as readonly string[];
  if (kept.length < written.length) lost.add("modalities");
  return kept.length === 0 ? {} : { responseModalities: kept.map((each) => each.toUpperCase()) };
}

/** The chosen tokens come by the switch alone; the number is that of alternatives. */
function encodeLogprobs({ logprobs }: ChatRequest, lost: Set<string>): JsonObject {
  if (logprobs === undefined) return {};
  if (logprobs.top > LOGPROBS_MAX) lost.add("top_logprobs");
  const top = Math.min(logprobs.top, LOGPROBS_MAX);
  return { responseLogprobs: true, ...(top > 0 ? { logprobs: top } : {}) };
}

function encodeFormat(format: AnswerFormat): JsonObject {
  if (format.type === "text") return {};
  const schema = format.type === "schema" ? { responseJsonSchema: format.schema } : {};
  return { responseMimeType: "application/json", ...schema };
}
