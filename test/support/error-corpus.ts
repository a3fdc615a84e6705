// Error bodies as true providers write them, from test/fixtures/errors: what came, where it is documented or was seen, what it means.
// Ids are reduced to `x`, and so are words that are beside the point of an entry.
import { readdirSync, readFileSync } from "node:fs";
import type { FailureKind, Reason } from "../../src/core/failure.ts";
import type { RemedyName } from "../../src/core/remedy.ts";
import type { Json } from "../../src/core/json.ts";

/** The time at which every body of the corpus is read: 2026-01-02 03:04:05 UTC. */
export const CORPUS_NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

export interface ErrorSample {
  readonly provider: string;
  readonly name: string;
  readonly source: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: Json;
  /** Where it stands: a response of its own, an event of a stream, a whole answer. */
  readonly in?: "response" | "event" | "answer";
  readonly expect: {
    readonly kind: FailureKind;
    readonly reason: Reason;
    readonly retryAfterMs?: number | null;
    readonly code?: string | null;
    readonly param?: string | null;
    /** What it asks to be changed in the request. */
    readonly remedies?: readonly RemedyName[];
  };
}

const FOLDER = new URL("../fixtures/errors/", import.meta.url);

/** All samples, in the order of files and entries. */
export function errorCorpus(): readonly ErrorSample[] {
  const files = readdirSync(FOLDER).filter((name) => name.endsWith(".json"));
  return files.sort().flatMap((name) => {
    const samples = JSON.parse(readFileSync(new URL(name, FOLDER), "utf8")) as Omit<ErrorSample, "provider">[];
    return samples.map((sample) => Object.assign(sample, { provider: name.slice(0, -".json".length) }));
  });
}

/** The body as it came over the wire. */
export function bytesOf({ body }: ErrorSample): Buffer {
  return Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
}
