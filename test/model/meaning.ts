// What failures mean, read from decision 15 once more and not from the code: the model's own table.

/** How a failed attempt bears on the rest of its request and on health. */
export interface Meaning {
  /** Whether the target is in doubt. */
  readonly counts: boolean;
  /** What is left alone, and in which lane. */
  readonly cools: readonly [scope: "key" | "key on model" | "model", lane: "short" | "billing" | "permanent"] | null;
  readonly reason: string;
  readonly advances: "next" | "larger" | "never";
  /** Other keys of the same target that are worth a try. */
  readonly keys: 0 | 1 | 99;
  /** A second instead of a longer and longer time. */
  readonly dial: boolean;
}

const fault = { counts: true, cools: null, reason: "timeout", advances: "next", keys: 0, dial: false } as const;
const answer = { ...fault, counts: false } as const;

/** The kinds of failure that the model plays with. */
export const MEANINGS = {
  "connect-failed": { ...fault, dial: true },
  "commit-timeout": fault,
  "stream-broken": fault,
  "bad-payload": { ...fault, reason: "unclassified" },
  "server-error": fault,
  overloaded: { ...fault, cools: ["key", "short"], reason: "overloaded", keys: 1 },
  "rate-limited": { ...answer, cools: ["key on model", "short"], reason: "rate_limit", keys: 1 },
  billing: { ...answer, cools: ["key", "billing"], reason: "billing", keys: 99 },
  auth: { ...answer, cools: ["key", "short"], reason: "auth", keys: 99 },
  "auth-permanent": { ...answer, cools: ["key", "permanent"], reason: "auth_permanent", keys: 99 },
  "model-missing": { ...answer, cools: ["model", "short"], reason: "model_not_found" },
  rejected: { ...answer, reason: "format", advances: "never" },
  "rejected-by-provider": { ...answer, reason: "format" },
  "content-refused": { ...answer, reason: "none", advances: "never" },
  "context-overflow": { ...answer, reason: "none", advances: "larger" },
  "empty-answer": { ...answer, reason: "empty_response" },
} as const satisfies Record<string, Meaning>;

/** A kind of failure of the model. */
export type Kind = keyof typeof MEANINGS;

/** What a kind means. */
export function meaningOf(kind: string): Meaning {
  if (!(kind in MEANINGS)) throw new Error(`the model knows no ${kind}`);
  return MEANINGS[kind as Kind];
}
