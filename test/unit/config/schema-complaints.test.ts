import { describe, expect, it } from "vitest";
import { renderComplaint } from "../../../src/config/complaint.ts";
import { parseConfigTree } from "../../../src/config/read-file.ts";

/** Errors of a config, rendered. */
function errors(tree: unknown): string[] {
  const result = parseConfigTree(tree);
  const all = result.ok ? result.warnings : result.complaints;
  return all.filter(({ severity }) => severity === "error").map(renderComplaint);
}

const provider = (p: unknown) => ({ models: { providers: { p } } });
const model = (m: unknown) => provider({ models: [m] });
const PROVIDER = "models.providers.p";

describe("unknown keys", () => {
  it.each<[unknown, string]>([
    [{ model: {} }, `model  is not a key of the config (did you mean "models"?)`],
    [{ zzzzzzz: 1 }, "zzzzzzz  is not a key of the config"],
    [{ edge: { workres: 2 } }, `edge.workres  is not a key of the config (did you mean "workers"?)`],
    [
      { edge: { limits: { bodyByte: 2 } } },
      `edge.limits.bodyByte  is not a key of the config (did you mean "bodyBytes"?)`,
    ],
    [provider({ baseURL: "x" }), `${PROVIDER}.baseURL  is not a key of the config (did you mean "baseUrl"?)`],
    [
      model({ id: "m", compat: { supportTools: true } }),
      `${PROVIDER}.models[0].compat.supportTools  is not a key of the config (did you mean "supportsTools"?)`,
    ],
    [
      provider({ request: { auth: { mode: "header", headerName: "a", value: "b", prefx: "c" } } }),
      `${PROVIDER}.request.auth.prefx  is not a key of the config (did you mean "prefix"?)`,
    ],
    [
      { agents: { defaults: { model: { primry: "a/b" } } } },
      `agents.defaults.model.primry  is not a key of the config (did you mean "primary"?)`,
    ],
    [
      { agents: { defaults: { models: { "a/b.c": { alais: "x" } } } } },
      `agents.defaults.models["a/b.c"].alais  is not a key of the config (did you mean "alias"?)`,
    ],
    [
      { agents: { list: [{ id: "a", modle: "x" }] } },
      `agents.list[0].modle  is not a key of the config (did you mean "model"?)`,
    ],
    [{ gateway: { http: { endpoints: { chat: {} } } } }, "gateway.http.endpoints.chat  is not a key of the config"],
    [
      { diagnostics: { otel: { endpont: "x" } } },
      `diagnostics.otel.endpont  is not a key of the config (did you mean "endpoint"?)`,
    ],
    [
      { secrets: { providers: { v: { source: "file", path: "/a", pth: 1 } } } },
      `secrets.providers.v.pth  is not a key of the config (did you mean "path"?)`,
    ],
  ])("%#: %j", (tree, line) => {
    expect(errors(tree)).toEqual([line]);
  });
});

describe("a text in the wrong place", () => {
  const KEY = "sk-proj-4fGh7JkLmN0pQrStUv";
  it.each<[string, unknown]>([
    ["a key where its kind belongs", provider({ auth: KEY })],
    ["a key where a switch belongs", { gateway: { tls: { enabled: KEY } } }],
    ["a token where its mode belongs", { gateway: { auth: { mode: "9f86d081884c7d659a2feaa0c55ad015" } } }],
    ["a key without a digit", { gateway: { mode: "sk-live-ABCDEFGHIJKLMNOP" } }],
    ["a header where a word belongs", provider({ api: `Bearer ${KEY}` })],
    ["a key where a number belongs", { gateway: { port: KEY } }],
  ])("is not shown when it looks like a secret: %s", (_what, tree) => {
    const [line] = errors(tree);
    expect(line).toMatch(/must be .*, not what stands there$/);
  });

  it.each(["azure-openai-completions", "openai-gpt-5", "http://127.0.0.1:18789", "anthropic messages 2023-06-01"])(
    "is shown when it looks like a word: %s",
    (api) => {
      expect(errors(provider({ api }))[0]).toContain(`, not "${api}"`);
    },
  );
});

