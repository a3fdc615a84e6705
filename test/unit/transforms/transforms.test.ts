// What each flag does to a request, and the laws that hold for all of them.
import { describe, expect, it } from "vitest";
import { aTarget } from "../../support/snapshot.ts";
import { transformsFor } from "../../../src/transforms/index.ts";
import { send, sendText, sendTranslated } from "./rig.ts";
import { NEWER_ROWS } from "./newer-rows.ts";
import { FIELD_ROWS, FILL_ROWS, MESSAGE_ROWS, REASONING_ROWS, type Row } from "./rows.ts";

const GROUPS: readonly (readonly [string, readonly Row[]])[] = [
  ["messages", MESSAGE_ROWS],
  ["fields and tools", FIELD_ROWS],
  ["reasoning", REASONING_ROWS],
  ["what the file gives", FILL_ROWS],
  ["flags of newer releases", NEWER_ROWS],
];
const ALL = GROUPS.flatMap(([, rows]) => rows);

describe.each(GROUPS)("%s", (_group, rows) => {
  it.each(rows)("$what", ({ like, before, after = before, adjusted = [] }) => {
    const sent = send(before, like);
    expect(sent.tree).toEqual(after);
    expect(sent.adjusted).toEqual(adjusted);
  });
});

describe("laws", () => {
  it.each(ALL)("applied twice is applied once: $what", ({ like, before }) => {
    const once = send(before, like).text;
    expect(sendText(once, like).text).toBe(once);
  });

  it.each(ALL)("members that nobody changes keep their bytes: $what", ({ like, before }) => {
    const odd = '"odd" : [1E400, -0, 12345678901234567890, "\\u0061"]';
    const text = JSON.stringify(before).replace(/^\{/, `{ ${odd}${Object.keys(before).length === 0 ? "" : ", "}`);
    expect(sendText(text, like).text).toContain(odd);
  });

  it.each(ALL)("a translated request is changed as a client's own is: $what", ({ like, before }) => {
    expect(sendTranslated({ ...before }, before, like).tree).toEqual(send(before, like).tree);
  });

  it.each(ALL)("what is broken below the top level is the provider's to judge: $what", ({ like, before }) => {
    const members = Object.keys(before).map((key) => `"${key}":{"x":nonsense}`);
    expect(() => sendText(`{${members.join(",")}}`, like)).not.toThrow();
  });

  it.each(["options", "chat_template_kwargs", "reasoning"])("a strange %s is not replaced", (key) => {
    const like = {
      compat: { injectNumCtxForOpenAICompat: true, thinkingFormat: "openrouter" },
      fill: { num_ctx: 1, chat_template_kwargs: { a: 1 } },
    } as const;
    expect(send({ [key]: "x", reasoning_effort: "low" }, like).tree).toMatchObject({ [key]: "x" });
  });
});

describe("a target", () => {
  it("of OpenAI's without flags needs no transforms", () => {
    expect(transformsFor({ target: aTarget("p/m"), fill: {} })).toEqual([]);
  });

  it("that only imitates OpenAI needs one", () => {
    expect(transformsFor({ target: aTarget("p/m", { route: "proxy-like" }), fill: {} })).toHaveLength(1);
  });

  it("without flags gets the client's bytes, whatever they are", () => {
    const text = '{ "messages" : [{"role":"developer","content":"\\u0061"}] , "seed":1E400 }';
    expect(sendText(text, {})).toMatchObject({ text, adjusted: [] });
  });
});

describe("tool call ids of nine letters and digits", () => {
  const like = { compat: { requiresMistralToolIds: true } };
  const messages = (id: string) => [
    {
      role: "assistant",
      content: null,
      tool_calls: [{ id, type: "function", function: { name: "f", arguments: "{}" } }],
    },
    { role: "tool", tool_call_id: id, content: "r" },
  ];
  const idsOf = (id: string) => {
    const { tree, adjusted } = send({ messages: messages(id) }, like);
    const [call, result] = tree["messages"] as unknown as [{ tool_calls: [{ id: string }] }, { tool_call_id: string }];
    return { call: call.tool_calls[0].id, result: result.tool_call_id, adjusted };
  };

  it("are the same in the call and its result, and the same in every request", () => {
    const first = idsOf("call_0123456789abcdef");
    expect(first.call).toMatch(/^[A-Za-z0-9]{9}$/);
    expect(first.result).toBe(first.call);
    expect(idsOf("call_0123456789abcdef")).toEqual(first);
    expect(first.adjusted).toEqual(["messages.tool_call_id"]);
  });

  it("differ for different ids", () => {
    const ids = Array.from({ length: 2000 }, (_none, index) => idsOf(`call_${index}`).call);
    expect(new Set(ids).size).toBe(ids.length);
  });
});

describe("what a client of another wire format is told", () => {
  it.each([
    ["in its own words", { input: [], reasoning: { effort: "xhigh" } }, ["reasoning"]],
    ["nothing of what it did not write", { input: [] }, []],
  ])("%s", (_what, client, adjusted) => {
    const like = { compat: { supportsReasoningEffort: false, supportsStore: false } };
    const sent = sendTranslated({ messages: [], store: false, reasoning_effort: "xhigh" }, client, like);
    expect(sent).toMatchObject({ tree: { messages: [] }, adjusted });
  });

  it("nothing of a bound that has got another name on the way anyhow", () => {
    const like = { compat: { maxTokensField: "max_tokens" } } as const;
    const sent = sendTranslated({ max_completion_tokens: 20 }, { max_output_tokens: 20 }, like);
    expect(sent).toMatchObject({ tree: { max_tokens: 20 }, adjusted: [] });
  });

  it("a bound that the wire format demands gives way to the file's, not to the client's own", () => {
    const like = { fill: { maxTokens: 100 }, dialect: "anthropic-messages" } as const;
    expect(sendTranslated({ max_tokens: 32_000 }, { messages: [] }, like).tree).toEqual({ max_tokens: 100 });
    expect(sendTranslated({ max_tokens: 7 }, { max_completion_tokens: 7 }, like).tree).toEqual({ max_tokens: 7 });
  });
});
