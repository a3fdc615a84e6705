// The reader of one stream that trusts nothing: it times every event, folds the text, compares checksums and counts what did not come.
import { crc32 } from "node:zlib";
import type { AnswerReader } from "../../src/cli/bench/exchange.ts";
import type { Received } from "../../src/cli/bench/judge-answer.ts";

/** What a right stream is. */
export interface ExpectedStream {
  /** Events with text. */
  readonly events: number;
  /** Of the text, as `checksumOf` writes it. */
  readonly checksum: string;
  /** False where the stream is translated, which leaves the upstream's own fingerprint behind. */
  readonly fingerprinted: boolean;
}

interface Chunk {
  readonly stamp?: string;
  readonly system_fingerprint?: string;
  readonly choices?: readonly {
    readonly delta: { readonly content?: string };
    readonly finish_reason?: string | null;
  }[];
}

/** Microseconds of the machine's monotonic clock, which all its processes share. */
export function micros(): number {
  return Number(process.hrtime.bigint() / 1000n);
}

/** One stream from request to verdict. */
export class JudgedStream implements AnswerReader {
  readonly #expected: ExpectedStream;
  readonly #startedAt: number;
  readonly #end: (stream: JudgedStream) => void;
  readonly #decoder = new TextDecoder();
  #rest = "";
  #crc = 0;
  #fingerprint = "";
  #finish: string | null = null;
  #dones = 0;
  /** From the start that was meant to the first event with text, in microseconds; -1 when there was none. */
  firstUs = -1;
  /** Events with text so far. */
  events = 0;
  /** Written by the upstream to read here, in microseconds, one per stamped event. */
  readonly delayUs: number[] = [];
  /** Why the stream is bad; null when it is right. */
  bad: string | null = null;

  /** `startedAt` as `micros` has it. */
  constructor(expected: ExpectedStream, startedAt: number, end: (stream: JudgedStream) => void) {
    this.#expected = expected;
    this.#startedAt = startedAt;
    this.#end = end;
  }

  head(status: number): void {
    if (status !== 200) this.bad = `status ${status}`;
  }

  bytes(chunk: Buffer): void {
    if (this.bad !== null) return;
    const now = micros();
    const blocks = (this.#rest + this.#decoder.decode(chunk, { stream: true })).split("\n\n");
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
    if ((choice.finish_reason ?? null) !== null) {
      if (this.#finish !== null) this.bad = "a second finish reason";
      this.#finish = choice.finish_reason ?? null;
      this.#fingerprint = system_fingerprint ?? "";
    }
    const { content = "" } = choice.delta;
    if (content === "") return;
    if (this.events === 0) this.firstUs = now - this.#startedAt;
    this.events += 1;
    this.#crc = crc32(content, this.#crc);
  }

  end(how: Received["end"]): void {
    this.bad ??= how === "complete" ? this.#verdict() : `lost after ${this.events} events: ${how}`;
    this.#end(this);
  }

  #verdict(): string | null {
    const { events, checksum, fingerprinted } = this.#expected;
    if (this.events !== events) return `${this.events} of ${events} events`;
    if (this.#finish !== "stop") return `finish reason ${this.#finish}`;
    if (this.#dones !== 1) return `[DONE] ${this.#dones} times`;
    if (fingerprinted && this.#fingerprint !== checksum)
      return `the answer to another request: ${this.#fingerprint} instead of ${checksum}`;
    const found = `fp_${this.#crc.toString(16).padStart(8, "0")}`;
    return found === checksum ? null : `checksum ${found} instead of ${checksum}`;
  }
}
