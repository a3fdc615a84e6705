// Heads and error bodies of model calls: receipts (decision 4), error envelope (decision 5), drawn in the client's dialect.
import { dispositionOf, type Failure, type FailureKind, statusOf } from "../core/failure.ts";
import { isJsonObject, type JsonObject } from "../core/json.ts";
import type { Reply } from "../core/lane.ts";
import type { Operation } from "../core/names.ts";
import { redactFailure } from "../core/redact-failure.ts";
import { OPERATION_DIALECTS } from "../dialects/index.ts";
import type { Attempt } from "./attempt.ts";
import type { Run } from "./run.ts";

/** The content type of every stream that leaves. */
export const EVENT_STREAM = "text/event-stream; charset=utf-8";
/** Proxies in front must neither buffer nor compress a stream. */
const STREAM_FIELDS = ["cache-control", "no-cache, no-transform", "x-accel-buffering", "no"] as const;
/** What a model said to somebody is nobody else's, so no cache keeps it. */
const WHOLE_FIELDS = ["cache-control", "no-store"] as const;
const RETRY_AFTER_MS_MAX = 3_600_000;
/** Waits that we state ourselves where nobody stated one. */
const OWN_WAIT_MS: Readonly<Partial<Record<FailureKind, number>>> = {
  "overloaded-here": 1_000,
  draining: 1_000,
  "no-candidate": 5_000,
};

/** Headers of a committed answer, flat. */
export function replyHead(run: Run, attempt: Attempt, reply: Reply): string[] {
  const head = ["content-type", reply.contentType, "x-request-id", run.ref.id];
  if (reply.contentType !== EVENT_STREAM) head.push("content-length", String(reply.first.length), ...WHOLE_FIELDS);
  else head.push(...STREAM_FIELDS);
  addReceipts(head, run, attempt);
  return head;
}

/** Head of a stream whose first content is still awaited: who answers is not known yet. */
export function openingHead(run: Run): string[] {
  return ["content-type", EVENT_STREAM, "x-request-id", run.ref.id, ...STREAM_FIELDS];
}

/** Headers and body of an empty answer that is sent as it is (decision 13). */
export function emptyHead(run: Run, bytes: Uint8Array): string[] {
  const type = run.facts.stream ? EVENT_STREAM : "application/json";
  const head = [
    "content-type",
    type,
    "content-length",
    String(bytes.length),
    "x-request-id",
    run.ref.id,
    ...WHOLE_FIELDS,
  ];
  const attempt = emptyAttempt(run);
  if (attempt !== undefined) addReceipts(head, run, attempt);
  return head;
}

/** The attempt whose empty answer is sent where none was better. */
export function emptyAttempt(run: Run): Attempt | undefined {
  return run.attempts.findLast(({ ref }) => ref.failure !== null && ref.failure.emptyAnswer !== null);
}

/** Status, headers and body of a failed request. */
export interface FailureReply {
  readonly status: number;
  readonly headers: string[];
  readonly body: Buffer;
}

/** Draws a failure for a request that never became a run. */
export function drawFailure(failure: Failure, operation: Operation, requestId: string): FailureReply {
  return draw(failure, OPERATION_DIALECTS[operation].ingress.encodeFailure(failure, requestId), requestId);
}

/** Draws the failure of a run, with its attempts where receipts are full: that there were none is worth saying, too. */
export function drawRunFailure(run: Run, failure: Failure): FailureReply {
  const said = redactFailure(failure, run.services.redact);
  const body = OPERATION_DIALECTS[run.facts.operation].ingress.encodeFailure(said, run.ref.id);
  const error = body["error"];
  const attempts = run.attempts.map(({ ref }) => ({
    target: ref.target.id,
    reason: ref.failure === null ? "none" : dispositionOf(ref.failure.kind).reason,
  }));
  const full = run.snapshot.gateway.receipts === "full";
  const listed = full && attempts.length > 0 && isJsonObject(error);
  const reply = draw(said, listed ? { ...body, error: { ...error, attempts } } : body, run.ref.id);
  if (!full) return reply;
  const totalMs = run.now() - run.ref.startedAt;
  reply.headers.push("x-openclaw-attempts", String(attempts.length), "server-timing", `total;dur=${tenths(totalMs)}`);
  return reply;
}

function draw(failure: Failure, tree: JsonObject, requestId: string): FailureReply {
  const body = Buffer.from(JSON.stringify(tree));
  const status = statusOf(failure);
  const headers = [
    "content-type",
    "application/json",
    "content-length",
    String(body.length),
    "cache-control",
    "no-store",
    "x-request-id",
    requestId,
  ];
  const waitMs = failure.retryAfterMs ?? OWN_WAIT_MS[failure.kind] ?? null;
  if (waitMs !== null && (status === 429 || status === 503)) {
    headers.push("retry-after", String(Math.max(1, Math.ceil(Math.min(waitMs, RETRY_AFTER_MS_MAX) / 1000))));
  }
  if (status >= 500 && !dispositionOf(failure.kind).repeatable) headers.push("x-should-retry", "false");
  return { status, headers, body };
}

function addReceipts(head: string[], run: Run, { ref, adjusted }: Attempt): void {
  if (run.snapshot.gateway.receipts !== "full") return;
  head.push("x-openclaw-served-by", headerSafe(ref.target.id), "x-openclaw-attempts", String(run.attempts.length));
  if (adjusted.length > 0) head.push("x-openclaw-adjusted", adjusted.map(headerSafe).join(", "));
  const until = ref.committedAt ?? ref.endedAt ?? ref.startedAt;
  const provider = tenths(until - ref.startedAt);
  head.push("server-timing", `provider;dur=${provider}, total;dur=${tenths(until - run.ref.startedAt)}`);
}

/** Milliseconds with one decimal, as `toFixed` writes them; that one is a call out of compiled code, twice a request. */
function tenths(ms: number): string {
  const all = Math.max(0, Math.round(ms * 10));
  return `${Math.floor(all / 10)}.${all % 10}`;
}

/** The text that was safe last: the next answer is mostly of the same target. */
let lastSafe = "";

/** Model ids may hold any character, header fields may not (RFC 9110 §5.5): others are percent-encoded. */
function headerSafe(text: string): string {
  if (text === lastSafe) return text;
  if (!/^[\x21-\x7e]*$/.test(text)) return encodeURI(text.toWellFormed());
  lastSafe = text;
  return text;
}
