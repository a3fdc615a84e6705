import { describe, expect, it } from "vitest";
import { matches, NOT_YET } from "../../../src/config/not-implemented.ts";
import { parseConfigTree } from "../../../src/config/read-file.ts";
import { ignoredPaths, keysAt, leafPatterns } from "../../../src/config/schema-view.ts";

/** `code path` of every warning; the config must be usable. */
function warnings(tree: unknown): string[] {
  const result = parseConfigTree(tree);
  if (!result.ok) expect.fail(JSON.stringify(result.complaints));
  return result.warnings.map(({ code, path }) => `${code} ${path}`.trim());
}

const provider = (p: unknown) => ({ models: { providers: { p } } });
const compat = (flags: unknown) => provider({ models: [{ id: "m", compat: flags }] });

describe("keys that are not obeyed yet", () => {
  it.each<[string, unknown, string[]]>([
    ["a flag", compat({ nativeWebSearchTool: true }), ["models.providers.p.models[0].compat.nativeWebSearchTool"]],
    [
      "not flags that are obeyed",
      compat({ supportsTools: false, supportsUsageInStreaming: true, supportsStore: false }),
      [],
    ],
    [
      "a profile that nobody knows",
      compat({ toolSchemaProfile: "x" }),
      ["models.providers.p.models[0].compat.toolSchemaProfile"],
    ],
    ["not the profile that is known", compat({ toolSchemaProfile: "xai" }), []],
    ["params that no wire format has", provider({ params: { preload: false } }), ["models.providers.p.params.preload"]],
    ["not params that requests get", provider({ params: { temperature: 0.2, extra_body: { a: 1 } } }), []],
    [
      "not params of a mock",
      provider({ api: "mock", params: { seed: 1 }, models: [{ id: "m", params: { seed: 2 } }] }),
      [],
    ],
    ["not params of one mock model", provider({ models: [{ id: "m", api: "mock", params: {} }] }), []],
    [
      "params of a real model beside a mock",
      provider({ api: "mock", models: [{ id: "m", api: "ollama", params: { script: [] } }] }),
      ["models.providers.p.models[0].params.script"],
    ],
    ["a login that is no key", provider({ auth: "oauth" }), ["models.providers.p.auth"]],
    ["not a login by key", provider({ auth: "api-key" }), []],
    ["not an egress proxy", provider({ request: { proxy: { mode: "env-proxy" } } }), []],
    ["not secrets from a command", { secrets: { providers: { a: { source: "exec", command: "/a" } } } }, []],
    [
      "not telemetry, which is obeyed",
      { diagnostics: { flags: ["a"], otel: { enabled: true } }, plugins: { allow: [] } },
      [],
    ],
    ["not the log, which is obeyed", { logging: { file: "a.log", consoleLevel: "warn", maxFileBytes: 9 } }, []],
    [
      "not rotations, which are obeyed",
      { auth: { cooldowns: { overloadedProfileRotations: 2, rateLimitedProfileRotations: 0 } } },
      [],
    ],
    [
      "not a cap of contexts, which is obeyed",
      { agents: { defaults: { contextTokens: 9_000 }, list: [{ id: "a", contextTokens: 9_000 }] } },
      [],
    ],
    ["not a hedge, which is obeyed", { edge: { hedge: { afterMs: 100 } } }, []],
    ["not cooldowns, which are obeyed", { auth: { cooldowns: { billingMaxHours: 1, billingBackoffHours: 1 } } }, []],
    [
      "an agent's params that no wire format has",
      { agents: { list: [{ id: "a" }, { id: "b", params: { fastMode: true, maxTokens: 9 } }] } },
      ["agents.list[1].params.fastMode"],
    ],
    ["not a reasoning level, which is obeyed", { agents: { defaults: { thinkingDefault: "high" } } }, []],
    ["nothing that is only a default", {}, []],
  ])("%s", (_sentence, tree, paths) => {
    expect(warnings(tree)).toEqual(paths.map((path) => `not_implemented ${path}`));
  });

  it.each([
    ["extra_body", "x", ["wrong_type"]],
    ["extraBody", ["x"], ["wrong_type"]],
    ["chatTemplateKwargs", true, ["wrong_type"]],
    ["chatTemplateKwargs", null, []],
    ["chat_template_kwargs", { enable_thinking: false }, []],
  ])("are told where %s is what can be merged into no request: %j", (name, value, codes) => {
    const path = `models.providers.p.models[0].params.${name}`;
    expect(warnings(provider({ models: [{ id: "m", params: { [name]: value } }] }))).toEqual(
      codes.map((code) => `${code} ${path}`),
    );
  });

  it("are not said of a key that is wrong as well", () => {
    const result = parseConfigTree(compat({ supportTools: true }));
    expect(result.ok ? [] : result.complaints).toMatchObject([{ code: "unknown_key" }]);
  });

  it("stand in a table that names only keys of the schema", () => {
    const patterns = leafPatterns();
    const isKnown = (path: string) => {
      const parts = path.split(".");
      return patterns.some((pattern) => {
        const known = pattern.split(".");
        return parts.every((part, i) => part === known[i] || part === "*");
      });
    };
    expect(NOT_YET.filter(({ path }) => !isKnown(path))).toEqual([]);
  });

  it("are found by patterns over names and list positions", () => {
    const tree = { a: { x: { c: 1 }, y: { d: 2 } }, l: [{ c: 3 }] };
    expect(matches(tree, "a.*.c").map(({ path }) => path)).toEqual([["a", "x", "c"]]);
    expect(matches(tree, "l.*.c").map(({ path, value }) => [path, value])).toEqual([[["l", 0, "c"], 3]]);
    expect(matches(tree, "a.x.c.z")).toEqual([]);
  });
});

