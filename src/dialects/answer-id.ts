// Ids of answers that we write ourselves: made of the request id, so that answer, log line and trace name the same request.
import type { AnswerContext } from "./dialect.ts";

/** An id with this prefix (`chatcmpl-`, `resp_`, …); the same for one prefix throughout an answer. */
export function answerId(prefix: string, { requestId }: AnswerContext): string {
  return prefix + (requestId.startsWith("req_") ? requestId.slice(4) : requestId);
}
