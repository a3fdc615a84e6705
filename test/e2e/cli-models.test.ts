// Commands about models, as a newcomer runs them: what is configured, whether keys work, one prompt, the public catalogue.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { errorBody } from "../support/answers.ts";
import * as play from "../support/behaviours.ts";
import { CliRoom, SECRETS } from "../support/cli.ts";
import { type Edge, startEdge } from "../support/edge.ts";
import { type Provider, REFUSING_URL, startProvider } from "../support/provider.ts";

const room = new CliRoom();
let provider: Provider;
let edge: Edge;

const env = { GATEWAY: SECRETS.token };
const model = (id: string, more: object = {}) => ({ id, ...more });

/** Every bucket of the probes is somebody's. */
function configWith(url: string): object {
  const at = (id: string, more: object = {}) => ({
    baseUrl: url,
    apiKey: SECRETS.provider,
    models: [model(id)],
    ...more,
  });
  return {
    gateway: { port: 1, auth: { token: "${GATEWAY}" } },
    models: {
      mode: "replace",
      providers: {
        good: {
          baseUrl: url,
          apiKey: [SECRETS.provider, SECRETS.variable],
          models: [
            model("m", {
              name: "The good one",
              input: ["text", "image"],
              contextWindow: 200_000,
              contextTokens: 100_000,
            }),
            model("small", { input: ["text"], contextWindow: 32_768 }),
          ],
        },
        auth: at("denied"),
        limit: at("limited"),
        money: at("broke"),
        gone: at("x", { baseUrl: REFUSING_URL }),
        strict: at("refusing"),
        crash: at("crashing"),
        lost: { baseUrl: "https://lost.example/v1", models: [model("x")] },
        empty: { baseUrl: url, apiKey: SECRETS.provider, models: [] },
      },
    },
    agents: {
      defaults: {
        model: { primary: "good/m", fallbacks: ["good/small", "lost/x"] },
        imageModel: "good/m",
        models: { "good/m": { alias: "Best" }, "good/small": { alias: "Small" }, "gone/x": {} },
      },
      list: [
        { id: "main" },
        { id: "other", model: { primary: "gone/x", fallbacks: ["good/small"] } },
        { id: "poor", model: "money/broke" },
      ],
    },
    edge: { models: { expose: "all" } },
  };
}

beforeAll(async () => {
  provider = await startProvider();
  provider
    .on("m", play.answer({ texts: ["po", "ng"] }))
    .on("small", play.answer({ texts: [""] }))
    .on("denied", play.status(401))
    .on("limited", play.status(429))
    .on("broke", play.status(402))
    .on("refusing", play.status(400, errorBody("no such field", { type: "invalid_request_error" })))
    .on("crashing", play.status(500));
  const config = configWith(provider.url);
  room.file("openclaw.json", config);
  room.file("bad.json", "{ modles: {} }");
  room.file("pixel.png", "no real picture, and nobody here looks");
  room.file("notes.txt", "text");
  edge = await startEdge({ config, env: { GATEWAY: SECRETS.token, OPENCLAW_GATEWAY_TOKEN: SECRETS.token } });
});
afterAll(async () => {
  await edge.stop();
  await provider.close();
  room.remove();
});

const CONFIG = "--config openclaw.json";

describe("models list", () => {
  it.each([
    ["table", `models list ${CONFIG}`],
    ["json", `models list --json --provider good ${CONFIG}`],
    ["plain", `models list --plain ${CONFIG}`],
    ["local", `models list --local --plain ${CONFIG}`],
    ["none", `models list --provider nobody ${CONFIG}`],
    ["wrong", `models list --al ${CONFIG}`],
    ["bad-config", "models list --config bad.json"],
  ])("%s", async (name, line) => {
    const asked = provider.requests.length;
    await room.golden(`models-list-${name}`, line, { env });
    expect(provider.requests).toHaveLength(asked);
  });

  it("takes ids of providers, not their labels", async () => {
    await room.golden("models-list-label", ["models", "list", "--provider", "Open AI"]);
  });

  it("--all lists built-in models as unavailable where there is no key", async () => {
    room.file("merge.json", { agents: { defaults: { model: "openai/gpt-5.4" } } });
    const { stdout } = await room.run("models list --all --provider anthropic --json --config merge.json");
    const { models } = JSON.parse(stdout) as { models: { key: string; available: boolean }[] };
    expect(models.length).toBeGreaterThan(0);
    expect(models.every(({ key, available }) => key.startsWith("anthropic/") && !available)).toBe(true);
  });
});

