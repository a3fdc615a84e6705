// A streaming client that trusts nothing: it times every event, folds the text, compares checksums and counts what did not come.
import { crc32 } from "node:zlib";
import { type Dispatcher, Pool } from "undici";
import { requestBody } from "./bench-config.ts";
import { checksumOf, piecesOf, userFor, VARIANTS } from "./streams-text.ts";

/** Where to send streams and what to ask. */
export interface StreamRun {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly token: string;
  readonly model: string;
  /** Events of text that each stream must have. */
  readonly events: number;
  readonly streams: number;
  /** Streams under way at once. */
  readonly concurrency: number;
  /** The first ones start evenly over so many milliseconds, as independent clients do. Default 0: all at once. */
  readonly spreadMs?: number;
}

/** What came back. Times are microseconds. */
export interface StreamReport {
  readonly streams: number;
  /** Events with text, of all streams. */
  readonly events: number;
  readonly seconds: number;
  /** Request written to first event with text, one per stream. */
  readonly firstEventUs: readonly number[];
  /** Written by the upstream to read here, one per stamped event; empty where the stream is not paced. */
  readonly delayUs: readonly number[];
  /** Streams with another text, another count, no `[DONE]`, or no end at all; with the reason. */
  readonly bad: readonly string[];
}

interface Chunk {
  readonly stamp?: string;
  readonly system_fingerprint?: string;
  readonly choices: readonly { readonly delta: { readonly content?: string }; readonly finish_reason: string | null }[];
}

function micros(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** What a right stream is. */
interface Expected {
  readonly events: number;
  readonly checksum: string;
}

/** One stream from request to verdict. */
class Stream implements Dispatcher.DispatchHandler {
  readonly #expected: Expected;
  readonly #end: (stream: Stream) => void;
  readonly #decoder = new TextDecoder();
  readonly #startedAt = micros();
  #rest = "";
  #crc = 0;
  #fingerprint = "";
  #finish: string | null = null;
  #dones = 0;
  firstEventUs = -1;
  events = 0;
  readonly delayUs: number[] = [];
  /** Why the stream is bad; null when it is right. */
  bad: string | null = null;

  constructor(expected: Expected, end: (stream: Stream) => void) {
    this.#expected = expected;
    this.#end = end;
  }

  onRequestStart(): void {}

  onResponseStart(_controller: Dispatcher.DispatchController, status: number): void {
    if (status !== 200) this.bad = `status ${status}`;
  }

  onResponseData(_controller: Dispatcher.DispatchController, bytes: Buffer): void {
    if (this.bad !== null) return;
    const now = micros();
    const blocks = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split("\n\n");
    this.#rest = blocks.pop() ?? "";
    for (const block of blocks) if (block.startsWith("data: ")) this.#event(block.slice(6), now);
  }

  #event(data: string, now: number): void {
    if (data === "[DONE]") {
      this.#dones += 1;
      return;
    }
    if (this.#dones > 0) this.bad = "an event behind [DONE]";
    const { stamp = "0", system_fingerprint, choices } = JSON.parse(data) as Chunk;
    const choice = choices?.[0];
    if (choice === undefined) {
      this.bad = `an event without choices: ${data.slice(0, 120)}`;
      return;
    }
    if (Number(stamp) > 0) this.delayUs.push(now - Number(stamp));
    if (choice.finish_reason !== null) {
      this.#finish = choice.finish_reason;
      this.#fingerprint = system_fingerprint ?? "";
    }
    if (choice.delta.content === undefined || choice.delta.content === "") return;
    if (this.events === 0) this.firstEventUs = now - this.#startedAt;
    this.events += 1;
    this.#crc = crc32(choice.delta.content, this.#crc);
  }

  onResponseEnd(): void {
    this.bad ??= this.#verdict();
    this.#end(this);
  }

  onResponseError(_controller: Dispatcher.DispatchController, error: Error): void {
    this.bad ??= `lost after ${this.events} events: ${error.message}`;
    this.#end(this);
  }

  #verdict(): string | null {
    const { events, checksum } = this.#expected;
    if (this.events !== events) return `${this.events} of ${events} events`;
    if (this.#finish !== "stop") return `finish reason ${this.#finish}`;
    if (this.#dones !== 1) return `[DONE] ${this.#dones} times`;
    if (this.#fingerprint !== checksum)
      return `the answer to another request: ${this.#fingerprint} instead of ${checksum}`;
    const found = `fp_${this.#crc.toString(16).padStart(8, "0")}`;
    return found === checksum ? null : `checksum ${found} instead of ${checksum}`;
  }
}

/** Runs all streams, so many at once, and judges each. Never rejects for what a stream does. */
export async function runStreams(run: StreamRun): Promise<StreamReport> {
  const pool = new Pool(run.url, {
    connections: run.concurrency,
    pipelining: 1,
    headersTimeout: 60_000,
    bodyTimeout: 60_000,
  });
  const headers = ["authorization", `Bearer ${run.token}`, "content-type", "application/json"];
  const asks = Array.from({ length: VARIANTS }, (_, variant) => askFor(run, variant));
  const ended: Stream[] = [];
  const startedAt = micros();
  const { promise, resolve } = Promise.withResolvers<void>();
  let started = 0;
  const next = (): void => {
    const ask = asks[started % VARIANTS];
    if (started === run.streams || ask === undefined) return;
    started += 1;
    const stream = new Stream(ask.expected, (done) => {
      ended.push(done);
      if (ended.length === run.streams) resolve();
      else next();
    });
    pool.dispatch({ path: "/v1/chat/completions", method: "POST", headers, body: ask.body }, stream);
  };
  for (let count = 0; count < run.concurrency; count += 1) {
    if (run.spreadMs === undefined) next();
    else setTimeout(next, (count * run.spreadMs) / run.concurrency);
  }
  await promise;
  const seconds = (micros() - startedAt) / 1e6;
  await pool.destroy();
  return reportOf(ended, seconds);
}

function askFor({ model, events }: StreamRun, variant: number): { readonly body: string; readonly expected: Expected } {
  const checksum = checksumOf(piecesOf(events, variant).join(""));
  return { body: requestBody(model, userFor(variant)), expected: { events, checksum } };
}

function reportOf(ended: readonly Stream[], seconds: number): StreamReport {
  return {
    streams: ended.length,
    events: ended.reduce((sum, { events }) => sum + events, 0),
    seconds,
    firstEventUs: ended.map(({ firstEventUs }) => firstEventUs).filter((us) => us >= 0),
    delayUs: ended.flatMap(({ delayUs }) => delayUs),
    bad: ended.map(({ bad }) => bad).filter((why) => why !== null),
  };
}
