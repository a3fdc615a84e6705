import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { headerProblem } from "../../../src/config/headers.ts";
import { compileTree, headersOf, said, snapshotOf, withProvider } from "./compile-rig.ts";

const target = async (provider: Record<string, unknown>, env: Record<string, string> = {}) =>
  (await snapshotOf(withProvider(provider), { env })).targets.get("p/m");

describe("request headers", () => {
  it("hold what every request needs, flat and in lower case", async () => {
    const made = await target({ apiKey: "sk-1" });
    expect(made?.credentials[0]?.headers.reveal()).toEqual([
      "content-type",
      "application/json",
      "accept",
      "application/json, text/event-stream",
      "accept-encoding",
      "identity",
      "user-agent",
      "openclaw-edge/1.2.3",
      "authorization",
      "Bearer sk-1",
    ]);
  });

  it.each<[string, Record<string, unknown>, Record<string, string | undefined>]>([
    ["a Bearer key", { apiKey: "k" }, { authorization: "Bearer k" }],
    [
      "Anthropic's key and version",
      { api: "anthropic-messages", apiKey: "k" },
      { "x-api-key": "k", authorization: undefined, "anthropic-version": "2023-06-01" },
    ],
    [
      "Anthropic's OAuth token as Bearer",
      { api: "anthropic-messages", apiKey: "sk-ant-oat01-x" },
      { authorization: "Bearer sk-ant-oat01-x", "x-api-key": undefined },
    ],
    ["Google's key", { api: "google-generative-ai", apiKey: "k" }, { "x-goog-api-key": "k" }],
    ["Azure's key", { api: "azure-openai-responses", apiKey: "k" }, { "api-key": "k", authorization: undefined }],
    [
      "the key twice where authHeader asks for it",
      { api: "anthropic-messages", apiKey: "k", authHeader: true },
      { "x-api-key": "k", authorization: "Bearer k" },
    ],
    ["a user agent of the file", { apiKey: "k", headers: { "User-Agent": "mine/1" } }, { "user-agent": "mine/1" }],
    [
      "provider under model under request, whatever the case",
      {
        apiKey: "k",
        headers: { "X-A": "provider", "X-B": "provider", "X-C": "provider" },
        models: [{ id: "m", headers: { "x-b": "model", "x-c": "model" } }],
        request: { headers: { "X-c": "request" } },
      },
      { "x-a": "provider", "x-b": "model", "x-c": "request" },
    ],
    [
      "a written Authorization over the key",
      { apiKey: "k", headers: { Authorization: "Basic abc" } },
      { authorization: "Basic abc" },
    ],
    [
      "request.auth over everything",
      {
        apiKey: "k",
        headers: { Authorization: "Basic abc" },
        request: { auth: { mode: "authorization-bearer", token: "t" } },
      },
      { authorization: "Bearer t" },
    ],
    [
      "a header of one's own instead of Authorization, with no space added",
      {
        apiKey: "k",
        request: {
          headers: { Authorization: "x" },
          auth: { mode: "header", headerName: "X-Token", prefix: "Key:", value: "v" },
        },
      },
      { "x-token": "Key:v", authorization: undefined },
    ],
    [
      "the provider's own way, said aloud",
      { apiKey: "k", request: { auth: { mode: "provider-default" } } },
      { authorization: "Bearer k" },
    ],
    ["no attribution", { apiKey: "k" }, { originator: undefined, version: undefined, "http-referer": undefined }],
  ])("have %s", async (_what, provider, expected) => {
    expect(headersOf(await target(provider))).toMatchObject(
      Object.fromEntries(Object.entries(expected).filter(([, value]) => value !== undefined)),
    );
    for (const [name, value] of Object.entries(expected)) expect(headersOf(await target(provider))[name]).toBe(value);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ["a line feed in a value", { headers: { "x-a": "1\r\nx-b: 2" } }, "models.providers.p.headers.x-a"],
    ["a zero byte in a value", { headers: { "x-a": "1\u0000" } }, "models.providers.p.headers.x-a"],
    ["Host", { headers: { Host: "evil" } }, "models.providers.p.headers.Host"],
    [
      "Content-Length",
      { request: { headers: { "content-length": "1" } } },
      "models.providers.p.request.headers.content-length",
    ],
    [
      "Transfer-Encoding of a model",
      { models: [{ id: "m", headers: { "Transfer-Encoding": "chunked" } }] },
      "models.providers.p.models[0].headers.Transfer-Encoding",
    ],
    ["Connection", { headers: { connection: "close" } }, "models.providers.p.headers.connection"],
    ["a name that is none", { headers: { "x a": "1" } }, 'models.providers.p.headers["x a"]'],
    [
      "a credential that no header can carry",
      { request: { auth: { mode: "authorization-bearer", token: "a\nb" } } },
      "models.providers.p.request.auth",
    ],
    ["a key that no header can carry", { apiKey: "sk-\u2026" }, "models.providers.p.apiKey"],
    [
      "certificates that nobody checks",
      { request: { tls: { insecureSkipVerify: true } } },
      "models.providers.p.request.tls.insecureSkipVerify",
    ],
  ])("refuse %s", async (_what, provider, path) => {
    const { snapshot, complaints } = await compileTree(withProvider({ apiKey: "k", ...provider }));
    expect(snapshot).toBeNull();
    expect(complaints.filter(({ severity }) => severity === "error").map((complaint) => complaint.path)).toContain(
      path,
    );
  });

  it("drop keys that would change the object they stand in", async () => {
    const tree = JSON.parse(
      '{"models":{"providers":{"p":{"baseUrl":"https://p.example","apiKey":"k","headers":{"__proto__":"x","x-a":"1"},"models":[{"id":"m"}]}}}}',
    ) as unknown;
    const headers = headersOf((await snapshotOf(tree)).targets.get("p/m"));
    expect(headers["x-a"]).toBe("1");
    expect(Object.keys(headers)).not.toContain("__proto__");
  });

  it("never quote a value in a problem", () => {
    expect(headerProblem("x-a", "topsecret\n")).not.toContain("topsecret");
  });
});

