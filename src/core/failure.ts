// Everything that is expected to go wrong, and what each kind means. Decision 15 is this table; nothing else names a kind to decide by.
import { NO_REMEDIES, type RemedyName } from "./remedy.ts";

/** What happened, in our words. */
export type FailureKind =
  // at the door
  | "request-invalid"
  | "unauthorized"
  | "auth-lockout"
  | "forbidden"
  | "not-found"
  | "model-unknown"
  | "method-not-allowed"
  | "request-timeout"
  | "body-too-large"
  | "head-too-large"
  | "unsupported-media"
  | "expectation-failed"
  | "unsupported-parameter"
  // an attempt
  | "connect-failed"
  | "connect-timeout"
  | "commit-timeout"
  | "whole-timeout"
  | "idle-timeout"
  | "stream-broken"
  | "bad-payload"
  | "server-error"
  | "overloaded"
  | "rate-limited"
  | "billing"
  | "auth"
  | "auth-permanent"
  | "model-missing"
  | "rejected"
  | "rejected-by-provider"
  | "too-large"
  | "content-refused"
  | "context-overflow"
  | "unexpected-status"
  | "redirected"
  | "empty-answer"
  // ours
  | "client-closed"
  | "write-idle"
  | "overloaded-here"
  | "draining"
  | "no-candidate"
  | "deadline"
  | "internal";

/** OpenClaw's words for the same (`spec`: failover reasons); logs and metrics carry both. */
export type Reason =
  | "rate_limit"
  | "overloaded"
  | "billing"
  | "auth"
  | "auth_permanent"
  | "timeout"
  | "format"
  | "model_not_found"
  | "empty_response"
  | "unclassified"
  | "none";

/** Where in the life of a request something happened. */
export type Phase = "request" | "connect" | "headers" | "first-event" | "stream" | "answer";

/** What a kind means. */
export interface Disposition {
  /** Status and envelope when it ends the request. 499 is never sent. */
  readonly status: number;
  readonly type: string;
  readonly code: string | null;
  readonly reason: Reason;
  /** `next`: another candidate may do better; `larger`: only one with a larger stated context window; `never`: final. */
  readonly advance: "next" | "larger" | "never";
  /** How many other credentials of the same target are worth a try first. */
  readonly rotate: 0 | 1 | "all";
  /** True when the target itself is in doubt (breaker); credential windows come from `cools`. */
  readonly breaks: boolean;
  readonly cools: "none" | "short" | "billing" | "permanent";
  readonly coolsScope: "credential" | "credential+model" | "target";
  /** True when finding out costs a dial and nothing more: such a target is probed every second (decision 17). */
  readonly redial: boolean;
  /** False when asking again cannot help: answered with `x-should-retry: false`. */
  readonly repeatable: boolean;
}

/**
 * An expected failure, made once, at the boundary that understands it: by `failure`, and by nothing else. A class, because that is how it is known among other
 * values: one look, where asking any value for members takes ten times that.
 */
export class Failure {
  readonly kind: FailureKind;
  /** For the client: the class of failure, never an address, path, key or stack. */
  readonly message: string;
  /** For the log, redacted there. */
  readonly detail: string | null;
  readonly code: string | null;
  readonly param: string | null;
  readonly phase: Phase | null;
  readonly upstreamStatus: number | null;
  /** The provider's stated wait, or ours. */
  readonly retryAfterMs: number | null;
  /** Overrides the table's status: a relayed 422 stays 422. */
  readonly status: number | null;
  /** Overrides the table's type, for relayed errors. */
  readonly type: string | null;
  /** A reused connection died with no response byte: repeating cannot double anything. */
  readonly replaySafe: boolean;
  /** A well-formed empty answer, to be sent as it is when no candidate does better (decision 13). */
  readonly emptyAnswer: Uint8Array | null;
  /** A recognised complaint of the request's shape: what to change before the same target is asked again (decision 20). */
  readonly remedies: readonly RemedyName[];
  readonly cause: unknown;

  constructor(kind: FailureKind, message: string, details: FailureDetails) {
    this.kind = kind;
    this.message = message;
    this.detail = details.detail ?? null;
    this.code = details.code ?? null;
    this.param = details.param ?? null;
    this.phase = details.phase ?? null;
    this.upstreamStatus = details.upstreamStatus ?? null;
    this.retryAfterMs = details.retryAfterMs ?? null;
    this.status = details.status ?? null;
    this.type = details.type ?? null;
    this.replaySafe = details.replaySafe ?? false;
    this.emptyAnswer = details.emptyAnswer ?? null;
    this.remedies = details.remedies ?? NO_REMEDIES;
    this.cause = details.cause ?? null;
  }
}

const base = {
  rotate: 0,
  breaks: false,
  cools: "none",
  coolsScope: "credential",
  redial: false,
  repeatable: true,
} as const;
const door = { ...base, type: "invalid_request_error", reason: "none", advance: "never", repeatable: false } as const;
const upstream = {
  ...base,
  type: "upstream_error",
  code: null,
  reason: "timeout",
  advance: "next",
  breaks: true,
} as const;
const timedOut = { ...upstream, status: 504, code: "upstream_timeout" } as const;

