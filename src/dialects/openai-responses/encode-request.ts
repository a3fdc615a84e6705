// A request in the words of the Responses API. What the target cannot take of it is the business of its flags; here is said what the
// API can say.
import type { Json, JsonObject } from "../../core/json.ts";
import type { Target } from "../../core/snapshot.ts";
import type { EncodeContext, EncodedRequest } from "../dialect.ts";
import { given } from "../given.ts";
import { effortOf } from "../effort.ts";
import type { AnswerFormat, ChatRequest, Part, Tool, Turn } from "../vocabulary.ts";
import { hasCacheMarks } from "../cache-marks.ts";
import { encodeUser } from "../openai-family/user.ts";
import { encodeItems } from "./encode-items.ts";

/** Fields without a word in common that this API knows. */
const KNOWN_OTHERS: ReadonlySet<string> = new Set([
  "safety_identifier",
  "prompt_cache_retention",
  "truncation",
  "max_tool_calls",
  "store",
]);

/** What is asked for by saying nothing. */
const DEFAULTS: Readonly<Record<string, Json>> = { background: false };

/** The API refuses fewer. */
const OUTPUT_TOKENS_MIN = 16;

/** Words in common that this API does not have, under the names that clients give them. */
const UNSAYABLE = {
  topK: "top_k",
  seed: "seed",
  frequencyPenalty: "frequency_penalty",
  presencePenalty: "presence_penalty",
  stop: "stop",
} as const satisfies Partial<Record<keyof ChatRequest, string>>;

/** Encodes a request for a target. */
export function encodeResponsesRequest(request: ChatRequest, { target, stream }: EncodeContext): EncodedRequest {
  const lost = new Set<string>();
  const { instructions, turns } = splitInstructions(request.turns);
  // Stored only where the client said so: this API stores what nobody forbids.
  const store = request.others.get("store") === true;
  const tree = {
    model: target.model,
    ...given({ instructions }),
    input: encodeItems(turns, { provider: target.provider, lost }),
    ...(stream ? { stream: true } : {}),
    store,
    ...encodeInclude(request, target, store),
    ...encodeTools(request),
    ...encodeSettings(request, lost),
    ...encodeOthers(request, lost),
  };
  for (const [word, name] of Object.entries(UNSAYABLE)) {
    if (request[word as keyof typeof UNSAYABLE] !== undefined) lost.add(name);
  }
  if (request.n !== undefined && request.n > 1) lost.add("n");
  if (hasCacheMarks(request)) lost.add("cache_control");
  return { tree, lost: [...lost] };
}

interface Split {
  readonly instructions: string | undefined;
  readonly turns: readonly Turn[];
}

/**
 * The leading system turns are the instructions: the one place for them that every server of this API knows (some refuse system messages,
 * and some want instructions always). Later ones, and such as hold more than text, stay messages in their place.
 */
function splitInstructions(turns: readonly Turn[]): Split {
  const end = turns.findIndex(({ role, parts }) => role !== "system" || !parts.every(isText));
  const leading = turns.slice(0, end < 0 ? turns.length : end);
  const texts = leading.flatMap(({ parts }) => parts.filter(isText).map(({ text }) => text));
  const instructions = texts.filter((text) => text !== "").join("\n\n");
  // A request of instructions only has nothing to answer: they become its input.
  if (instructions === "" || leading.length === turns.length) return { instructions: undefined, turns };
  return { instructions, turns: turns.slice(leading.length) };
}

function isText(part: Part): part is Extract<Part, { type: "text" }> {
  return part.type === "text";
}

/** Sealed thoughts are asked for where the model thinks: others refuse the question. What is stored need not be sent. */
function encodeInclude({ thinking, logprobs }: ChatRequest, target: Target, store: boolean): JsonObject {
  const thinks = thinking === undefined ? target.stated.reasoning === true : thinking.effort !== "none";
  const include = [
    ...(thinks && !store ? ["reasoning.encrypted_content"] : []),
    ...(logprobs === undefined ? [] : ["message.output_text.logprobs"]),
  ];
  return include.length === 0 ? {} : { include };
}

/** A choice among no tools is no choice: strict servers refuse it. */
function encodeTools({ tools, toolChoice, parallelToolCalls }: ChatRequest): JsonObject {
  if (tools.length === 0) return {};
  const named = toolChoice?.use === "tool" ? { type: "function", name: toolChoice.name } : toolChoice?.use;
  return {
    tools: tools.map(encodeTool),
    ...given({ tool_choice: named, parallel_tool_calls: parallelToolCalls }),
  };
}

/** This API takes a missing `strict` for true, and elsewhere it is false. */
function encodeTool({ name, description, parameters, strict }: Tool): JsonObject {
  return {
    type: "function",
    name,
    ...given({ description }),
    parameters: parameters ?? { type: "object", properties: {} },
    strict: strict ?? false,
  };
}

function encodeSettings(request: ChatRequest, lost: Set<string>): JsonObject {
  return given({
    max_output_tokens: outputMax(request, lost),
    temperature: request.temperature,
    top_p: request.topP,
    top_logprobs: request.logprobs?.top,
    reasoning: encodeReasoning(request, lost),
    text: encodeText(request),
    service_tier: request.serviceTier,
    user: encodeUser(request, lost),
    prompt_cache_key: request.promptCacheKey,
    metadata: request.metadata,
  });
}

function outputMax({ outputMax }: ChatRequest, lost: Set<string>): number | undefined {
  if (outputMax === undefined || outputMax >= OUTPUT_TOKENS_MIN) return outputMax;
  lost.add("max_tokens");
  return OUTPUT_TOKENS_MIN;
}

function encodeReasoning({ thinking }: ChatRequest, lost: Set<string>): JsonObject | undefined {
  if (thinking === undefined) return undefined;
  const reasoning = given({ effort: effortOf(thinking, lost), summary: thinking.summary });
  return Object.keys(reasoning).length === 0 ? undefined : reasoning;
}

function encodeText({ format, verbosity }: ChatRequest): JsonObject | undefined {
  if (format === undefined && verbosity === undefined) return undefined;
  return given({ format: format === undefined ? undefined : encodeFormat(format), verbosity });
}

function encodeFormat(format: AnswerFormat): JsonObject {
  if (format.type === "text") return { type: "text" };
  return format.type === "json" ? { type: "json_object" } : { ...format, type: "json_schema" };
}

function encodeOthers({ others }: ChatRequest, lost: Set<string>): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [key, value] of others) {
    if (DEFAULTS[key] === value || key === "store") continue;
    if (KNOWN_OTHERS.has(key)) kept[key] = value;
    else lost.add(key);
  }
  return kept;
}
