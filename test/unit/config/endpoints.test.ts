import { describe, expect, it } from "vitest";
import { withAzureVersion } from "../../../src/config/azure.ts";
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

describe("Azure's API version", () => {
  const azure = "https://r.openai.azure.com/openai";
  it.each<[string, string, string | null, boolean, Record<string, string>, string]>([
    ["from a header", azure, "2025-01-01", true, {}, `${azure}?api-version=2025-01-01`],
    [
      "from the environment",
      azure,
      null,
      true,
      { AZURE_OPENAI_API_VERSION: "2026-01-01" },
      `${azure}?api-version=2026-01-01`,
    ],
    ["by default", azure, null, true, {}, `${azure}?api-version=2024-12-01-preview`],
    ["not where the base names one", `${azure}?api-version=x`, "y", true, {}, `${azure}?api-version=x`],
    ["not at the root that needs none", `${azure}/v1`, null, true, {}, `${azure}/v1`],
    ["not for another api", azure, null, false, {}, azure],
    ["not for another host", "https://h/openai", "2025-01-01", true, {}, "https://h/openai"],
  ])("%s", (_what, url, header, needed, env, expected) => {
    expect(withAzureVersion(new URL(url), { header, needed, env }).href).toBe(new URL(expected).href);
  });
});