describe("models aliases list, models fallbacks list", () => {
  it.each([
    ["aliases", `models aliases list ${CONFIG}`],
    ["aliases-json", `models aliases list --json ${CONFIG}`],
    ["aliases-plain", `models aliases list --plain ${CONFIG}`],
    ["fallbacks", `models fallbacks list ${CONFIG}`],
    ["fallbacks-json", `models fallbacks list --json ${CONFIG}`],
    ["fallbacks-plain", `models fallbacks list --plain ${CONFIG}`],
    ["fallbacks-bad-config", "models fallbacks list --config bad.json"],
  ])("%s", async (name, line) => {
    await room.golden(`models-${name}`, line, { env });
  });
});

describe("models status", () => {
  it.each([
    ["text", "models status"],
    ["json", "models status --json"],
    ["plain", "models status --plain"],
    ["agent", "models status --agent other --plain"],
    ["agent-json", "models status --agent other --check --json"],
    ["unknown-agent", "models status --agent nobody"],
    ["check", "models status --check --plain"],
    ["plain-and-probe", "models status --plain --probe"],
    ["wrong", "models status --prob"],
  ])("%s", async (name, line) => {
    await room.golden(`models-status-${name}`, `${line} ${CONFIG} --probe-timeout 9000`, { env });
  });

  it("probes every key and puts each answer into its bucket", async () => {
    await room.golden("models-status-probe", `models status --probe ${CONFIG}`, { env });
  });

  it("asks with OpenClaw's words, and for few tokens", async () => {
    const before = provider.requestsFor("m").length;
    await room.run(`models status --probe --probe-provider good --probe-max-tokens 3 ${CONFIG}`, { env });
    const asked = provider.requestsFor("m").slice(before);
    expect(asked).toHaveLength(2);
    expect(asked.map(({ headers }) => headers["authorization"])).toEqual([
      `Bearer ${SECRETS.provider}`,
      `Bearer ${SECRETS.variable}`,
    ]);
    expect(asked[0]?.json()).toMatchObject({
      messages: [{ role: "user", content: "Reply with OK. Do not use tools." }],
    });
    expect(Object.entries(asked[0]?.json() ?? {})).toContainEqual([
      expect.stringMatching(/^max_(completion_)?tokens$/),
      3,
    ]);
  });

  it("--probe --json is one document with OpenClaw's keys", async () => {
    const line = `models status --probe --probe-profile good#2,auth#1 --json ${CONFIG}`;
    const { stdout, stderr } = await room.run(line, { env });
    const { probes } = JSON.parse(stdout) as { probes: { results: object[]; totalTargets: number } };
    expect(stderr).toBe("Probing 2 credentials\n");
    expect(probes).toMatchObject({ totalTargets: 2, options: { timeoutMs: 8000, concurrency: 2, maxTokens: 8 } });
    expect(probes.results).toMatchObject([
      { provider: "good", model: "good/m", profileId: "good#2", source: "models.json", mode: "api_key", status: "ok" },
      { provider: "auth", model: "auth/denied", profileId: "auth#1", status: "auth" },
    ]);
  });

  it("shows a bar to a person, on stderr only", async () => {
    const line = `models status --probe --probe-provider good --json ${CONFIG}`;
    const { stdout, stderr } = await room.run(line, { env: { ...env, TERM: "xterm" }, columns: 80 });
    expect(JSON.parse(stdout)).toHaveProperty("probes");
    expect(stderr).toContain("\u001B[?25l");
    expect(stderr).toContain("2 of 2 answered");
  });

  it("a provider that stays silent is a timeout, and no probe waits for another", async () => {
    provider.on("denied", play.silent());
    const line = `models status --probe --probe-provider auth --probe-timeout 80 --json ${CONFIG}`;
    const { probes } = JSON.parse((await room.run(line, { env })).stdout) as { probes: { results: object[] } };
    expect(probes.results).toMatchObject([{ status: "timeout" }]);
    provider.on("denied", play.status(401));
  });

  it("tells which keys the running gateway leaves alone", async () => {
    await (
      await edge.post("/v1/chat/completions", { model: "openclaw/poor", messages: [{ role: "user", content: "x" }] })
    ).text();
    const { port } = new URL(edge.url);
    const { stdout } = await room.run(`models status --json ${CONFIG}`, {
      env: { ...env, OPENCLAW_GATEWAY_PORT: port },
    });
    const { auth } = JSON.parse(stdout) as { auth: { unusableProfiles: object[] } };
    expect(auth.unusableProfiles).toMatchObject([{ profileId: "money#1", kind: "disabled", reason: "billing" }]);
  });
});

