// What an attempt teaches about its provider.
import { describe, expect, it } from "vitest";
import type { AttemptRef } from "../../../src/core/events.ts";
import { dispositionOf, failure } from "../../../src/core/failure.ts";
import { type OutcomeRecord, outcomeOf } from "../../../src/routing/outcome.ts";
import { attemptOf } from "../../support/events.ts";
import { aCooldown, aCredential, aTarget } from "../../support/snapshot.ts";

const target = aTarget("a/m", { cooldowns: aCooldown({ billingMs: 1 }) });
const stale = failure("stream-broken", "It was closed.", { phase: "headers", replaySafe: true });

function recorded(more: Partial<AttemptRef>): OutcomeRecord {
  const credential = { ...aCredential("a#2"), fingerprint: "f" };
  return outcomeOf(attemptOf(target, { credential, ...more }), 777);
}

describe("what an attempt teaches", () => {
  it("names whose it was and when, and no secret", () => {
    expect(recorded({ startedAt: 11, probe: true })).toEqual({
      at: 777,
      startedAt: 11,
      provider: "a",
      target: "a/m",
      credential: "a#2",
      fingerprint: "f",
      settings: aCooldown({ billingMs: 1 }),
      probe: true,
      afterCommit: true,
      was: "completed",
      disposition: null,
      statedMs: null,
      learns: null,
    });
  });

  it("is what its failure means, with the wait that was stated", () => {
    const limited = failure("rate-limited", "Slow down.", { phase: "headers", retryAfterMs: 5_000 });
    expect(recorded({ outcome: "failed", failure: limited, committedAt: null })).toMatchObject({
      was: "failed",
      afterCommit: false,
      disposition: dispositionOf("rate-limited"),
      statedMs: 5_000,
    });
  });

  const failed = (kind: Parameters<typeof failure>[0], more = {}): Partial<AttemptRef> => ({
    outcome: "failed",
    failure: failure(kind, kind, { phase: "headers", ...more }),
  });
  it.each<[sentence: string, attempt: Partial<AttemptRef>, was: OutcomeRecord["was"]]>([
    ["an answer that ended well", { outcome: "completed" }, "completed"],
    ["first content", { outcome: null }, "committed"],
    ["a cancel", { outcome: "cancelled" }, "left"],
    ["a cancel with a reason", { ...failed("client-closed"), outcome: "cancelled" }, "left"],
    ["a failure", failed("server-error"), "failed"],
    ["a refusal", failed("rejected"), "failed"],
    ["what failed before it was sent", failed("unsupported-parameter", { phase: "request" }), "left"],
    ["a bug of ours", failed("internal"), "left"],
    ["our own want of descriptors, which shows no life of the provider's", failed("overloaded-here"), "left"],
    ["our own going away", failed("draining"), "left"],
    ["a failure that nobody explains", { outcome: "failed", failure: null }, "left"],
    ["an idle connection that was closed meanwhile", { outcome: "failed", failure: stale }, "left"],
    ["the same again with a new connection", { outcome: "failed", failure: stale, because: "replay" }, "failed"],
  ])("%s", (_sentence, attempt, was) => {
    const record = recorded(attempt);
    expect(record.was).toBe(was);
    expect(record.disposition !== null).toBe(was === "failed");
  });

  it("no wait is taken from what teaches nothing", () => {
    expect(recorded(failed("internal", { retryAfterMs: 9 })).statedMs).toBeNull();
  });
});
