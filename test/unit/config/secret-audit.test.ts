// What the audit says of secrets and references, by the place where they stand.
import { describe, expect, it } from "vitest";
import { auditSecrets } from "../../../src/config/secret-audit.ts";
import { lookUpSecrets } from "../../../src/config/secrets.ts";
import { read, withProvider } from "./compile-rig.ts";

const ENV = { SET_KEY: "sk-set" };
const ref = (id: string) => ({ source: "env", provider: "default", id });
const other = (id: string, provider: object) => ({
  models: { providers: { [id]: { baseUrl: "https://p.example/v1", models: [], ...provider } } },
});

describe("auditSecrets", () => {
  it.each<[sentence: string, tree: unknown, findings: string[]]>([
    ["tells of a key in the open", withProvider({ apiKey: "sk-1" }), ["PLAINTEXT_FOUND models.providers.p.apiKey"]],
    [
      "tells of one at a provider called params",
      other("params", { apiKey: "sk-1" }),
      ["PLAINTEXT_FOUND models.providers.params.apiKey"],
    ],
    [
      "tells of a reference that leads nowhere",
      withProvider({ apiKey: ref("NOT_SET") }),
      ["REF_UNRESOLVED models.providers.p.apiKey"],
    ],
    [
      "tells of one at a provider called params, too",
      other("params", { apiKey: ref("NOT_SET") }),
      ["REF_UNRESOLVED models.providers.params.apiKey"],
    ],
    [
      "tells of a variable that is not set",
      withProvider({ apiKey: "${NOT_SET}" }),
      ["REF_UNRESOLVED models.providers.p.apiKey"],
    ],
    ["has nothing against a variable", withProvider({ apiKey: "${SET_KEY}" }), []],
    [
      "tells of a token in the open in a part that is OpenClaw's alone",
      { channels: { slack: { botToken: "x-1" } } },
      ["PLAINTEXT_FOUND channels.slack.botToken"],
    ],
    ["has nothing against a variable there", { channels: { slack: { botToken: "${SET_KEY}" } } }, []],
    ["has nothing against one that only OpenClaw may have", { channels: { slack: { botToken: "${NOT_SET}" } } }, []],
    ["leaves a reference there to OpenClaw", { tools: { web: { search: { apiKey: ref("NOT_SET") } } } }, []],
    [
      "leaves one inside an agent to OpenClaw",
      { agents: { list: [{ id: "a", tts: { apiKey: ref("NOT_SET") } }] } },
      [],
    ],
  ])("%s", async (_sentence, tree, findings) => {
    const audited = await auditSecrets(read(tree, ENV), { allowExec: false });
    expect(audited.findings.map(({ code, jsonPath }) => `${code} ${jsonPath}`)).toEqual(findings);
  });
});

describe("what was checked", () => {
  it.each<[sentence: string, tree: unknown, count: number]>([
    ["counts variables and references", withProvider({ apiKey: "${SET_KEY}", headers: { "x-a": ref("SET_KEY") } }), 2],
    [
      "leaves out what only OpenClaw needs",
      {
        channels: { a: "${SET_KEY}", b: "${NOT_SET}", c: ref("SET_KEY") },
        ...other("p", { apiKey: ref("SET_KEY") }),
      },
      1,
    ],
  ])("%s", async (_sentence, tree, count) => {
    expect((await auditSecrets(read(tree, ENV), { allowExec: false })).refsChecked).toBe(count);
  });
});

describe("lookUpSecrets", () => {
  it("asks for nothing that only OpenClaw needs", async () => {
    const list = [
      { id: "a", tts: { apiKey: ref("SPOKEN_KEY") }, memorySearch: { remote: { apiKey: ref("SET_KEY") } } },
    ];
    const book = await lookUpSecrets(read({ agents: { list } }, ENV));
    expect([...book.entries.outcomes.keys()]).toEqual(["env:default:SET_KEY"]);
  });
});
