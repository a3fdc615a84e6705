// What each `api` of OpenClaw means to us: the wire format it names, what such a server usually answers, how it wants its key.
// The one place where OpenClaw's word `api` becomes the house's word `dialect`.
import type { SpokenName } from "../core/names.ts";
import type { AuthScheme } from "./auth-schemes.ts";
import type { ApiKind } from "./schema/model-object.ts";

/** What an `api` stands for. */
export interface ApiKindRow {
  /** The wire format it names; null when it is one that we do not speak. */
  readonly dialect: SpokenName | null;
  /** Wire formats of a server that is configured with it and is not in the built-in table (decision 27). */
  readonly dialects: readonly SpokenName[];
  readonly scheme: AuthScheme;
  /** Path under which OpenAI's formats live when the base URL does not already end with it. */
  readonly openAiRoot?: string;
  /** Azure's, whatever host stands in front of it. */
  readonly azure?: true;
  /** Answered inside this process. */
  readonly via?: "mock";
  /** Why we do not speak it, for the operator. */
  readonly unsupported?: string;
}

/** Every `api` of OpenClaw, and `mock`, which is ours. */
export const API_KINDS = {
  "openai-completions": { dialect: "openai-chat", dialects: ["openai-chat", "openai-embeddings"], scheme: "bearer" },
  "openai-responses": {
    dialect: "openai-responses",
    dialects: ["openai-responses", "openai-embeddings"],
    scheme: "bearer",
  },
  "azure-openai-responses": {
    dialect: "openai-responses",
    dialects: ["openai-responses", "openai-embeddings"],
    scheme: "api-key",
    azure: true,
  },
  "anthropic-messages": { dialect: "anthropic-messages", dialects: ["anthropic-messages"], scheme: "x-api-key" },
  "google-generative-ai": { dialect: "google-generative", dialects: ["google-generative"], scheme: "x-goog-api-key" },
  // The api names an Ollama server, and every Ollama server answers OpenAI's formats under /v1 as well.
  ollama: {
    dialect: "ollama",
    dialects: ["ollama", "openai-chat", "openai-responses", "openai-embeddings"],
    scheme: "bearer",
    openAiRoot: "/v1",
  },
  mock: {
    dialect: "openai-chat",
    dialects: ["openai-chat", "openai-responses", "openai-embeddings"],
    scheme: "none",
    via: "mock",
  },
  "openai-codex-responses": { dialect: null, dialects: [], scheme: "none", unsupported: "needs a ChatGPT OAuth login" },
  "openai-chatgpt-responses": {
    dialect: null,
    dialects: [],
    scheme: "none",
    unsupported: "needs a ChatGPT OAuth login",
  },
  "google-vertex": { dialect: null, dialects: [], scheme: "none", unsupported: "needs a login at Google Cloud" },
  "pi-messages": { dialect: null, dialects: [], scheme: "none", unsupported: "is a wire format of OpenClaw's plugins" },
  "github-copilot": { dialect: null, dialects: [], scheme: "none", unsupported: "needs GitHub's token exchange" },
  "bedrock-converse-stream": { dialect: null, dialects: [], scheme: "none", unsupported: "needs AWS SigV4 signing" },
} as const satisfies Record<ApiKind, ApiKindRow>;

/** The row of an `api`, as the wide type. */
export function apiKindOf(api: ApiKind): ApiKindRow {
  return API_KINDS[api];
}
