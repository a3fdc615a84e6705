// The hand-over from the door to the corridor: one model call, admitted, authenticated and read.
import type { AttemptRef, RequestRef } from "./events.ts";
import type { Failure } from "./failure.ts";
import type { Steering } from "./facts.ts";
import type { TraceContext } from "./ids.ts";
import type { Operation } from "./names.ts";
import type { Sink } from "./sink.ts";
import type { Snapshot } from "./snapshot.ts";

/** One model call as the door hands it over. Instants are monotonic milliseconds. */
export interface Call {
  readonly requestId: string;
  readonly trace: TraceContext;
  readonly operation: Operation;
  /** Route template, for events. */
  readonly endpoint: string;
  readonly steering: Steering;
  readonly body: Buffer;
  readonly sink: Sink;
  readonly snapshot: Snapshot;
  /** Head read. */
  readonly startedAt: number;
  /** Body complete. */
  readonly bodyAt: number;
}

/** A request under way with its newest attempt; null: not sent to anybody yet. */
export interface Running {
  readonly request: RequestRef;
  readonly attempt: AttemptRef | null;
}

/** The corridor as the door sees it. */
export interface Corridor {
  /** Takes over the sink; resolves when the answer has ended, whatever happened. Never rejects. */
  handle(call: Call): Promise<void>;
  /** Requests under way. */
  readonly inflight: number;
  /** Those requests, in no order. */
  underWay(): readonly Running[];
  /** Ends every request under way with this failure, said in the client's dialect (drain). */
  endAll(failure: Failure): void;
}
