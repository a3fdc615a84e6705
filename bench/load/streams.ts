// Many streams against one subject: every text whole, none lost, each timed.
import { setTimeout } from "node:timers/promises";
import { exchange } from "../../src/cli/bench/exchange.ts";
import { atPace, type Pace } from "../../src/cli/bench/pace.ts";
import { keptConnections } from "../../src/cli/bench/run-load.ts";
import { streamModel, VARIANTS } from "../upstream/ask.ts";
import { checksumOf, piecesOf } from "../upstream/texts.ts";
import { BODIES, bodyOf } from "./bodies.ts";
import { type ExpectedStream, JudgedStream, micros } from "./judged-stream.ts";

/** Whom to ask. */
export interface Target {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  /** Of every request, the token among them. */
  readonly headers: Readonly<Record<string, string>>;
}

/** What to ask for. */
export interface StreamRun extends Partial<Pace> {
  /** Events of text that each stream must have. */
  readonly events: number;
  /** Milliseconds between them; 0: as fast as they go. */
  readonly paceMs: number;
  /** Before the model's name where another dialect answers, for example `claude-`; such streams are translated. */
  readonly prefix?: string;
  readonly connections: number;
  /** Asks again, as clients do, where a stream is refused with a 503: a gateway on an overloaded machine sheds some. Left out: never. */
  readonly asksAgain?: boolean;
  /** Told of every stream that is over. */
  readonly tick?: () => void;
}

/** What came back. Times are microseconds. */
export interface StreamReport {
  readonly streams: number;
  /** Events with text, of all streams. */
  readonly events: number;
  readonly seconds: number;
  /** Request due to first event with text, one per stream. */
  readonly firstUs: readonly number[];
  /** Written by the upstream to read here, one per stamped event; empty where the stream is not paced. */
  readonly delayUs: readonly number[];
  /** Streams with another text, another count, no `[DONE]`, or no end at all; with the reason. */
  readonly bad: readonly string[];
}

const PATIENCE_MS = 120_000;
/** How a refusal reads, how often one is asked again, and after what pause: what `Retry-After` says of shedding. */
const REFUSED = "status 503";
const ASKED_AGAIN_MAX = 30;
const PAUSE_MS = 1_000;
/** `performance.now()` and `micros` count from different moments. */
const EPOCH_US = micros() - performance.now() * 1000;

/** Runs all streams and judges each. Never rejects for what a stream does. */
export async function runStreams({ url, headers }: Target, run: StreamRun): Promise<StreamReport> {
  const target = new URL("/v1/chat/completions", url);
  const { connections, events, prefix = "", durationMs = null, rate = null, requests = null, spreadMs = 0 } = run;
  const agent = keptConnections(target, connections);
  const model = prefix + streamModel(events, run.paceMs);
  const asks = Array.from({ length: VARIANTS }, (_, variant) => {
    const body = bodyOf({ model, shape: BODIES.small, variant, stream: true });
    return { body, expected: expectedOf(events, variant, prefix === "") };
  });
  const ended: JudgedStream[] = [];
  let started = 0;
  const { seconds } = await atPace({ connections, durationMs, rate, requests, spreadMs }, async (dueMs) => {
    const { body, expected } = asks[started++ % VARIANTS] as (typeof asks)[number];
    const ask = async (): Promise<JudgedStream> => {
      const { promise, resolve } = Promise.withResolvers<JudgedStream>();
      const reader = new JudgedStream(expected, EPOCH_US + dueMs * 1000, resolve);
      exchange({ url: target, agent, headers, body, timeoutMs: PATIENCE_MS }, reader);
      return promise;
    };
    let stream = await ask();
    for (let again = 0; run.asksAgain === true && stream.bad === REFUSED && again < ASKED_AGAIN_MAX; again += 1) {
      await setTimeout(PAUSE_MS);
      stream = await ask();
    }
    ended.push(stream);
    run.tick?.();
  });
  agent.destroy();
  return reportOf(ended, seconds);
}

function expectedOf(events: number, variant: number, fingerprinted: boolean): ExpectedStream {
  return { events, checksum: checksumOf(piecesOf(events, variant).join("")), fingerprinted };
}

function reportOf(ended: readonly JudgedStream[], seconds: number): StreamReport {
  return {
    streams: ended.length,
    events: ended.reduce((sum, { events }) => sum + events, 0),
    seconds,
    firstUs: ended.map(({ firstUs }) => firstUs).filter((us) => us >= 0),
    delayUs: ended.flatMap(({ delayUs }) => delayUs),
    bad: ended.map(({ bad }) => bad).filter((why) => why !== null),
  };
}
