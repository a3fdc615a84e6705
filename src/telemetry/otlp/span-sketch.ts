// A span before the SDK makes it: everything in it is copied from events that are over. Monotonic milliseconds.
import type { Attributes } from "@opentelemetry/api";
import type { TraceContext } from "../../core/ids.ts";
import type { Redact } from "../redact.ts";
import type { TargetNames } from "../target-names.ts";

/** One span. */
export interface SpanSketch {
  readonly name: string;
  readonly kind: "server" | "client";
  readonly trace: TraceContext;
  readonly startedAt: number;
  readonly endedAt: number;
  readonly attributes: Attributes;
  /** Sets the status to error; the attributes say which. */
  readonly failed: boolean;
  readonly moments: readonly { readonly name: string; readonly at: number }[];
}

/** What sketching needs to know beside the event. */
export interface SpanWords {
  readonly names: TargetNames;
  readonly redact: Redact;
  readonly scheme: () => "http" | "https";
  /** Leaves the older names out. */
  readonly latestGenAi: boolean;
}

/** Moments that came to be, in order. */
export function momentsOf(...given: readonly (readonly [name: string, at: number | null])[]): SpanSketch["moments"] {
  return given.flatMap(([name, at]) => (at === null ? [] : [{ name, at }]));
}
