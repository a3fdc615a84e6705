import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/core/json.ts";
import { writtenLevel } from "../../../src/transforms/fill-thinking.ts";
import { aTarget } from "../../support/snapshot.ts";

const plain = aTarget("p/m");
const level = (fill: JsonObject, agentFill: JsonObject, reasoning: boolean | null = null) =>
  writtenLevel({ ...plain, fill, stated: { ...plain.stated, reasoning } }, agentFill);

describe("the written level", () => {
  it.each<[string, JsonObject, JsonObject, boolean | null, string | null]>([
    ["none where none is written", {}, {}, true, null],
    ["the agent's", {}, { thinkingDefault: "high" }, null, "high"],
    ["the model's parameter before it", { reasoning_effort: "low" }, { thinkingDefault: "high" }, null, "low"],
    ["the agent's parameter before that", { reasoning_effort: "low" }, { reasoning_effort: "max" }, null, "max"],
    [
      "what a null of the agent leaves",
      { reasoning_effort: "low" },
      { reasoning_effort: null, thinkingDefault: "off" },
      null,
      "off",
    ],
    ["medium for what thinks as it likes", {}, { thinkingDefault: "adaptive" }, null, "medium"],
    ["none for a model that is stated not to reason", {}, { thinkingDefault: "high" }, false, null],
    ["a parameter even there", { reasoning_effort: "low" }, {}, false, "low"],
    ["none that is no word", { reasoning_effort: 5 }, {}, true, null],
  ])("is %s", (_what, fill, agentFill, reasoning, expected) => {
    expect(level(fill, agentFill, reasoning)).toBe(expected);
  });
});
