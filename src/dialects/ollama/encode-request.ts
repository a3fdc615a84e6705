// A request in the words of Ollama's own chat API (https://github.com/ollama/ollama/blob/main/docs/api.md#generate-a-chat-completion).
import { failure, type Failure } from "../../core/failure.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import type { EncodeContext, EncodedRequest } from "../dialect.ts";
import { given } from "../given.ts";
import { effortOf } from "../effort.ts";
import type { AnswerFormat, ChatRequest, Effort, Thinking, Tool } from "../vocabulary.ts";
import { encodeMessages } from "./encode-messages.ts";
import { encodeOptions } from "./options.ts";

/** Words in common that this API does not have, under the names that clients give them. */
const UNSAYABLE = {
  logprobs: "logprobs",
  verbosity: "verbosity",
  serviceTier: "service_tier",
  user: "user",
  promptCacheKey: "prompt_cache_key",
  metadata: "metadata",
} as const satisfies Partial<Record<keyof ChatRequest, string>>;

/** `think` of each effort (OpenClaw §5.7). */
const THINK = {
  none: false,
  minimal: "low",
  low: "low",
  medium: "medium",
  high: "high",
  xhigh: "high",
  max: "high",
} as const satisfies Record<Effort, Json>;

/** Encodes a request for a target. Fails where a call must be made: nothing here says so (decision 12). */
export function encodeOllamaRequest(request: ChatRequest, { target, stream }: EncodeContext): EncodedRequest | Failure {
  const use = request.tools.length === 0 ? undefined : request.toolChoice?.use;
  if (use === "required" || use === "tool") {
    const message = "This target cannot be made to call a tool.";
    return failure("unsupported-parameter", message, { param: "tool_choice", phase: "request" });
  }
  const lost = lostWords(request);
  const tree = {
    model: target.model,
    messages: encodeMessages(request.turns, { provider: target.provider, lost }),
    // Streamed is what saying nothing means here.
    stream,
    // Tools that must not be used are best not shown: that word is missing too.
    ...(use === "none" ? {} : encodeTools(request, lost)),
    ...(request.format === undefined ? {} : encodeFormat(request.format)),
    ...encodeOptions(request, target, lost),
    ...(request.thinking === undefined ? {} : encodeThinking(request.thinking, lost)),
  };
  return { tree, lost: [...lost] };
}

function lostWords(request: ChatRequest): Set<string> {
  const lost = new Set<string>();
  for (const [word, name] of Object.entries(UNSAYABLE)) {
    if (request[word as keyof typeof UNSAYABLE] !== undefined) lost.add(name);
  }
  if (request.n !== undefined && request.n > 1) lost.add("n");
  return lost;
}

function encodeTools({ tools, parallelToolCalls }: ChatRequest, lost: Set<string>): JsonObject {
  if (tools.length === 0) return {};
  if (parallelToolCalls === false) lost.add("parallel_tool_calls");
  return { tools: tools.map((tool) => encodeTool(tool, lost)) };
}

/** Templates read the parameters of every function. */
function encodeTool({ name, description, parameters, strict, cache }: Tool, lost: Set<string>): JsonObject {
  if (strict === true) lost.add("tools.strict");
  if (cache !== undefined) lost.add("cache_control");
  const schema = parameters ?? { type: "object", properties: {} };
  return { type: "function", function: { name, ...given({ description }), parameters: schema } };
}

function encodeFormat(format: AnswerFormat): JsonObject {
  if (format.type === "text") return {};
  return { format: format.type === "json" ? "json" : format.schema };
}

/** Thoughts come in a field of their own where there are some, so a wish for a summary loses nothing. */
function encodeThinking(thinking: Thinking, lost: Set<string>): JsonObject {
  const effort = effortOf(thinking, lost);
  if (effort === undefined) return {};
  const think = THINK[effort];
  if (think !== false && think !== effort) lost.add("reasoning_effort");
  return { think };
}
