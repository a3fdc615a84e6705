// A mock provider that is never the limit: every answer is built before the first request; a request chooses one by its model name.
// Runs as a process of its own: `node bench/upstream.ts`; prints its address, ends on SIGTERM.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Ask, askOf, checksumOf, piecesOf, VARIANTS, variantOf } from "./streams-text.ts";

const WHOLE_BYTES = 1024;
/** Microseconds of the machine's monotonic clock, written over these digits where a stream is paced. */
const NO_STAMP = "0000000000000000";

interface Stream {
  readonly events: readonly Buffer[];
  /** Offset of the stamp in each event; -1 where there is none. */
  readonly stampAt: readonly number[];
  readonly usage: Buffer;
  readonly done: Buffer;
}

const whole = wholeAnswer();
const streams = new Map<number, readonly Stream[]>();
const SSE_HEAD = { "content-type": "text/event-stream; charset=utf-8", "cache-control": "no-cache" };
const WHOLE_HEAD = { "content-type": "application/json", "content-length": String(whole.length) };

function completion(content: string): string {
  const message = { role: "assistant", content, refusal: null };
  return JSON.stringify({
    id: "chatcmpl-bench",
    object: "chat.completion",
    created: 1_767_323_045,
    model: "whole",
    choices: [{ index: 0, message, logprobs: null, finish_reason: "stop" }],
    usage: { prompt_tokens: 200, completion_tokens: 120, total_tokens: 320 },
  });
}

function wholeAnswer(): Buffer {
  const text = "lorem ipsum ".repeat(100);
  return Buffer.from(completion(text.slice(0, WHOLE_BYTES - completion("").length)));
}

function chunk(delta: object, more: { finish?: string; fingerprint?: string } = {}): Buffer {
  const choice = { index: 0, delta, logprobs: null, finish_reason: more.finish ?? null };
  const body = {
    id: "chatcmpl-bench",
    object: "chat.completion.chunk",
    created: 1_767_323_045,
    model: "bench",
    stamp: NO_STAMP,
    system_fingerprint: more.fingerprint ?? "fp_open",
    choices: [choice],
  };
  return Buffer.from(`data: ${JSON.stringify(body)}\n\n`);
}

function streamOf(events: number, variant: number): Stream {
  const pieces = piecesOf(events, variant);
  const chunks = [
    chunk({ role: "assistant", content: "" }),
    ...pieces.map((content) => chunk({ content })),
    chunk({}, { finish: "stop", fingerprint: checksumOf(pieces.join("")) }),
  ];
  const usage = { prompt_tokens: 200, completion_tokens: events, total_tokens: 200 + events };
  return {
    events: chunks,
    stampAt: chunks.map((bytes) => bytes.indexOf(NO_STAMP)),
    usage: Buffer.from(`data: ${JSON.stringify({ id: "chatcmpl-bench", choices: [], usage })}\n\n`),
    done: Buffer.from("data: [DONE]\n\n"),
  };
}

function streamsOf(events: number): readonly Stream[] {
  const made = streams.get(events) ?? Array.from({ length: VARIANTS }, (_, variant) => streamOf(events, variant));
  streams.set(events, made);
  return made;
}

/** One streamed answer under way: as fast as the reader takes it, or one event per pace on an absolute schedule. */
class Playing {
  readonly #response: ServerResponse;
  readonly #stream: Stream;
  readonly #tail: readonly Buffer[];
  readonly #paceMs: number;
  readonly #startedAt = performance.now();
  #next = 0;

  constructor(response: ServerResponse, ask: Extract<Ask, { kind: "stream" }>, body: string) {
    this.#response = response;
    this.#stream = streamsOf(ask.events)[variantOf(body)] as Stream;
    this.#tail = body.includes(`"include_usage":true`) ? [this.#stream.usage, this.#stream.done] : [this.#stream.done];
    this.#paceMs = ask.paceMs;
    response.on("drain", () => this.#pour());
    response.writeHead(200, SSE_HEAD);
    if (ask.paceMs === 0) this.#pour();
    else this.#drip();
  }

  #pour(): void {
    const { events } = this.#stream;
    while (this.#next < events.length) {
      const more = this.#response.write(events[this.#next]);
      this.#next += 1;
      if (!more) return;
    }
    this.#finish();
  }

  #drip(): void {
    if (this.#response.destroyed) return;
    // The role chunk and the first text go together, so that the first event with text is not a pace late.
    if (this.#next === 0) this.#writeStamped();
    this.#writeStamped();
    if (this.#next === this.#stream.events.length) return this.#finish();
    const dueMs = this.#startedAt + (this.#next - 1) * this.#paceMs - performance.now();
    setTimeout(() => this.#drip(), Math.max(0, dueMs));
  }

  #writeStamped(): void {
    const event = Buffer.from(this.#stream.events[this.#next] as Buffer);
    const stamp = (process.hrtime.bigint() / 1000n).toString().padStart(NO_STAMP.length, "0");
    event.write(stamp, this.#stream.stampAt[this.#next] as number, "latin1");
    this.#response.write(event);
    this.#next += 1;
  }

  #finish(): void {
    if (!this.#response.writableEnded) this.#response.end(Buffer.concat(this.#tail));
  }
}

function answer(body: Buffer, response: ServerResponse): void {
  const text = body.toString("latin1");
  const ask = askOf(/"model"\s*:\s*"([^"]*)"/.exec(text)?.[1] ?? "");
  if (ask === null)
    response.writeHead(404).end(`{"error":{"message":"no such model","type":"x","param":null,"code":null}}`);
  else if (ask.kind === "whole") response.writeHead(200, WHOLE_HEAD).end(whole);
  else void new Playing(response, ask, text);
}

function read(request: IncomingMessage, response: ServerResponse): void {
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => answer(parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts), response));
}

const server = createServer({ keepAliveTimeout: 120_000 }, read);
server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () => {
  console.log(`upstream http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
