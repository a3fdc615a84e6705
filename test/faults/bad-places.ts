// Addresses where no provider can be reached: a queue that nobody accepts from, and a certificate that nobody vouches for.
import { once } from "node:events";
import { type AddressInfo, connect, createServer as createPlain, type Server, type Socket } from "node:net";
import { createServer, type Server as TlsServer } from "node:tls";
import { Child } from "../support/child.ts";
import { CERTIFICATE, CERTIFICATE_KEY } from "../support/certificate.ts";

/** Listens and never looks again: its thread sleeps for good. */
const SLEEPER = `
  const server = require("node:net").createServer();
  server.listen({ port: 0, host: "127.0.0.1", backlog: 1 }, () => {
    require("node:fs").writeSync(1, "port " + server.address().port + "\\n");
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });`;
/** More than a backlog of 1 holds: from then on the kernel drops what would connect. */
const FILLERS = 4;

interface Opened {
  readonly sleeper: Child;
  readonly fillers: readonly Socket[];
  readonly untrusted: TlsServer;
  readonly plain: Server;
  readonly holePort: number;
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

/** What a web server says to a greeting that it does not understand. */
const NO_TLS_HERE = "HTTP/1.1 400 Bad Request\r\nconnection: close\r\n\r\n";

/** The places; closed with the bench. */
export class BadPlaces {
  /** Dials are never answered. */
  readonly holeUrl: string;
  /** A certificate that nobody vouches for. */
  readonly untrustedUrl: string;
  /** The same place under a name that the certificate does not bear. */
  readonly otherNameUrl: string;
  /** Named as TLS, and speaks none. */
  readonly plainUrl: string;
  /** What was sent to the place without TLS. */
  readonly plainReceived: Buffer[] = [];
  readonly #plain: Server;
  readonly #sleeper: Child;
  readonly #fillers: readonly Socket[];
  readonly #untrusted: TlsServer;

  private constructor(of: Opened) {
    this.#sleeper = of.sleeper;
    this.#plain = of.plain;
    this.plainUrl = `https://127.0.0.1:${portOf(of.plain)}/v1`;
    of.plain.on("connection", (socket: Socket) => {
      socket.on("error", () => socket.destroy());
      socket.on("data", (bytes) => this.plainReceived.push(bytes));
      socket.end(NO_TLS_HERE);
    });
    this.#fillers = of.fillers;
    this.#untrusted = of.untrusted;
    this.holeUrl = `http://127.0.0.1:${of.holePort}/v1`;
    this.untrustedUrl = `https://127.0.0.1:${portOf(of.untrusted)}/v1`;
    this.otherNameUrl = `https://localhost:${portOf(of.untrusted)}/v1`;
  }

  static async open(): Promise<BadPlaces> {
    const sleeper = Child.start({ args: ["-e", SLEEPER] });
    const [, port] = await sleeper.line(/^port (\d+)$/);
    const holePort = Number(port);
    const fillers = Array.from({ length: FILLERS }, () => {
      const socket = connect(holePort, "127.0.0.1");
      // Those that find no room hear so when the hole closes.
      socket.on("error", () => socket.destroy());
      return socket;
    });
    const untrusted = createServer({ cert: CERTIFICATE, key: CERTIFICATE_KEY }, (socket) => socket.end());
    untrusted.on("tlsClientError", () => {});
    const plain = createPlain();
    for (const server of [untrusted, plain]) {
      server.listen(0, "127.0.0.1");
      await once(server, "listening");
    }
    return new BadPlaces({ sleeper, fillers, untrusted, plain, holePort });
  }

  async close(): Promise<void> {
    for (const filler of this.#fillers) filler.destroy();
    this.#untrusted.close();
    this.#plain.close();
    await this.#sleeper.stop("SIGKILL");
  }
}
