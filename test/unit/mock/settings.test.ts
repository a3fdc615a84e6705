import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/core/json.ts";
import { readSettings } from "../../../src/mock/settings.ts";

const HABITS = { ttftMs: 20, tokensPerSecond: 200 };

describe("readSettings", () => {
  it.each<[string, JsonObject, object]>([
    ["nothing", {}, { ttftMs: 20, perTokenMs: 5, errorRate: 0, seed: 0 }],
    [
      "everything",
      { ttftMs: 5, tokensPerSecond: 4, errorRate: 0.5, seed: 3 },
      { ttftMs: 5, perTokenMs: 250, errorRate: 0.5, seed: 3 },
    ],
    ["no waiting", { ttftMs: 0, tokensPerSecond: 0 }, { ttftMs: 0, perTokenMs: 0 }],
    ["more than certain failure", { errorRate: 7 }, { errorRate: 1 }],
    [
      "nonsense",
      { ttftMs: -1, tokensPerSecond: "fast", errorRate: null, seed: [] },
      { ttftMs: 20, perTokenMs: 5, errorRate: 0, seed: 0 },
    ],
  ])("reads %s", (_what, params, expected) => {
    expect(readSettings(params, HABITS)).toMatchObject(expected);
  });
});
