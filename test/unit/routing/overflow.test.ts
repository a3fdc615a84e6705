// Which models may take a context that was too long for another.
import { describe, expect, it } from "vitest";
import { failure, type FailureKind } from "../../../src/core/failure.ts";
import type { Tried } from "../../../src/core/step.ts";
import { isLarger, overflowed } from "../../../src/routing/overflow.ts";
import { aTarget } from "../../support/snapshot.ts";

function target(contextWindow: number | null) {
  const base = aTarget("a/m");
  return { ...base, stated: { ...base.stated, contextWindow } };
}

/** An attempt at a target of that window; null while it runs. */
function attempt(window: number | null, kind: FailureKind | null): Tried {
  const candidate = { position: 0, target: target(window), path: "/", dialect: "openai-chat" } as const;
  const lane = { request: "patch", response: "relay" } as const;
  const [credential] = candidate.target.credentials;
  if (credential === undefined) throw new Error("a target of tests has a credential");
  const why = { because: "first", remedies: [], probe: false, repeat: false, commitMsMax: null, skipped: [] } as const;
  const step = { do: "attempt", candidate: { ...candidate, ...lane }, credential, ...why } as const;
  return { step, startedAt: 0, failure: kind === null ? null : failure(kind, kind), endedAt: kind === null ? null : 1 };
}

describe("the window that must be exceeded", () => {
  it.each<[sentence: string, tried: Tried[], expected: number | null]>([
    ["is none before anything was tried", [], null],
    ["is none after other failures", [attempt(8, "server-error")], null],
    ["is none while an attempt is under way", [attempt(8, null)], null],
    ["is the one that was too small", [attempt(8, "context-overflow")], 8],
    ["is the largest that was too small", [attempt(8, "context-overflow"), attempt(4, "context-overflow")], 8],
    ["does not count windows that failed otherwise", [attempt(8, "context-overflow"), attempt(64, "server-error")], 8],
    ["is out of reach when an unknown one was too small", [attempt(null, "context-overflow")], Infinity],
  ])("%s", (_sentence, tried, expected) => {
    expect(overflowed(tried)).toBe(expected);
  });

  it.each<[sentence: string, window: number | null, than: number | null, expected: boolean]>([
    ["any will do when none is asked for", null, null, true],
    ["a larger one will do", 9, 8, true],
    ["an equal one will not", 8, 8, false],
    ["an unknown one will not", null, 8, false],
    ["none exceeds the unknown", 1_000_000, Infinity, false],
  ])("%s", (_sentence, window, than, expected) => {
    expect(isLarger(target(window), than)).toBe(expected);
  });
});
