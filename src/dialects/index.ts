// TABLE: the dialects. A new wire format is a folder and a row here.
import type { DialectName, Operation } from "../core/names.ts";
import type { Dialect, Egress, Ingress } from "./dialect.ts";
import { anthropicMessages } from "./anthropic-messages/index.ts";
import { anthropicCountTokens } from "./anthropic-messages/count-tokens.ts";
import { googleCountTokens } from "./google-generative/count-tokens.ts";
import { googleEmbeddings } from "./google-generative/embeddings.ts";
import { googleGenerative } from "./google-generative/index.ts";
import { ollamaEmbeddings } from "./ollama/embeddings.ts";
import { ollama } from "./ollama/index.ts";
import { openaiChat } from "./openai-chat/index.ts";
import { openaiEmbeddings } from "./openai-embeddings/index.ts";
import { openaiResponses } from "./openai-responses/index.ts";

/** The dialects that are spoken, by name. */
export const DIALECTS: Readonly<Record<DialectName, Dialect>> = {
  "openai-chat": openaiChat,
  "openai-responses": openaiResponses,
  "openai-embeddings": openaiEmbeddings,
  "anthropic-messages": anthropicMessages,
  "anthropic-count-tokens": anthropicCountTokens,
  "google-generative": googleGenerative,
  "google-embeddings": googleEmbeddings,
  "google-count-tokens": googleCountTokens,
  ollama,
  "ollama-embeddings": ollamaEmbeddings,
};

/** A dialect that is spoken on both sides. */
export interface SpokenDialect extends Dialect {
  readonly ingress: Ingress;
  readonly egress: Egress;
}

/** The client's side of each operation. */
export const OPERATION_DIALECTS: Readonly<Record<Operation, SpokenDialect>> = {
  chat: openaiChat,
  responses: openaiResponses,
  messages: anthropicMessages,
  "count-tokens": anthropicCountTokens,
  embeddings: openaiEmbeddings,
};