describe("keys of OpenClaw that a proxy has no use for", () => {
  const openclaw = {
    meta: { lastTouchedVersion: "2026.5.4" },
    channels: { telegram: { botToken: "t", anything: { at: ["all"] } } },
    tools: { exec: { security: "full" } },
    agents: { defaults: { workspace: "/w", heartbeat: { every: "30m" }, models: { "a/b": { streaming: false } } } },
    gateway: {
      remote: { url: "ws://x" },
      tailscale: { mode: "off" },
      controlUi: { enabled: true, allowedOrigins: ["https://a"] },
    },
    plugins: {
      entries: { telegram: { enabled: true }, "diagnostics-otel": { enabled: false, config: {} } },
      slots: {},
    },
    diagnostics: { otel: { enabled: false, captureContent: true } },
    auth: {
      profiles: { "openai:default": { provider: "openai", mode: "api_key" } },
      order: { openai: ["openai:default"] },
    },
    env: { shellEnv: { enabled: true } },
  };

  it("are accepted whatever they hold, and listed in one warning", () => {
    const result = parseConfigTree(openclaw);
    if (!result.ok) expect.fail(JSON.stringify(result.complaints));
    const [ignored, ...others] = result.warnings;
    expect(others).toEqual([]);
    expect(ignored).toMatchObject({ severity: "warning", code: "ignored_keys", path: "" });
    expect(ignored?.message.split(": ")[1]?.split(", ")).toEqual([
      "meta",
      "channels",
      "tools",
      "agents.defaults.workspace",
      "agents.defaults.heartbeat",
      'agents.defaults.models["a/b"].streaming',
      "gateway.remote",
      "gateway.tailscale",
      "gateway.controlUi.enabled",
      "plugins.entries.telegram",
      "plugins.entries.diagnostics-otel.config",
      "plugins.slots",
      "diagnostics.otel.captureContent",
      "auth.profiles",
      "auth.order",
      "env.shellEnv",
    ]);
  });

  it("are every root key that OpenClaw has", () => {
    const roots =
      "$schema, meta, env, wizard, diagnostics, logging, cli, crestodian, update, browser, ui, secrets, auth, accessGroups, acp, models, nodeHost, agents, tools, bindings, broadcast, audio, media, messages, commands, approvals, session, cron, commitments, hooks, web, channels, discovery, canvasHost, talk, gateway, memory, mcp, skills, plugins, surfaces, proxy, attachments, cloudWorkers, desktop, security, telemetry, transcripts, tts, worktreeAcceleration, worktreeRoot";
    expect(keysAt([]).toSorted()).toEqual([...roots.split(", "), "edge"].toSorted());
  });

  it("are not looked into", () => {
    expect(ignoredPaths({ channels: { meta: {} }, gateway: { port: 1 } })).toEqual([["channels"]]);
  });
});

describe("a config in memory", () => {
  it("gets defaults, keeps what was written, and has a revision of its own", () => {
    const result = parseConfigTree({ gateway: { port: 1 } });
    if (!result.ok) expect.fail(JSON.stringify(result.complaints));
    expect(result.config).toMatchObject({
      gateway: { port: 1, bind: "loopback" },
      edge: { limits: { inflight: 2000 } },
    });
    expect(result.written).toEqual({ gateway: { port: 1 } });
    expect(result.files).toEqual([]);
    expect(result.revision).toMatch(/^[0-9a-f]{12}$/);
    expect(result.positions.at(["gateway", "port"])).toBeNull();
  });

  it("drops keys that reach a prototype", () => {
    const hostile: unknown = JSON.parse(`{ "gateway": { "__proto__": { "polluted": 1 }, "constructor": 1 } }`);
    const result = parseConfigTree(hostile);
    expect(result.ok && result.written).toEqual({ gateway: {} });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});
