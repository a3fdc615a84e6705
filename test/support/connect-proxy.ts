// An egress proxy on a loopback port: makes tunnels by CONNECT, remembers who asked for what, and leads every name where the test says.
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect, type Socket } from "node:net";
import { CERTIFICATE, CERTIFICATE_KEY } from "./certificate.ts";

/** What a proxy does. */
export interface ProxyOptions {
  /** The port of 127.0.0.1 that every tunnel leads to. */
  readonly to: number;
  /** Refuses with this status; without it tunnels are made. */
  readonly refuses?: number;
  /** Never answers. */
  readonly silent?: boolean;
  /** Speaks TLS to its clients. */
  readonly secure?: boolean;
}

/** A running proxy. */
export class ConnectProxy {
  /** Requests for tunnels: `host:port`, and the credential that was shown. */
  readonly asked: { readonly authority: string; readonly authorization: string | null }[] = [];
  readonly #server: Server;
  readonly #secure: boolean;
  readonly #sockets = new Set<Socket>();

  private constructor(options: ProxyOptions) {
    this.#secure = options.secure ?? false;
    this.#server = this.#secure ? createTlsServer({ cert: CERTIFICATE, key: CERTIFICATE_KEY }) : createServer();
    this.#server.on("connection", (socket: Socket) => this.#keep(socket));
    this.#server.on("connect", (request: IncomingMessage, socket: Socket) => this.#connect(request, socket, options));
  }

  static async start(options: ProxyOptions): Promise<ConnectProxy> {
    const proxy = new ConnectProxy(options);
    proxy.#server.listen(0, "127.0.0.1");
    await once(proxy.#server, "listening");
    return proxy;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Its URL; `user` is `name:password`. */
  url(user: string | null = null): string {
    return `${this.#secure ? "https" : "http"}://${user === null ? "" : `${user}@`}127.0.0.1:${this.port}`;
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => undefined);
    socket.on("close", () => this.#sockets.delete(socket));
  }

  #connect(request: IncomingMessage, socket: Socket, { to, refuses, silent }: ProxyOptions): void {
    const authorization = request.headers["proxy-authorization"] ?? null;
    this.asked.push({ authority: request.url ?? "", authorization });
    socket.on("error", () => undefined);
    if (silent === true) return;
    if (refuses !== undefined) {
      socket.end(`HTTP/1.1 ${refuses} No\r\ncontent-length: 0\r\n\r\n`);
      return;
    }
    const target = connect(to, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      socket.pipe(target).pipe(socket);
    });
    this.#keep(target);
    target.on("close", () => socket.destroy());
    socket.on("close", () => target.destroy());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
    await once(this.#server, "close");
  }
}
