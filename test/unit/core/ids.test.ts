// Ids: the right form, and never the same twice.
import { describe, expect, it } from "vitest";
import { newTrace, randomHex, requestIdOf } from "../../../src/core/ids.ts";

describe("ids", () => {
  it("are lower-case hex of the length asked for", () => {
    for (const bytes of [1, 8, 16, 64]) expect(randomHex(bytes)).toMatch(new RegExp(`^[0-9a-f]{${bytes * 2}}$`));
  });

  it("do not repeat, across many refills of the pool", () => {
    const ids = Array.from({ length: 5_000 }, () => randomHex(16));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("do not share bytes with their neighbours", () => {
    const halves = Array.from({ length: 2_000 }, () => randomHex(16)).flatMap((id) => [id.slice(0, 16), id.slice(16)]);
    expect(new Set(halves).size).toBe(halves.length);
  });

  it("make a root trace without parent, not sampled", () => {
    const trace = newTrace();
    expect(trace.traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(trace.spanId).toMatch(/^[0-9a-f]{16}$/);
    expect(trace.parentId).toBeNull();
    expect(trace.flags).toBe(0);
    expect(trace.traceId).not.toMatch(/^0+$/);
  });

  it("name a request after its trace", () => {
    const trace = newTrace();
    expect(requestIdOf(trace)).toBe(`req_${trace.traceId}`);
  });
});
