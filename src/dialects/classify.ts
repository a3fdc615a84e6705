// What an error of an OpenAI-like provider means: the one place where its status, code and words are read (decision 15, OpenClaw §4.3).
import { failure, type Failure, type FailureDetails, type FailureKind } from "../core/failure.ts";
import { isJsonObject, type Json, type JsonObject, parseJson } from "../core/json.ts";
import type { HeaderBag } from "../core/upstream.ts";
import { asList, asNumber, asObject, asText } from "./reading.ts";
import { readRetryAfter } from "./retry-after.ts";

/**
 * How much of a provider's words is kept. Far more than log and envelope show: they cut to their bounds after redaction, so that no
 * secret on the border is cut into something that redaction does not know.
 */
const DETAIL_MAX = 4_096;
const RELAYED_MAX = 16_384;

/** The error as the provider wrote it. */
interface ProviderError {
  readonly message: string;
  readonly type: string | null;
  readonly code: string | null;
  readonly param: string | null;
  readonly html: boolean;
}

/** Texts that name a class whatever the status, first hit wins. Source: OpenClaw §4.3 "By message", with the provider that writes it. */
const WORDS: readonly (readonly [FailureKind, RegExp])[] = [
  // OpenAI, Azure, vLLM, llama.cpp, Anthropic, Google, Ollama
  [
    "context-overflow",
    /context[_ ]length[_ ]exceeded|maximum context length|context window|prompt is too long|exceed_context_size|input token count.{0,40}exceeds|input is too long|request_too_large|too many tokens.{0,40}prompt|context_window_exceeded/,
  ],
  // OpenAI, Azure
  [
    "content-refused",
    /content_filter|content_policy_violation|content management policy|responsibleaipolicyviolation|safety system/,
  ],
  // OpenAI, OpenRouter, Groq, Ollama, LM Studio
  [
    "model-missing",
    /model[_ ]not[_ ]found|no endpoints found for|unknown model|model .{1,120} (?:not found|does not exist)|is not a valid model|invalid model\b|has been (?:deprecated|decommissioned)|no models? loaded/,
  ],
  // Anthropic, DeepSeek, OpenRouter, OpenAI
  [
    "billing",
    /payment required|insufficient (?:credits?|balance|funds)|insufficient_balance|credit balance|plans? & billing|requires more credits|out of (?:extra )?(?:usage|credits)|spend(?:ing)? limit|billing_hard_limit|billing_not_active/,
  ],
  // OpenAI, Anthropic, Google, Groq, Bedrock
  [
    "rate-limited",
    /rate[_ -]?limit|too many (?:concurrent )?requests|throttl|resource[_ ]exhausted|quota exceeded|exceeded your current quota|insufficient_quota|tokens per (?:minute|day)|usage limit/,
  ],
  // Anthropic, OpenAI, Google
  ["overloaded", /overloaded|at capacity|high (?:demand|load)|modelnotready|model is loading|loading model/],
  // OpenAI, Anthropic
  [
    "auth-permanent",
    /(?:key|account|organization).{0,40}(?:revoked|deactivated|deleted|disabled|suspended)|not allowed for this organization/,
  ],
  [
    "auth",
    /invalid[_ ](?:x-)?api[_ -]?key|incorrect api key|api key not valid|invalid (?:access )?token|authentication[_ ]error|unauthorized|permission[_ ](?:denied|error)|no auth credentials|missing (?:api key|scopes)/,
  ],
  // OpenAI, Anthropic, OpenRouter, nginx
  [
    "server-error",
    /internal[_ ](?:server[_ ])?error|server_error|api_error|bad gateway|gateway time-?out|upstream (?:connect )?error|service (?:temporarily )?unavailable|error occurred while processing/,
  ],
];

/** What a provider says to us when it dislikes our request but another provider may not: advance (decision 14). */
const PROVIDER_SIDE =
  /(?:unsupported|unrecognized|unknown|unexpected|extra)[_ ](?:request )?(?:parameter|argument|field|value|inputs?)|does not support|not supported|extra inputs are not permitted|extra fields not permitted|invalid request format|expected a string/;

