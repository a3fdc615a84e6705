// Commands that ask a running gateway, or are one: status, healthcheck, mock, bench; with nobody there, too.
import { once } from "node:events";
import { createServer, type AddressInfo, type Server } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as play from "../support/behaviours.ts";
import { Child } from "../support/child.ts";
import { CliRoom, SECRETS } from "../support/cli.ts";
import { type Edge, startEdge } from "../support/edge.ts";
import { PROGRAM } from "../support/program.ts";
import { type Provider, startProvider } from "../support/provider.ts";

const room = new CliRoom();
const env = { GATEWAY: SECRETS.token };
let provider: Provider;
let edge: Edge;
/** Takes connections and says nothing. */
let silent: Server;

beforeAll(async () => {
  provider = await startProvider();
  provider.on("m", play.answer({ texts: ["one ", "two ", "three"] })).on("broke", play.status(402));
  const config = {
    gateway: { port: 1, auth: { token: "${GATEWAY}" } },
    models: {
      mode: "replace",
      providers: { a: { baseUrl: provider.url, apiKey: SECRETS.provider, models: [{ id: "m" }, { id: "broke" }] } },
    },
    agents: { defaults: { model: { primary: "a/m" } }, list: [{ id: "main" }, { id: "poor", model: "a/broke" }] },
  };
  room.file("openclaw.json", config);
  room.file("bad.json", "{ gatewy: 1 }");
  edge = await startEdge({ config, env: { GATEWAY: SECRETS.token, OPENCLAW_GATEWAY_TOKEN: SECRETS.token } });
  silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
});
afterAll(async () => {
  await edge.stop();
  await provider.close();
  silent.close();
  room.remove();
});

const CONFIG = "--config openclaw.json";
const portOf = (server: Server): number => (server.address() as AddressInfo).port;
const running = (line: string): string =>
  `${line}${line.includes("--config") ? "" : ` ${CONFIG}`} --port ${new URL(edge.url).port}`;

