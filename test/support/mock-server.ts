// The mock provider behind a real socket, so that real clients can talk to it.
import type { AddressInfo } from "node:net";
import { realClock } from "../../src/core/clock.ts";
import { createMockServer } from "../../src/mock/mock-server.ts";
import { MockUpstream } from "../../src/mock/mock-upstream.ts";
import { AT_ONCE } from "./mock-call.ts";
import { aCredential, aTarget } from "./snapshot.ts";

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
  const server = createMockServer({
    mock,
    targetOf: (model) => aTarget(`mock/${model}`, { api: "mock", via: "mock", params: AT_ONCE, local: true }),
    credential: aCredential("mock#1"),
  });
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
