// One request of a load, timed where it counts: first content, each part of content, end. Keeps the whole answer to judge it.
import { StringDecoder } from "node:string_decoder";
import { type AnswerReader, type Asking, exchange } from "./exchange.ts";
import { judge, type Received, type Shape } from "./judge-answer.ts";

/** Whom to ask, what, and in which shape the answer is wanted. */
export interface Load extends Asking {
  readonly shape: Shape;
}

/** What one request saw; milliseconds from when it was due. */
export interface Sample {
  readonly status: number | null;
  /** Null when there was no content. */
  readonly firstMs: number | null;
  /** To the last content; what only ends an answer comes later. */
  readonly lastMs: number | null;
  readonly wholeMs: number;
  /** Parts of content. */
  readonly parts: number;
  /** Why the answer is none; null for a good one. */
  readonly bad: string | null;
  /** What a server said that did not answer with 200, as it came and not more than is read; else empty. */
  readonly said: string;
}

/** Of a refusal, in characters. */
const SAID_LENGTH_MAX = 8192;

/** An event with text in it, thought or tool call: what a person would see move. */
const CONTENT = /"(?:content|reasoning_content|reasoning|arguments)" ?: ?"(?=[^"])/g;

/** Asks once; never rejects. `dueMs` is when the request was meant to start, by `performance.now()`: waiting for a connection counts. */
export async function sampled(load: Load, dueMs = performance.now()): Promise<Sample> {
  const { promise, resolve } = Promise.withResolvers<Sample>();
  exchange(load, new Sampling(load.shape, dueMs, resolve));
  return promise;
}

/** Notes when content comes, and keeps it. */
class Sampling implements AnswerReader {
  readonly #shape: Shape;
  readonly #dueMs: number;
  readonly #done: (sample: Sample) => void;
  readonly #decoder = new StringDecoder("utf8");
  #status: number | null = null;
  #body = "";
  #firstMs: number | null = null;
  #lastMs: number | null = null;
  #parts = 0;

  constructor(shape: Shape, dueMs: number, done: (sample: Sample) => void) {
    this.#shape = shape;
    this.#dueMs = dueMs;
    this.#done = done;
  }

  head(status: number): void {
    this.#status = status;
  }

  bytes(chunk: Buffer): void {
    const text = this.#decoder.write(chunk);
    this.#body += text;
    const parts = text.match(CONTENT)?.length ?? 0;
    if (parts === 0) return;
    this.#lastMs = performance.now() - this.#dueMs;
    this.#firstMs ??= this.#lastMs;
    this.#parts += parts;
  }

  end(end: Received["end"], unreached: string | null): void {
    const wholeMs = performance.now() - this.#dueMs;
    const bad = unreached ?? judge({ status: this.#status, body: this.#body, end }, this.#shape, null);
    const said = this.#status === 200 ? "" : this.#body.slice(0, SAID_LENGTH_MAX);
    const times = { firstMs: this.#firstMs, lastMs: this.#lastMs, wholeMs };
    this.#done({ status: this.#status, ...times, parts: this.#parts, bad, said });
  }
}
