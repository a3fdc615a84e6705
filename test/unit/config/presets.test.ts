import { describe, expect, it } from "vitest";
import { API_KINDS } from "../../../src/config/api-kinds.ts";
import { KEY_VARIABLES, LOCAL_MARKERS, PRESETS } from "../../../src/config/presets.ts";
import { providerIdOf } from "../../../src/config/provider-id.ts";
import { snapshotOf } from "./compile-rig.ts";

const rows = [...PRESETS];

describe("the built-in table", () => {
  it("has the providers of OpenClaw's catalog", () => {
    expect(rows.length).toBeGreaterThanOrEqual(45);
    expect(PRESETS.get("openai")?.dialects).toEqual(["openai-chat", "openai-responses", "openai-embeddings"]);
    expect(PRESETS.get("venice")?.usageInStreaming).toBe(false);
    expect([PRESETS.get("openrouter")?.noCooldown, PRESETS.get("kilocode")?.noCooldown]).toEqual([true, true]);
  });

  it.each(rows)("%s is a sound row", (id, row) => {
    expect(providerIdOf(id)).toBe(id);
    for (const name of row.env) expect(name).toMatch(/^[A-Z][A-Z0-9_]+$/);
    const { dialect } = API_KINDS[row.api];
    // Whoever speaks anything speaks what its `api` says; a row for embeddings alone is no chat server.
    const isEmbedder = row.dialects.length === 1 && row.dialects[0] === "openai-embeddings";
    if (row.dialects.length > 0 && !isEmbedder) expect(row.dialects).toContain(dialect);
    if (row.baseUrl !== null)
      expect(new URL(row.baseUrl).protocol).toBe(row.baseUrl.startsWith("http:") ? "http:" : "https:");
  });

  it("knows markers and variables from the rows", () => {
    expect([...LOCAL_MARKERS].toSorted()).toEqual([
      "custom-local",
      "lmstudio-local",
      "ollama-local",
      "sglang-local",
      "vllm-local",
    ]);
    expect(KEY_VARIABLES.has("GEMINI_API_KEY")).toBe(true);
  });
});

describe("what a row answers, and where", () => {
  it.each<[string, Record<string, string>]>([
    [
      "openai",
      {
        "openai-chat": "/v1/chat/completions",
        "openai-responses": "/v1/responses",
        "openai-embeddings": "/v1/embeddings",
      },
    ],
    ["anthropic", { "anthropic-messages": "/v1/messages" }],
    ["google", { "google-generative": "/v1beta/models/x:streamGenerateContent?alt=sse" }],
    [
      "openrouter",
      {
        "openai-chat": "/api/v1/chat/completions",
        "openai-responses": "/api/v1/responses",
        "openai-embeddings": "/api/v1/embeddings",
      },
    ],
    ["groq", { "openai-chat": "/openai/v1/chat/completions", "openai-responses": "/openai/v1/responses" }],
    ["deepseek", { "openai-chat": "/chat/completions" }],
    ["kimi", { "anthropic-messages": "/coding/v1/messages" }],
    ["minimax", { "anthropic-messages": "/anthropic/v1/messages" }],
    ["kilocode", { "openai-chat": "/api/gateway/chat/completions" }],
    [
      "vercel-ai-gateway",
      {
        "openai-chat": "/v1/chat/completions",
        "openai-responses": "/v1/responses",
        "openai-embeddings": "/v1/embeddings",
        "anthropic-messages": "/v1/messages",
      },
    ],
    [
      "ollama",
      {
        ollama: "/api/chat",
        "openai-chat": "/v1/chat/completions",
        "openai-responses": "/v1/responses",
        "openai-embeddings": "/v1/embeddings",
      },
    ],
    [
      "llamacpp",
      {
        "openai-chat": "/v1/chat/completions",
        "openai-responses": "/v1/responses",
        "openai-embeddings": "/v1/embeddings",
      },
    ],
    [
      "litellm",
      { "openai-chat": "/chat/completions", "openai-responses": "/responses", "openai-embeddings": "/embeddings" },
    ],
    ["voyage", { "openai-embeddings": "/v1/embeddings" }],
    ["openai-codex", {}],
  ])("%s", async (id, endpoints) => {
    const snapshot = await snapshotOf({});
    expect(snapshot.providers.get(id)?.unlisted("x").endpoints).toMatchObject(endpoints);
  });
});
