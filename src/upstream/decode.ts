// Compressed answers, though identity was asked for (fault rows U42 to U44): decoded here, so that nobody above sees them.
// One layer at most, bounded output, every flush of the provider comes through at once.
import type { Transform } from "node:stream";
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from "node:zlib";
import { type Failure, failure } from "../core/failure.ts";
import type { HeaderBag } from "../core/upstream.ts";
import { failureOf } from "./failures.ts";

type Opener = (first: Buffer) => Transform;

const FLUSHED = { flush: constants.Z_SYNC_FLUSH };
/** RFC 9659: no HTTP answer may need a window above 8 MiB; the library's own limit is 128 MiB. */
const ZSTD_WINDOW_LOG_MAX = 23;

const gunzip: Opener = () => createGunzip(FLUSHED);
/** By content coding (RFC 9110 §8.4.1). */
const OPENERS = new Map<string, Opener>([
  ["gzip", gunzip],
  ["x-gzip", gunzip],
  // Some servers send `deflate` without its zlib wrapper; the first byte tells.
  ["deflate", (first) => (((first[0] ?? 0) & 0x0f) === 8 ? createInflate(FLUSHED) : createInflateRaw(FLUSHED))],
  ["br", () => createBrotliDecompress({ flush: constants.BROTLI_OPERATION_FLUSH })],
  ["zstd", () => createZstdDecompress({ params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG_MAX } })],
]);

function refused(message: string, detail: string): Failure {
  return failure("bad-payload", message, { phase: "stream", detail: detail.slice(0, 200) });
}

/** How to decode what these headers announce: null for plain bytes, a failure for what we do not decode. */
export function codingOf(headers: HeaderBag): Opener | Failure | null {
  const codings = [headers["content-encoding"] ?? []]
    .flat()
    .flatMap((value) => value.split(","))
    .map((token) => token.trim().toLowerCase())
    .filter((token) => token !== "" && token !== "identity");
  const [coding] = codings;
  if (coding === undefined) return null;
  if (codings.length > 1) return refused("The provider's answer is compressed more than once.", codings.join(", "));
  return OPENERS.get(coding) ?? refused("The provider's answer is compressed in an unknown way.", coding);
}

/** The headers as if the answer had come plain. */
export function decodedHeaders(headers: HeaderBag): HeaderBag {
  const { "content-encoding": _coding, "content-length": _length, ...rest } = headers;
  return rest;
}

/** Hears the decoded answer. Nothing after `onDecodedEnd` or `onDecodeFailed`. */
export interface DecodedListener {
  onDecoded(chunk: Buffer): void;
  /** After `write` said false: there is room again. */
  onDecoderDrain(): void;
  onDecodedEnd(): void;
  onDecodeFailed(failure: Failure): void;
}

/** What a decoder needs to know. */
export interface DecoderOptions {
  readonly open: Opener;
  readonly bytesMax: number;
  readonly listener: DecodedListener;
}

/** Decodes one answer. The answer has ended when the source and the coding have. */
export class Decoder {
  readonly #open: Opener;
  readonly #bytesMax: number;
  readonly #listener: DecodedListener;
  #stream: Transform | null = null;
  #bytesOut = 0;
  #paused = false;
  #sourceEnded = false;
  #streamEnded = false;
  /** What cut the source; told once everything before it has come through. */
  #cutBy: Failure | null = null;

  constructor({ open, bytesMax, listener }: DecoderOptions) {
    this.#open = open;
    this.#bytesMax = bytesMax;
    this.#listener = listener;
  }

  /** False asks the source to wait for `onDecoderDrain`. */
  write(chunk: Buffer): boolean {
    this.#stream ??= this.#opened(chunk);
    // What follows a complete compressed answer belongs to nothing.
    return this.#streamEnded || this.#stream.write(chunk);
  }

  /** The source has ended as it should. */
  end(): void {
    this.#sourceEnded = true;
    this.#finish();
  }

  /** The source has broken off; what came before is still decoded and handed on. */
  cut(by: Failure): void {
    this.#cutBy = by;
    this.#finish();
  }

  pause(): void {
    this.#paused = true;
    this.#stream?.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#stream?.resume();
  }

  destroy(): void {
    this.#stream?.destroy();
  }

  #opened(first: Buffer): Transform {
    const stream = this.#open(first);
    stream.on("data", (chunk: Buffer) => this.#onData(chunk));
    stream.on("drain", () => this.#listener.onDecoderDrain());
    stream.on("end", () => this.#onEnd());
    stream.on("error", (error) => this.#listener.onDecodeFailed(this.#cutBy ?? failureOf(error, "stream")));
    if (this.#paused) stream.pause();
    return stream;
  }

  #onData(chunk: Buffer): void {
    this.#bytesOut += chunk.length;
    if (this.#bytesOut <= this.#bytesMax) this.#listener.onDecoded(chunk);
    else this.#listener.onDecodeFailed(refused("The provider's answer is too large.", `above ${this.#bytesMax} bytes`));
  }

  #onEnd(): void {
    this.#streamEnded = true;
    if (this.#sourceEnded || this.#cutBy !== null) this.#tell();
    // The coding ended before the source did: a write that nobody will answer must not hold the source back.
    else this.#listener.onDecoderDrain();
  }

  #finish(): void {
    if (this.#stream === null || this.#streamEnded) this.#tell();
    else this.#stream.end();
  }

  #tell(): void {
    if (this.#cutBy === null) this.#listener.onDecodedEnd();
    else this.#listener.onDecodeFailed(this.#cutBy);
  }
}
