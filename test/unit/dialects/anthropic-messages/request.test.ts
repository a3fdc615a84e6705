// Messages requests at the door and on the way to a target that speaks the same.
import { describe, expect, it } from "vitest";
import { Body } from "../../../../src/core/body.ts";
import type { JsonObject } from "../../../../src/core/json.ts";
import {
  fitMessagesBody,
  readMessagesFacts,
  readMessagesNeeds,
} from "../../../../src/dialects/anthropic-messages/request.ts";
import { aTarget } from "../../../support/snapshot.ts";

const HI = { role: "user", content: "Hi" };
const bodyOf = (tree: object) => Body.fromTree({ model: "m", messages: [HI], ...tree } as JsonObject);

describe("readMessagesFacts", () => {
  it("reads model and stream; usage is always told", () => {
    expect(readMessagesFacts(bodyOf({ stream: true }))).toEqual({ model: "m", stream: true, wantsUsage: true });
  });

  it.each([
    ["no messages", { messages: undefined }, "messages"],
    ["an empty list", { messages: [] }, "messages"],
    ["a list of texts", { messages: ["Hi"] }, "messages"],
    ["a blank model", { model: " " }, "model"],
    ["a stream that is no boolean", { stream: "yes" }, "stream"],
  ])("refuses %s", (_what, tree, param) => {
    expect(readMessagesFacts(bodyOf(tree))).toMatchObject({ kind: "request-invalid", param });
  });
});

describe("readMessagesNeeds", () => {
  const tools = [{ name: "f", input_schema: {} }];
  const said = (...content: object[]) => ({ messages: [{ role: "user", content }] });
  it.each<[string, object, readonly string[]]>([
    ["words", {}, []],
    ["words that speak of images", said({ type: "text", text: 'an "image" or a "document"' }), []],
    ["tools", { tools, tool_choice: { type: "auto" } }, ["tools"]],
    ["any tool", { tools, tool_choice: { type: "any" } }, ["tools", "forced-tool"]],
    ["one tool", { tools, tool_choice: { type: "tool", name: "f" } }, ["tools", "forced-tool"]],
    ["a choice among none", { tool_choice: { type: "any" } }, []],
    ["an image", said({ type: "image", source: {} }), ["images"]],
    ["a document", said({ type: "document", source: {} }), ["files"]],
    ["a schema", { output_config: { format: { type: "json_schema", schema: {} } } }, ["structured"]],
    ["a schema by its older name", { output_format: { type: "json_schema", schema: {} } }, ["structured"]],
    ["a thread that goes on", { thread: { type: "continue", previous_message_id: "msg_1" } }, ["stored-state"]],
    ["a thread that begins", { thread: { type: "create" } }, []],
    ["no thread", { thread: null }, []],
    ["an effort", { output_config: { effort: "low" } }, []],
  ])("%s", (_what, tree, needs) => {
    expect([...readMessagesNeeds(bodyOf(tree))]).toEqual(needs);
  });
});

describe("fitMessagesBody", () => {
  const target = aTarget("anthropic/claude-opus-4-7");
  const fitted = (tree: object, to = target) => {
    const { edits, adjusted } = fitMessagesBody(bodyOf(tree), { target: to, stream: false, effort: null });
    return { tree: bodyOf(tree).with(edits).tree(), adjusted };
  };

  it("names the target's model and leaves everything else", () => {
    const tree = { thinking: { type: "adaptive" }, max_tokens: 5 };
    expect(fitted(tree)).toEqual({
      tree: { messages: [HI], ...tree, model: "claude-opus-4-7" },
      adjusted: [],
    });
  });

  it("takes tools out where the file says that there are none", () => {
    const without = { ...target, stated: { ...target.stated, tools: false } };
    const { tree, adjusted } = fitted({ tools: [{ name: "f" }], tool_choice: { type: "auto" } }, without);
    expect(tree).not.toHaveProperty("tools");
    expect(adjusted).toEqual(["tools", "tool_choice"]);
  });

  it("takes out thoughts that we wrapped for others, and messages of nothing else", () => {
    const own = { type: "thinking", thinking: "Hm", signature: "sig" };
    const words = { type: "text", text: "42" };
    const wrapped = [
      { type: "thinking", thinking: "x", signature: "oce1:openai-chat:up:{}" },
      { type: "redacted_thinking", data: "oce1:google-generative:google:{}" },
    ];
    const messages = [
      HI,
      { role: "assistant", content: [own, ...wrapped, words] },
      { role: "assistant", content: wrapped },
      HI,
    ];
    const { tree, adjusted } = fitted({ messages });
    expect(tree["messages"]).toEqual([HI, { role: "assistant", content: [own, words] }, HI]);
    expect(adjusted).toEqual(["messages.thinking"]);
  });

  it("leaves words that only speak of such", () => {
    const messages = [{ role: "user", content: [{ type: "text", text: "oce1:openai-chat:up:{}" }] }];
    expect(fitted({ messages }).adjusted).toEqual([]);
  });
});
