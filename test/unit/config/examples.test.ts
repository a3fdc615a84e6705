import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { configJsonSchema } from "../../../src/config/json-schema.ts";
import { readConfig } from "../../../src/config/read-file.ts";
import { leafPatterns } from "../../../src/config/schema-view.ts";

const root = new URL("../../..", import.meta.url).pathname;
const EXAMPLES = join(root, "config");
const DOCUMENTED = join(root, "test/fixtures/config");
const NOWHERE = join(root, "test/fixtures/nowhere");

const json5Files = (folder: string): string[] => readdirSync(folder).filter((name) => name.endsWith(".json5"));

async function read(file: string) {
  const result = await readConfig({
    path: file,
    env: { OPENCLAW_GATEWAY_TOKEN: "t" },
    cwd: NOWHERE,
    stateDir: NOWHERE,
  });
  if (!result.ok) expect.fail(JSON.stringify(result.complaints, null, 2));
  return result;
}

describe("the configs of OpenClaw's documents", () => {
  it.each(json5Files(DOCUMENTED))("%s loads unchanged", async (name) => {
    await read(join(DOCUMENTED, name));
  });

  it("say what they said", async () => {
    const { config } = await read(join(DOCUMENTED, "hybrid.json5"));
    expect(config.agents.defaults.model).toEqual({
      primary: "anthropic/claude-sonnet-4-6",
      fallbacks: ["lmstudio/my-local-model", "anthropic/claude-opus-4-6"],
    });
    expect(config.models.providers["lmstudio"]?.models[0]).toMatchObject({ contextWindow: 196608, maxTokens: 8192 });
  });
});

describe("our own examples", () => {
  const names = json5Files(EXAMPLES);

  it.each(names)("%s loads", async (name) => {
    const { warnings } = await read(join(EXAMPLES, name));
    if (name !== "full.json5") expect(warnings).toEqual([]);
  });

  it.each(names)("%s says when to use it and with which command", (name) => {
    const lines = readFileSync(join(EXAMPLES, name), "utf8").split("\n");
    const opening = lines.slice(0, lines.indexOf("{"));
    expect(opening.every((line) => line.startsWith("//"))).toBe(true);
    expect(opening.length).toBeGreaterThanOrEqual(2);
    expect(opening.length).toBeLessThanOrEqual(6);
    expect(opening.join("\n")).toContain(`openclaw-edge serve --config config/${name}`);
  });

  it.each(names)("%s holds nothing that looks like a key", (name) => {
    expect(readFileSync(join(EXAMPLES, name), "utf8")).not.toMatch(/sk-[A-Za-z0-9]{16,}/);
  });
});

/** Keys that full.json5 leaves out, each with its reason. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  "models.providers.*.request.auth.token": "belongs to another mode of request.auth, shown in a comment",
  "agents.ownership": "excludes `default`, shown in a comment",
  "agents.entries.*.memory.search.remote.baseUrl": "contradicts `provider`, shown in a comment",
  "agents.entries.*.memory.search.remote.apiKey": "as above",
  "agents.entries.*.memory.search.remote.headers.*": "as above",
  "gateway.roles": "OpenClaw's; refused in mode trusted-proxy",
  "secrets.providers.*.pluginIntegration": "OpenClaw's; nobody here can ask a plugin",
  "memory.search.remote.baseUrl": "contradicts `provider`, shown in a comment at the agent",
  "memory.search.remote.apiKey": "as above",
  "memory.search.remote.headers.*": "as above",
};
/** The older notation of what full.json5 writes in the newer one. */
const OLDER = /^agents\.(?:list\b|defaults\.memorySearch\b|entries\.\*\.memorySearch\b)/;

function pathsOf(value: unknown, path: readonly string[] = []): string[] {
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return [path.join("\n"), ...entries.flatMap(([key, inner]) => pathsOf(inner, [...path, key]))];
}

describe("full.json5", () => {
  it("mentions every key of the schema, but those with a reason", async () => {
    const { written } = await read(join(EXAMPLES, "full.json5"));
    const paths = pathsOf(written).map((path) => path.split("\n"));
    const isMentioned = (pattern: string) => {
      const parts = pattern.split(".");
      return paths.some(
        (path) => path.length === parts.length && parts.every((part, i) => part === "*" || part === path[i]),
      );
    };
    const missing = leafPatterns().filter((pattern) => !isMentioned(pattern) && !OLDER.test(pattern));
    expect(missing.toSorted()).toEqual(Object.keys(LEFT_OUT).toSorted());
  });
});

interface SchemaNode {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
  readonly oneOf?: readonly SchemaNode[];
}

function undescribed(node: SchemaNode, path: string): string[] {
  const found: string[] = [];
  for (const [key, inner] of Object.entries(node.properties ?? {})) {
    const isDiscriminator = "const" in inner;
    if (inner.description === undefined && !isDiscriminator) found.push(`${path}.${key}`);
    found.push(...undescribed(inner, `${path}.${key}`));
  }
  const others = [node.additionalProperties, node.items, ...(node.anyOf ?? []), ...(node.oneOf ?? [])];
  return found.concat(others.flatMap((inner) => (typeof inner === "object" ? undescribed(inner, path) : [])));
}

describe("openclaw.schema.json", () => {
  it("is what the schema says; write it anew after a change", () => {
    const file = readFileSync(join(EXAMPLES, "openclaw.schema.json"), "utf8");
    expect(file).toBe(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
  });

  it("describes every key", () => {
    expect(undescribed(configJsonSchema() as SchemaNode, "")).toEqual([]);
  });

  it("carries defaults and refuses unknown keys", () => {
    expect(configJsonSchema()).toMatchObject({
      additionalProperties: false,
      properties: { gateway: { properties: { port: { default: 18789, minimum: 0, maximum: 65535 } } } },
    });
  });
});
