import { describe, expect, it } from "vitest";
import { ended, NO_ENDS, restartDelayMs } from "../../../src/core/restart-delay.ts";

const after = (...servedMs: readonly number[]): number => restartDelayMs(servedMs.reduce(ended, NO_ENDS));

describe("the wait before another start", () => {
  it.each<[sentence: string, servedMs: number[], waitMs: number]>([
    ["is nothing before the first end", [], 0],
    ["is short after an end", [5_000], 100],
    ["doubles with every end", [0, 0, 0], 400],
    ["has a bound", Array.from({ length: 40 }, () => 0), 30_000],
    ["is short again after one that served well", [0, 0, 0, 0, 60_000], 100],
  ])("%s", (_sentence, servedMs, waitMs) => {
    expect(after(...servedMs)).toBe(waitMs);
  });
});
