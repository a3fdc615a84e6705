// A provider on a loopback port that does what the test scripts, byte for byte, and remembers every request as it was on the wire.
import { once } from "node:events";
import { createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { answer, type Behaviour } from "./behaviours.ts";
import { ByteStore, type Head, readBody, readHead } from "./http-bytes.ts";
import { ProviderRequest } from "./provider-request.ts";
import { Player, type Script } from "./script.ts";
import { Bell } from "./wait.ts";

/** A `baseUrl` where nobody listens: connections are refused. Port 1 (tcpmux) is never given out as a free port. */
export const REFUSING_URL = "http://127.0.0.1:1/v1";

/** A running provider. Without instruction it answers well. */
export class Provider {
  /** `http://127.0.0.1:<port>`. */
  readonly origin: string;
  /** The `baseUrl` for a config: origin and `/v1`. */
  readonly url: string;
  /** Every request so far, in order of completion of its body. */
  readonly requests: ProviderRequest[] = [];
  /** Connections made so far. */
  connectionsMade = 0;
  readonly #server: Server;
  readonly #lines = new Map<Socket, Line>();
  readonly #byModel = new Map<string, Behaviour[]>();
  readonly #next: Behaviour[] = [];
  #all: ((request: ProviderRequest) => Script) | null = null;
  readonly #bell = new Bell();

  constructor(server: Server) {
    this.#server = server;
    this.origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    this.url = `${this.origin}/v1`;
    server.on("connection", (socket) => this.#serve(socket));
  }

  /** What requests for a model get: one behaviour each, in order; the last one stays. `next` is for the next requests, whatever they name. */
  on(model: "next" | (string & {}), ...behaviours: readonly Behaviour[]): this {
    if (model === "next") this.#next.push(...behaviours);
    else this.#byModel.set(model, [...behaviours]);
    return this;
  }

  /** What every request gets, whatever it names. */
  answerAll(behaviour: (request: ProviderRequest) => Script): this {
    this.#all = behaviour;
    return this;
  }

  /** Connections that are open now. */
  get connectionsOpen(): number {
    return this.#lines.size;
  }

  /** Resolves with the request of that number, counted from 1, once it has come. */
  async request(number = 1): Promise<ProviderRequest> {
    return this.#bell.until(() => this.requests[number - 1], `request ${number} at the provider`);
  }

  /** Requests for a model so far. */
  requestsFor(model: string): readonly ProviderRequest[] {
    return this.requests.filter((request) => request.model === model);
  }

  /** Resolves when no connection is open. */
  async idle(): Promise<void> {
    await this.#bell.until(() => this.#lines.size === 0, "the last connection to the provider to close");
  }

  /** Ends the connections on which nothing is under way, so that what comes next comes over new ones. */
  async forget(): Promise<void> {
    const idle = [...this.#lines].filter(([, line]) => !line.busy).map(([socket]) => socket);
    for (const socket of idle) socket.end();
    await this.#bell.until(() => !idle.some((socket) => this.#lines.has(socket)), "idle connections to close");
  }

  /** Cuts every connection and stops listening. */
  async close(): Promise<void> {
    for (const socket of this.#lines.keys()) socket.destroy();
    this.#server.close();
    if (this.#server.listening) await once(this.#server, "close");
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #serve(socket: Socket): void {
    this.connectionsMade += 1;
    const line = new Line(socket, this.connectionsMade, (request, player) => this.#answer(request, player));
    this.#lines.set(socket, line);
    // A reset by the client is an ordinary way to leave.
    socket.on("error", () => socket.destroy());
    socket.on("close", () => {
      this.#lines.delete(socket);
      line.gone();
      this.#bell.ring();
    });
  }

  async #answer(request: ProviderRequest, player: Player): Promise<boolean> {
    this.requests.push(request);
    this.#bell.ring();
    return player.play((this.#all ?? this.#behaviourFor(request))(request));
  }

  #behaviourFor(request: ProviderRequest): Behaviour {
    const next = this.#next.shift();
    if (next !== undefined) return next;
    const rows = this.#byModel.get(request.model) ?? [];
    return (rows.length > 1 ? rows.shift() : rows[0]) ?? answer();
  }
}

/** Plays the answer of a request; true when the connection may carry the next one. */
type Answer = (request: ProviderRequest, player: Player) => Promise<boolean>;

/** One connection: requests are read and answered one after the other. */
class Line {
  readonly #socket: Socket;
  readonly #number: number;
  readonly #answer: Answer;
  readonly #received = new ByteStore();
  readonly #closed = Promise.withResolvers<void>();
  #requests = 0;
  #busy = false;
  #onGone: (() => void) | null = null;

  constructor(socket: Socket, number: number, answer: Answer) {
    this.#socket = socket;
    this.#number = number;
    this.#answer = answer;
    socket.on("data", (chunk) => {
      this.#received.append(chunk);
      this.#advance();
    });
  }

  /** True while a request is being answered. */
  get busy(): boolean {
    return this.#busy;
  }

  gone(): void {
    this.#closed.resolve();
    this.#onGone?.();
  }

  #advance(): void {
    if (this.#busy) return;
    const head = readHead(this.#received.view());
    if (head === null) return;
    const body = readBody(head, this.#received.view().subarray(head.size), "nothing");
    if (!body.complete) return;
    const bytes = Buffer.from(body.bytes);
    this.#received.drop(head.size + body.size);
    this.#requests += 1;
    void this.#exchange(head, bytes);
  }

  async #exchange(head: Head, body: Buffer): Promise<void> {
    this.#busy = true;
    const player = new Player(this.#socket, this.#closed.promise);
    const left = Promise.withResolvers<void>();
    const request = new ProviderRequest(head, body, {
      connection: this.#number,
      onConnection: this.#requests,
      gone: left.promise,
      progress: player,
    });
    this.#onGone = () => {
      if (!request.answered) left.resolve();
    };
    const reusable = await this.#answer(request, player);
    this.#busy = false;
    if (reusable) this.#advance();
  }
}

/** Starts a provider on a free loopback port. */
export async function startProvider(): Promise<Provider> {
  const server = createServer({ noDelay: true });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return new Provider(server);
}
