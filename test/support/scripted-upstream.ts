// A provider played by hand: the test says when it opens, answers, breaks. Keeps the contract of Receiver for it.
import type { Failure } from "../../src/core/failure.ts";
import type { Exchange, HeaderBag, Receiver, UpstreamClient, UpstreamRequest } from "../../src/core/upstream.ts";

/** One request that reached the provider. */
export class ScriptedExchange implements Exchange {
  readonly request: UpstreamRequest;
  readonly #receiver: Receiver;
  paused = false;
  aborted = false;
  ended = false;

  constructor(request: UpstreamRequest, receiver: Receiver) {
    this.request = request;
    this.#receiver = receiver;
  }

  get body(): Record<string, unknown> {
    return JSON.parse(this.request.body.toString("utf8")) as Record<string, unknown>;
  }

  pause(): void {
    this.paused = true;
  }

  resume(): void {
    this.paused = false;
  }

  abort(): void {
    this.aborted = true;
  }

  open(): this {
    if (!this.aborted) this.#receiver.onOpen();
    return this;
  }

  head(status = 200, headers: HeaderBag = { "content-type": "text/event-stream" }): this {
    if (!this.aborted) this.#receiver.onHead(status, headers);
    return this;
  }

  chunk(text: string | Buffer): this {
    if (!this.aborted) this.#receiver.onChunk(Buffer.from(text as string));
    return this;
  }

  end(): this {
    if (!this.aborted && !this.ended) {
      this.ended = true;
      this.#receiver.onEnd();
    }
    return this;
  }

  fail(failure: Failure): this {
    if (!this.aborted && !this.ended) {
      this.ended = true;
      this.#receiver.onFail(failure);
    }
    return this;
  }

  /** A whole answer in one go. */
  answer(status: number, body: string, headers: HeaderBag = { "content-type": "application/json" }): this {
    return this.open().head(status, headers).chunk(body).end();
  }
}

/** Records requests; `onSend` may answer at once. */
export class ScriptedUpstream implements UpstreamClient {
  readonly exchanges: ScriptedExchange[] = [];
  onSend: ((exchange: ScriptedExchange) => void) | null = null;

  get last(): ScriptedExchange {
    const last = this.exchanges.at(-1);
    if (last === undefined) throw new Error("no request has reached the provider");
    return last;
  }

  send(request: UpstreamRequest, receiver: Receiver): Exchange {
    const exchange = new ScriptedExchange(request, receiver);
    this.exchanges.push(exchange);
    this.onSend?.(exchange);
    return exchange;
  }
}
