// A client in memory: what was sent to it, in order. It can be slow and it can leave.
import type { Sink, SinkListener } from "../../src/core/sink.ts";

/** Records one answer. */
export class RecorderSink implements Sink {
  status: number | null = null;
  headers: Record<string, string> = {};
  readonly writes: string[] = [];
  ended = false;
  aborted = false;
  /** True: the client's buffer is full, `write` says so. */
  full = false;
  closed = false;
  headSent = false;
  bytesOut = 0;
  /** A test that reads slowly sets it. */
  bytesTaken = 0;
  listener: SinkListener | null = null;

  get text(): string {
    return this.writes.join("");
  }

  head(status: number, headers: readonly string[]): void {
    if (this.headSent) throw new Error("a second head");
    this.headSent = true;
    this.status = status;
    for (let at = 0; at < headers.length; at += 2) this.headers[headers[at] as string] = headers[at + 1] as string;
  }

  write(bytes: Uint8Array | string): boolean {
    if (!this.headSent || this.ended || this.aborted) throw new Error("a write outside an answer");
    this.#take(bytes);
    return !this.full;
  }

  end(bytes?: Uint8Array | string): void {
    if (this.ended || this.aborted) throw new Error("a second end");
    if (bytes !== undefined) this.#take(bytes);
    this.ended = true;
    this.closed = true;
  }

  abort(): void {
    this.aborted = true;
    this.closed = true;
  }

  /** The client goes away. */
  leave(): void {
    this.closed = true;
    this.listener?.onClose();
  }

  /** The client has read everything. */
  drain(): void {
    this.full = false;
    this.listener?.onDrain();
  }

  #take(bytes: Uint8Array | string): void {
    const buffer = Buffer.from(bytes as Uint8Array);
    this.bytesOut += buffer.length;
    if (buffer.length > 0) this.writes.push(buffer.toString("utf8"));
  }
}
