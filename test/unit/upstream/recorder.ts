// A receiver that writes down what it hears, and a client to hear it from.
import type { Failure } from "../../../src/core/failure.ts";
import { newTrace } from "../../../src/core/ids.ts";
import { Secret } from "../../../src/core/secret.ts";
import type { Target, Transport } from "../../../src/core/snapshot.ts";
import type { Exchange, HeaderBag, Receiver, UpstreamRequest } from "../../../src/core/upstream.ts";
import { HttpUpstream, type HttpUpstreamOptions } from "../../../src/upstream/client.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { Bell } from "../../support/wait.ts";

/** What may be done when something is heard. */
export type Hook = (recorder: Recorder) => void;
type Call = "open" | "head" | "chunk" | "end" | "fail";

/** Notes every call in order. Chunks next to each other are one note. */
export class Recorder implements Receiver {
  readonly #bell = new Bell();
  readonly #hooks: Partial<Record<Call, Hook>>;
  /** `open`, `head 200`, `chunk`, `end`, `fail stream-broken`. */
  readonly notes: string[] = [];
  readonly chunks: Buffer[] = [];
  bytes = 0;
  headers: HeaderBag = {};
  failure: Failure | null = null;
  /** To be set by `sent`; hooks use it. */
  exchange: Exchange | null = null;

  constructor(hooks: Partial<Record<Call, Hook>> = {}) {
    this.#hooks = hooks;
  }

  onOpen(): void {
    this.#note("open", "open");
  }

  onHead(status: number, headers: HeaderBag): void {
    this.headers = headers;
    this.#note("head", `head ${status}`);
  }

  onChunk(chunk: Buffer): void {
    this.chunks.push(chunk);
    this.bytes += chunk.length;
    this.#note("chunk", "chunk");
  }

  onEnd(): void {
    this.#note("end", "end");
  }

  onFail(failure: Failure): void {
    this.failure = failure;
    this.#note("fail", `fail ${failure.kind}`);
  }

  #note(call: Call, note: string): void {
    if (this.notes.at(-1) !== "chunk" || note !== "chunk") this.notes.push(note);
    try {
      this.#hooks[call]?.(this);
    } finally {
      this.#bell.ring();
    }
  }

  get text(): string {
    return Buffer.concat(this.chunks).toString();
  }

  /** Resolves when the exchange has ended, either way. */
  async over(): Promise<this> {
    await this.until(() => /^(?:end|fail)/.test(this.notes.at(-1) ?? ""), "the end of an exchange");
    return this;
  }

  async until(look: () => boolean, what: string): Promise<void> {
    await this.#bell.until(look, what);
  }
}

/** What a test says of its target; the rest is harmless. */
export interface Aim {
  readonly origin: string;
  readonly path?: string;
  readonly body?: Buffer;
  readonly transport?: Partial<Transport>;
}

/** A request to an origin. */
export function requestTo({ origin, path = "/v1/chat/completions", body, transport }: Aim): UpstreamRequest {
  const whole: Transport = {
    key: origin,
    origin,
    connectTimeoutMs: 5_000,
    connectionsMax: 1_016,
    allow: { loopback: true, privateNetwork: false },
    tls: null,
    proxy: null,
    ...transport,
  };
  // The client reads nothing else of a target.
  const target = { id: "p/m", transport: whole } as Target;
  const headers = new Secret<readonly string[]>(
    Object.freeze(["content-type", "application/json", "authorization", "Bearer sk-test"]),
  );
  return {
    target,
    credential: { id: "p#1", fingerprint: "p#1", masked: "sk-test", headers },
    trace: newTrace(),
    path,
    body: body ?? Buffer.from(`{"model":"m"}`),
    stream: false,
  };
}

/** A client whose bugs are noted and whose connections end with the test. */
export class Upstream {
  readonly clock = new FakeClock();
  readonly bugs: unknown[] = [];
  readonly client: HttpUpstream;

  constructor(options: Partial<HttpUpstreamOptions> = {}) {
    this.client = new HttpUpstream({
      clock: this.clock,
      onBug: (error) => this.bugs.push(error),
      answerBytesMax: () => 64 * 1024 * 1024,
      ...options,
    });
  }

  /** Sends and gives the recorder, its exchange set. */
  send(aim: Aim, recorder = new Recorder()): Recorder {
    recorder.exchange = this.client.send(requestTo(aim), recorder);
    return recorder;
  }

  /** Sends and waits for the end. */
  async ask(aim: Aim): Promise<Recorder> {
    return await this.send(aim).over();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.client.destroy();
  }
}

/** Lets everything that is ready happen: several turns of the event loop. */
export async function turns(count = 20): Promise<void> {
  for (let turn = 0; turn < count; turn += 1) {
    const { promise, resolve } = Promise.withResolvers<void>();
    setImmediate(resolve);
    await promise;
  }
}
