// A client in memory: takes an answer that a command asks for itself. It is never slow and never leaves.
import type { Sink, SinkListener } from "../core/sink.ts";

/** Keeps status, headers and bytes of one answer. */
export class CollectingSink implements Sink {
  readonly headers = new Map<string, string>();
  readonly #chunks: Buffer[] = [];
  #closed = false;
  status = 0;
  bytesOut = 0;
  headSent = false;
  listener: SinkListener | null = null;

  get closed(): boolean {
    return this.#closed;
  }

  get bytesTaken(): number {
    return this.bytesOut;
  }

  /** The body so far. */
  get text(): string {
    return Buffer.concat(this.#chunks).toString("utf8");
  }

  head(status: number, headers: readonly string[]): void {
    this.status = status;
    this.headSent = true;
    for (let at = 0; at < headers.length; at += 2) this.headers.set(headers[at] ?? "", headers[at + 1] ?? "");
  }

  write(bytes: Uint8Array | string): boolean {
    const chunk = Buffer.from(bytes as Uint8Array);
    this.#chunks.push(chunk);
    this.bytesOut += chunk.length;
    return true;
  }

  end(bytes?: Uint8Array | string): void {
    if (bytes !== undefined) this.write(bytes);
    this.#closed = true;
  }

  abort(): void {
    this.#closed = true;
  }
}
