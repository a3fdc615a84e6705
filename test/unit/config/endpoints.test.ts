import { describe, expect, it } from "vitest";
import { azureBase, deploymentOf } from "../../../src/config/azure.ts";
import { endpointsOf } from "../../../src/config/endpoints.ts";
import type { CompanionName, DialectName, SpokenName } from "../../../src/core/names.ts";

const path = (dialect: SpokenName, base: string, openAiRoot: string | null = null, model = "m") =>
  endpointsOf([dialect], { base: new URL(base), model, openAiRoot })[dialect];

describe("the path of a wire format", () => {
  it.each<[string, SpokenName, string, string | null, string]>([
    ["chat", "openai-chat", "https://h/v1", null, "/v1/chat/completions"],
    ["chat behind slashes", "openai-chat", "https://h/v1//", null, "/v1/chat/completions"],
    ["chat at the root", "openai-chat", "https://h", null, "/chat/completions"],
    ["responses", "openai-responses", "https://h/api/v1", null, "/api/v1/responses"],
    ["embeddings", "openai-embeddings", "https://h/v1", null, "/v1/embeddings"],
    [
      "the base's own query stays",
      "openai-chat",
      "https://h/v1?api-version=1&x=2",
      null,
      "/v1/chat/completions?api-version=1&x=2",
    ],
    ["a root that the base lacks is added", "openai-chat", "http://h:11434", "/v1", "/v1/chat/completions"],
    ["a root that the base has is not doubled", "openai-responses", "http://h:11434/v1/", "/v1", "/v1/responses"],
    ["Ollama's own format leaves the root out", "ollama", "http://h:11434/v1", "/v1", "/api/chat"],
    ["Ollama's own format at the root", "ollama", "http://h:11434", "/v1", "/api/chat"],
    ["messages", "anthropic-messages", "https://h", null, "/v1/messages"],
    ["messages where the base ends with /v1", "anthropic-messages", "https://h/v1", null, "/v1/messages"],
    ["messages below a path", "anthropic-messages", "https://h/coding/", null, "/coding/v1/messages"],
    ["Google", "google-generative", "https://h/v1beta", null, "/v1beta/models/m:streamGenerateContent?alt=sse"],
    [
      "Google with a query",
      "google-generative",
      "https://h/v1beta?k=1",
      null,
      "/v1beta/models/m:streamGenerateContent?alt=sse&k=1",
    ],
  ])("%s", (_what, dialect, base, root, expected) => {
    expect(path(dialect, base, root)).toBe(expected);
  });

  it("keeps Google's own prefixes and escapes the rest", () => {
    expect(path("google-generative", "https://h", null, "tunedModels/a b")).toBe(
      "/tunedModels/a%20b:streamGenerateContent?alt=sse",
    );
  });
});

describe("a wire format brings its companions", () => {
  it.each<[SpokenName, CompanionName, string, string]>([
    ["anthropic-messages", "anthropic-count-tokens", "https://h/coding/v1", "/coding/v1/messages/count_tokens"],
    ["google-generative", "google-embeddings", "https://h/v1beta?k=1", "/v1beta/models/m:batchEmbedContents?k=1"],
    ["google-generative", "google-count-tokens", "https://h/v1beta", "/v1beta/models/m:countTokens"],
    ["ollama", "ollama-embeddings", "http://h:11434/v1", "/api/embed"],
  ])("%s: %s", (spoken, companion, base, expected) => {
    expect(endpointsOf([spoken], { base: new URL(base), model: "m", openAiRoot: null })[companion]).toBe(expected);
  });

  it("and OpenAI's have none", () => {
    const names: readonly DialectName[] = ["openai-chat", "openai-responses"];
    const endpoints = endpointsOf(["openai-chat", "openai-responses"], {
      base: new URL("https://h"),
      model: "m",
      openAiRoot: null,
    });
    expect(Object.keys(endpoints)).toEqual(names);
  });
});

