// Whole answers by the bench's own client: each timed in microseconds from when it was due, each compared with the text it must have.
import { exchange, type AnswerReader } from "../../src/cli/bench/exchange.ts";
import { judge, type Received } from "../../src/cli/bench/judge-answer.ts";
import { atPace, type Pace } from "../../src/cli/bench/pace.ts";
import { keptConnections } from "../../src/cli/bench/run-load.ts";
import { VARIANTS, WHOLE_MODEL } from "../upstream/ask.ts";
import { wholeText } from "../upstream/texts.ts";
import { type BodyShape, bodyOf } from "./bodies.ts";
import type { Target } from "./streams.ts";

/** What to send. */
export interface WholeRun extends Pace {
  readonly shape: BodyShape;
  readonly model?: string;
}

/** What was seen. */
export interface WholeReport {
  readonly requests: number;
  readonly seconds: number;
  /** From when a request was due to the last byte of its answer; of a rate's starts that found no connection, how long they had waited. */
  readonly latencyUs: readonly number[];
  readonly bad: readonly string[];
}

const PATIENCE_MS = 30_000;
/** Of a bad answer, in characters. */
const SHOWN = 200;

/** Keeps an answer until it is whole. */
class WholeAnswer implements AnswerReader {
  readonly #done: (received: Received) => void;
  readonly #parts: Buffer[] = [];
  #status: number | null = null;

  constructor(done: (received: Received) => void) {
    this.#done = done;
  }

  head(status: number): void {
    this.#status = status;
  }

  bytes(chunk: Buffer): void {
    this.#parts.push(chunk);
  }

  end(end: Received["end"]): void {
    this.#done({ status: this.#status, body: Buffer.concat(this.#parts).toString("utf8"), end });
  }
}

/** Runs a load of whole answers. Never rejects for what an answer is. */
export async function runWholes({ url, headers }: Target, run: WholeRun): Promise<WholeReport> {
  const target = new URL("/v1/chat/completions", url);
  const agent = keptConnections(target, run.connections);
  const { model = WHOLE_MODEL, shape } = run;
  const asks = Array.from({ length: VARIANTS }, (_, variant) => ({
    body: Buffer.from(bodyOf({ model, shape, variant, stream: false })),
    text: wholeText(variant),
  }));
  const latencyUs: number[] = [];
  const bad: string[] = [];
  let started = 0;
  const { seconds, missedMs } = await atPace(run, async (dueMs) => {
    const { body, text } = asks[started++ % VARIANTS] as (typeof asks)[number];
    const { promise, resolve } = Promise.withResolvers<Received>();
    exchange({ url: target, agent, headers, body, timeoutMs: PATIENCE_MS }, new WholeAnswer(resolve));
    const received = await promise;
    latencyUs.push((performance.now() - dueMs) * 1000);
    const why = judge(received, "whole", text);
    if (why !== null) bad.push(`${why}: ${received.body.slice(0, SHOWN)}`);
  });
  agent.destroy();
  const waitedUs = missedMs.map((ms) => ms * 1000);
  return { requests: latencyUs.length, seconds, latencyUs: [...latencyUs, ...waitedUs], bad };
}
