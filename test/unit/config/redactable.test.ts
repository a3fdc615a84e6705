// Everything of a config that must not be told, wherever it is written.
import { describe, expect, it } from "vitest";
import type { Environment } from "../../../src/config/environment.ts";
import { snapshotOf } from "./compile-rig.ts";

const provider = (more: object): object => ({
  baseUrl: "http://127.0.0.1:1/v1",
  api: "openai-completions",
  models: [{ id: "m" }],
  ...more,
});
const configOf = (more: object, root: object = {}): object => ({
  models: { mode: "replace", providers: { upstream: provider(more) } },
  agents: { defaults: { model: "upstream/m" } },
  gateway: { auth: { token: "gateway-token-0123456789" } },
  ...root,
});
const secretsOf = async (more: object, root?: object): Promise<readonly string[]> =>
  (await snapshotOf(configOf(more, root))).secrets.reveal();

describe("values to be taken out of texts", () => {
  it.each<[what: string, more: object, secrets: readonly string[]]>([
    ["a key", { apiKey: "sk-0123456789" }, ["sk-0123456789"]],
    ["every key of a list", { apiKey: ["sk-first-key", "sk-second-key"] }, ["sk-first-key", "sk-second-key"]],
    ["a header that holds a secret", { headers: { "x-api-token": "header-secret-1" } }, ["header-secret-1"]],
    ["a header of the request", { request: { headers: { cookie: "session-secret" } } }, ["session-secret"]],
    ["a header that names a scheme later", { headers: { "x-token": "not Bearer key-1" } }, ["not Bearer key-1"]],
    ["a header without its margins", { headers: { "x-token": "  padded-secret " } }, ["padded-secret"]],
    ["what follows the scheme", { headers: { Authorization: "Bearer   bearer-secret" } }, ["bearer-secret"]],
    ["the gateway's token", {}, ["gateway-token-0123456789"]],
  ])("hold %s", async (_what, more, secrets) => {
    expect(await secretsOf(more)).toEqual(expect.arrayContaining([...secrets]));
  });

  it.each<[what: string, more: object, text: string]>([
    ["headers that are none", { headers: { "x-team": "research-team" } }, "research-team"],
    ["words", { apiKey: "seven77" }, "seven77"],
    ["the name of a provider", { apiKey: "upstream" }, "upstream"],
    ["the scheme", { headers: { Authorization: "Bearer bearer-secret" } }, "Bearer bearer-secret"],
  ])("do not hold %s", async (_what, more, text) => {
    expect(await secretsOf(more)).not.toContain(text);
  });

  it("hold nothing else, also where nothing is written", async () => {
    expect(await secretsOf({ apiKey: "sk-0123456789" })).toEqual(["gateway-token-0123456789", "sk-0123456789"]);
  });

  it("hold the keys of a server of embeddings, and none of its other headers", async () => {
    const headers = {
      "x-team": "no secret at all",
      "x-team-name": "research-team",
      "x-team-key": "embedding-header-key",
    };
    const remote = { baseUrl: "https://embeddings.example/v1", apiKey: "embedding-key-1", headers };
    const memorySearch = { provider: "openai", model: "e", remote };
    const secrets = await secretsOf(
      { apiKey: "sk-0123456789" },
      { agents: { defaults: { model: "upstream/m", memorySearch } } },
    );
    expect(secrets.toSorted()).toEqual([
      "embedding-header-key",
      "embedding-key-1",
      "gateway-token-0123456789",
      "sk-0123456789",
    ]);
  });

  it("hold the key of eight characters, each value once, the longest first", async () => {
    const secrets = await secretsOf({ apiKey: ["12345678", "12345678", "1234567890abcdef"] });
    expect(secrets.filter((each) => each === "12345678")).toHaveLength(1);
    expect([...secrets]).toEqual(secrets.toSorted((a, b) => b.length - a.length));
  });

  it.each<[what: string, otel: object, env: Environment, secrets: readonly string[]]>([
    ["the password in its URL", { endpoint: "http://u:collector-pw-1@127.0.0.1:4318" }, {}, ["collector-pw-1"]],
    ["that as it is sent", { logsEndpoint: "http://u:p%40ss-word@127.0.0.1/" }, {}, [btoa("u:p@ss-word"), "p@ss-word"]],
    [
      "a key under a name of its own",
      { headers: { "x-honeycomb-team": "honey-0123456789" } },
      {},
      ["honey-0123456789"],
    ],
    ["a key of all signals", {}, { OTEL_EXPORTER_OTLP_HEADERS: "x-key=shared-key-1" }, ["shared-key-1"]],
    ["the key of one signal", {}, { OTEL_EXPORTER_OTLP_LOGS_HEADERS: "api-key=logs-key-01" }, ["logs-key-01"]],
  ])("hold what a collector asks for: %s", async (_what, otel, env, secrets) => {
    const tree = configOf({}, { diagnostics: { otel: { enabled: true, ...otel } } });
    expect((await snapshotOf(tree, { env })).secrets.reveal()).toEqual(expect.arrayContaining([...secrets]));
  });

  it("hold the collector's key and the password of the door", async () => {
    const root = {
      gateway: { auth: { mode: "password", password: "door-password-0123456789" } },
      diagnostics: {
        otel: { enabled: true, endpoint: "http://127.0.0.1:4318", headers: { "x-key": "collector-key-1" } },
      },
    };
    expect(await secretsOf({}, root)).toEqual(expect.arrayContaining(["door-password-0123456789", "collector-key-1"]));
  });
});
