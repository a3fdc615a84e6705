// Built-in rows of hosted providers whose address depends on the account or region, or whose login we do not speak.
import type { Preset } from "./preset.ts";

/** What OpenClaw's programs have in common: nothing that a proxy could ask. */
const PROGRAM = { baseUrl: null, env: [], dialects: [], defaultModel: null, isProgram: true } as const;

/** Providers that need configuration, or that stay `unsupported_api`. */
export const ACCOUNT_PRESETS = {
  "microsoft-foundry": {
    baseUrl: null,
    api: "openai-responses",
    env: ["AZURE_OPENAI_API_KEY"],
    scheme: "api-key",
    dialects: ["openai-chat", "openai-responses", "openai-embeddings"],
    defaultModel: null,
  },
  "cloudflare-ai-gateway": {
    baseUrl: null,
    api: "anthropic-messages",
    env: ["CLOUDFLARE_AI_GATEWAY_API_KEY"],
    dialects: ["anthropic-messages"],
    defaultModel: "claude-sonnet-4-6",
  },
  "amazon-bedrock-mantle": {
    baseUrl: null,
    api: "openai-completions",
    env: ["AWS_BEARER_TOKEN_BEDROCK"],
    dialects: ["openai-chat"],
    defaultModel: "openai.gpt-oss-120b",
  },
  "amazon-bedrock": {
    baseUrl: null,
    api: "bedrock-converse-stream",
    env: [],
    dialects: [],
    defaultModel: null,
  },
  "google-vertex": {
    baseUrl: null,
    api: "google-generative-ai",
    env: [],
    scheme: "none",
    dialects: [],
    defaultModel: null,
  },
  "openai-codex": {
    baseUrl: "https://chatgpt.com/backend-api/codex",
    api: "openai-codex-responses",
    env: [],
    dialects: [],
    defaultModel: null,
  },
  "claude-cli": { ...PROGRAM, api: "anthropic-messages" },
  "codex-cli": { ...PROGRAM, api: "openai-codex-responses" },
  "google-gemini-cli": { ...PROGRAM, api: "google-generative-ai", scheme: "none" },
  "github-copilot": {
    baseUrl: "https://api.individual.githubcopilot.com",
    api: "github-copilot",
    env: [],
    dialects: [],
    defaultModel: null,
  },
} as const satisfies Record<string, Preset>;