describe("keys", () => {
  it.each<[string, Record<string, unknown>, Record<string, string>, string[]]>([
    ["the file's before the environment's", { apiKey: "file" }, { P_API_KEY: "env" }, ["Bearer file"]],
    ["the environment's where the file has none", {}, { P_API_KEY: "env" }, ["Bearer env"]],
    ["the environment's where the file's is blank", { apiKey: "" }, { P_API_KEY: "env" }, ["Bearer env"]],
    ["a list, each once", { apiKey: ["a", "b", "a"] }, {}, ["Bearer a", "Bearer b"]],
    [
      "a list of texts and references",
      { apiKey: ["a", { source: "env", provider: "default", id: "K" }] },
      { K: "b" },
      ["Bearer a", "Bearer b"],
    ],
    [
      "a variable that holds a list",
      { apiKey: { source: "env", provider: "default", id: "MY_KEYS" } },
      { MY_KEYS: "a, b" },
      ["Bearer a", "Bearer b"],
    ],
    ["the variable that a marker names", { apiKey: "OPENAI_API_KEY" }, { OPENAI_API_KEY: "env" }, ["Bearer env"]],
    ["a text that a variable gives", { apiKey: "${MINE}" }, { MINE: "x" }, ["Bearer x"]],
    ["without a trailing newline", { apiKey: "${MINE}" }, { MINE: "x\n" }, ["Bearer x"]],
  ])("are %s", async (_what, provider, env, expected) => {
    const made = await target(provider, env);
    expect(made?.credentials.map((_, at) => headersOf(made, at)["authorization"])).toEqual(expected);
    expect(made?.credentials.map(({ id }) => id)).toEqual(expected.map((_, at) => `p#${at + 1}`));
  });

  it.each<[string, string, string]>([
    ["both ends of a long key", "sk-proj-abcdefghijklmnopqrstuvwxyz", "sk-pro…wxyz"],
    ["the source of a short one", "sk-short", "models.providers.p.apiKey"],
  ])("are shown as %s", async (_what, apiKey, masked) => {
    expect((await target({ apiKey }))?.credentials[0]?.masked).toBe(masked);
  });

  it("of a local server are not needed", async () => {
    const made = await target({ baseUrl: "http://127.0.0.1:8000/v1" });
    expect(made).toMatchObject({ unavailable: null, local: true, credentials: [{ id: "p#1", masked: "no key" }] });
    expect(headersOf(made)["authorization"]).toBeUndefined();
  });

  it.each(["ollama-local", "lmstudio-local", "custom-local", "vllm-local"])(
    "that are the marker %s are not sent",
    async (apiKey) => {
      const made = await target({ baseUrl: "http://localhost:11434/v1", apiKey });
      expect(headersOf(made)["authorization"]).toBeUndefined();
      expect(made?.unavailable).toBeNull();
    },
  );

  it.each(["sk-local", "lmstudio"])("that are the word %s are sent", async (apiKey) => {
    expect(headersOf(await target({ baseUrl: "http://localhost:1/v1", apiKey }))["authorization"]).toBe(
      `Bearer ${apiKey}`,
    );
  });

  it.each<[string, Record<string, unknown>]>([
    ["nobody gave", {}],
    ["are a local marker for a server that is not local", { apiKey: "ollama-local" }],
  ])("that %s make the target unavailable", async (_what, provider) => {
    const { snapshot, complaints } = await compileTree(withProvider(provider));
    expect(snapshot?.targets.get("p/m")).toMatchObject({ unavailable: "missing_credential", credentials: [] });
    expect(said(complaints)).toEqual([
      "error agent_unusable agents.defaults.model",
      "warning missing_credential models.providers.p",
    ]);
  });

  it("that are a stored login of OpenClaw are passed over with a warning", async () => {
    const { snapshot, complaints } = await compileTree(withProvider({ apiKey: "oauth:minimax" }));
    expect(snapshot).not.toBeNull();
    expect(said(complaints)).toContain("warning stored_login models.providers.p.apiKey");
  });

  it("are not needed where headers bring a credential", async () => {
    expect((await target({ headers: { "X-Api-Key": "k" } }))?.unavailable).toBeNull();
  });

  it("do not show in a printed snapshot, and are listed for redaction", async () => {
    const snapshot = await snapshotOf(
      withProvider({
        apiKey: "canary-key-0001",
        headers: { "x-secret": "canary-header-2" },
        request: { tls: { passphrase: "canary-pass-3" } },
      }),
      { flags: { auth: "token", token: "canary-token-4" } },
    );
    expect(inspect(snapshot, { depth: 20 })).not.toContain("canary");
    expect(JSON.stringify(snapshot)).not.toContain("canary");
    const listed = ["canary-header-2", "canary-key-0001", "canary-pass-3", "canary-token-4"];
    expect(snapshot.secrets.reveal().toSorted()).toEqual(listed);
  });

  it("that are words or provider ids are not taken out of texts", async () => {
    const tree = { models: { providers: { lmstudio: { apiKey: "lmstudio", models: [{ id: "m" }] } } } };
    expect((await snapshotOf(tree)).secrets.reveal()).toEqual([]);
  });
});