describe("wrong values", () => {
  it.each<[string, unknown, string]>([
    ["a root that is no object", [], "must be an object, not a list"],
    ["a text for an object", { models: "x" }, "models  must be an object, not a text"],
    ["an object for a list", { agents: { list: {} } }, "agents.list  must be a list, not an object"],
    ["null", { gateway: { port: null } }, "gateway.port  must be a number, not null"],
    ["a fraction for a port", { gateway: { port: 1.5 } }, "gateway.port  must be a whole number, not 1.5"],
    ["a text for a number", { gateway: { port: "80" } }, `gateway.port  must be a number, not "80"`],
    ["a port too high", { gateway: { port: 65536 } }, "gateway.port  must be at most 65535"],
    ["a port too low", { gateway: { port: -1 } }, "gateway.port  must be at least 0"],
    [
      "a word that is no choice",
      { gateway: { bind: "loopbak" } },
      `gateway.bind  must be "loopback", "lan", "tailnet", "custom" or "auto", not "loopbak" (did you mean "loopback"?)`,
    ],
    [
      "an address as a bind word",
      { gateway: { bind: "0.0.0.0" } },
      `gateway.bind  must be "loopback", "lan", "tailnet", "custom" or "auto", not "0.0.0.0" (did you mean "lan"?)`,
    ],
    [
      "a bind host that is no address",
      { gateway: { customBindHost: "localhost" } },
      "gateway.customBindHost  must be an IPv4 address",
    ],
    [
      "a proxy that is no address",
      { gateway: { trustedProxies: ["10.0.0.0/8", "proxy"] } },
      "gateway.trustedProxies[1]  must be an IP address or a CIDR range such as 10.0.0.0/8",
    ],
    [
      "neither of two forms",
      { gateway: { http: { securityHeaders: { strictTransportSecurity: true } } } },
      "gateway.http.securityHeaders.strictTransportSecurity  must be a text or false, not true",
    ],
    [
      "a number for a model",
      { agents: { defaults: { model: 5 } } },
      "agents.defaults.model  must be a text or an object, not 5",
    ],
    [
      "a wrong kind inside one of two forms",
      { agents: { defaults: { model: { fallbacks: "a/b" } } } },
      "agents.defaults.model.fallbacks  must be a list, not a text",
    ],
    ["an empty text", { agents: { defaults: { model: "" } } }, "agents.defaults.model  must not be empty"],
    ["an empty list of keys", provider({ apiKey: [] }), `${PROVIDER}.apiKey  must not be empty`],
    [
      "an api that nobody knows",
      provider({ api: "openai" }),
      `${PROVIDER}.api  must be "openai-completions", "openai-responses", "openai-codex-responses", "openai-chatgpt-responses", "anthropic-messages", "google-generative-ai", "google-vertex", "github-copilot", "bedrock-converse-stream", "ollama", "azure-openai-responses", "pi-messages" or "mock", not "openai"`,
    ],
    ["a model without an id", model({ name: "M" }), `${PROVIDER}.models[0].id  is required: a text`],
    [
      "an input that is none",
      model({ id: "m", input: ["text", "imgae"] }),
      `${PROVIDER}.models[0].input[1]  must be "text", "image", "video" or "audio", not "imgae" (did you mean "image"?)`,
    ],
    ["a timeout of 0", provider({ timeoutSeconds: 0 }), `${PROVIDER}.timeoutSeconds  must be above 0`],
    [
      "a missing auth mode",
      provider({ request: { auth: {} } }),
      `${PROVIDER}.request.auth.mode  is required: "provider-default", "authorization-bearer" or "header"`,
    ],
    [
      "params that JSON cannot hold",
      provider({ params: { a: Infinity } }),
      `${PROVIDER}.params.a  must be a text, a number, true or false, null, a list or an object, not Infinity`,
    ],
    [
      "a share above 1",
      { edge: { failover: { sameProviderShare: 2 } } },
      "edge.failover.sameProviderShare  must be at most 1",
    ],
    [
      "an origin with a path",
      { edge: { cors: { allowOrigins: ["https://a.b/"] } } },
      "edge.cors.allowOrigins[0]  must be an exact origin such as https://chat.example.com, without a path",
    ],
    [
      "a dialect that is none",
      { edge: { providers: { p: { dialects: ["chat"] } } } },
      `edge.providers.p.dialects[0]  must be "openai-chat", "openai-responses", "openai-embeddings", "anthropic-messages", "google-generative" or "ollama", not "chat"`,
    ],
    [
      "a pattern that is none",
      { logging: { redactPatterns: ["("] } },
      "logging.redactPatterns[0]  is not a regular expression",
    ],
    [
      "a pattern that takes for ever",
      { logging: { redactPatterns: ["(a+)+$"] } },
      "logging.redactPatterns[0]  repeats a repetition, which can take exponential time",
    ],
    ...(
      [
        ["localhost", "loopback"],
        ["192.168.1.5", "custom"],
      ] as const
    ).map(([bind, mode]): [string, unknown, string] => [
      `${bind} for a bind mode`,
      { gateway: { bind } },
      `gateway.bind  must be "loopback", "lan", "tailnet", "custom" or "auto", not "${bind}" (did you mean "${mode}"?)`,
    ]),
    [
      "a key one level too high, which is a secret all the same",
      { models: { providers: { apiKey: "sk-canary" } } },
      "models.providers.apiKey  must be an object, not a text",
    ],
    [
      "a provider whose name sounds like a key",
      { models: { providers: { monkey: { timeoutSeconds: "5" } } } },
      `models.providers.monkey.timeoutSeconds  must be a number, not "5"`,
    ],
    [
      "a relative path to secrets",
      { secrets: { providers: { v: { source: "file", path: "v.json" } } } },
      "secrets.providers.v.path  must be an absolute path, or begin with ~/",
    ],
    [
      "a secret provider without a source",
      { secrets: { providers: { v: {} } } },
      `secrets.providers.v.source  is required: "env", "file", "exec" or "store"`,
    ],
    [
      "a name that is none",
      { secrets: { providers: { V: { source: "env" } } } },
      "secrets.providers.V  as a name must be like `default`: lower-case letters, digits, `_`, `-`",
    ],
    [
      "an otel endpoint that is no URL",
      { diagnostics: { otel: { endpoint: "collector:4318" } } },
      "diagnostics.otel.endpoint  must be an http:// or https:// URL",
    ],
    [
      "a very long value",
      { gateway: { mode: "x".repeat(500) } },
      `gateway.mode  must be "local" or "remote", not "${"x".repeat(59)}…`,
    ],
  ])("%s", (_sentence, tree, line) => {
    expect(errors(tree)).toEqual([line]);
  });
});