const PASSING =
  /(?:hourly|daily|weekly|monthly).{0,60}limit|limit.{0,60}(?:reset|retry|try again)|(?:retry|try again).{0,60}limit|rate[_ -]?limit|too many requests/;
const MONEY = /insufficient|credit balance|plans? (?:&|and) billing|more credits|top up|hard limit/;

const QUOTES = ['"', "'", "`"] as const;

/** Words for the client, free of everything a provider wrote. */
const MESSAGES: Partial<Record<FailureKind, string>> = {
  "server-error": "The provider answered with a server error.",
  overloaded: "The provider is overloaded.",
  "rate-limited": "The provider's rate limit is reached.",
  billing: "The provider refused the request for billing reasons.",
  auth: "The provider refused the gateway's credential.",
  "auth-permanent": "The provider refused the gateway's credential.",
  "model-missing": "The provider does not have the configured model.",
  "too-large": "The request is too large for the provider.",
  "unexpected-status": "The provider answered with an unexpected status.",
  redirected: "The provider answered with a redirect, which is never followed.",
  "bad-payload": "The provider's answer could not be read.",
};

/** Kinds whose message, code and param are the provider's own, since the client's request is what they speak of. */
const RELAYED: ReadonlySet<FailureKind> = new Set([
  "rejected",
  "rejected-by-provider",
  "content-refused",
  "context-overflow",
]);

/** An error response: any status outside 200, and 204. `wallNow` is Unix milliseconds, for `Retry-After` dates. */
export function classifyResponse(status: number, headers: HeaderBag, body: Buffer, wallNow: number): Failure {
  const error = readError(body.toString("utf8"));
  const kind = kindOfStatus(status, error);
  return describe(kind, error, {
    upstreamStatus: status,
    phase: "headers",
    retryAfterMs: readRetryAfter(headers, wallNow),
  });
}

/** An error object inside a 200: its own code or words say what it is, else it is a bad payload. */
export function classifyErrorObject(tree: JsonObject, phase: "first-event" | "stream" | "answer"): Failure {
  const error = readErrorObject(tree);
  const status = Number(error.code);
  const stated = Number.isInteger(status) && status >= 400 && status <= 599;
  const kind = stated ? kindOfStatus(status, error) : (kindOfWords(error) ?? "bad-payload");
  // Inside a 200 nobody judged the client's request: an unknown complaint is the provider's trouble.
  return describe(kind === "rejected" ? "bad-payload" : kind, error, { phase });
}

/** Whole or streamed answers that are no answers. */
export function badPayload(phase: "first-event" | "stream" | "answer", detail: string): Failure {
  return failure("bad-payload", MESSAGES["bad-payload"] as string, { phase, detail: detail.slice(0, DETAIL_MAX) });
}

function describe(kind: FailureKind, error: ProviderError, details: FailureDetails): Failure {
  const detail = error.message.slice(0, DETAIL_MAX);
  if (RELAYED.has(kind)) {
    const message = error.message === "" ? "The provider rejected the request." : error.message.slice(0, RELAYED_MAX);
    const status = kind.startsWith("rejected") && details.upstreamStatus === 422 ? 422 : null;
    return failure(kind, message, { ...details, detail, code: relayedCode(kind, error), param: error.param, status });
  }
  // A rate limit keeps the provider's code: clients stop at `insufficient_quota`.
  const code = kind === "rate-limited" && error.code !== null && /^[a-z_]{3,64}$/.test(error.code) ? error.code : null;
  return failure(kind, MESSAGES[kind] ?? "The provider failed.", { ...details, detail, code });
}

/** The provider's code. A number repeats the status; and an overflow has one name whoever says it, since clients compact when they read it. */
function relayedCode(kind: FailureKind, { code }: ProviderError): string | null {
  return kind === "context-overflow" || code === null || /^\d+$/.test(code) ? null : code;
}

