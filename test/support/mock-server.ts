// The mock provider behind a real socket, so that real clients can talk to it.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { realClock } from "../../src/core/clock.ts";
import type { JsonObject } from "../../src/core/json.ts";
import type { Receiver } from "../../src/core/upstream.ts";
import { MockUpstream } from "../../src/mock/mock-upstream.ts";
import { mockRequest } from "./mock-call.ts";

/** A running server; `origin` has no path. */
export interface MockServer extends AsyncDisposable {
  readonly origin: string;
}

/** Serves the mock on a free loopback port. The model of the body chooses the behaviour. */
export async function serveMock(): Promise<MockServer> {
  const mock = new MockUpstream({
    clock: realClock,
    onBug: (error) => {
      throw error;
    },
  });
  const server = createServer((request, response) => void answer(mock, request, response));
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(mock: MockUpstream, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = JSON.parse(await text(request)) as JsonObject;
  const call = mockRequest({ model: String(body["model"]), path: request.url ?? "", body });
  const exchange = mock.send(call, writerOf(response));
  response.on("close", () => exchange.abort());
}

function writerOf(response: ServerResponse): Receiver {
  return {
    onOpen() {},
    onHead: (status, headers) => void response.writeHead(status, headers as Record<string, string>),
    onChunk: (chunk) => void response.write(chunk),
    onEnd: () => void response.end(),
    onFail: () => void response.destroy(),
  };
}