describe("secrets", () => {
  const SECRET = "sk-very-secret-4711";
  it.each<[string, unknown, string]>([
    [
      "a token in the place of what holds it",
      { gateway: { auth: SECRET } },
      "gateway.auth  must be an object, not a text",
    ],
    ["a key for a provider", provider(SECRET), `${PROVIDER}  must be an object, not a text`],
    [
      "headers as curl takes them",
      provider({ headers: `authorization: Bearer ${SECRET}` }),
      `${PROVIDER}.headers  must be an object, not a text`,
    ],
    [
      "headers as OpenTelemetry's variable has them",
      { diagnostics: { otel: { headers: `x-key=${SECRET}` } } },
      "diagnostics.otel.headers  must be an object, not a text",
    ],
    [
      "a header where a switch is wanted",
      provider({ authHeader: `Bearer ${SECRET}` }),
      `${PROVIDER}.authHeader  must be true or false`,
    ],
    ["a number as a key", provider({ apiKey: 4711 }), `${PROVIDER}.apiKey  must be a text, an object or a list`],
    ["a boolean as a token", { gateway: { auth: { token: true } } }, "gateway.auth.token  must be a text or an object"],
    [
      "a number as a header",
      provider({ headers: { "x-a": 4711 } }),
      `${PROVIDER}.headers.x-a  must be a text or an object`,
    ],
    ["a number as a variable", { env: { vars: { A: 4711 } } }, "env.vars.A  must be a text"],
    [
      "a reference of an unknown source",
      provider({ apiKey: { source: "vault", provider: "default", id: "A" } }),
      `${PROVIDER}.apiKey.source  must be "env", "file", "exec" or "store"`,
    ],
    [
      "a reference without its provider",
      provider({ apiKey: { source: "env", id: "A" } }),
      `${PROVIDER}.apiKey.provider  is required: a text`,
    ],
    [
      "a reference with a wrong name",
      provider({ apiKey: { source: "env", provider: "default", id: SECRET } }),
      `${PROVIDER}.apiKey.id  must be the name of an environment variable, such as OPENAI_API_KEY`,
    ],
    [
      "a pointer that is none",
      provider({ apiKey: { source: "file", provider: "v", id: SECRET } }),
      `${PROVIDER}.apiKey.id  must be a JSON pointer such as "/providers/openai", or "value"`,
    ],
    [
      "a climbing exec id",
      provider({ apiKey: { source: "exec", provider: "v", id: "a/../b" } }),
      `${PROVIDER}.apiKey.id  must have no \`.\` or \`..\` segment`,
    ],
    [
      "what a redacted output shows",
      provider({ apiKey: "__OPENCLAW_REDACTED__" }),
      `${PROVIDER}.apiKey  is the placeholder __OPENCLAW_REDACTED__, not a secret; write the secret or a reference`,
    ],
    [
      "the old marker",
      { gateway: { auth: { token: "secretref-env:A" } } },
      'gateway.auth.token  uses the old `secretref-env:` marker; write { source: "env", provider: "default", id: "NAME" }',
    ],
    [
      "an unknown key that holds one",
      provider({ apikey: SECRET }),
      `${PROVIDER}.apikey  is not a key of the config (did you mean "apiKey"?)`,
    ],
    [
      "a wrong choice under a name that sounds secret",
      { agents: { list: [{ id: "a", thinkingDefault: "x", memorySearch: { remote: { apiKey: 1 } } }] } },
      "agents.list[0].memorySearch.remote.apiKey  must be a text or an object",
    ],
  ])("never show: %s", (_sentence, tree, line) => {
    const said = errors(tree);
    expect(said).toContain(line);
    expect(said.join("\n")).not.toMatch(/4711|very-secret/);
  });

  it.each<[string, unknown]>([
    ["text", "sk-local"],
    ["a variable", "${KEY}"],
    ["a reference to the environment", { source: "env", provider: "default", id: "OPENAI_API_KEY" }],
    ["a reference into a file", { source: "file", provider: "vault", id: "/a~1b/c~0d" }],
    ["a reference to a one-value file", { source: "file", provider: "vault", id: "value" }],
    ["a reference to a command", { source: "exec", provider: "vault", id: "team/openai.key" }],
    ["a list of both", ["a", { source: "env", provider: "default", id: "B" }]],
  ])("may be written as %s", (_sentence, apiKey) => {
    expect(errors(provider({ apiKey }))).toEqual([]);
  });
});

