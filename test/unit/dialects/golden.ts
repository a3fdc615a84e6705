// Golden streams: read and reviewed as they are, never written by a test.
import { readFileSync } from "node:fs";
import type { StreamEncoder } from "../../../src/dialects/dialect.ts";
import type { ChatEvent } from "../../../src/dialects/vocabulary.ts";

/** The reviewed bytes of a sample in a dialect. */
export function golden(dialect: string, name: string): string {
  return readFileSync(new URL(`../../golden/${dialect}/${name}.sse`, import.meta.url), "utf8");
}

/** Everything that an encoder writes for these events. */
export function written(encoder: StreamEncoder, events: readonly ChatEvent[]): string {
  return events.map((event) => encoder.push(event)).join("");
}

/** The data of all events of a stream, parsed; the terminator stays text. */
export function dataOf(stream: string): unknown[] {
  return stream
    .split("\n\n")
    .filter((event) => event !== "")
    .map((event) => event.slice(event.indexOf("data: ") + 6))
    .map((data) => (data === "[DONE]" ? data : JSON.parse(data)));
}
