// TABLE: the error answers of the mock, in the words of the provider that made them known.
import type { JsonObject } from "../core/json.ts";

/** An error answer: status and envelope. */
export interface Fault {
  readonly status: number;
  readonly message: string;
  readonly type: string;
  readonly code: string | null;
  readonly param: string | null;
  readonly retryAfterSeconds: number | null;
}

const plain = { code: null, param: null, retryAfterSeconds: null } as const;
const invalid = { ...plain, status: 400, type: "invalid_request_error" } as const;

/** Errors that a model id asks for. */
export const FAULTS = {
  "fail-400": { ...invalid, message: "Invalid value for 'temperature'.", param: "temperature", code: "invalid_value" },
  "fail-401": { ...invalid, status: 401, message: "Incorrect API key provided.", code: "invalid_api_key" },
  "fail-402": {
    ...plain,
    status: 402,
    message: "Insufficient credits. Add more to continue.",
    type: "insufficient_quota",
    code: "insufficient_credits",
  },
  "fail-404": {
    ...invalid,
    status: 404,
    message: "The model does not exist.",
    param: "model",
    code: "model_not_found",
  },
  "fail-429": {
    ...plain,
    status: 429,
    message: "Rate limit reached for requests. Please try again in 2s.",
    type: "requests",
    code: "rate_limit_exceeded",
    retryAfterSeconds: 2,
  },
  "fail-500": {
    ...plain,
    status: 500,
    message: "The server had an error while processing your request.",
    type: "server_error",
  },
  "fail-503": {
    ...plain,
    status: 503,
    message: "The engine is currently overloaded, please try again later.",
    type: "service_unavailable_error",
  },
  "fail-529": { ...plain, status: 529, message: "Overloaded", type: "overloaded_error" },
} as const satisfies Record<string, Fault>;

/** A model id that the mock does not have. */
export function unknownModel(model: string): Fault {
  const message = `The model \`${model}\` does not exist or you do not have access to it.`;
  return { ...invalid, status: 404, message, param: "model", code: "model_not_found" };
}

/** A model that only embeds, asked to talk. */
export function notAChatModel(model: string): Fault {
  const message = `\`${model}\` is not a chat model and thus not supported here. It embeds.`;
  return { ...invalid, status: 404, message, param: "model" };
}

/** A request that the mock cannot take; `param` names the field at fault. */
export function invalidRequest(message: string, param: string | null = null): Fault {
  return { ...invalid, message, param, code: param === null ? null : "invalid_value" };
}

/** A path that the mock does not serve. */
export function unknownPath(path: string): Fault {
  return { ...invalid, status: 404, message: `Invalid URL (POST ${path})`, code: "unknown_url" };
}

/** The error envelope, all four keys. */
export function faultBody({ message, type, param, code }: Fault): JsonObject {
  return { error: { message, type, param, code } };
}

/** True for what is a fault and not a request that was read. */
export function isFault(value: object): value is Fault {
  return "retryAfterSeconds" in value;
}
