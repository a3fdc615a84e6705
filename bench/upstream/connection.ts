// One connection to the mock upstream: finds where requests end, nothing else. Plain HTTP/1.1 with a content length, as all subjects send it;
// node:http would cost as much as what is measured.
import type { Socket } from "node:net";

const HEAD_END = Buffer.from("\r\n\r\n");

/** Hears a request: its path and its body. */
export type Answerer = (path: string, body: Buffer, socket: Socket) => void;

/** Reads requests from a socket, one after the other. */
export class Connection {
  readonly #socket: Socket;
  readonly #answer: Answerer;
  #parts: Buffer[] = [];
  #size = 0;
  /** Bytes of the request under way, head included; 0 while its head is not complete. */
  #need = 0;

  constructor(socket: Socket, answer: Answerer) {
    this.#socket = socket;
    this.#answer = answer;
    socket.setNoDelay(true);
    socket.on("data", (bytes) => this.#read(bytes));
    // Whoever leaves, leaves.
    socket.on("error", () => socket.destroy());
  }

  #read(bytes: Buffer): void {
    this.#parts.push(bytes);
    this.#size += bytes.length;
    while (this.#size > 0 && this.#size >= this.#need) {
      if (this.#need === 0 && !this.#measure()) return;
      if (this.#size >= this.#need) this.#take();
    }
  }

  /** Learns from the head how long the request is. */
  #measure(): boolean {
    const bytes = this.#joined();
    const headEnd = bytes.indexOf(HEAD_END);
    if (headEnd < 0) return false;
    const length = /content-length: *(\d+)/i.exec(bytes.toString("latin1", 0, headEnd))?.[1] ?? "0";
    this.#need = headEnd + HEAD_END.length + Number(length);
    return true;
  }

  #take(): void {
    const bytes = this.#joined();
    const request = bytes.subarray(0, this.#need);
    this.#parts = bytes.length > this.#need ? [bytes.subarray(this.#need)] : [];
    this.#size = bytes.length - this.#need;
    this.#need = 0;
    const pathAt = request.indexOf(" ") + 1;
    const path = request.toString("latin1", pathAt, request.indexOf(" ", pathAt));
    this.#answer(path, request.subarray(request.indexOf(HEAD_END) + HEAD_END.length), this.#socket);
  }

  #joined(): Buffer {
    const [first] = this.#parts;
    if (this.#parts.length === 1 && first !== undefined) return first;
    const bytes = Buffer.concat(this.#parts);
    this.#parts = [bytes];
    return bytes;
  }
}
