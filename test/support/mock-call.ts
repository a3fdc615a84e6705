// Calls of the mock provider: a target for it, and a receiver that writes down what it hears and when.
import type { Failure } from "../../src/core/failure.ts";
import { newTrace } from "../../src/core/ids.ts";
import type { Json, JsonObject } from "../../src/core/json.ts";
import type { Exchange, HeaderBag, Receiver, UpstreamRequest } from "../../src/core/upstream.ts";
import { MockUpstream } from "../../src/mock/mock-upstream.ts";
import { FakeClock } from "./fake-clock.ts";
import { aCredential, aTarget } from "./snapshot.ts";

/** As fast as possible and without timers. */
export const AT_ONCE: JsonObject = { ttftMs: 0, tokensPerSecond: 0 };

/** Paths as a target has them. */
export const PATHS = {
  chat: "/v1/chat/completions",
  responses: "/v1/responses",
  embeddings: "/v1/embeddings?version=1",
} as const;

/** What a test says of its call. */
export interface MockCall {
  readonly model: string;
  readonly path?: string;
  readonly params?: JsonObject;
  /** A body, or bytes that are none. */
  readonly body: JsonObject | string;
  readonly provider?: string;
}

/** A request as the corridor makes it. */
export function mockRequest({
  model,
  path = PATHS.chat,
  params = AT_ONCE,
  body,
  provider = "mock",
}: MockCall): UpstreamRequest {
  const text = typeof body === "string" ? body : JSON.stringify({ model, ...body });
  const target = aTarget(`${provider}/${model}`, { api: "mock", via: "mock", params, local: true });
  const credential = aCredential(`${provider}#1`);
  return {
    target,
    credential,
    trace: newTrace(),
    path,
    body: Buffer.from(text),
    stream: typeof body !== "string" && body["stream"] === true,
  };
}

/** Writes down what it hears; each note with the milliseconds since the start. */
export class MockRecorder implements Receiver {
  readonly #clock: FakeClock;
  readonly notes: string[] = [];
  readonly chunks: string[] = [];
  readonly chunkTimes: number[] = [];
  status: number | null = null;
  headers: HeaderBag = {};
  failure: Failure | null = null;
  /** Called at each chunk. */
  onEach: () => void = () => {};

  constructor(clock: FakeClock) {
    this.#clock = clock;
  }

  onOpen(): void {
    this.notes.push("open");
  }

  onHead(status: number, headers: HeaderBag): void {
    this.notes.push(`head ${status}`);
    this.status = status;
    this.headers = headers;
  }

  onChunk(chunk: Buffer): void {
    if (this.notes.at(-1) !== "chunks") this.notes.push("chunks");
    this.chunks.push(chunk.toString("utf8"));
    this.chunkTimes.push(this.#clock.now());
    this.onEach();
  }

  onEnd(): void {
    this.notes.push("end");
  }

  onFail(failure: Failure): void {
    this.notes.push(`fail ${failure.kind}`);
    this.failure = failure;
  }

  get text(): string {
    return this.chunks.join("");
  }

  get json(): JsonObject {
    return JSON.parse(this.text) as JsonObject;
  }

  /** Data of all events but the terminator. */
  get events(): JsonObject[] {
    return this.text
      .split("\n\n")
      .flatMap((event) => event.split("\n").filter((line) => line.startsWith("data: {")))
      .map((line) => JSON.parse(line.slice(6)) as JsonObject);
  }
}

/** A mock on a clock that stands still until told. */
export class MockStage {
  readonly clock = new FakeClock();
  readonly bugs: unknown[] = [];
  readonly mock = new MockUpstream({ clock: this.clock, onBug: (error) => this.bugs.push(error) });

  /** Sends and returns at once. */
  start(call: MockCall): { readonly heard: MockRecorder; readonly exchange: Exchange } {
    const heard = new MockRecorder(this.clock);
    return { heard, exchange: this.mock.send(mockRequest(call), heard) };
  }

  /** Sends and lets an hour pass. */
  async ask(call: MockCall): Promise<MockRecorder> {
    const { heard } = this.start(call);
    await this.clock.advanceAsync(3_600_000);
    return heard;
  }
}

/** A value deep inside JSON; throws where the path leads nowhere. */
export function at(value: Json | undefined, ...path: readonly (string | number)[]): Json {
  let found = value;
  for (const key of path) found = (found as Readonly<Record<string | number, Json>> | undefined)?.[key];
  if (found === undefined) throw new Error(`nothing at ${path.join(".")} in ${JSON.stringify(value)}`);
  return found;
}
