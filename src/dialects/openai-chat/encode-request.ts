// A request in the words of chat completions, for a provider that speaks nothing better. What the target cannot take of it is the
// business of its flags; here is said what the API can say.
import type { Json, JsonObject } from "../../core/json.ts";
import type { EncodeContext, EncodedRequest } from "../dialect.ts";
import { given } from "../given.ts";
import { hasCacheMarks } from "../cache-marks.ts";
import { effortOf } from "../effort.ts";
import { encodeUser } from "../openai-family/user.ts";
import type { AnswerFormat, ChatRequest, Tool, ToolChoice } from "../vocabulary.ts";
import { encodeMessages } from "./encode-messages.ts";

/** Fields without a word in common that servers of chat completions know: OpenAI's, then what vLLM, llama.cpp and OpenRouter add. */
const KNOWN_OTHERS: ReadonlySet<string> = new Set([
  "store",
  "safety_identifier",
  "prompt_cache_retention",
  "logit_bias",
  "modalities",
  "audio",
  "prediction",
  "web_search_options",
  "min_p",
  "repetition_penalty",
  "chat_template_kwargs",
  "provider",
]);

/** What is asked for by saying nothing, so that nothing is lost by leaving it out. */
const DEFAULTS: Readonly<Record<string, Json>> = {
  store: false,
  background: false,
  truncation: "disabled",
};

/** Encodes a request for a target. */
export function encodeChatRequest(request: ChatRequest, context: EncodeContext): EncodedRequest {
  const lost = new Set<string>();
  const { target, stream } = context;
  const tree = {
    model: target.model,
    messages: encodeMessages(request.turns, { provider: target.provider, lost }),
    ...(stream ? { stream: true } : {}),
    ...(stream && target.asksUsage ? { stream_options: { include_usage: true } } : {}),
    ...encodeTools(request),
    ...encodeSettings(request, lost),
    ...encodeThinking(request, lost),
    ...encodeOthers(request, lost),
  };
  if (hasCacheMarks(request)) lost.add("cache_control");
  return { tree, lost: [...lost] };
}

/** A choice among no tools is no choice: strict servers refuse it. */
function encodeTools({ tools, toolChoice, parallelToolCalls }: ChatRequest): JsonObject {
  if (tools.length === 0) return {};
  return {
    tools: tools.map(encodeTool),
    ...(toolChoice === undefined ? {} : { tool_choice: encodeChoice(toolChoice) }),
    ...given({ parallel_tool_calls: parallelToolCalls }),
  };
}

function encodeTool({ name, description, parameters, strict }: Tool): JsonObject {
  return { type: "function", function: { name, ...given({ description, parameters, strict }) } };
}

function encodeChoice(choice: ToolChoice): Json {
  return choice.use === "tool" ? { type: "function", function: { name: choice.name } } : choice.use;
}

function encodeSettings(request: ChatRequest, lost: Set<string>): JsonObject {
  return given({
    max_completion_tokens: request.outputMax,
    temperature: request.temperature,
    top_p: request.topP,
    top_k: request.topK,
    seed: request.seed,
    frequency_penalty: request.frequencyPenalty,
    presence_penalty: request.presencePenalty,
    stop: request.stop,
    n: request.n,
    logprobs: request.logprobs === undefined ? undefined : true,
    top_logprobs: request.logprobs?.top,
    response_format: request.format === undefined ? undefined : encodeFormat(request.format),
    verbosity: request.verbosity,
    service_tier: request.serviceTier,
    user: encodeUser(request, lost),
    prompt_cache_key: request.promptCacheKey,
    metadata: request.metadata,
  });
}

function encodeFormat(format: AnswerFormat): JsonObject {
  if (format.type === "text") return { type: "text" };
  if (format.type === "json") return { type: "json_object" };
  const { type: _type, ...schema } = format;
  return { type: "json_schema", json_schema: schema };
}

/** Only the effort has a word here. */
function encodeThinking({ thinking }: ChatRequest, lost: Set<string>): JsonObject {
  if (thinking === undefined) return {};
  if (thinking.summary !== undefined) lost.add("reasoning.summary");
  return given({ reasoning_effort: effortOf(thinking, lost) });
}

function encodeOthers({ others }: ChatRequest, lost: Set<string>): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [key, value] of others) {
    if (DEFAULTS[key] === value) continue;
    if (KNOWN_OTHERS.has(key)) kept[key] = value;
    else lost.add(key);
  }
  return kept;
}
