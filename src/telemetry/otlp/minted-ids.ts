// Ids of spans, as they were minted at the door and for each attempt: logs, request ids and providers have known them for long when the
// spans are made.
import type { IdGenerator } from "@opentelemetry/sdk-trace";
import { newTrace, type TraceContext } from "../../core/ids.ts";

/** Gives the SDK the ids of the span that is made next. */
export class MintedIds implements IdGenerator {
  next: TraceContext | null = null;

  readonly generateTraceId = (): string => (this.next ?? newTrace()).traceId;

  readonly generateSpanId = (): string => (this.next ?? newTrace()).spanId;
}
