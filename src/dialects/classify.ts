// What an error of an OpenAI-like provider means: the one place where its status, code and words are read (decision 15, OpenClaw §4.3).
// The evidence stands in tables, in classify/; here the failure is made, and nothing later reads a message again.
import { failure, type Failure, type FailureDetails, type FailureKind } from "../core/failure.ts";
import type { JsonObject } from "../core/json.ts";
import { headerOf, type HeaderBag } from "../core/upstream.ts";
import { kindOfError, kindOfStatus } from "./classify/kind-of.ts";
import { type ProviderError, readErrorObject, readProviderError } from "./classify/provider-error.ts";
import { remediesOf } from "./classify/remedies-of.ts";
import { statedWait } from "./classify/stated-wait.ts";

/**
 * How much of a provider's words goes to the log. Far more than the log shows: it cuts to its bounds after redaction, so that no secret
 * on the border is cut into something that redaction does not know.
 */
const DETAIL_MAX = 4_096;

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

/** An error response: any status outside 200, and 204. `wallNow` is Unix milliseconds, for waits that are points in time. */
export function classifyResponse(status: number, headers: HeaderBag, body: Buffer, wallNow: number): Failure {
  const error = withExceptionName(readProviderError(body.toString("utf8")), headers);
  const kind = kindOfStatus(status, error);
  const retryAfterMs = statedWait(kind, error, { headers, wallNow });
  return describe(kind, error, { upstreamStatus: status, phase: "headers", retryAfterMs });
}

/** An error object inside a 200: its own status, code or words say what it is, else it is a bad payload. */
export function classifyErrorObject(tree: JsonObject, phase: "first-event" | "stream" | "answer"): Failure {
  const error = readErrorObject(tree);
  const kind = kindInside(error);
  return describe(kind, error, { phase, retryAfterMs: statedWait(kind, error, { headers: {}, wallNow: 0 }) });
}

/** Whole or streamed answers that are no answers. */
export function badPayload(phase: "first-event" | "stream" | "answer", detail: string): Failure {
  return failure("bad-payload", MESSAGES["bad-payload"] as string, { phase, detail: detail.slice(0, DETAIL_MAX) });
}

/** Inside a 200 nobody judged the client's request: a complaint of no known class is the provider's trouble. */
function kindInside(error: ProviderError): FailureKind {
  const named = kindOfError(error);
  if (error.status === null) return named ?? "bad-payload";
  const kind = kindOfStatus(error.status, error);
  return kind === "rejected" && named === null ? "bad-payload" : kind;
}

/** Amazon names the exception in a header too: `ThrottlingException:http://…`. */
function withExceptionName(error: ProviderError, headers: HeaderBag): ProviderError {
  const name = headerOf(headers, "x-amzn-errortype")?.split(":")[0];
  return name === undefined ? error : { ...error, codes: [...error.codes, name] };
}

function describe(named: FailureKind, error: ProviderError, given: FailureDetails): Failure {
  const detail = error.message.slice(0, DETAIL_MAX);
  const remedies = remediesOf(named, error);
  // Whatever status it came with: nobody failed, and another provider may take the request as it is.
  const kind = remedies.length > 0 ? "rejected-by-provider" : named;
  const details = { ...given, remedies };
  if (RELAYED.has(kind)) {
    const message = error.message === "" ? "The provider rejected the request." : error.message;
    const code = relayedCode(kind, error);
    return failure(kind, message, { ...details, detail, code, param: error.param, status: relayedStatus(kind, given) });
  }
  // A rate limit keeps the provider's code: clients stop at `insufficient_quota`.
  const code = kind === "rate-limited" && error.code !== null && /^[a-z_]{3,64}$/.test(error.code) ? error.code : null;
  return failure(kind, MESSAGES[kind] ?? "The provider failed.", { ...details, detail, code });
}

/** The status as given where it says more than 400 does: what is missing is missing, as long as it is the client's and no model of ours. */
function relayedStatus(kind: FailureKind, { upstreamStatus = null }: FailureDetails): number | null {
  if (upstreamStatus === 404 && kind === "rejected") return 404;
  return upstreamStatus === 422 && kind.startsWith("rejected") ? 422 : null;
}

/** The provider's code. A number repeats the status; and an overflow has one name whoever says it, since clients compact when they read it. */
function relayedCode(kind: FailureKind, { code }: ProviderError): string | null {
  return kind === "context-overflow" || code === null || /^\d+$/.test(code) ? null : code;
}
