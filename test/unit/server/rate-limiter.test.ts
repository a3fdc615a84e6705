// The table of guesses: a sliding window, bounded.
import { describe, expect, it } from "vitest";
import { type Guess, RateLimiter } from "../../../src/server/rate-limiter.ts";

const rules = { maxAttempts: 2, windowMs: 1000, lockoutMs: 5000, exemptLoopback: true };

describe("RateLimiter", () => {
  it("slides: two failures lock only inside one window", () => {
    const limiter = new RateLimiter();
    limiter.fail("a", rules, 0);
    limiter.fail("a", rules, 1000);
    expect(limiter.lockedMs("a", 1000)).toBe(0);
    limiter.fail("a", rules, 1999);
    expect(limiter.lockedMs("a", 2000)).toBe(4999);
  });

  it("forgets a lockout that is over, failures included", () => {
    const limiter = new RateLimiter();
    limiter.fail("a", rules, 0);
    limiter.fail("a", rules, 0);
    expect(limiter.lockedMs("a", 4999)).toBe(1);
    expect(limiter.lockedMs("a", 5000)).toBe(0);
    expect(limiter.size).toBe(0);
    limiter.fail("a", rules, 5001);
    expect(limiter.lockedMs("a", 5001)).toBe(0);
  });

  it("remembers so many clients and forgets the one that failed longest ago", () => {
    const limiter = new RateLimiter(3);
    limiter.fail("a", rules, 0);
    for (const client of ["b", "c", "a", "d", "e"]) limiter.fail(client, rules, 1);
    expect(limiter.size).toBe(3);
    expect([limiter.lockedMs("a", 2) > 0, limiter.lockedMs("b", 2)]).toEqual([true, 0]);
    limiter.fail("b", rules, 2);
    expect(limiter.lockedMs("b", 2)).toBe(0);
  });

  it("stays bounded under ten thousand and one clients", () => {
    const limiter = new RateLimiter();
    for (let client = 0; client < 10_001; client += 1) limiter.fail(String(client), rules, 0);
    expect(limiter.size).toBe(10_000);
  });

  it("is the same table in every process that is told of its guesses", () => {
    const [first, second] = [new RateLimiter(), new RateLimiter()];
    first.onGuess = (guess) => second.absorb(guess);
    first.fail("a", rules, 0);
    first.fail("a", rules, 1);
    first.fail("b", rules, 2);
    first.fail("c", rules, 3);
    first.clear("c");
    expect(second.entries).toEqual(first.entries);
    expect(second.entries.map(([client]) => client)).toEqual(["a", "b"]);
    expect(second.lockedMs("a", 1)).toBe(5000);
  });

  it("tells what changed it, and nothing of what it was told itself", () => {
    const limiter = new RateLimiter();
    const told: Guess[] = [];
    limiter.onGuess = (guess) => void told.push(guess);
    limiter.absorb({ client: "a", rules, at: 0 });
    limiter.absorb({ client: "a", rules: null, at: 0 });
    expect(limiter.size).toBe(0);
    limiter.clear("a");
    limiter.fail("b", rules, 7);
    limiter.clear("b");
    expect(told).toEqual([
      { client: "b", rules, at: 7 },
      { client: "b", rules: null, at: 0 },
    ]);
  });

  it("takes over what another table remembers", () => {
    const [old, next] = [new RateLimiter(), new RateLimiter()];
    old.fail("a", rules, 0);
    old.fail("a", rules, 0);
    old.fail("b", rules, 0);
    next.restore(old.entries);
    expect(next.lockedMs("a", 1)).toBe(4999);
    next.fail("b", rules, 2);
    expect(next.lockedMs("b", 2)).toBe(5000);
  });
});
