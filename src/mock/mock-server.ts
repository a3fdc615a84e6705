// The mock behind a socket, so that any program can have it as its provider: `GET …/models`, and POSTs of what the mock answers.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { isJsonObject, parseJson } from "../core/json.ts";
import type { Credential, Target } from "../core/snapshot.ts";
import type { Exchange, Receiver, UpstreamClient } from "../core/upstream.ts";
import { MOCK_MODELS } from "./behaviours.ts";

/** What a server is made of. */
export interface MockServerParts {
  readonly mock: UpstreamClient;
  /** The target that stands for a model id. */
  readonly targetOf: (model: string) => Target;
  readonly credential: Credential;
}

const BODY_BYTES_MAX = 20_971_520;

/** A server that does not listen yet. */
export function createMockServer(parts: MockServerParts): Server {
  return createServer((request, response) => {
    if (request.method === "GET") models(request, response);
    else void call(parts, request, response);
  });
}

function models({ url = "" }: IncomingMessage, response: ServerResponse): void {
  const isList = /\/models\/?$/.test(url.split("?")[0] ?? "");
  const data = Object.keys(MOCK_MODELS).map((id) => ({ id, object: "model", created: 0, owned_by: "mock" }));
  const body = isList ? { object: "list", data } : { error: { message: "Not Found", type: "invalid_request_error" } };
  response.writeHead(isList ? 200 : 404, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

/** One call, from its body to the end of its answer; a client that leaves ends it, one that is slow makes it wait. */
async function call(
  { mock, targetOf, credential }: MockServerParts,
  request: IncomingMessage,
  response: ServerResponse,
) {
  const body = await bodyOf(request).catch(() => null);
  if (body === null) {
    response.destroy();
    return;
  }
  const written = parseJson(body.toString("utf8"));
  const named = isJsonObject(written) ? written["model"] : undefined;
  const stream = isJsonObject(written) && written["stream"] === true;
  const target = targetOf(typeof named === "string" ? named : "");
  const writer = new Writer(response);
  writer.exchange = mock.send({ target, credential, trace: null, path: request.url ?? "", body, stream }, writer);
  response.on("close", () => writer.exchange?.abort());
  response.on("drain", () => writer.exchange?.resume());
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > BODY_BYTES_MAX) throw new Error("too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** Puts what the mock says on the wire. */
class Writer implements Receiver {
  readonly #response: ServerResponse;
  exchange: Exchange | null = null;

  constructor(response: ServerResponse) {
    this.#response = response;
  }

  onOpen(): void {}

  onHead(status: number, headers: Readonly<Record<string, string | readonly string[] | undefined>>): void {
    for (const [name, value] of Object.entries(headers)) if (value !== undefined) this.#response.setHeader(name, value);
    this.#response.writeHead(status);
  }

  onChunk(chunk: Buffer): void {
    if (!this.#response.write(chunk)) this.exchange?.pause();
  }

  onEnd(): void {
    this.#response.end();
  }

  /** A connection that dies is a reset here, too. */
  onFail(): void {
    this.#response.socket?.resetAndDestroy();
  }
}