describe("what is accepted", () => {
  it.each<[string, unknown]>([
    ["an empty config", {}],
    ["a provider with nothing in it", provider({})],
    ["a provider without models", provider({ baseUrl: "http://x" })],
    ["a model without a name", model({ id: "m" })],
    ["a mock without a base URL", provider({ api: "mock", models: [{ id: "echo", params: { seed: 1 } }] })],
    ["port 0", { gateway: { port: 0 } }],
    [
      "how OpenClaw fills its memory index from a server of its own",
      { agents: { defaults: { memorySearch: { remote: { nonBatchConcurrency: 1, batch: { enabled: false } } } } } },
    ],
    ["how OpenClaw finds its own plugins", { plugins: { bundledDiscovery: "allowlist" } }],
    ["variables written directly", { env: { OPENAI_API_KEY: "k" } }],
    ["ids that look like properties of objects", { models: { providers: { toString: {}, hasOwnProperty: {} } } }],
  ])("%s", (_sentence, tree) => {
    expect(errors(tree)).toEqual([]);
  });
});

describe("many errors", () => {
  it("are all said at once, and none twice", () => {
    const said = errors({
      a: 1,
      gateway: { port: "x", bind: "y", z: 1 },
      edge: { workers: 0 },
      agents: { list: [{}, {}] },
    });
    expect(said).toHaveLength(7);
    expect(new Set(said).size).toBe(7);
  });
});
