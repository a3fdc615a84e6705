// The closed sets of names that more than one room uses.

/** A wire format that a provider can be said to speak. */
export type SpokenName =
  | "openai-chat"
  | "openai-responses"
  | "openai-embeddings"
  | "anthropic-messages"
  | "google-generative"
  | "ollama";

/** A wire format that comes with a spoken one: another path of the same server. */
export type CompanionName =
  | "anthropic-count-tokens"
  | "google-embeddings"
  | "google-count-tokens"
  | "ollama-embeddings";

/** A wire format. */
export type DialectName = SpokenName | CompanionName;

/** What a client asks for; each operation has one ingress dialect. */
export type Operation = "chat" | "responses" | "messages" | "count-tokens" | "embeddings";

/** Where each operation is served. */
export const ROUTES: Readonly<Record<Operation, string>> = {
  chat: "/v1/chat/completions",
  responses: "/v1/responses",
  messages: "/v1/messages",
  "count-tokens": "/v1/messages/count_tokens",
  embeddings: "/v1/embeddings",
};

/** Behind a provider's id: the server of `memorySearch.remote`, which the file calls by that provider's name. */
export const OF_MEMORY = ":memory";

/** What is done to the bytes of one direction. */
export type LaneName = "relay" | "patch" | "translate";

/** What a request needs from a model (decision 12). */
export type Need = "tools" | "forced-tool" | "images" | "audio" | "files" | "structured" | "stored-state";
