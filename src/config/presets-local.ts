// Built-in rows of servers that run on the operator's own machine. Ports are the ones these servers listen on unasked.
import type { Preset } from "./preset.ts";

/** Local model servers. */
export const LOCAL_PRESETS = {
  lmstudio: {
    baseUrl: "http://localhost:1234/v1",
    api: "openai-completions",
    env: ["LM_API_TOKEN"],
    dialects: ["openai-chat", "openai-responses", "openai-embeddings"],
    defaultModel: null,
    embeddingModel: "text-embedding-nomic-embed-text-v1.5",
    marker: "lmstudio-local",
    trustsAddress: true,
  },
  ollama: {
    baseUrl: "http://127.0.0.1:11434",
    api: "ollama",
    env: ["OLLAMA_API_KEY"],
    dialects: ["ollama", "openai-chat", "openai-responses", "openai-embeddings"],
    defaultModel: null,
    embeddingModel: "nomic-embed-text",
    openAiRoot: "/v1",
    marker: "ollama-local",
  },
  vllm: {
    baseUrl: "http://127.0.0.1:8000/v1",
    api: "openai-completions",
    env: ["VLLM_API_KEY"],
    dialects: ["openai-chat", "openai-responses", "openai-embeddings"],
    defaultModel: null,
    marker: "vllm-local",
  },
  llamacpp: {
    baseUrl: "http://127.0.0.1:8080/v1",
    api: "openai-completions",
    env: ["LLAMA_API_KEY"],
    dialects: ["openai-chat", "openai-responses", "openai-embeddings"],
    defaultModel: null,
  },
  sglang: {
    baseUrl: "http://127.0.0.1:30000/v1",
    api: "openai-completions",
    env: ["SGLANG_API_KEY"],
    dialects: ["openai-chat", "openai-responses", "openai-embeddings"],
    defaultModel: null,
    marker: "sglang-local",
  },
  inferrs: {
    baseUrl: "http://127.0.0.1:8080/v1",
    api: "openai-completions",
    env: [],
    dialects: ["openai-chat"],
    defaultModel: null,
  },
  litellm: {
    baseUrl: "http://localhost:4000",
    api: "openai-completions",
    env: ["LITELLM_API_KEY"],
    dialects: ["openai-chat", "openai-responses", "openai-embeddings"],
    defaultModel: null,
  },
  "copilot-proxy": {
    baseUrl: "http://localhost:3000/v1",
    api: "openai-completions",
    env: [],
    dialects: ["openai-chat"],
    defaultModel: null,
  },
} as const satisfies Record<string, Preset>;
