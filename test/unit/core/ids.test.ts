// Ids: the right form, and never the same twice.
import { describe, expect, it } from "vitest";
import {
  childOf,
  isSampled,
  joinedTrace,
  newTrace,
  randomHex,
  requestIdOf,
  traceparentOf,
} from "../../../src/core/ids.ts";

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

  it("sample the part of traces that is asked for, decided by the trace id alone", () => {
    const traces = Array.from({ length: 4_000 }, () => newTrace(0.25));
    const sampled = traces.filter(isSampled);
    expect(sampled.length).toBeGreaterThan(800);
    expect(sampled.length).toBeLessThan(1_200);
    const lots = sampled.map(({ traceId }) => Number.parseInt(traceId.slice(-13), 16) / 16 ** 13);
    expect(Math.max(...lots)).toBeLessThan(0.25);
    expect([newTrace(1), newTrace(0)].map(isSampled)).toEqual([true, false]);
  });

  it("give a call of a provider a span of its own below the request's", () => {
    const trace = newTrace(1);
    const child = childOf(trace);
    expect(child).toMatchObject({ traceId: trace.traceId, parentId: trace.spanId, flags: 1 });
    expect(traceparentOf(child)).toBe(`00-${trace.traceId}-${child.spanId}-01`);
  });

  it("tell requests apart that belong to one trace", () => {
    const [a, b] = [1, 2].map(() => joinedTrace("1".repeat(32), "2".repeat(16), 1)).map(requestIdOf);
    expect(a).toMatch(/^req_1{32}-[0-9a-f]{16}$/);
    expect(a).not.toBe(b);
  });

  it("name a request after its trace", () => {
    const trace = newTrace();
    expect(requestIdOf(trace)).toBe(`req_${trace.traceId}`);
  });
});
