// `doctor`: a healthy patient, sick ones, the ladder of local models, and a proxy in front that holds streams back.
import { once } from "node:events";
import { createServer, request, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { errorBody } from "../support/answers.ts";
import * as play from "../support/behaviours.ts";
import { CliRoom, SECRETS } from "../support/cli.ts";
import { type Provider, REFUSING_URL, startProvider } from "../support/provider.ts";

const room = new CliRoom();
const env = { GATEWAY: SECRETS.token };
let provider: Provider;

interface Finding {
  readonly check: string;
  readonly verdict: string;
  readonly message: string;
  readonly fix: string | null;
}

function configWith(url: string, { apiKey, ...more }: Readonly<Record<string, unknown>> = {}): object {
  return {
    gateway: { port: 1, auth: { token: "${GATEWAY}" } },
    models: {
      mode: "replace",
      providers: {
        lab: {
          baseUrl: url,
          ...(apiKey !== undefined && { apiKey }),
          models: ["pong", "talker", "toolless", "small", "dead"].map((id) => ({ id, contextWindow: 32_000 })),
        },
      },
    },
    agents: { defaults: { model: "lab/pong" } },
    edge: { models: { expose: "all" } },
    ...more,
  };
}

const NO_TOOLS = errorBody("tools are not supported by this model", { type: "invalid_request_error" });
const answers = (text: string) => play.answer({ texts: [text] });

beforeAll(async () => {
  provider = await startProvider();
  provider
    .on("pong", answers("pong"))
    .on("talker", answers("Why, of course! Here is a pong for you."))
    .on("toolless", (asked) => ("tools" in asked.json() ? play.status(400, NO_TOOLS)(asked) : answers("pong")(asked)))
    .on("small", (asked) => (asked.body.length > 20_000 ? play.status(500)(asked) : answers("pong")(asked)))
    .on("dead", play.drop("reset"));
  room.file("openclaw.json", configWith(provider.url));
  room.file(
    "sick.json",
    configWith(REFUSING_URL, {
      apiKey: SECRETS.provider,
      diagnostics: { otel: { enabled: true, endpoint: "http://127.0.0.1:1" } },
    }),
    0o644,
  );
  room.file("bad.json", "{ gatewy: 1 }");
});
afterAll(async () => {
  await provider.close();
  room.remove();
});

async function findings(line: string, more: Readonly<Record<string, string>> = {}): Promise<readonly Finding[]> {
  const { stdout } = await room.run(`doctor --json --offline ${line}`, { env: { ...env, ...more } });
  return (JSON.parse(stdout) as { findings: readonly Finding[] }).findings;
}

const of = (all: readonly Finding[], check: string): Finding | undefined => all.find((each) => each.check === check);

describe("the examination", () => {
  it("passes a healthy patient, with exit 0 and a sign on every line", async () => {
    const { code, stdout, stderr } = await room.run("doctor --offline --config openclaw.json --port 0", { env });
    expect([code, stderr]).toEqual([0, "Running 10 checks\n"]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.filter((line) => !/^[✓!✗] |^ +→ /.test(line))).toEqual([]);
    for (const check of [
      "node",
      "ulimit",
      "config",
      "files",
      "secrets",
      "port",
      "auth",
      "provider",
      "clock",
      "local",
      "otlp",
    ])
      expect(stdout).toMatch(new RegExp(`^[✓!] ${check} `, "m"));
  });

  it("finds what is wrong, and names what helps", async () => {
    const all = await findings("--config sick.json");
    expect(of(all, "provider")).toMatchObject({ verdict: "fail", message: expect.stringContaining("ECONNREFUSED") });
    expect(of(all, "files")).toMatchObject({ verdict: "warn", fix: expect.stringMatching(/^chmod 600 /) });
    expect(of(all, "secrets")).toMatchObject({ verdict: "warn", message: "in the open: models.providers.lab.apiKey" });
    expect(of(all, "otlp")).toMatchObject({
      verdict: "warn",
      message: expect.stringContaining("the connection fails"),
    });
    expect(all.filter(({ verdict, fix }) => verdict !== "ok" && fix === null)).toEqual([]);
    expect((await room.run("doctor --offline --config sick.json", { env })).code).toBe(1);
  });

  it("tells each complaint about a bad config as a line, and goes on with the rest", async () => {
    const all = await findings("--config bad.json");
    expect(of(all, "config")).toMatchObject({ verdict: "fail", message: expect.stringContaining("gatewy") });
    expect(of(all, "node")).toMatchObject({ verdict: "ok" });
  });

  it.each([
    ["none", {}, "warn"],
    ["a short one", { OPENCLAW_GATEWAY_TOKEN: "short-token" }, "warn"],
    ["one letter many times", { OPENCLAW_GATEWAY_TOKEN: "a".repeat(40) }, "warn"],
    ["a good one", { OPENCLAW_GATEWAY_TOKEN: SECRETS.token }, "ok"],
  ])("the token: %s", async (_what, more, verdict) => {
    room.file("open.json", configWith(provider.url, { gateway: { port: 1 } }));
    expect(of(await findings("--config open.json", more), "auth")).toMatchObject({ verdict });
  });

  it("tells a port that is taken from one at which a gateway answers", async () => {
    const { port } = new URL(provider.origin);
    expect(of(await findings(`--config openclaw.json --port ${port}`), "port")).toMatchObject({
      verdict: "fail",
      message: expect.stringContaining("EADDRINUSE"),
    });
  });

  it.each([
    ["doctor-wrong", "doctor --modle x"],
    ["doctor-bad-url", "doctor --url nonsense --config openclaw.json"],
    ["doctor-unknown-model", "doctor --model lab/nothing --config openclaw.json"],
    ["doctor-model-bad-config", "doctor --model lab/pong --config bad.json"],
  ])("%s", async (name, line) => {
    await room.golden(name, line, { env });
  });
});

describe("the ladder", () => {
  it.each(["pong", "talker", "toolless", "small", "dead"])("with a model that is %s", async (id) => {
    await room.golden(`doctor-ladder-${id}`, `doctor --model lab/${id} --config openclaw.json`, { env });
  });

  it("asks with the usual words", async () => {
    await room.run("doctor --model lab/pong --config openclaw.json", { env });
    const asked = provider
      .requestsFor("pong")
      .slice(-3)
      .map((each) => each.json());
    expect(asked[0]).toMatchObject({ messages: [{ role: "user", content: "Reply with exactly: pong" }] });
    expect(asked[1]).toMatchObject({ tools: [{}, {}, {}] });
    expect(asked[2]).not.toHaveProperty("tools");
  });
});

describe("a proxy in front", () => {
  /** Passes requests on to the provider; answers as they come, or held until they are whole. */
  async function startFront(holds: boolean): Promise<Server> {
    const server = createServer((incoming, outgoing) => {
      const { hostname, port } = new URL(provider.origin);
      const on = request(
        { hostname, port, path: incoming.url, method: incoming.method, headers: incoming.headers },
        async (answer) => {
          outgoing.writeHead(answer.statusCode ?? 0, { "content-type": "text/event-stream" });
          if (holds) outgoing.end(Buffer.concat((await answer.toArray()) as Buffer[]));
          else answer.pipe(outgoing);
        },
      );
      incoming.pipe(on);
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    return server;
  }

  it.each([
    ["that streams is found good", false, "ok", /parts$/],
    ["that holds answers is found out", true, "warn", /streams are held back$/],
  ])("%s", async (_what, holds, verdict, words) => {
    const texts = ["one ", "two ", "three ", "four ", "five ", "six ", "seven ", "eight "];
    provider.on("openclaw", play.answer({ texts, paceMs: 80 }));
    const front = await startFront(holds);
    const url = `http://127.0.0.1:${(front.address() as AddressInfo).port}`;
    const found = of(await findings(`--config openclaw.json --url ${url}`), "buffering");
    front.close();
    expect(found).toMatchObject({ verdict, message: expect.stringMatching(words) });
  });

  it("that nobody answers at is a failure", async () => {
    expect(of(await findings("--config openclaw.json --url http://127.0.0.1:1"), "buffering")).toMatchObject({
      verdict: "fail",
    });
  });
});