describe("where several agents could be meant", () => {
  it.each([
    ["models status", 1, "several agents and none for all: kim, lee; name one with --agent"],
    ["models status --agent lee --plain", 0, "good/small"],
    ["models fallbacks list", 1, "several agents and none for all"],
    ["models list --plain", 0, "good/m"],
    ["infer model run --prompt hi", 1, "several agents and none that answers for all"],
    ["infer model run --prompt hi --model good/m", 0, "pong"],
  ])("%s ends with %i", async (line, code, words) => {
    const { agents: _agents, ...rest } = configWith(provider.url) as Record<string, unknown>;
    const entries = { kim: { model: "good/m" }, lee: { model: "good/small" } };
    room.file("fleet.json", { ...rest, agents: { ownership: "explicit", entries } });
    const said = await room.run(`${line} --config fleet.json`, { env });
    expect(said.code).toBe(code);
    expect(said.stdout + said.stderr).toContain(words);
  });
});

describe("infer model run", () => {
  const PONG = ["--prompt", "Reply with exactly: pong", "--config", "openclaw.json"];
  const infer = (...more: readonly string[]) => ["infer", "model", "run", ...more, ...PONG];

  it.each([
    ["local", infer()],
    ["local-json", infer("--local", "--json")],
    ["alias", infer("--model", "best")],
    ["image", infer("--file", "pixel.png", "--json")],
    ["no-image", infer("--file", "notes.txt")],
    ["empty", infer("--model", "good/small")],
    ["refused", infer("--model", "gone/x")],
    ["unknown-model", infer("--model", "good/nothing")],
    ["unknown-model-json", infer("--model", "good/nothing", "--json")],
    ["both-ways", infer("--local", "--gateway")],
    ["blank", ["infer", "model", "run", "--prompt", " "]],
    ["wrong", infer("--modle", "x")],
    ["bad-config", ["infer", "model", "run", "--prompt", "x", "--config", "bad.json"]],
    ["gateway-down", infer("--gateway", "--url", "http://127.0.0.1:1")],
  ])("%s", async (name, line) => {
    await room.golden(`infer-${name}`, line, { env });
  });

  it("goes by the gateway, with its routing and its keys", async () => {
    await room.golden("infer-gateway", infer("--gateway", "--port", new URL(edge.url).port), { env });
  });

  it("is refused by a gateway that does not know it: exit 4", async () => {
    const { code, stderr } = await room.run(infer("--gateway", "--url", edge.url, "--token", "another-token"), { env });
    expect([code, stderr]).toEqual([4, expect.stringContaining("401")]);
  });

  it("sends the prompt and nothing else", async () => {
    await room.run(infer(), { env });
    const sent = provider.requestsFor("m").at(-1)?.json();
    expect(sent).toMatchObject({ messages: [{ role: "user", content: "Reply with exactly: pong" }] });
    expect(sent).not.toHaveProperty("tools");
  });
});

