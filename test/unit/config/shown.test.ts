// A config as it may be shown: secrets by place, by value and in addresses; everything else as it counts.
import { describe, expect, it } from "vitest";
import { parseConfigTree } from "../../../src/config/read-file.ts";
import { auditSecrets } from "../../../src/config/secret-audit.ts";
import { shownConfig } from "../../../src/config/shown.ts";

const HIDDEN = "__OPENCLAW_REDACTED__";

function shownProvider(provider: object, secrets: readonly string[] = []): Record<string, unknown> {
  const read = parseConfigTree({ models: { providers: { p: { baseUrl: "https://p.example/v1", ...provider } } } });
  if (!read.ok) throw new Error(read.complaints.map(({ message }) => message).join("\n"));
  const { models } = shownConfig(read, secrets) as { models: { providers: { p: Record<string, unknown> } } };
  return models.providers.p;
}

describe("shownConfig", () => {
  it.each([
    ["a key", { apiKey: "sk-1" }, { apiKey: HIDDEN }],
    ["several keys", { apiKey: ["sk-1", "sk-2"] }, { apiKey: [HIDDEN, HIDDEN] }],
    ["a header", { headers: { "x-key": "v" } }, { headers: { "x-key": HIDDEN } }],
    [
      "a password before a host",
      { baseUrl: "https://u:pw@p.example/v1" },
      { baseUrl: `https://${HIDDEN}@p.example/v1` },
    ],
    [
      "a query",
      { baseUrl: "https://p.example/v1?a=1&b=2" },
      { baseUrl: `https://p.example/v1?a=${HIDDEN}&b=${HIDDEN}` },
    ],
  ])("hides %s", (_what, provider, expected) => {
    expect(shownProvider(provider)).toMatchObject(expected);
  });

  it("shows a reference: it names a place", () => {
    const apiKey = { source: "env", provider: "default", id: "P_KEY" };
    expect(shownProvider({ apiKey })).toMatchObject({ apiKey });
  });

  it("hides a known secret in any other text", () => {
    const models = [{ id: "m", name: "the one with sk-known-secret" }];
    expect(shownProvider({ models }, ["sk-known-secret"])).toMatchObject({
      models: [{ name: `the one with ${HIDDEN}` }],
    });
  });

  it("does not take a provider, a model or an agent for a secret because its name sounds like one", async () => {
    const read = parseConfigTree({
      models: { providers: { monkey: { baseUrl: "https://p.example/v1", apiKey: "sk-1", models: [{ id: "m" }] } } },
      agents: { defaults: { models: { "monkey/m-token": { alias: "Keys" } } } },
    });
    if (!read.ok) throw new Error(read.complaints.map(({ message }) => message).join("\n"));
    expect(shownConfig(read, [])).toMatchObject({
      models: { providers: { monkey: { baseUrl: "https://p.example/v1", apiKey: HIDDEN, models: [{ id: "m" }] } } },
      agents: { defaults: { models: { "monkey/m-token": { alias: "Keys" } } } },
    });
    const { findings } = await auditSecrets(read, { allowExec: false });
    expect(findings.map(({ jsonPath }) => jsonPath)).toEqual(["models.providers.monkey.apiKey"]);
  });

  it("hides every text of the parts that are OpenClaw's alone: nobody here knows which of them is a secret", () => {
    const read = parseConfigTree({
      agents: { defaults: { sandbox: { mode: "off", docker: { env: { A: "s" }, memory: 512 } } } },
      mcp: { servers: { db: { args: ["--dsn", "postgres://u:s@h/db"], env: { DSN: "s" }, enabled: true } } },
    });
    if (!read.ok) throw new Error(read.complaints.map(({ message }) => message).join("\n"));
    expect(shownConfig(read, [])).toMatchObject({
      agents: { defaults: { sandbox: { mode: HIDDEN, docker: { env: { A: HIDDEN }, memory: 512 } } } },
      mcp: { servers: { db: { args: [HIDDEN, HIDDEN], env: { DSN: HIDDEN }, enabled: true } } },
    });
  });

  it("leaves addresses without secrets as they are", () => {
    expect(shownProvider({})).toMatchObject({ baseUrl: "https://p.example/v1" });
  });
});
