import { describe, expect, it } from "vitest";
import { betasIn } from "../../../../src/dialects/anthropic-messages/betas.ts";

describe("betasIn", () => {
  it.each<[string, string | null, readonly string[]]>([
    ["nothing", null, []],
    ["one name", "context-1m-2025-08-07", ["context-1m-2025-08-07"]],
    ["several names", "a-2025-01-01, b-2025-01-01 ,c", ["a-2025-01-01", "b-2025-01-01", "c"]],
    ["no empty names", ",a,,", ["a"]],
    ["nothing that is no name", 'a\tb, "x", ü, ok', ["ok"]],
    ["no name beyond bounds", `${"x".repeat(129)},ok`, ["ok"]],
    [
      "no more than can be meant",
      Array.from({ length: 40 }, (_, at) => `b${at}`).join(),
      Array.from({ length: 32 }, (_, at) => `b${at}`),
    ],
  ])("reads %s", (_what, written, names) => {
    expect(betasIn(written)).toEqual(names);
  });
});
