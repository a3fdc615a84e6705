// A client that sends what it is told and hides nothing of what comes back: for framing, abuse, aborts and slow readers.
import { connect, type Socket } from "node:net";
import { ByteStore, headBytes, readBody, readHead } from "./http-bytes.ts";
import { Bell, within } from "./wait.ts";

/** How the other side ended the connection; `open` while it has not. */
export type Ending = "open" | "fin" | "reset";

/** One response as it was on the wire. */
export interface RawResponse {
  readonly status: number;
  /** Head lines as sent, the status line first. */
  readonly lines: readonly string[];
  readonly headers: Readonly<Record<string, string>>;
  /** The body out of its framing. */
  readonly body: Buffer;
  /** False when the connection ended inside it. */
  readonly complete: boolean;
}

/** One connection. */
export class RawClient {
  readonly #socket: Socket;
  readonly #received = new ByteStore();
  readonly #bell = new Bell();
  #ending: Ending = "open";
  /** Bytes received since the connection was made. */
  bytesIn = 0;

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.on("data", (chunk) => {
      this.bytesIn += chunk.length;
      this.#received.append(chunk);
      this.#bell.ring();
    });
    socket.on("end", () => this.#end("fin"));
    socket.on("error", () => this.#end("reset"));
    socket.on("close", () => this.#end("fin"));
  }

  /** Connects to the host and port of a URL. */
  static async connect(url: string): Promise<RawClient> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), noDelay: true, allowHalfOpen: true });
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    socket.once("connect", resolve);
    socket.once("error", reject);
    await within(promise, `a connection to ${url}`);
    return new RawClient(socket);
  }

  #end(how: "fin" | "reset"): void {
    if (this.#ending === "open") this.#ending = how;
    this.#bell.ring();
  }

  /** Sends pieces, each in a write of its own. */
  async send(...pieces: readonly (Uint8Array | string)[]): Promise<void> {
    for (const piece of pieces) {
      const { promise, resolve } = Promise.withResolvers<void>();
      // A peer that has gone is what some tests wait for, so a failed write is no error here.
      this.#socket.write(piece, () => resolve());
      await promise;
    }
  }

  /** Ends our half; the other side may still answer. */
  finish(): void {
    this.#socket.end();
  }

  /** Cuts the connection with a TCP reset. */
  reset(): void {
    this.#socket.resetAndDestroy();
  }

  /** Leaves as browsers and SDKs do: closes both halves at once. */
  close(): void {
    this.#socket.destroy();
  }

  /** Stops reading: the kernel's buffers fill and the other side feels it. */
  pause(): void {
    this.#socket.pause();
  }

  resume(): void {
    this.#socket.resume();
  }

  get ending(): Ending {
    return this.#ending;
  }

  /** What has arrived and was not taken by `response`. */
  get received(): Buffer {
    return Buffer.from(this.#received.view());
  }

  /** Resolves once the received bytes satisfy the look. */
  async until(look: (received: Buffer) => boolean, what: string): Promise<void> {
    await this.#bell.until(() => look(this.#received.view()) || this.#ending !== "open", what);
    if (!look(this.#received.view())) throw new Error(`the connection ended (${this.#ending}) before ${what}`);
  }

  /** The next response, complete, or as far as it came when the connection ends. Interim responses (1xx) are responses too. */
  async response(to: "HEAD" | "other" = "other"): Promise<RawResponse> {
    return this.#bell.until(() => this.#take(to), "a response");
  }

  #take(to: "HEAD" | "other"): RawResponse | null {
    const bytes = this.#received.view();
    const over = this.#ending !== "open";
    const head = readHead(bytes);
    if (head === null) {
      if (over) throw new Error(`the connection ended (${this.#ending}) after ${bytes.length} bytes without a head`);
      return null;
    }
    const status = Number(head.lines[0]?.split(" ")[1]);
    const bodiless = to === "HEAD" || status < 200 || status === 204 || status === 304;
    const rest = bodiless ? bytes.subarray(0, 0) : bytes.subarray(head.size);
    const body = bodiless ? { bytes: rest, size: 0, complete: true } : readBody(head, rest, "until-close");
    if (!body.complete && !over) return null;
    const untilClose = head.headers["content-length"] === undefined && head.headers["transfer-encoding"] === undefined;
    const complete = body.complete || (untilClose && this.#ending === "fin");
    const response = { status, lines: head.lines, headers: head.headers, body: Buffer.from(body.bytes), complete };
    this.#received.drop(head.size + body.size);
    return response;
  }

  /** How the other side ended the connection, once it has. */
  async ended(): Promise<"fin" | "reset"> {
    await this.#bell.until(() => this.#ending !== "open", "the end of the connection");
    return this.#ending === "reset" ? "reset" : "fin";
  }

  [Symbol.dispose](): void {
    this.#socket.destroy();
  }
}

/** A request to write: `POST` when it has a body, with a true content-length unless the headers say otherwise. */
export interface RawRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
}

/** The bytes of a request. */
export function requestBytes({ method, path, headers = {}, body }: RawRequest): Buffer {
  const bytes = Buffer.from(body ?? "");
  const lines: [string, string][] = Object.entries({ host: "127.0.0.1", ...headers });
  const framed = lines.some(([name]) => /^(?:content-length|transfer-encoding)$/i.test(name));
  if (body !== undefined && !framed) lines.push(["content-length", String(bytes.length)]);
  const verb = method ?? (body === undefined ? "GET" : "POST");
  return Buffer.concat([headBytes(`${verb} ${path} HTTP/1.1`, lines), bytes]);
}

/** Sends pieces over a connection of its own and reads until the other side ends it. */
export async function rawExchange(
  url: string,
  ...pieces: readonly (Uint8Array | string)[]
): Promise<{ readonly bytes: Buffer; readonly ending: "fin" | "reset" }> {
  using client = await RawClient.connect(url);
  await client.send(...pieces);
  const ending = await client.ended();
  return { bytes: client.received, ending };
}
