import { describe, expect, it } from "vitest";
import { withAzureVersion } from "../../../src/config/azure.ts";
import { endpointsOf } from "../../../src/config/endpoints.ts";
import type { DialectName } from "../../../src/core/names.ts";

const path = (dialect: DialectName, base: string, openAiRoot: string | null = null, model = "m") =>
  endpointsOf([dialect], { base: new URL(base), model, openAiRoot })[dialect];

describe("the path of a wire format", () => {
  it.each<[string, DialectName, string, string | null, string]>([
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
