// The floor: what a Node proxy costs at least. node:http in, undici out, a key look-up and the model replaced; no limits, no failover, no clocks,
// no metrics. The product is measured against it in the same minute. Runs as a process: UPSTREAM=<url> TOKEN=<token> node bench/floor.ts
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type Dispatcher, Pool } from "undici";

const { UPSTREAM = "", TOKEN = "" } = process.env;
const pool = new Pool(UPSTREAM, { connections: 4096, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
const HEADERS = ["content-type", "application/json", "authorization", "Bearer upstream"];
const KEEP = new Set(["content-type", "content-length", "cache-control"]);

/** One answer on its way back. */
class Relay implements Dispatcher.DispatchHandler {
  readonly #response: ServerResponse;
  #controller: Dispatcher.DispatchController | null = null;
  #done = false;

  constructor(response: ServerResponse) {
    this.#response = response;
    response.on("drain", () => this.#controller?.resume());
    response.on("close", () => {
      if (!this.#done) this.#controller?.abort(new Error("client gone"));
    });
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: NodeJS.Dict<string | string[]>,
  ): void {
    const kept: Record<string, string | string[]> = {};
    for (const [name, value] of Object.entries(headers)) if (KEEP.has(name) && value !== undefined) kept[name] = value;
    this.#response.writeHead(status, kept);
  }

  onResponseData(controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (!this.#response.write(chunk)) controller.pause();
  }

  onResponseEnd(): void {
    this.#done = true;
    this.#response.end();
  }

  onResponseError(): void {
    this.#done = true;
    if (this.#response.headersSent) this.#response.destroy();
    else this.#response.writeHead(502).end(`{"error":{"message":"bad gateway"}}`);
  }
}

function forward(path: string, bytes: Buffer, response: ServerResponse): void {
  const body = JSON.parse(bytes.toString("utf8")) as { model: string };
  body.model = body.model.replace(/^openclaw\//, "");
  pool.dispatch({ path, method: "POST", headers: HEADERS, body: JSON.stringify(body) }, new Relay(response));
}

function read(request: IncomingMessage, response: ServerResponse): void {
  if (request.headers.authorization !== `Bearer ${TOKEN}`) {
    response.writeHead(401).end();
    return;
  }
  const parts: Buffer[] = [];
  request.on("data", (part: Buffer) => parts.push(part));
  request.on("end", () => forward(request.url ?? "/", Buffer.concat(parts), response));
}

const server = createServer({ keepAliveTimeout: 120_000 }, read);
server.listen({ port: 0, host: "127.0.0.1", backlog: 4096 }, () => {
  console.log(`floor http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
