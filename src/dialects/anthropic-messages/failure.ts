// The error envelope of the Messages API (Anthropic, "Errors"): a type by status, and a message.
import { type Failure, type FailureKind, statusOf } from "../../core/failure.ts";
import type { JsonObject } from "../../core/json.ts";
import { openaiErrorBody } from "../openai-error.ts";
import { asObject, asText } from "../reading.ts";
import { writeEvent } from "../sse.ts";
import { THREAD_CODES } from "../thread-codes.ts";

/** TABLE: error types by status; other 4xx are bad requests, other 5xx the API's own trouble. */
const TYPES: ReadonlyMap<number, string> = new Map([
  [401, "authentication_error"],
  [402, "billing_error"],
  [403, "permission_error"],
  [404, "not_found_error"],
  [408, "timeout_error"],
  [413, "request_too_large"],
  [429, "rate_limit_error"],
  [503, "overloaded_error"],
  [504, "timeout_error"],
  [529, "overloaded_error"],
]);

/** Words that clients look for: by these Claude Code knows that it must compact. */
const TELLTALES: Partial<Record<FailureKind, string>> = { "context-overflow": "prompt is too long" };

/** `{"type":"error","error":{"type","message"},"request_id"}` of a failure, as Anthropic's own SDKs read it. */
export function messagesErrorBody(of: Failure, requestId?: string): JsonObject {
  const status = statusOf(of);
  const type = TYPES.get(status) ?? (status >= 500 ? "api_error" : "invalid_request_error");
  // The words and their bounds are those of the OpenAI envelope.
  const words = asText(asObject(openaiErrorBody(of)["error"])?.["message"]) ?? "";
  const telltale = TELLTALES[of.kind];
  const isTold = telltale === undefined || words.toLowerCase().includes(telltale);
  const details = of.code !== null && THREAD_CODES.includes(of.code) ? { details: { error_code: of.code } } : {};
  const error = { type, message: isTold ? words : `${telltale}: ${words}`, ...details };
  return { type: "error", error, ...(requestId === undefined ? {} : { request_id: requestId }) };
}

/** The failure as the last event of a stream; no `message_stop` follows. */
export function messagesErrorEvent(of: Failure, requestId?: string): string {
  return writeEvent(JSON.stringify(messagesErrorBody(of, requestId)), "error");
}
