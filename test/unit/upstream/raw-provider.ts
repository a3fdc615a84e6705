// A provider that puts any bytes on the wire and sees everything that was sent to it: one script per connection.
import { type AddressInfo, createServer as createPlainServer, type Server, type Socket } from "node:net";
import { createServer as createTlsServer } from "node:tls";
import { ByteStore, type Head, readBody, readHead } from "../../support/http-bytes.ts";
import { Bell } from "../../support/wait.ts";
import { CERTIFICATE, CERTIFICATE_KEY } from "../../support/certificate.ts";

/** A request as it came. */
export interface Received {
  readonly head: Head;
  readonly body: Buffer;
}

/** One connection, seen from the provider. */
export class ProviderSide {
  readonly socket: Socket;
  /** The TCP connection below TLS; the same as `socket` without. */
  readonly #wire: Socket;
  readonly #bell = new Bell();
  readonly #unread = new ByteStore();
  #closed = false;
  /** Bytes that the gateway has sent. */
  bytesIn = 0;

  constructor(socket: Socket, wire: Socket) {
    this.socket = socket;
    this.#wire = wire;
    socket.on("data", (chunk: Buffer) => {
      this.bytesIn += chunk.length;
      this.#unread.append(chunk);
      this.#bell.ring();
    });
    // A reset is what some tests wait for; "close" follows.
    socket.on("error", () => {});
    socket.on("close", () => {
      this.#closed = true;
      this.#bell.ring();
    });
  }

  /** The next whole request; throws when the connection ends first. */
  async request(): Promise<Received> {
    return await this.#bell.until(() => {
      const received = this.#take();
      if (received === null && this.#closed) throw new Error("the connection ended before a request");
      return received;
    }, "a request");
  }

  #take(): Received | null {
    const bytes = this.#unread.view();
    const head = readHead(bytes);
    if (head === null) return null;
    const body = readBody(head, bytes.subarray(head.size), "nothing");
    if (!body.complete) return null;
    const received = { head, body: Buffer.from(body.bytes) };
    this.#unread.drop(head.size + body.size);
    return received;
  }

  /** Writes and waits until the bytes have left. */
  async write(bytes: Uint8Array | string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.socket.write(bytes, () => resolve());
    await promise;
  }

  fin(): void {
    this.socket.end();
  }

  reset(): void {
    this.#wire.resetAndDestroy();
  }

  /** Resolves when the connection is gone, whoever ended it. */
  async closed(): Promise<void> {
    await this.#bell.until(() => this.#closed, "the end of a connection");
  }
}

/** What a provider does with a connection; `index` counts connections from 0. */
export type Script = (side: ProviderSide, index: number) => void | Promise<void>;

/** A listening provider. */
export class RawProvider {
  readonly #server: Server;
  readonly #bell = new Bell();
  readonly #secure: boolean;
  /** Every connection so far. */
  readonly sides: ProviderSide[] = [];

  private constructor(script: Script, secure: boolean) {
    this.#secure = secure;
    const wires = new Map<number | undefined, Socket>();
    const onSocket = (socket: Socket): void => {
      const side = new ProviderSide(socket, wires.get(socket.remotePort) ?? socket);
      this.sides.push(side);
      this.#bell.ring();
      // A script that waits on a connection that ends is over, not wrong.
      void Promise.resolve(script(side, this.sides.length - 1)).catch(() => {});
    };
    this.#server = secure
      ? createTlsServer({ cert: CERTIFICATE, key: CERTIFICATE_KEY }, onSocket)
      : createPlainServer(onSocket);
    if (secure) this.#server.prependListener("connection", (wire: Socket) => wires.set(wire.remotePort, wire));
    this.#server.on("tlsClientError", () => {});
  }

  /** Listens on a free port of 127.0.0.1. */
  static async listen(script: Script, { secure = false } = {}): Promise<RawProvider> {
    const provider = new RawProvider(script, secure);
    const { promise, resolve } = Promise.withResolvers<void>();
    provider.#server.listen(0, "127.0.0.1", resolve);
    await promise;
    return provider;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Scheme, host and port; `host` for tests that reach it by name. */
  origin(host = "127.0.0.1"): string {
    return `${this.#secure ? "https" : "http"}://${host}:${this.port}`;
  }

  /** The n-th connection, once it is there. */
  async side(index: number): Promise<ProviderSide> {
    return await this.#bell.until(() => this.sides[index], `connection ${index}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const { socket } of this.sides) socket.destroy();
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#server.close(() => resolve());
    await promise;
  }
}

/** A whole answer with a true length. */
export function answer(body: Uint8Array | string, headers = ""): Buffer {
  const bytes = Buffer.from(body);
  return Buffer.concat([Buffer.from(`HTTP/1.1 200 OK\r\n${headers}content-length: ${bytes.length}\r\n\r\n`), bytes]);
}

/** Answers every request of every connection with the same bytes. */
export function always(bytes: Uint8Array | string): Script {
  return async (side) => {
    for (;;) {
      await side.request();
      await side.write(bytes);
    }
  };
}
