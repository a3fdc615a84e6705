// The access line as JSON. Every field stands in a fixed order, level and time first as in all lines; what is unknown is left out, never 0.
import type { AttemptRef, RequestEnd, RequestRefused } from "../core/events.ts";
import { dispositionOf, type Failure } from "../core/failure.ts";
import type { TraceContext } from "../core/ids.ts";
import type { Usage } from "../core/lane.ts";
import type { Operation } from "../core/names.ts";
import { costUsd } from "./cost.ts";
import { detailOf } from "./failure-words.ts";
import { isoTime } from "./iso-time.ts";
import type { LineParts } from "./line-parts.ts";
import { quote } from "./quote.ts";
import type { Redact } from "./redact.ts";
import { overheadMs, upstreamMs } from "./request-times.ts";
import type { TargetNames } from "./target-names.ts";
import { usageStateOf } from "./usage-state.ts";
import { wordOf } from "./word-of.ts";

/** Severity of an access line. */
export type AccessLevel = "info" | "warn";

/** An ended request and what its line needs beside the event. */
export interface EndTold {
  readonly event: RequestEnd;
  readonly level: AccessLevel;
  readonly wallMs: number;
  /** What was dropped, renamed or clamped in the request. */
  readonly adjusted: readonly string[];
  readonly redact: Redact;
  readonly names: TargetNames;
  readonly parts: LineParts;
}

/** A refused request and what its line needs beside the event. */
export interface RefusalTold {
  readonly event: RequestRefused;
  readonly level: AccessLevel;
  readonly wallMs: number;
  readonly redact: Redact;
}

/** Makes lines in one style. */
export interface LineMaker {
  readonly ended: (told: EndTold) => string;
  readonly refused: (told: RefusalTold) => string;
}

/** The line of a request that had a plan. */
export function endedLine(told: EndTold): string {
  const { event, level, wallMs, adjusted, redact, parts } = told;
  const { request, served, failure, firstWriteAt, outcome, phase } = event;
  const answer = served?.told ?? null;
  let line = opening(wallMs, level, request.id);
  line += `${traceOf(request.trace)}${parts.middle(event)},"attempts":[${attemptsOf(told)}]`;
  line += `,"durationMs":${tenths(event.at - request.startedAt)}`;
  if (firstWriteAt !== null) line += `,"ttftMs":${tenths(firstWriteAt - request.startedAt)}`;
  line += `,"upstreamMs":${tenths(upstreamMs(event))}`;
  if (event.attempts.length > 0) line += `,"overheadMs":${thousandths(overheadMs(event))}`;
  if (served !== null) line += usageOf(served, request.operation);
  line += `,"bytesIn":${request.requestBytes},"bytesOut":${event.bytesOut}`;
  if (answer?.finish) line += `,"finish":${word(answer.finish, redact)}`;
  if (failure !== null) line += failureOf(failure, redact);
  if (outcome !== "completed") line += `,"phase":"${phase}"`;
  if (answer?.repairs) line += `,"repairs":[${answer.repairs.map(quote).join(",")}]`;
  if (adjusted.length > 0) line += `,"adjusted":[${adjusted.map(quote).join(",")}]`;
  return `${line}}`;
}

/** The line of a request that was refused before there was a plan. */
export function refusedLine({ event, level, wallMs, redact }: RefusalTold): string {
  let line = opening(wallMs, level, event.requestId);
  line += `${traceOf(event.trace)},"endpoint":${quote(event.endpoint)},"method":${word(event.method, redact)}`;
  line += `,"status":${event.status},"outcome":"refused","durationMs":${tenths(event.at - event.startedAt)}`;
  line += `,"bytesIn":${event.requestBytes}${failureOf(event.failure, redact)}`;
  if (event.failure.phase !== null) line += `,"phase":"${event.failure.phase}"`;
  return `${line}}`;
}

/** The id is ours, made of hex digits (ids.ts). */
function opening(wallMs: number, level: AccessLevel, requestId: string): string {
  return `{"level":"${level}","time":"${isoTime(wallMs)}","msg":"request","requestId":"${requestId}"`;
}