describe("a base URL of Azure's", () => {
  const host = "https://r.openai.azure.com";
  const old = `${host}/openai`;
  type Row = [string, string, { header?: string; named?: boolean; env?: Record<string, string> }, string, boolean];
  it.each<Row>([
    ["its version from a header", old, { header: "2025-01-01" }, `${old}?api-version=2025-01-01`, true],
    [
      "its version from the environment",
      old,
      { env: { AZURE_OPENAI_API_VERSION: "2026-01-01" } },
      `${old}?api-version=2026-01-01`,
      true,
    ],
    ["its version by default", old, {}, `${old}?api-version=2024-12-01-preview`, true],
    ["the version that it names itself", `${old}?api-version=x`, { header: "y" }, `${old}?api-version=x`, true],
    ["no version at the root that needs none", `${old}/v1`, { named: true }, `${old}/v1`, false],
    ["a written version even there", `${old}/v1/`, { header: "preview" }, `${old}/v1/?api-version=preview`, false],
    ["the root without versions where it is bare", host, { named: true }, `${old}/v1`, false],
    [
      "the root of its version where it is bare",
      host,
      { header: "2025-04-01-preview" },
      `${old}?api-version=2025-04-01-preview`,
      true,
    ],
    [
      "the root without versions for the version of that name",
      host,
      { header: "v1" },
      `${old}/v1?api-version=v1`,
      false,
    ],
    [
      "its deployment",
      `${old}/deployments/gpt-4o`,
      {},
      `${old}/deployments/gpt-4o?api-version=2024-12-01-preview`,
      false,
    ],
    [
      "a path of the models API",
      "https://r.services.ai.azure.com/models",
      { header: "v" },
      "https://r.services.ai.azure.com/models?api-version=v",
      false,
    ],
    [
      "what stands in front of it, for the api of its name",
      "https://apim.example/openai",
      { named: true },
      "https://apim.example/openai?api-version=2024-12-01-preview",
      true,
    ],
  ])("has %s", (_what, url, { header = null, named = false, env = {} }, expected, hasDeployments) => {
    const base = azureBase(new URL(url), { header, named, env });
    expect([base?.url.href, base?.hasDeployments]).toEqual([new URL(expected).href, hasDeployments]);
  });

  it("is none of another host", () => {
    expect(azureBase(new URL("https://h/openai"), { header: "2025-01-01", named: false, env: {} })).toBeNull();
  });
});

describe("a root with deployments", () => {
  const place = { base: new URL("https://r.openai.azure.com/openai?api-version=1"), model: "my gpt", openAiRoot: null };
  it("has them in the paths of chats and embeddings, and not of answers", () => {
    const names = ["openai-chat", "openai-responses", "openai-embeddings"] as const;
    expect(endpointsOf(names, { ...place, hasDeployments: true })).toEqual({
      "openai-chat": "/openai/deployments/my%20gpt/chat/completions?api-version=1",
      "openai-responses": "/openai/responses?api-version=1",
      "openai-embeddings": "/openai/deployments/my%20gpt/embeddings?api-version=1",
    });
    const named = new URL("https://r.openai.azure.com/openai/deployments/gpt?api-version=1");
    expect(endpointsOf(names, { ...place, base: named })).toEqual({
      "openai-chat": "/openai/deployments/gpt/chat/completions?api-version=1",
      "openai-responses": "/openai/responses?api-version=1",
      "openai-embeddings": "/openai/deployments/gpt/embeddings?api-version=1",
    });
  });
});

describe("deploymentOf", () => {
  const env = { AZURE_OPENAI_DEPLOYMENT_NAME_MAP: "gpt-5=prod-gpt5 , gpt-4o = four=o,broken,=x,empty=" };
  it.each([
    ["gpt-5", "prod-gpt5"],
    ["gpt-4o", "four=o"],
    ["gpt-9", "gpt-9"],
    ["empty", "empty"],
    ["broken", "broken"],
  ])("of %s is %s", (model, deployment) => {
    expect(deploymentOf(model, env)).toBe(deployment);
    expect(deploymentOf(model, {})).toBe(model);
  });
});
