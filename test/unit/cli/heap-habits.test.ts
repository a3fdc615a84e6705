import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { growthTo, YOUNG_BYTES } from "../../../src/cli/heap-habits.ts";

const MB = 1024 * 1024;

describe("the growth that V8 is asked for", () => {
  it.each([
    [1 * MB, 8, "after the start all of it is missing"],
    [2 * MB, 4, "a part is missing"],
    [3 * MB, 2, "it must not become larger than wanted"],
    [8 * MB, 1, "it is as large as it should be"],
    [16 * MB, 1, "it is larger"],
  ])("%i bytes: factor %i, %s", (now, factor) => {
    expect(growthTo(8 * MB, now)).toBe(factor);
  });
});

/** A process of its own, since the flags are the process's: the largest that its young generation was, in bytes, once much has lived and died. */
const PROGRAM = `
  import { getHeapSpaceStatistics } from "node:v8";
  import { keepHouse } from "./src/cli/heap-habits.ts";
  const half = () => getHeapSpaceStatistics().find(({ space_name }) => space_name === "new_space").space_size / 2;
  keepHouse(process.argv.slice(1));
  const ring = new Array(3_000);
  let largest = 0;
  for (let turn = 0; turn < 800; turn += 1) {
    for (let at = 0; at < ring.length; at += 1) ring[at] = { turn, at, text: "x".repeat(50) + turn + at };
    await new Promise(setImmediate);
    largest = Math.max(largest, half());
  }
  console.log(largest);
`;

function largest(options: readonly string[]): number {
  const args = ["--input-type=module", "-e", PROGRAM, "--", ...options];
  return Number(execFileSync(process.execPath, args, { encoding: "utf8" }));
}

describe("the young generation", () => {
  it("is as large as wanted once there is something to do; V8 may take one step more before we look", () => {
    expect([YOUNG_BYTES, 2 * YOUNG_BYTES]).toContain(largest([]));
  });

  it("grows as V8 has it where somebody has said how large it may be", () => {
    expect(largest(["--max-semi-space-size=32"])).toBeGreaterThan(2 * YOUNG_BYTES);
  });
});
