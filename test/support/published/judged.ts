// What a judge of published shapes says, and how it reads a stream: every event is one `data:` line, as readers by line need it.
import type { z } from "zod";
import { readSse } from "../sse.ts";

/** A judged stream. */
export interface Judged {
  readonly faults: string[];
  /** It ended in an error of its API. */
  readonly hasFailed: boolean;
}

/** One event. */
export interface SaidEvent {
  readonly event: string | undefined;
  readonly data: string;
}

/** Where a value does not have its shape, a sentence each. */
export function faultsOf(shape: z.ZodType, value: unknown, what: string): string[] {
  const read = shape.safeParse(value);
  if (read.success) return [];
  return read.error.issues.map(({ path, message }) => `${what}: ${path.join(".")}: ${message}`);
}

/** The events of a stream. */
export function readEvents(text: string): SaidEvent[] {
  const events = readSse(text).events.map(({ event, data }) => ({ event, data }));
  if (events.some(({ data }) => data.includes("\n"))) throw new Error("data on several lines");
  return events;
}