describe("models scan", () => {
  const CATALOGUE = {
    data: [
      entry("meta/big-70b-instruct:free", { context_length: 131_072 }),
      entry("meta/eyes-11b:free", { architecture: { modality: "text+image->text" }, context_length: 8192 }),
      entry("acme/mute-7b:free", { context_length: 4096 }),
      entry("acme/zero-price-3b", { pricing: { prompt: "0", completion: "0" } }),
      entry("acme/costly-400b", { pricing: { prompt: "0.000001", completion: "0.000002" } }),
    ],
  };

  function entry(id: string, more: object = {}): object {
    return {
      id,
      name: id,
      created: 1_700_000_000,
      pricing: { prompt: "0", completion: "0" },
      supported_parameters: ["tools"],
      ...more,
    };
  }

  const served = (document: object | string): string => {
    const text = typeof document === "string" ? document : JSON.stringify(document);
    const head = { do: "head", status: 200, headers: { "content-type": "application/json" } } as const;
    provider.on("next", () => [head, { do: "write", text }]);
    return `${provider.origin}/api/v1/models`;
  };

  it.each([
    ["table", "models scan --no-probe", CATALOGUE],
    ["without-key", "models scan", CATALOGUE],
    ["json", "models scan --no-probe --provider meta --min-params 50 --json", CATALOGUE],
    ["none", "models scan --no-probe --max-age-days 1", CATALOGUE],
    ["no-catalogue", "models scan", "<html></html>"],
  ])("%s", async (name, line, document) => {
    await room.golden(`models-scan-${name}`, `${line} --catalogue ${served(document)}`);
  });

  it.each([
    ["unreachable", "models scan --catalogue http://127.0.0.1:1/models"],
    ["no-url", "models scan --catalogue here"],
    ["set-default", "models scan --set-default"],
    ["wrong", "models scan --no-prob"],
  ])("%s", async (name, line) => {
    await room.golden(`models-scan-${name}`, line);
  });

  it("probes tools and pictures where there is a key, the quickest first", async () => {
    const call = { id: "call_1", type: "function", function: { name: "ping", arguments: "{}" } };
    const choice = {
      index: 0,
      message: { role: "assistant", content: null, tool_calls: [call] },
      finish_reason: "tool_calls",
    };
    const text = JSON.stringify({ id: "c", object: "chat.completion", created: 1, model: "m", choices: [choice] });
    const head = { do: "head", status: 200, headers: { "content-type": "application/json" } } as const;
    for (const id of ["meta/big-70b-instruct:free", "meta/eyes-11b:free"])
      provider.on(id, () => [head, { do: "write", text }]);
    provider.on("acme/mute-7b:free", play.status(404));
    room.file("router.json", {
      gateway: { auth: { mode: "none" } },
      models: { providers: { openrouter: { baseUrl: provider.url, apiKey: SECRETS.provider, models: [] } } },
      agents: { defaults: { model: "openrouter/auto" } },
    });
    const line = `models scan --max-candidates 3 --json --config router.json --catalogue ${served(CATALOGUE)}`;
    const rows = JSON.parse((await room.run(line)).stdout) as {
      id: string;
      tool: { ok: boolean };
      image: { ok: boolean };
    }[];
    expect(rows.map(({ id, tool, image }) => [id, tool.ok, image.ok])).toEqual([
      ["meta/eyes-11b:free", true, true],
      ["meta/big-70b-instruct:free", true, false],
      ["acme/mute-7b:free", false, false],
    ]);
    const [asked] = provider.requestsFor("meta/big-70b-instruct:free");
    expect(asked?.json()).toMatchObject({ tool_choice: "required", tools: [{ function: { name: "ping" } }] });
  });
});
