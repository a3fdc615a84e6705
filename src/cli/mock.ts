// `openclaw-edge mock`: the built-in provider on a port of its own, for trying other programs and for load tests without a model.
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { compile } from "../config/compile.ts";
import { parseConfigTree } from "../config/read-file.ts";
import { lookUpSecrets } from "../config/secrets.ts";
import { realClock } from "../core/clock.ts";
import { randomHex } from "../core/ids.ts";
import type { JsonObject } from "../core/json.ts";
import type { Provider } from "../core/snapshot.ts";
import { createMockServer } from "../mock/mock-server.ts";
import { MockUpstream } from "../mock/mock-upstream.ts";
import { type Command, EXIT, type Terminal, UsageError } from "./command.ts";
import type { Given } from "./options.ts";
import { say } from "./print.ts";

const PORT = 18_800;
const PORT_MAX = 65_535;
/** What is asked of the mock in words of its own, by option. */
const PARAMS = { ttft: "ttftMs", tps: "tokensPerSecond", "error-rate": "errorRate", seed: "seed" } as const;

/** Serves until a signal ends it. */
export const mock: Command = {
  operands: [],
  options: {
    port: { type: "string", short: "p", value: "N", about: `Port (${PORT}); 0 takes a free one.` },
    host: { type: "string", value: "ADDRESS", about: "Address to listen on (127.0.0.1)." },
    ttft: { type: "string", value: "MS", about: "Time to the first token; else as each model is used to." },
    tps: { type: "string", value: "N", about: "Tokens per second; 0 is as fast as possible." },
    "error-rate": { type: "string", value: "SHARE", about: "Part of the requests that fail, 0 to 1." },
    seed: { type: "string", value: "N", about: "Another course of luck; the same seed gives the same answers." },
  },
  async run(given, terminal) {
    const provider = await providerOf(paramsOf(given), terminal);
    const clock = realClock;
    const onBug = (error: unknown): void => void terminal.stderr.write(`openclaw-edge: a bug: ${String(error)}\n`);
    const [credential] = provider.unlisted("echo").credentials;
    if (credential === undefined) throw new Error("the mock needs no key and has none");
    const parts = { mock: new MockUpstream({ clock, onBug }), targetOf: provider.unlisted, credential };
    const server = createMockServer(parts);
    const port = given.count("port", PORT);
    if (port > PORT_MAX || !Number.isInteger(port)) throw new UsageError(`--port must be a port from 0 to ${PORT_MAX}`);
    try {
      server.listen(port, given.text("host") ?? "127.0.0.1");
      await once(server, "listening");
    } catch (error) {
      terminal.stderr.write(
        `openclaw-edge: cannot listen: ${error instanceof Error ? error.message : String(error)}\n`,
      );
      return EXIT.failed;
    }
    const { address, port: taken } = server.address() as AddressInfo;
    await say(`mock provider at http://${address.includes(":") ? `[${address}]` : address}:${taken}/v1\n`, terminal);
    await Promise.race((["SIGTERM", "SIGINT"] as const).map((signal) => once(process, signal)));
    server.closeAllConnections();
    server.close();
    return EXIT.ok;
  },
};

function paramsOf(given: Given): JsonObject {
  if (given.number("error-rate", 0) > 1) throw new UsageError("--error-rate must be a number from 0 to 1");
  const written = Object.entries(PARAMS).filter(([option]) => given.text(option) !== null);
  return Object.fromEntries(written.map(([option, param]) => [param, given.number(option, 0)]));
}

/** The mock as a config would have it. */
async function providerOf(params: JsonObject, { version }: Terminal): Promise<Provider> {
  const read = parseConfigTree({ models: { mode: "replace", providers: { mock: { api: "mock", params } } } });
  if (!read.ok) throw new Error("the config of the mock does not read");
  const flags = { bind: null, auth: null, token: null, password: null };
  const alone = {
    port: 0,
    cores: 1,
    memoryBytes: null,
    tls: null,
    localAddresses: [],
    interactive: true,
    harmless: true,
    randomHex,
  };
  const { snapshot } = compile(read, { ...alone, flags, version, source: "mock", book: await lookUpSecrets(read) });
  const provider = snapshot?.providers.get("mock");
  if (provider === undefined) throw new Error("the config of the mock does not compile");
  return provider;
}