/** Ids need no escaping: the door lets only hex digits in. */
function traceOf({ traceId, spanId, parentId, flags }: TraceContext): string {
  const ids = `,"traceId":"${traceId}","spanId":"${spanId}"`;
  return `${ids}${parentId === null ? "" : `,"parentSpanId":"${parentId}"`},"traceFlags":"0${flags}"`;
}

/** Tokens and cost; of an answer that was cut they are what had been told by then. */
function usageOf(served: AttemptRef, operation: Operation): string {
  const usage = served.told?.usage ?? null;
  const state = usageStateOf(served, operation);
  if (usage === null) return state === null ? "" : `,"usage":"${state}"`;
  const usd = costUsd(served.target.stated.cost, usage);
  const partial = state === "complete" ? "" : ',"usage":"partial"';
  return `,"tokens":${tokensOf(usage)}${partial}${usd === null ? "" : `,"costUsd":${dollars(usd)}`}`;
}

function attemptsOf(told: EndTold): string {
  let list = "";
  for (const attempt of told.event.attempts) list += `${list === "" ? "" : ","}${attemptOf(attempt, told)}`;
  return list;
}

function attemptOf(attempt: AttemptRef, { event, redact, parts }: EndTold): string {
  const { because, outcome, failure, status, startedAt, endedAt, upstreamRequestId } = attempt;
  let text = parts.opening(attempt);
  if (because !== "first") text += `,"because":"${because}"`;
  if (attempt.probe) text += `,"probe":true`;
  text += `,"outcome":"${outcome ?? "unknown"}"`;
  if (failure !== null) text += `,"kind":"${failure.kind}","reason":"${dispositionOf(failure.kind).reason}"`;
  // The request's own failure is told once.
  if (failure !== null && failure !== event.failure) text += `,"detail":${quote(detailOf(failure, redact))}`;
  text += `,"ms":${tenths((endedAt ?? event.at) - startedAt)}`;
  if (status !== null) text += `,"status":${status}`;
  if (upstreamRequestId !== null) text += `,"providerRequestId":${word(upstreamRequestId, redact)}`;
  return `${text}}`;
}

function failureOf(failure: Failure, redact: Redact): string {
  const { kind } = failure;
  return `,"kind":"${kind}","reason":"${dispositionOf(kind).reason}","detail":${quote(detailOf(failure, redact))}`;
}

function tokensOf({ input, output, cacheRead, cacheWrite, reasoning, serviceTier }: Usage): string {
  let text = `{"input":${input},"output":${output}`;
  if (cacheRead !== undefined) text += `,"cacheRead":${cacheRead}`;
  if (cacheWrite !== undefined) text += `,"cacheWrite":${cacheWrite}`;
  if (reasoning !== undefined) text += `,"reasoning":${reasoning}`;
  if (serviceTier !== undefined) text += `,"serviceTier":"${serviceTier}"`;
  return `${text}}`;
}

/** A word that a provider or client chose. */
function word(text: string, redact: Redact): string {
  return quote(wordOf(text, redact));
}

/** Milliseconds with one decimal. */
export function tenths(ms: number): string {
  return decimal(ms, 1);
}

/** Milliseconds with three decimals, for what is much less than one. */
function thousandths(ms: number): string {
  return decimal(ms, 3);
}

/** USD to a millionth of a cent. */
export function dollars(usd: number): string {
  return decimal(usd, 8);
}

/** Powers of ten by their exponent. */
const UNITS = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000] as const;

/** A number from zero up with so many decimals at most. By hand, since printing a fraction costs more than the rest of its field. */
function decimal(value: number, digits: 1 | 3 | 8): string {
  const unit = UNITS[digits];
  const all = Math.max(0, Math.round(value * unit));
  const whole = Math.floor(all / unit);
  let rest = all - whole * unit;
  if (rest === 0) return `${whole}`;
  let width: number = digits;
  for (; rest % 10 === 0; width -= 1) rest /= 10;
  // A one in front keeps the zeros behind the point.
  return `${whole}.${`${(UNITS[width] as number) + rest}`.slice(1)}`;
}
