// The observer that makes spans: behind the end of a request, from what its events have recorded, and for sampled requests only. All others
// pay for one comparison. Spans are drawn and sent off many at once: a span is a hundred objects, and those that wait for others to be sent with
// outlive two collections of the young generation, which copy them each time. What is kept instead is the event, a tenth of that.
import {
  type Context,
  type HrTime,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Tracer,
} from "@opentelemetry/api";
import type { Clock } from "../../core/clock.ts";
import type { RequestEnd } from "../../core/events.ts";
import { isSampled, type TraceContext } from "../../core/ids.ts";
import { clientSpan } from "./client-span.ts";
import type { MintedIds } from "./minted-ids.ts";
import { refusedSpan, serverSpan } from "./server-span.ts";
import type { SpanSketch, SpanWords } from "./span-sketch.ts";
import { EventBatch } from "../event-batch.ts";
import { type Hearing, hearing } from "../hearing.ts";

/** What a trace log is made of. */
export interface TraceLogParts {
  /** Called when spans have been drawn: they are worth sending. */
  readonly onDrawn: () => void;
  readonly tracer: Tracer;
  /** Gives the SDK the ids that went out long ago; null where somebody else's SDK makes its own. */
  readonly ids: MintedIds | null;
  readonly words: SpanWords;
  readonly clock: Clock;
}

/** Requests whose spans are drawn at once; it takes some 3 ms, sending them included. */
const WAITING_MAX = 64;
/** How long a request may wait for others. */
const AGE_MS = 1_000;
const MS_PER_S = 1000;
const NS_PER_MS = 1e6;
const KIND: Readonly<Record<SpanSketch["kind"], SpanKind>> = { server: SpanKind.SERVER, client: SpanKind.CLIENT };

/** Spans in the making. */
export class TraceLog {
  readonly observe: Hearing;
  /** Draws the spans of all that wait. */
  readonly draw: () => void;

  constructor(parts: TraceLogParts) {
    const { words, clock, onDrawn } = parts;
    const pen = new SpanPen(parts);
    const { hear } = hearing(["request-end", "request-refused"], (event) => {
      if (event.type === "request-end") pen.drawRequest(event);
      else pen.draw(refusedSpan(event, words), pen.above(event.trace));
    });
    const batch = new EventBatch(hear, clock, { eventsMax: WAITING_MAX, ageMs: AGE_MS, onDelivered: onDrawn });
    this.draw = batch.deliver;
    this.observe = hearing(["request-end", "request-refused"], (event) => {
      if (isSampled(event.type === "request-end" ? event.request.trace : event.trace)) batch.observe(event);
    });
  }
}

class SpanPen {
  readonly #parts: TraceLogParts;

  constructor(parts: TraceLogParts) {
    this.#parts = parts;
  }

  drawRequest(event: RequestEnd): void {
    const { words } = this.#parts;
    const server = this.draw(serverSpan(event, words), this.above(event.request.trace));
    for (const attempt of event.attempts) this.draw(clientSpan(attempt, event, words), server);
  }

  /** The place above a request's span: its caller's, or none. A foreign SDK takes the trace id from a parent only. */
  above({ traceId, parentId, spanId }: TraceContext): Context {
    const parent = parentId ?? (this.#parts.ids === null ? spanId : null);
    if (parent === null) return ROOT_CONTEXT;
    const context = { traceId, spanId: parent, traceFlags: TraceFlags.SAMPLED, isRemote: true };
    return trace.setSpanContext(ROOT_CONTEXT, context);
  }

  /** Draws a span and gives the place below it. */
  draw(
    { name, kind, trace: minted, attributes, failed, moments, startedAt, endedAt }: SpanSketch,
    above: Context,
  ): Context {
    const { clock, ids, tracer } = this.#parts;
    const wallAtZero = clock.wall() - clock.now();
    if (ids !== null) ids.next = minted;
    const start = { kind: KIND[kind], startTime: instant(wallAtZero + startedAt) };
    // Somebody else's sampler may ask for attributes, so they have to be there at the start. Our own SDK, which takes every span that gets
    // here, would look through those twice.
    const span = tracer.startSpan(name, ids === null ? { ...start, attributes } : start, above);
    if (ids !== null) span.setAttributes(attributes);
    for (const { name: moment, at } of moments) span.addEvent(moment, instant(wallAtZero + at));
    if (failed) span.setStatus({ code: SpanStatusCode.ERROR });
    span.end(instant(wallAtZero + endedAt));
    return trace.setSpan(above, span);
  }
}

/** Unix milliseconds as the SDK's pair; a plain number might be taken for one of its own clock. */
export function instant(wallMs: number): HrTime {
  const seconds = Math.floor(wallMs / MS_PER_S);
  return [seconds, Math.round((wallMs - seconds * MS_PER_S) * NS_PER_MS)];
}
