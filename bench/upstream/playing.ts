// One paced stream under way: an event per pace on an absolute schedule, each stamped with the moment at which it is written.
import type { Socket } from "node:net";
import { NO_STAMP } from "./chat-answers.ts";
import { LAST_CHUNK, STREAM_HEAD } from "./frames.ts";

/** Plays chunks to a socket until they are over or nobody listens. */
export class Playing {
  readonly #socket: Socket;
  readonly #chunks: readonly Buffer[];
  readonly #paceMs: number;
  readonly #startedAt = performance.now();
  #next = 0;

  constructor(socket: Socket, chunks: readonly Buffer[], paceMs: number) {
    this.#socket = socket;
    this.#chunks = chunks;
    this.#paceMs = paceMs;
    socket.write(STREAM_HEAD);
    // The role chunk and the first text go together, so that the first event with text is not a pace late.
    this.#write();
    this.#drip();
  }

  #drip(): void {
    if (this.#socket.destroyed) return;
    this.#write();
    if (this.#next >= this.#chunks.length) {
      this.#socket.write(LAST_CHUNK);
      return;
    }
    const dueMs = this.#startedAt + (this.#next - 1) * this.#paceMs - performance.now();
    setTimeout(() => this.#drip(), Math.max(0, dueMs));
  }

  #write(): void {
    const chunk = this.#chunks[this.#next];
    this.#next += 1;
    if (chunk !== undefined) this.#socket.write(stamped(chunk));
  }
}

function stamped(chunk: Buffer): Buffer {
  const at = chunk.indexOf(NO_STAMP);
  if (at < 0) return chunk;
  const copy = Buffer.from(chunk);
  copy.write((process.hrtime.bigint() / 1000n).toString().padStart(NO_STAMP.length, "0"), at, "latin1");
  return copy;
}
