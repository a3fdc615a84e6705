import { describe, expect, it } from "vitest";
import { partOf, shareOf } from "../../../src/config/part.ts";
import { parseConfigTree } from "../../../src/config/read-file.ts";

function configOf(edge: object, gateway: object = {}) {
  const read = parseConfigTree({ edge, gateway });
  if (!read.ok) expect.fail("the config does not read");
  return read.config;
}

const shares = (whole: number, of: number): number[] =>
  Array.from({ length: of }, (_, at) => shareOf(whole, { at, of }));

describe("the share of one process", () => {
  it.each<[sentence: string, whole: number, of: number, shares: number[]]>([
    ["is the whole for one", 500, 1, [500]],
    ["adds up to the whole", 10, 3, [4, 3, 3]],
    ["is never nothing", 2, 3, [1, 1, 1]],
  ])("%s", (_sentence, whole, of, expected) => {
    expect(shares(whole, of)).toEqual(expected);
  });

  it("divides calls, calls of providers and bytes", () => {
    const limits = { inflight: 100, inflightPerProvider: 40, bytesInFlight: 1_000, bodyBytes: 10, answerBytes: 20 };
    const config = configOf({ limits, providers: { a: { inflight: 8 }, b: {} } });
    const part = partOf(config, { at: 0, of: 4 }, null);
    expect(part.limits).toMatchObject({ inflight: 25, inflightPerProvider: 10, bytesInFlight: 250 });
    expect([part.providers["a"]?.inflight, part.providers["b"]?.inflight]).toEqual([2, undefined]);
    expect(part.limits.bodyBytes).toBe(10);
  });

  it("leaves room for the largest body and the largest answer", () => {
    const config = configOf({ limits: { bytesInFlight: 1_000, bodyBytes: 600, answerBytes: 400 } });
    expect(partOf(config, { at: 0, of: 4 }, null).limits.bytesInFlight).toBe(600);
  });

  it("leaves room for the largest body of an endpoint that has a bound of its own", () => {
    const http = { endpoints: { chatCompletions: { maxBodyBytes: 700 }, responses: { maxBodyBytes: 800 } } };
    const config = configOf({ limits: { bytesInFlight: 1_000, bodyBytes: 600, answerBytes: 400 } }, { http });
    expect(partOf(config, { at: 0, of: 4 }, null).limits.bytesInFlight).toBe(800);
  });
});
