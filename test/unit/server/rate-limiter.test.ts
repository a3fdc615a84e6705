// The table of guesses: a sliding window, bounded.
import { describe, expect, it } from "vitest";
import { RateLimiter } from "../../../src/server/rate-limiter.ts";

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
});
