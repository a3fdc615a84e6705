// Anthropic's threads: conversations that its SDKs leave with the server.

/** Codes by which those SDKs know what became of a conversation, and whether to say it anew. */
export const THREAD_CODES: readonly string[] = [
  "thread_not_found",
  "thread_already_continued",
  "thread_continue_in_flight",
  "thread_fingerprint_mismatch",
  "thread_unsupported_request",
];
