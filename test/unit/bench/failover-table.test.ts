// Runs become a table in which no wrong answer hides behind a fast median.
import { describe, expect, it } from "vitest";
import { type Cells, cell, failoverTable, type Shot, shownMs } from "../../../bench/failover/failover-table.ts";
import { portkeyHeaders } from "../../../bench/subjects/portkey.ts";

function shots(...all: readonly (readonly [ms: number, bad: string | null, tries?: number])[]): Shot[] {
  return all.map(([ms, bad, tries = 1]) => ({ ms, bad, tries }));
}

const none: Cells["shots"] = { direct: [], first: [], again: [], known: [], portkey: [] };

describe("the table of the failover bench", () => {
  it.each([
    [0.844, "0.84 ms"],
    [12.34, "12.3 ms"],
    [123.4, "123 ms"],
    [2031, "2.03 s"],
  ])("shows %d as %s", (ms, text) => {
    expect(shownMs(ms)).toBe(text);
  });

  it.each([
    ["right answers by their median", shots([1, null], [9, null], [2, null]), "2.00 ms"],
    ["wrong answers by what came", shots([1, "status 500"], [3, "status 500"]), "**status 500** at 2.00 ms"],
    [
      "a mixture as one",
      shots([1, null], [3, null], [9, "empty answer"]),
      "2.00 ms (2 of 3); **empty answer** at 9.00 ms (1 of 3)",
    ],
    ["nothing as nothing", [], "not measured"],
  ])("shows %s", (_what, some, text) => {
    expect(cell(some)).toBe(text);
  });

  it("has a row for what was run, tries beside the times, and what was observed of OpenClaw", () => {
    const measured = { ...none, direct: shots([0.5, null, 0]), first: shots([2, null, 1], [2, null, 2]) };
    const again = shots([1, null, 0]);
    const text = failoverTable([{ fault: "429", shape: "whole", shots: { ...measured, again }, unshown: [] }]);
    expect(text.split("\n").slice(2)).toEqual([
      "| 429, `Retry-After: 2` | whole | 0.50 ms | 2.00 ms, 1–2 tries | 1.00 ms, 0 tries | not measured | not measured | 31.3 s (12 tries) |",
    ]);
  });

  it("keeps the order of the faults, whatever the order of the runs", () => {
    const rows = (["cut", "401"] as const).map((fault): Cells => ({ fault, shape: "whole", shots: none, unshown: [] }));
    const lines = failoverTable(rows).split("\n").slice(2);
    expect(lines.map((text) => text.split(" | ")[0])).toEqual(["| 401, invalid key", "| 200, cut before content"]);
  });
});

describe("Portkey's chain", () => {
  it("travels in one header line, with no retries, one timeout and every target's own model", () => {
    const header = portkeyHeaders([{ baseUrl: "http://127.0.0.1:1/v1", model: "a" }], 2000)["x-portkey-config"] ?? "";
    expect(header).not.toContain("\n");
    expect(JSON.parse(header)).toMatchObject({
      strategy: { mode: "fallback" },
      request_timeout: 2000,
      retry: { attempts: 0 },
      targets: [{ provider: "openai", custom_host: "http://127.0.0.1:1/v1", override_params: { model: "a" } }],
    });
  });
});
