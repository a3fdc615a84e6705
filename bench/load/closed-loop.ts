// A closed loop of whole answers by autocannon, an instrument that everybody knows: for throughput and processor time. It counts whole
// milliseconds, so latency is the own client's affair.
import { Child } from "../../test/support/child.ts";
import type { BodyShape } from "./bodies.ts";
import type { Target } from "./streams.ts";

/** What to send. */
export interface CannonRun extends Target {
  readonly connections: number;
  readonly seconds: number;
  /** So many requests instead of so many seconds; null: by time. */
  readonly amount: number | null;
  readonly shape: BodyShape;
  readonly model: string;
}

/** What a closed loop did. */
export interface LoopReport {
  readonly requests: number;
  readonly seconds: number;
  readonly bad: readonly string[];
}

const program = new URL("cannon.ts", import.meta.url).pathname;

/** So many connections, each sending its next request when the answer is there. */
export async function runLoop(run: CannonRun): Promise<LoopReport> {
  // A subject has more than can be handed over.
  const { url, headers, connections, seconds, amount, shape, model } = run;
  const given: CannonRun = { url, headers, connections, seconds, amount, shape, model };
  const child = Child.start({ args: [program, JSON.stringify(given)] });
  const code = await child.exited;
  const line = child.stdout.find((text) => text.startsWith("{"));
  if (line === undefined) throw new Error(`autocannon ended with ${code} and said nothing:\n${child.lines.join("\n")}`);
  return JSON.parse(line) as LoopReport;
}
