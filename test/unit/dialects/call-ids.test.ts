import { describe, expect, it } from "vitest";
import { answerCallId, CallIds, ID_RULES } from "../../../src/dialects/call-ids.ts";

// Broke: an id of one provider was too long for the next one, which answered 400 `string_above_max_length` to the whole conversation.
describe("ids of calls", () => {
  it.each([
    ["anthropic-messages", "functions.f:0", "functions_f_0"],
    ["openai-responses", "functions.f:0", "functions.f:0"],
    ["openai-chat", `chatcmpl-tool-${"9".repeat(32)}`, `chatcmpl-tool-${"9".repeat(26)}`],
    ["openai-responses", "x".repeat(65), "x".repeat(64)],
    ["openai-chat", "x".repeat(40), "x".repeat(40)],
  ] as const)("for %s: %s is %s", (dialect, id, written) => {
    expect(new CallIds(ID_RULES[dialect]).of(id)).toBe(written);
  });

  // Broke: a client of the Messages API got an id of Kimi's, and sent it back to Anthropic's own API, which refuses colons.
  it.each([
    ["anthropic-messages", "functions.f:0", "functions_f_0_3"],
    ["anthropic-messages", "toolu_01", "toolu_01"],
    ["openai-chat", `chatcmpl-tool-${"9".repeat(32)}`, `chatcmpl-tool-${"9".repeat(24)}_3`],
    ["openai-responses", "functions.f:0", "functions.f:0"],
  ] as const)("in an answer for a client of %s: %s is %s", (dialect, id, written) => {
    expect(answerCallId(id, 3, ID_RULES[dialect])).toBe(written);
  });

  it("stay apart in an answer where they differ only in characters that the API refuses", () => {
    const ids = ["f.a", "f:a"].map((id, block) => answerCallId(id, block, ID_RULES["anthropic-messages"]));
    expect(ids).toEqual(["f_a_0", "f_a_1"]);
  });

  it("stay apart, and stay the same for a call and its result", () => {
    const ids = new CallIds(ID_RULES["openai-chat"]);
    const long = "x".repeat(41);
    const written = [`${long}a`, `${long}b`, `${long}a`].map((id) => ids.of(id));
    expect(written).toEqual(["x".repeat(40), `${"x".repeat(38)}_2`, "x".repeat(40)]);
  });
});