describe("status", () => {
  it.each([
    ["running", "status"],
    ["gateway-status", "gateway status"],
    ["require-rpc", "status --require-rpc"],
    ["json", "status --json"],
    ["no-probe", "status --no-probe"],
    ["contradiction", "status --no-probe --require-rpc"],
    ["wrong", "status --jsn"],
    ["bad-config", "status --config bad.json"],
  ])("%s", async (name, line) => {
    await room.golden(`status-${name}`, running(line), { env: { ...env, OPENCLAW_GATEWAY_TOKEN: SECRETS.token } });
  });

  it.each([
    ["stopped", `status ${CONFIG}`],
    ["stopped-json", `status --json ${CONFIG}`],
    ["stopped-require-rpc", `status --require-rpc ${CONFIG}`],
    ["bad-url", `status --url nonsense ${CONFIG}`],
  ])("%s", async (name, line) => {
    await room.golden(`status-${name}`, line, { env });
  });

  it("a wrong credential connects and may not read", async () => {
    await room.golden("status-wrong-token", `${running("status")} --require-rpc --token another`, { env });
  });

  it("what listens there and is no gateway is told apart", async () => {
    await room.golden("status-no-gateway", `status ${CONFIG} --url ${provider.origin}`, { env });
  });

  it("of a gateway that is named where there is no file, no config is told and none compared", async () => {
    const bare = { ...env, OPENCLAW_STATE_DIR: "nothing-here" };
    const { stdout } = await room.run(`status --url ${edge.url}`, { env: bare });
    expect(stdout).toContain(`Gateway: ${new URL(edge.url).origin}\n`);
    expect(stdout).toContain("Runtime: running");
    expect(stdout).not.toContain("not with the file");
  });

  it("shows what cools", async () => {
    await (
      await edge.post("/v1/chat/completions", { model: "openclaw/poor", messages: [{ role: "user", content: "x" }] })
    ).text();
    const { stdout } = await room.run(running("status"), { env });
    expect(stdout).toMatch(/Cooling: a#1 cooling: billing, 1[78]\d\d\d s left/);
  });
});

describe("healthcheck", () => {
  it.each([
    ["live", "healthcheck"],
    ["ready", "healthcheck --ready"],
    ["json", "healthcheck --json"],
    ["openclaw", "health"],
    ["openclaw-options", "health --verbose --timeout 10000 --token nobody-asks"],
    ["wrong", "healthcheck --redy"],
    ["wrong-number", "healthcheck --timeout soon"],
  ])("%s", async (name, line) => {
    await room.golden(`healthcheck-${name}`, running(line), { env });
  });

  it.each([
    ["unreachable", `healthcheck ${CONFIG}`],
    ["unreachable-json", `healthcheck --json ${CONFIG}`],
  ])("%s", async (name, line) => {
    await room.golden(`healthcheck-${name}`, line, { env });
  });

  it("a gateway that accepts and is silent is late: exit 5", async () => {
    const { code, stderr } = await room.run(`healthcheck --timeout 60 --url http://127.0.0.1:${portOf(silent)}`);
    expect([code, stderr]).toEqual([5, expect.stringContaining("did not answer within 60 ms")]);
  });

  it("a config that is broken by now does not make a living gateway look dead", async () => {
    const { port } = new URL(edge.url);
    expect(await room.run(`healthcheck --config bad.json --port ${port}`)).toMatchObject({ code: 0 });
  });

  it("looks up no secret: what it runs on may be without them", async () => {
    const { port } = new URL(edge.url);
    expect(await room.run(`healthcheck ${CONFIG} --port ${port}`, { env: {} })).toMatchObject({ code: 0, stderr: "" });
  });

  it("needs no config where a URL is given", async () => {
    expect(await room.run(`healthcheck --url ${edge.url}`)).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("bench", () => {
  const bench = (line: string): string => `bench --requests 12 --connections 3 --token ${SECRETS.token} ${line}`;

  it("measures streams, every one judged", async () => {
    const { code, stdout, stderr } = await room.run(bench(`--json --url ${edge.url}`));
    const report = JSON.parse(stdout) as Record<string, unknown>;
    expect([code, stderr]).toEqual([0, expect.stringMatching(/^Asking http.* for 10 s, 3 at once\n$/)]);
    expect(report).toMatchObject({ requests: 12, good: 12, bad: {}, stream: true, model: "openclaw" });
    expect(report["ttftMs"]).toMatchObject({ p50: expect.any(Number), p99: expect.any(Number) });
    expect(report["tpotMs"]).toMatchObject({ p50: expect.any(Number) });
  });

  it.each(["/v1", "/v1/chat/completions", "/"])(
    "prints a text for people, of a server written with %s",
    async (path) => {
      const { code, stdout } = await room.run(bench(`--whole --url ${edge.url}${path}`));
      expect(code).toBe(0);
      expect(stdout).toMatch(
        /^http:\/\/127\.0\.0\.1:\d+ {2}openclaw {2}whole answers, 3 at once, [\d.]+ s\nrequests {3}12 \([\d.]+\/s\), good 12, bad 0\nwhole {6}p50 /,
      );
    },
  );

  it("a bad answer among good ones fails the run and is named", async () => {
    provider.on("half", play.answer({ texts: ["a", "b"] }), play.cutAfterEvents(2, "fin"));
    const { code, stdout } = await room.run(bench(`--json --model half --url ${provider.origin}`));
    const { good, bad } = JSON.parse(stdout) as { good: number; bad: Record<string, number> };
    expect([code, good < 12, Object.keys(bad).length > 0]).toEqual([1, true, true]);
  });

  it("keeps to a rate", async () => {
    const { stdout } = await room.run(`bench --duration 0.3 --rate 50 --json --url ${provider.origin} --model m`);
    const { requests, rate } = JSON.parse(stdout) as { requests: number; rate: number };
    expect([rate, requests > 0, requests <= 17]).toEqual([50, true, true]);
  });

  it("fails for figures that got worse", async () => {
    const spread = { p50: 0.001, p90: 0.001, p99: 0.001, max: 0.001 };
    room.file("before.json", { requestsPerSecond: 1e9, ttftMs: spread, latencyMs: spread, tpotMs: spread });
    const { code, stderr } = await room.run(bench(`--compare before.json --json --url ${edge.url}`));
    expect([code, stderr]).toEqual([1, expect.stringMatching(/worse: latency, p50: [\d.]+ ms, was 0\.001 ms/)]);
  });

  it("is not compared with another kind of load", async () => {
    room.file("streams.json", { requestsPerSecond: 1, stream: true, rate: null, connections: 3 });
    const asked = provider.requests.length;
    const { code, stderr } = await room.run(bench(`--whole --compare streams.json --url ${edge.url}`));
    expect([code, stderr]).toEqual([2, expect.stringContaining("streams, and this is whole answers")]);
    expect(provider.requests).toHaveLength(asked);
  });

  it("counts the waiting of starts for which no connection was free", async () => {
    provider.on("later", play.answer({ texts: ["one"], headMs: 120 }));
    const line = `bench --duration 0.6 --rate 100 --connections 1 --json --url ${provider.origin} --model later`;
    const { stdout } = await room.run(line);
    const { missed, requests, latencyMs } = JSON.parse(stdout) as {
      readonly missed: number;
      readonly requests: number;
      readonly latencyMs: { readonly p50: number };
    };
    // Each answer takes 120 ms, and half of what was due was due before the middle.
    expect([missed > requests, latencyMs.p50 > 200]).toEqual([true, true]);
  });

  it("a server that goes meanwhile fails the run, and is not knocked at as often as possible", async () => {
    const passing = await startProvider();
    passing.on("m", play.answer({ texts: ["one"] }));
    const running = room.run(`bench --duration 2 --connections 2 --json --url ${passing.origin} --model m`);
    await passing.request(4);
    await passing.close();
    const { code, stdout } = await running;
    const { requests, good, bad } = JSON.parse(stdout) as {
      readonly requests: number;
      readonly good: number;
      readonly bad: Readonly<Record<string, number>>;
    };
    expect([code, good > 0, good < requests]).toEqual([1, true, true]);
    // Two connections, ten times a second each.
    expect(bad["ECONNREFUSED"]).toBeGreaterThan(1);
    expect(bad["ECONNREFUSED"]).toBeLessThan(50);
  });

  it.each([
    [
      "a path that is not there",
      "/nowhere",
      "m",
      1,
      /\/nowhere\/v1\/chat\/completions does not answer well: status 404: \S/,
    ],
    ["a model that is not there", "", "gpt-none", 1, /does not answer well: status 400: .*gpt-none/],
    ["an agent that is not there", "", "openclaw/none", 1, /does not answer well: status 404: .*none/],
    ["https where there is none", "tls", "m", 3, /cannot be reached \(EPROTO: no https there, or another TLS\)/],
  ])("says what is wrong with %s", async (_what, path, model, exit, words) => {
    const url = path === "tls" ? edge.url.replace("http:", "https:") : edge.url + path;
    const { code, stdout, stderr } = await room.run(bench(`--model ${model} --url ${url}`));
    expect([code, stdout, stderr]).toEqual([exit, "", expect.stringMatching(words)]);
    expect(stderr).not.toContain(SECRETS.token);
  });

  it("shows neither control characters nor what we showed, whatever a stranger answers", async () => {
    const said = `\u001b[31mred ${SECRETS.token} and ${"long ".repeat(100)}`;
    provider.on("rude", play.status(400, { error: { message: said } }));
    const { stderr } = await room.run(bench(`--model rude --url ${provider.origin}`));
    expect(stderr).toContain("status 400: [31mred");
    expect(stderr).not.toContain("\u001b");
    expect(stderr).not.toContain(SECRETS.token);
    expect(stderr.length).toBeLessThan(400);
  });

  it.each([
    ["unreachable", "bench --url http://127.0.0.1:1"],
    ["wrong", "bench --durtion 3"],
    ["wrong-number", "bench --duration soon"],
    ["half-a-request", "bench --requests 1.5"],
    ["no-report", "bench --compare bad.json --url http://127.0.0.1:1"],
    ["bad-config", "bench --config bad.json"],
    ["contradiction", "bench --whole --stream"],
  ])("%s", async (name, line) => {
    await room.golden(`bench-${name}`, line);
  });

  it.each([
    ["goes to a gateway of this machine", "127.0.0.1", "OPENCLAW_GATEWAY_TOKEN", true],
    ["goes there, where it is a password", "127.0.0.1", "OPENCLAW_GATEWAY_PASSWORD", true],
    ["goes to no other server", "0.0.0.0", "OPENCLAW_GATEWAY_TOKEN", false],
    ["goes to no other server, where it is a password", "0.0.0.0", "OPENCLAW_GATEWAY_PASSWORD", false],
  ])("the secret of the environment %s", async (_what, host, name, goes) => {
    const before = provider.requestsFor("m").length;
    const url = provider.origin.replace("127.0.0.1", host);
    await room.run(`bench --requests 1 --url ${url} --model m`, { env: { [name]: SECRETS.token } });
    const asked = provider.requestsFor("m").slice(before);
    expect(asked.length).toBeGreaterThan(0);
    const expected = goes ? `Bearer ${SECRETS.token}` : undefined;
    expect(asked.map(({ headers }) => headers["authorization"])).toEqual(asked.map(() => expected));
  });

  it.each([
    ["127.0.0.1", true],
    ["0.0.0.0", false],
  ])("the same holds for status where the config is broken: %s, %s", async (host, goes) => {
    room.file("broken.json", "{");
    const before = provider.requests.length;
    const url = provider.origin.replace("127.0.0.1", host);
    await room.run(`status --config broken.json --url ${url}`, { env: { OPENCLAW_GATEWAY_TOKEN: SECRETS.token } });
    const asked = provider.requests.slice(before);
    expect(asked.length).toBeGreaterThan(0);
    expect(asked.some(({ headers }) => headers["authorization"] === `Bearer ${SECRETS.token}`)).toBe(goes);
  });

  it("does not measure how fast a gateway refuses: exit 4", async () => {
    const { code, stderr } = await room.run(`bench --url ${edge.url} --token another`);
    expect([code, stderr]).toEqual([4, expect.stringContaining("does not answer well: status 401")]);
  });
});

describe("mock", () => {
  const start = (...args: readonly string[]): Child =>
    Child.start({
      args: [PROGRAM, "mock", ...args],
      env: { PATH: process.env["PATH"] ?? "", HOME: room.home },
      cwd: room.home,
    });

  it("serves models and answers until it is told to stop: exit 0", async () => {
    const child = start("--port", "0", "--ttft", "0", "--tps", "0");
    const [, url] = await child.line(/^mock provider at (http:\/\/127\.0\.0\.1:\d+\/v1)$/);
    const models = (await (await fetch(`${url}/models`)).json()) as { data: { id: string }[] };
    expect(models.data.map(({ id }) => id)).toContain("echo");
    const answer = await fetch(`${url}/chat/completions`, {
      method: "POST",
      body: JSON.stringify({ model: "echo", messages: [{ role: "user", content: "hello there" }] }),
    });
    expect(await answer.json()).toMatchObject({ choices: [{ message: { content: "hello there" } }] });
    expect((await fetch(`${url}/nothing`)).status).toBe(404);
    await expect(
      fetch(`${url}/chat/completions`, { method: "POST", body: '{"model":"reset","messages":[]}' }),
    ).rejects.toThrow();
    expect(await child.stop("SIGTERM")).toBe(0);
  });

  it("says so when the port is taken", async () => {
    const { code, stderr } = await room.run(`mock --port ${portOf(silent)}`);
    expect([code, stderr]).toEqual([1, expect.stringContaining("EADDRINUSE")]);
  });

  it.each([
    ["wrong", "mock --tfft 3"],
    ["wrong-port", "mock --port 99999"],
    ["wrong-number", "mock --ttft soon"],
    ["wrong-share", "mock --error-rate 5"],
  ])("%s", async (name, line) => {
    await room.golden(`mock-${name}`, line);
  });
});

describe("the program as a process, without a terminal", () => {
  const run = async (...args: readonly string[]) => {
    const processEnv = { PATH: process.env["PATH"] ?? "", HOME: room.home, ...env };
    const child = Child.start({ args: [PROGRAM, ...args], env: processEnv, cwd: room.home });
    return { code: await child.exited, stdout: child.stdout.join("\n"), stderr: child.stderr.join("\n") };
  };

  it("--json leaves one document on stdout, and everything else on stderr", async () => {
    const { code, stdout, stderr } = await run(
      "models",
      "status",
      "--probe",
      "--probe-provider",
      "a",
      "--json",
      "--config",
      "openclaw.json",
    );
    expect([code, stderr]).toEqual([0, "Probing 1 credential"]);
    expect(JSON.parse(stdout)).toMatchObject({ resolvedDefault: "a/m", probes: { results: [{ status: "ok" }] } });
  });

  it("serve under OpenClaw's name serves", async () => {
    const child = Child.start({
      args: [PROGRAM, "gateway", "run", "--port", "0", "--allow-unconfigured", "--config", "openclaw.json"],
      env: { PATH: process.env["PATH"] ?? "", HOME: room.home, ...env },
      cwd: room.home,
    });
    const [url] = await child.line(/http:\/\/127\.0\.0\.1:\d+/);
    expect((await fetch(`${url}/healthz`)).status).toBe(200);
    expect(await child.stop("SIGTERM")).toBe(0);
  });
});