/** One row per kind; the compiler completes it. Source: decision 15, status and envelope from the fault contract §0.1. */
export const DISPOSITION = {
  "request-invalid": { ...door, status: 400, code: "invalid_body" },
  unauthorized: { ...door, status: 401, type: "unauthorized", code: null },
  "auth-lockout": { ...door, status: 429, type: "rate_limited", code: "auth_lockout" },
  forbidden: { ...door, status: 403, code: "forbidden" },
  "not-found": { ...door, status: 404, code: "not_found" },
  "model-unknown": { ...door, status: 404, code: "model_not_found" },
  "method-not-allowed": { ...door, status: 405, code: "method_not_allowed" },
  "request-timeout": { ...door, status: 408, code: "request_timeout", repeatable: true },
  "body-too-large": { ...door, status: 413, code: "body_too_large" },
  "head-too-large": { ...door, status: 431, code: "headers_too_large" },
  "unsupported-media": { ...door, status: 415, code: "unsupported_media_type" },
  "expectation-failed": { ...door, status: 417, code: "expectation_failed" },
  "unsupported-parameter": { ...door, status: 400, code: "unsupported_parameter" },

  "connect-failed": { ...upstream, status: 502, code: "upstream_unreachable", redial: true },
  "connect-timeout": timedOut,
  "commit-timeout": timedOut,
  "whole-timeout": timedOut,
  "idle-timeout": timedOut,
  "stream-broken": { ...upstream, status: 502, code: "upstream_reset" },
  "bad-payload": { ...upstream, status: 502, code: "upstream_invalid_response", reason: "unclassified" },
  "server-error": { ...upstream, status: 502 },
  overloaded: {
    ...upstream,
    status: 503,
    type: "overloaded_error",
    code: "overloaded",
    reason: "overloaded",
    rotate: 1,
    cools: "short",
  },
  "rate-limited": {
    ...upstream,
    status: 429,
    type: "rate_limit_error",
    code: "rate_limit_exceeded",
    reason: "rate_limit",
    rotate: 1,
    breaks: false,
    cools: "short",
    coolsScope: "credential+model",
  },
  billing: {
    ...upstream,
    status: 502,
    code: "upstream_billing",
    reason: "billing",
    rotate: "all",
    breaks: false,
    cools: "billing",
    repeatable: false,
  },
  auth: {
    ...upstream,
    status: 502,
    code: "upstream_auth",
    reason: "auth",
    rotate: "all",
    breaks: false,
    cools: "short",
    repeatable: false,
  },
  "auth-permanent": {
    ...upstream,
    status: 502,
    code: "upstream_auth",
    reason: "auth_permanent",
    rotate: "all",
    breaks: false,
    cools: "permanent",
    repeatable: false,
  },
  "model-missing": {
    ...upstream,
    status: 502,
    code: "upstream_model_not_found",
    reason: "model_not_found",
    breaks: false,
    cools: "short",
    coolsScope: "target",
    repeatable: false,
  },
  rejected: { ...door, status: 400, code: null, reason: "format" },
  "rejected-by-provider": { ...door, status: 400, code: null, reason: "format", advance: "next" },
  "too-large": { ...door, status: 413, code: "upstream_body_too_large", reason: "format" },
  "content-refused": { ...door, status: 400, code: "content_filter" },
  "context-overflow": { ...door, status: 400, code: "context_length_exceeded", advance: "larger" },
  "unexpected-status": {
    ...upstream,
    status: 502,
    code: "upstream_invalid_response",
    reason: "unclassified",
    breaks: false,
    repeatable: false,
  },
  redirected: {
    ...upstream,
    status: 502,
    code: "upstream_redirect",
    reason: "unclassified",
    breaks: false,
    repeatable: false,
  },
  "empty-answer": {
    ...upstream,
    status: 502,
    code: "upstream_invalid_response",
    reason: "empty_response",
    breaks: false,
  },

  "client-closed": { ...door, status: 499, code: "client_closed" },
  "write-idle": { ...door, status: 499, code: "client_stalled" },
  "overloaded-here": { ...door, status: 503, type: "overloaded_error", code: "gateway_overloaded", repeatable: true },
  draining: { ...door, status: 503, type: "overloaded_error", code: "draining", repeatable: true },
  "no-candidate": { ...door, status: 503, type: "upstream_error", code: "all_providers_unavailable", repeatable: true },
  deadline: {
    ...door,
    status: 504,
    type: "upstream_error",
    code: "upstream_timeout",
    reason: "timeout",
    repeatable: true,
  },
  internal: { ...door, status: 500, type: "server_error", code: "internal_error", repeatable: true },
} as const satisfies Record<FailureKind, Disposition>;

/** What a kind means, as the wide type: policy reads columns, never names. */
export function dispositionOf(kind: FailureKind): Disposition {
  return DISPOSITION[kind];
}

/** What may be said beside kind and message. */
export type FailureDetails = Partial<Omit<Failure, "kind" | "message">>;

/** Makes a failure; one place, so that every failure has the same shape. */
export function failure(kind: FailureKind, message: string, details: FailureDetails = {}): Failure {
  return new Failure(kind, message, details);
}

/** The same failure but for what is given. */
export function changedFailure(of: Failure, changes: FailureDetails & { readonly message?: string }): Failure {
  return failure(of.kind, changes.message ?? of.message, { ...of, ...changes });
}

/** The HTTP status that a failure ends a request with. */
export function statusOf(of: Failure): number {
  return of.status ?? DISPOSITION[of.kind].status;
}

/** True for a value that is a failure; for functions that return either. */
export function isFailure(value: unknown): value is Failure {
  return value instanceof Failure;
}
