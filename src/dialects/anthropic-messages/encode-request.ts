// A request in the words of the Messages API (anthropic-version 2023-06-01). What a model refuses for certain is left out and named here
// (models.ts); what else the target cannot take is the business of its flags.
import type { Failure } from "../../core/failure.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import type { EncodeContext, EncodedRequest } from "../dialect.ts";
import { given } from "../given.ts";
import { RequestNotes } from "../request-notes.ts";
import { asText } from "../reading.ts";
import type { ChatRequest } from "../vocabulary.ts";
import { type AskedThinking, askThinking, limitsFor, type Model } from "./encode-thinking.ts";
import { encodeTools } from "./encode-tools.ts";
import { calledTools, encodeTurns, goesOnUnthought } from "./encode-turns.ts";
import { traitsOf } from "./models.ts";

/** What is asked for by saying nothing. */
const DEFAULTS: Readonly<Record<string, Json>> = { store: false, background: false, truncation: "disabled" };

/** Words in common that this API does not have, under the names that clients give them. */
const UNSAYABLE = {
  seed: "seed",
  frequencyPenalty: "frequency_penalty",
  presencePenalty: "presence_penalty",
  logprobs: "logprobs",
  verbosity: "verbosity",
  promptCacheKey: "prompt_cache_key",
} as const satisfies Partial<Record<keyof ChatRequest, string>>;

/** OpenAI's tiers in Anthropic's words; null for what has none. */
const TIERS: Readonly<Record<string, string | null>> = {
  auto: "auto",
  priority: "auto",
  default: "standard_only",
  standard_only: "standard_only",
};

/** Between these the API takes `top_p` beside thinking. */
const THINKING_TOP_P_MIN = 0.95;

/** Encodes a request for a target. */
export function encodeMessagesRequest(
  request: ChatRequest,
  { target, stream }: EncodeContext,
): EncodedRequest | Failure {
  const notes = new RequestNotes();
  const model: Model = { traits: traitsOf(target.model), stated: target.stated };
  const { system, messages } = encodeTurns(request.turns, target.provider, notes);
  if (messages.length === 0) notes.refuse("messages", "The conversation holds nothing to answer.");
  const tools = encodeTools(request, { traits: model.traits, called: calledTools(messages), notes });
  const wished = askThinking(request, model, { mayThink: !tools.isForced, notes });
  const isStuck = wished.budget > 0 && goesOnUnthought(messages);
  if (isStuck) notes.lose("thinking");
  const fitting = isStuck ? { budget: 0, isOn: false } : wished;
  const { maxTokens, asked } = limitsFor(request, fitting, { ...model, notes });
  const tree = {
    model: target.model,
    max_tokens: maxTokens,
    ...(system.length === 0 ? {} : { system }),
    messages: messages.map(({ role, content }) => ({ role, content })),
    ...(stream ? { stream: true } : {}),
    ...tools.fields,
    ...thinkingWords(asked, tools.format),
    ...samplingWords(request, asked, { model, notes }),
    ...settings(request, notes),
  };
  loseRest(request, notes);
  return notes.fault ?? { tree, lost: notes.lost };
}

function thinkingWords({ thinking, effort }: AskedThinking, format: JsonObject | undefined): JsonObject {
  const output = given({ effort, format });
  return { ...given({ thinking }), ...(Object.keys(output).length === 0 ? {} : { output_config: output }) };
}

/** Of 0 to 1; beside thinking hardly any. */
function samplingWords(
  { temperature, topP, topK }: ChatRequest,
  { isOn }: AskedThinking,
  { model, notes }: { readonly model: Model; readonly notes: RequestNotes },
): JsonObject {
  const { sampling } = model.traits;
  const takes = {
    temperature: sampling !== "none" && !isOn,
    topP: sampling !== "none" && (!isOn || (topP ?? 0) >= THINKING_TOP_P_MIN),
    topK: sampling !== "none" && !isOn,
  };
  const warmth = takes.temperature ? temperature : undefined;
  const isDouble = sampling === "one" && warmth !== undefined;
  const clamped = warmth === undefined ? undefined : Math.min(Math.max(warmth, 0), 1);
  if (clamped !== temperature) notes.lose("temperature");
  const nucleus = takes.topP && !isDouble ? topP : undefined;
  if (nucleus !== topP) notes.lose("top_p");
  if (topK !== undefined && !takes.topK) notes.lose("top_k");
  return given({ temperature: clamped, top_p: nucleus, top_k: takes.topK ? topK : undefined });
}

function settings(request: ChatRequest, notes: RequestNotes): JsonObject {
  const user = userOf(request);
  return given({
    stop_sequences: stopSequences(request, notes),
    metadata: user === null ? undefined : { user_id: user },
    service_tier: serviceTier(request, notes),
    cache_control: request.others.get("cache_control"),
  });
}

/** The API has one word for the three that clients have. */
function userOf({ user, metadata, others }: ChatRequest): string | null {
  return user ?? asText(metadata?.["user_id"]) ?? asText(others.get("safety_identifier"));
}

/** The API refuses sequences of nothing but space. */
function stopSequences({ stop = [] }: ChatRequest, notes: RequestNotes): readonly string[] | undefined {
  const sequences = stop.filter((sequence) => sequence.trim() !== "");
  if (sequences.length < stop.length) notes.lose("stop");
  return sequences.length === 0 ? undefined : sequences;
}

function serviceTier({ serviceTier }: ChatRequest, notes: RequestNotes): string | undefined {
  if (serviceTier === undefined) return undefined;
  const tier = Object.hasOwn(TIERS, serviceTier) ? TIERS[serviceTier] : null;
  if (tier === null || tier === undefined) notes.lose("service_tier");
  return tier ?? undefined;
}

function loseRest(request: ChatRequest, notes: RequestNotes): void {
  for (const [word, name] of Object.entries(UNSAYABLE)) {
    if (request[word as keyof typeof UNSAYABLE] !== undefined) notes.lose(name);
  }
  if (request.n !== undefined && request.n > 1) notes.lose("n");
  const user = userOf(request);
  const metadata = Object.entries(request.metadata ?? {});
  if (metadata.some(([key, value]) => key !== "user_id" || value !== user)) notes.lose("metadata");
  for (const [key, value] of request.others) {
    const isSaid = key === "cache_control" || (key === "safety_identifier" && value === user);
    if (DEFAULTS[key] !== value && !isSaid) notes.lose(key);
  }
}
