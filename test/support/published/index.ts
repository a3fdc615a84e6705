// TABLE: which published shapes the answers of an endpoint must have.
import { messageFaults, messagesErrorFaults, messagesStreamFaults } from "./anthropic-messages.ts";
import type { Judged } from "./judged.ts";
import { chatCompletionFaults, chatStreamFaults } from "./openai-chat.ts";
import { embeddingsFaults, modelsFaults, openaiErrorFaults } from "./openai-lists.ts";
import { responseFaults, responsesStreamFaults } from "./openai-responses.ts";

/** The judges of one endpoint. */
export interface Judges {
  readonly whole: (body: unknown) => string[];
  readonly error: (body: unknown) => string[];
  readonly stream?: (text: string) => Judged;
}

export const PUBLISHED = {
  "/v1/chat/completions": { whole: chatCompletionFaults, error: openaiErrorFaults, stream: chatStreamFaults },
  "/v1/responses": { whole: responseFaults, error: openaiErrorFaults, stream: responsesStreamFaults },
  "/v1/messages": { whole: messageFaults, error: messagesErrorFaults, stream: messagesStreamFaults },
  "/v1/embeddings": { whole: embeddingsFaults, error: openaiErrorFaults },
  "/v1/models": { whole: modelsFaults, error: openaiErrorFaults },
} as const satisfies Record<string, Judges>;

/** An answer as it went over the wire. */
export interface WireAnswer {
  readonly path: string;
  readonly status: number;
  readonly type: string;
  readonly text: string;
}

/** What is wrong with an answer of an endpoint. */
export function publishedFaults({ path, status, type, text }: WireAnswer): readonly string[] {
  const judges: Judges | undefined = PUBLISHED[path as keyof typeof PUBLISHED];
  if (judges === undefined) return [`nobody knows the shape of ${path}`];
  if (type.startsWith("text/event-stream")) return judges.stream?.(text).faults ?? ["nobody knows its stream"];
  const body: unknown = JSON.parse(text);
  return status === 200 ? judges.whole(body) : judges.error(body);
}