function kindOfStatus(status: number, error: ProviderError): FailureKind {
  if (status >= 300 && status < 400) return "redirected";
  if (status === 413) return "too-large";
  if (status === 429) return kindOfWords(error) === "context-overflow" ? "context-overflow" : "rate-limited";
  if (status === 402) return isPassing(error) ? "rate-limited" : "billing";
  if (status === 404 || status === 410)
    return kindOfWords(error) === "context-overflow" ? "context-overflow" : "model-missing";
  if (status === 401 || status === 403) return oneOf(error, ["auth-permanent", "billing", "content-refused"]) ?? "auth";
  if (status === 503 || status === 529) return "overloaded";
  if (status >= 500) return oneOf(error, ["overloaded", "context-overflow"]) ?? "server-error";
  if (status === 400 || status === 422) return kindOfRejection(error);
  return "unexpected-status";
}

/** A 402 that time cures: a limit with a period or a retry hint, and no word of money (OpenClaw §4.3). */
function isPassing({ message }: ProviderError): boolean {
  const text = message.toLowerCase();
  return PASSING.test(text) && !MONEY.test(text);
}

function kindOfRejection(error: ProviderError): FailureKind {
  const named = kindOfWords(error);
  if (named !== null) return named;
  return PROVIDER_SIDE.test(error.message.toLowerCase()) ? "rejected-by-provider" : "rejected";
}

function oneOf(error: ProviderError, kinds: readonly FailureKind[]): FailureKind | null {
  const named = kindOfWords(error);
  return named !== null && kinds.includes(named) ? named : null;
}

function kindOfWords(error: ProviderError): FailureKind | null {
  if (error.html) return null;
  const text = `${error.code ?? ""} ${error.type ?? ""} ${unquoted(error.message)}`.slice(0, 2000).toLowerCase();
  for (const [kind, words] of WORDS) {
    if (!words.test(text)) continue;
    // "tokens per minute" limits mention the context as well; they are rate limits.
    if (kind === "context-overflow" && /tokens per (?:minute|day)|\btpm\b/.test(text)) continue;
    return kind;
  }
  return null;
}

/**
 * The provider's own words. What stands in quotes may be the client's: a value such as 'payment required' in a request must not pass for
 * a class of failure, or one client could put the credential of all others to rest. From the first quote to the last, since a value
 * may hold quotes itself.
 */
function unquoted(message: string): string {
  const opens = message.search(/(?<!\w)["'`]/);
  if (opens < 0) return message;
  const closes = Math.max(...QUOTES.map((quote) => message.lastIndexOf(quote)));
  return `${message.slice(0, opens)}'…'${closes > opens ? message.slice(closes + 1) : ""}`;
}

function readError(text: string): ProviderError {
  const tree = parseJson(text);
  const first = Array.isArray(tree) ? (tree as readonly Json[])[0] : tree;
  if (isJsonObject(first)) return readErrorObject(first);
  const html = /^\s*</.test(text);
  return { message: html ? "" : text.trim().slice(0, RELAYED_MAX), type: null, code: null, param: null, html };
}

/** OpenAI's envelope, Cloudflare's list, Ollama's `error` string, a bare error object. */
function readErrorObject(tree: JsonObject): ProviderError {
  const source = asObject(tree["error"]) ?? asObject(asList(tree["errors"])[0]) ?? tree;
  return {
    message: readMessage(tree, source),
    type: asText(source["type"]) ?? asText(source["status"]),
    code: asText(source["code"]) ?? asNumber(source["code"])?.toString() ?? null,
    param: asText(source["param"]),
    html: false,
  };
}

function readMessage(tree: JsonObject, source: JsonObject): string {
  const said = asText(source["message"]) ?? asText(tree["error"]) ?? asText(tree["message"]);
  // OpenRouter: what the provider behind it wrote.
  const raw = asText(asObject(source["metadata"])?.["raw"]);
  const behind = raw === null ? "" : readError(raw).message;
  if (said !== null) return behind === "" ? said : `${said}: ${behind}`;
  return readDetail(tree["detail"] ?? asObject(source["message"])?.["detail"]);
}

/** FastAPI's and pydantic's complaints: place and words, and not the value, which is the client's. */
function readDetail(detail: Json | undefined): string {
  if (typeof detail === "string") return detail;
  const complaints = asList(detail).map((each) => {
    const words = asText(asObject(each)?.["msg"]) ?? "invalid";
    const place = asList(asObject(each)?.["loc"]).join(".");
    return place === "" ? words : `${place}: ${words}`;
  });
  return complaints.join("; ");
}
