// A level of the file in requests that say nothing of thinking: what each model is told, and when the client's own words stand above it.
import { describe, expect, it } from "vitest";
import { addThinking, mayAddThinking } from "../../../../src/dialects/anthropic-messages/add-thinking.ts";
import type { ChatRequest, Effort } from "../../../../src/dialects/vocabulary.ts";
import { bodyOf } from "../../../support/facts.ts";
import { aTarget } from "../../../support/snapshot.ts";

const MESSAGES = [{ role: "user", content: "hi" }];
const plain = aTarget("p/m");
const targetOf = (model: string, stated: object = {}) =>
  aTarget(`anthropic/${model}`, { stated: { ...plain.stated, ...stated } });

function added(model: string, effort: Effort | null, more: object = {}, stated: object = {}): object {
  const fitting = { edits: new Map(), adjusted: [] };
  const body = bodyOf(JSON.stringify({ max_tokens: 2000, messages: MESSAGES, ...more }));
  addThinking(body, { target: targetOf(model, stated), stream: true, effort }, fitting);
  return { ...Object.fromEntries(fitting.edits), adjusted: fitting.adjusted };
}

const NOTHING = { adjusted: [] };
const adaptive = (effort: string) => ({ thinking: { type: "adaptive" }, output_config: { effort }, adjusted: [] });
const budget = (tokens: number) => ({
  thinking: { type: "enabled", budget_tokens: tokens },
  max_tokens: 2000 + tokens,
  adjusted: ["max_tokens"],
});

describe("a level in the words of its model (OpenClaw §5.7)", () => {
  it.each<[string, Effort, object]>([
    ["claude-opus-4-7", "high", adaptive("high")],
    ["claude-opus-4-7", "xhigh", adaptive("xhigh")],
    ["claude-opus-4-6", "xhigh", adaptive("max")],
    ["claude-sonnet-4-6", "xhigh", adaptive("high")],
    ["claude-sonnet-4-5", "minimal", budget(1024)],
    ["claude-sonnet-4-5", "low", budget(2048)],
    ["claude-sonnet-4-5", "medium", budget(8192)],
    ["claude-sonnet-4-5", "high", budget(16_384)],
    ["claude-sonnet-4-6", "none", { thinking: { type: "disabled" }, adjusted: [] }],
    ["claude-3-5-haiku-latest", "high", NOTHING],
  ])("%s, %s", (model, effort, expected) => {
    expect(added(model, effort)).toEqual(expected);
  });

  it("is for a stranger's model only where the file says that it reasons", () => {
    expect(added("kimi-for-coding", "low")).toEqual(NOTHING);
    expect(added("kimi-for-coding", "low", {}, { reasoning: true })).toEqual(budget(2048));
  });
});

describe("a client's own words stand above the level", () => {
  const forced = { tools: [{ name: "f", input_schema: {} }], tool_choice: { type: "any" } };
  const used = { role: "assistant", content: [{ type: "tool_use", id: "t", name: "f", input: {} }] };
  const result = { role: "user", content: [{ type: "tool_result", tool_use_id: "t", content: "x" }] };
  it.each<[string, string, object, object]>([
    ["thinking that is off", "claude-sonnet-4-6", { thinking: { type: "disabled" } }, NOTHING],
    ["an effort", "claude-sonnet-4-6", { output_config: { effort: "low" } }, NOTHING],
    ["a temperature", "claude-sonnet-4-6", { temperature: 0.2 }, NOTHING],
    ["a temperature, but where none counts", "claude-opus-4-7", { temperature: 0.2 }, adaptive("high")],
    ["a forced tool", "claude-sonnet-4-6", forced, NOTHING],
    ["a call that was made without a thought", "claude-sonnet-4-5", { messages: [...MESSAGES, used, result] }, NOTHING],
    [
      "but not one that was thought of",
      "claude-sonnet-4-5",
      { messages: [...MESSAGES, { ...used, content: [{ type: "thinking", thinking: "" }, ...used.content] }, result] },
      budget(16_384),
    ],
  ])("%s", (_what, model, more, expected) => {
    expect(added(model, "high", more)).toEqual(expected);
  });

  it("and so do those in the common words", () => {
    const request: ChatRequest = { turns: [], tools: [{ name: "f" }], others: new Map() };
    const target = targetOf("claude-sonnet-4-6");
    expect(mayAddThinking(request, target)).toBe(true);
    expect(mayAddThinking({ ...request, temperature: 0 }, target)).toBe(false);
    expect(mayAddThinking({ ...request, toolChoice: { use: "required" } }, target)).toBe(false);
    expect(mayAddThinking({ ...request, tools: [], toolChoice: { use: "required" } }, target)).toBe(true);
    expect(mayAddThinking(request, targetOf("claude-3-haiku"))).toBe(false);
  });

  it("no level adds nothing", () => {
    expect(added("claude-opus-4-7", null)).toEqual(NOTHING);
  });
});
