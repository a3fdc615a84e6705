// What is read from a Responses request, what is refused, what it needs, and how it is fitted to a target.
import { describe, expect, it } from "vitest";
import {
  fitResponsesBody,
  readResponsesFacts,
  readResponsesNeeds,
} from "../../../../src/dialects/openai-responses/request.ts";
import { bodyOf } from "../../../support/facts.ts";
import { aTarget } from "../../../support/snapshot.ts";

describe("readResponsesFacts takes", () => {
  const rows: readonly [string, string, object][] = [
    ["a text", '{"input":"hi"}', { model: "", stream: false, wantsUsage: true }],
    [
      "items",
      '{"input":[{"role":"user","content":"hi"}],"model":"openclaw","stream":true}',
      { model: "openclaw", stream: true },
    ],
    ["items of any kind, which are the provider's to judge", '{"input":["x",1]}', {}],
    ["a stored prompt instead of input", '{"prompt":{"id":"pmpt_1"}}', {}],
    ["a previous response instead of input", '{"previous_response_id":"resp_1"}', {}],
    ["a conversation instead of input", '{"conversation":"conv_1"}', {}],
    ["background that is off", '{"input":"hi","background":false}', {}],
    ["store as written", '{"input":"hi","store":true}', {}],
  ];
  it.each(rows)("%s", (_what, text, facts) => {
    expect(readResponsesFacts(bodyOf(text))).toMatchObject({ wantsUsage: true, ...facts });
  });
});

describe("readResponsesFacts refuses", () => {
  const rows: readonly [string, string, string, string][] = [
    ["no input", "{}", "input", "request-invalid"],
    ["a blank text", '{"input":" \\n"}', "input", "request-invalid"],
    ["an empty text", '{"input":""}', "input", "request-invalid"],
    ["an empty list", '{"input":[]}', "input", "request-invalid"],
    ["an object", '{"input":{"role":"user"}}', "input", "request-invalid"],
    ["a number", '{"input":7}', "input", "request-invalid"],
    ["a null stand-in for no input", '{"previous_response_id":null}', "input", "request-invalid"],
    [
      "a blank text beside a previous response",
      '{"input":"","previous_response_id":"resp_1"}',
      "input",
      "request-invalid",
    ],
    ["a broken text", '{"input":"\\q"}', "input", "request-invalid"],
    ["background work", '{"input":"hi","background":true}', "background", "unsupported-parameter"],
    ["a blank model", '{"input":"hi","model":""}', "model", "request-invalid"],
    ["a stream that is a text", '{"input":"hi","stream":"yes"}', "stream", "request-invalid"],
  ];
  it.each(rows)("%s", (_what, text, param, kind) => {
    expect(readResponsesFacts(bodyOf(text))).toMatchObject({ kind, param, phase: "request" });
  });
});

describe("readResponsesNeeds", () => {
  const parts = (...content: readonly object[]) => ({ input: [{ role: "user", content }] });
  const rows: readonly [string, object, readonly string[]][] = [
    ["a text needs nothing", { input: "input_image and item_reference" }, []],
    ["an image", parts({ type: "input_image", image_url: "data:," }), ["images"]],
    ["audio", parts({ type: "input_audio" }), ["audio"]],
    ["a file", parts({ type: "input_file", file_id: "x" }), ["files"]],
    ["tools", { input: "x", tools: [{ type: "function", name: "f" }] }, ["tools"]],
    [
      "a forced tool",
      { input: "x", tools: [{ type: "function" }], tool_choice: { type: "function", name: "f" } },
      ["tools", "forced-tool"],
    ],
    ["a schema", { input: "x", text: { format: { type: "json_schema", schema: {} } } }, ["structured"]],
    ["a previous response", { input: "x", previous_response_id: "resp_1" }, ["stored-state"]],
    ["a null previous response is none", { input: "x", previous_response_id: null }, []],
    ["a conversation", { input: "x", conversation: { id: "conv_1" } }, ["stored-state"]],
    ["a reference to an item", { input: [{ type: "item_reference", id: "msg_1" }] }, ["stored-state"]],
    ["a stored prompt needs no stored state of ours", { prompt: { id: "p" } }, []],
  ];
  it.each(rows)("%s", (_what, tree, needs) => {
    expect([...readResponsesNeeds(bodyOf(JSON.stringify(tree)))].sort()).toEqual([...needs].sort());
  });
});

describe("fitResponsesBody", () => {
  const base = aTarget("p/m");
  it("names the provider's model and leaves every other byte", () => {
    const body = bodyOf('{"model":"openclaw", "input":"é\\u00e9", "store":true,"seed":12345678901234567890}');
    const { edits, adjusted } = fitResponsesBody(body, { target: base });
    expect(body.encoded(edits).toString()).toBe(
      '{"model":"m", "input":"é\\u00e9", "store":true,"seed":12345678901234567890}',
    );
    expect(adjusted).toEqual([]);
  });

  it("takes tools out where the file says that there are none", () => {
    const body = bodyOf('{"tools":[{}],"input":"hi","tool_choice":"auto"}');
    const { edits, adjusted } = fitResponsesBody(body, {
      target: { ...base, stated: { ...base.stated, tools: false } },
    });
    expect(body.encoded(edits).toString()).toBe('{"input":"hi","model":"m"}');
    expect(adjusted).toEqual(["tools", "tool_choice"]);
  });
});
