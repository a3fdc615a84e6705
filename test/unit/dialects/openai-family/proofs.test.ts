// Proofs of thoughts and calls, there and back: out with an answer, kept by the client, and in with the next request.
import { describe, expect, it } from "vitest";
import { isFailure } from "../../../../src/core/failure.ts";
import { Body } from "../../../../src/core/body.ts";
import type { JsonObject } from "../../../../src/core/json.ts";
import { openaiChat } from "../../../../src/dialects/openai-chat/index.ts";
import { openaiResponses } from "../../../../src/dialects/openai-responses/index.ts";
import type { BlockNote } from "../../../../src/dialects/collect.ts";
import type { ChatEvent, Part } from "../../../../src/dialects/vocabulary.ts";
import { aTarget } from "../../../support/snapshot.ts";
import { answer, block, CONTEXT } from "../answer-samples.ts";
import { decodedData, DECODING } from "../decoding.ts";
import { dataOf, written } from "../golden.ts";

const FROM = { ...CONTEXT, provider: "author" };

function noted(number: number, kind: "reasoning" | "tool-call", text: string, note: BlockNote): ChatEvent[] {
  const pieces = text === "" ? [] : [text];
  const events = block(number, kind, ...pieces);
  return [...events.slice(0, -1), { type: "block-note", block: number, note }, ...events.slice(-1)];
}

const origin = (dialect: BlockNote["origin"]) => ({ dialect, provider: "author" });

/** What authors note, and what must come back. */
const PROOFS: readonly (readonly [what: string, events: ChatEvent[], parts: readonly Part[]])[] = [
  [
    "a signed thought (Anthropic)",
    noted(0, "reasoning", "Hm", { signature: "sig", origin: "anthropic-messages" }),
    [{ type: "reasoning", text: "Hm", signature: "sig", origin: origin("anthropic-messages") }],
  ],
  [
    "a redacted thought (Anthropic)",
    noted(0, "reasoning", "", { encrypted: "blob", origin: "anthropic-messages" }),
    [{ type: "reasoning", text: "", sealed: "blob", origin: origin("anthropic-messages") }],
  ],
  [
    "a signed and a redacted thought (Anthropic)",
    [
      ...noted(0, "reasoning", "Hm", { signature: "sig", origin: "anthropic-messages" }),
      ...noted(1, "reasoning", "", { encrypted: "blob", origin: "anthropic-messages" }),
    ],
    [
      { type: "reasoning", text: "Hm", signature: "sig", origin: origin("anthropic-messages") },
      { type: "reasoning", text: "", sealed: "blob", origin: origin("anthropic-messages") },
    ],
  ],
  [
    "a thought whose author proves nothing (Ollama)",
    noted(0, "reasoning", "Hm", { origin: "ollama" }),
    [{ type: "reasoning", text: "Hm", origin: origin("ollama") }],
  ],
  [
    "a proof with colons and quotes",
    noted(0, "reasoning", "Hm", { signature: 'a:b"c', origin: "google-generative" }),
    [{ type: "reasoning", text: "Hm", signature: 'a:b"c', origin: origin("google-generative") }],
  ],
  [
    "a signed call (Google)",
    noted(0, "tool-call", "{}", { signature: "ts", origin: "google-generative" }),
    [
      {
        type: "tool-call",
        id: "call_0",
        name: "tool_0",
        args: "{}",
        signature: "ts",
        origin: origin("google-generative"),
      },
    ],
  ],
];

type Members = Record<string, unknown>;

/** A chat client that keeps what it was streamed: texts joined, details in a row, calls by index. */
function keptByChatClient(events: readonly ChatEvent[]): JsonObject {
  const message: Members = { role: "assistant", content: null };
  const calls: Members[] = [];
  for (const chunk of dataOf(written(openaiChat.ingress.encodeStream(FROM), events))) {
    const delta = (chunk as { choices?: { delta: Members }[] }).choices?.[0]?.delta ?? {};
    if (typeof delta["reasoning_content"] === "string") {
      message["reasoning_content"] =
        `${(message["reasoning_content"] as string | undefined) ?? ""}${delta["reasoning_content"]}`;
    }
    if (Array.isArray(delta["reasoning_details"])) {
      message["reasoning_details"] = [
        ...((message["reasoning_details"] as object[] | undefined) ?? []),
        ...delta["reasoning_details"],
      ];
    }
    for (const { index, function: called, ...rest } of (delta["tool_calls"] ?? []) as {
      index: number;
      function: Members;
    }[]) {
      const call = (calls[index] ??= { function: { arguments: "" } });
      const before = call["function"] as Members;
      const args = `${before["arguments"] as string}${(called["arguments"] as string | undefined) ?? ""}`;
      Object.assign(call, rest, { function: { ...before, ...called, arguments: args } });
    }
  }
  return { ...message, ...(calls.length === 0 ? {} : { tool_calls: calls }) } as JsonObject;
}

function keptByResponsesClient(events: readonly ChatEvent[]): JsonObject[] {
  return dataOf(written(openaiResponses.ingress.encodeStream(FROM), events)).flatMap((event) => {
    const { type, item } = event as { type?: string; item?: JsonObject };
    return type === "response.output_item.done" && item !== undefined ? [item] : [];
  });
}

function partsOf(read: ReturnType<typeof openaiChat.ingress.decodeRequest>): readonly Part[] {
  if (isFailure(read)) throw new Error(read.message);
  return read.request.turns[0]?.parts ?? [];
}

describe("a proof comes back to its author", () => {
  it.each(PROOFS)("through a chat stream: %s", (_what, events, parts) => {
    const messages = [keptByChatClient(answer("stop", ...events))];
    expect(partsOf(openaiChat.ingress.decodeRequest({ messages }))).toEqual(parts);
  });

  it.each(PROOFS)("through a whole chat completion: %s", (_what, events, parts) => {
    const tree = openaiChat.ingress.encodeAnswer(answer("stop", ...events), FROM) as { choices?: unknown };
    const messages = (tree.choices as { message: JsonObject }[]).map(({ message }) => message);
    const read = partsOf(openaiChat.ingress.decodeRequest({ messages }));
    expect(read.filter((part) => part.type !== "text")).toEqual(parts);
  });

  it.each(PROOFS)("through a Responses stream: %s", (_what, events, parts) => {
    const input = keptByResponsesClient(answer("stop", ...events));
    expect(partsOf(openaiResponses.ingress.decodeRequest({ input }))).toEqual(parts);
  });

  it.each(PROOFS)("through a whole Response: %s", (_what, events, parts) => {
    const { output } = openaiResponses.ingress.encodeAnswer(answer("stop", ...events), FROM);
    expect(partsOf(openaiResponses.ingress.decodeRequest({ input: output as JsonObject[] }))).toEqual(parts);
  });

  it("is written by the Responses API's own name through a chat client", () => {
    const events = noted(0, "reasoning", "Hm", { encrypted: "e", origin: "openai-responses" });
    const messages = [{ role: "user", content: "hi" }, keptByChatClient(answer("stop", ...events))];
    const read = openaiChat.ingress.decodeRequest({ messages });
    if (isFailure(read)) throw new Error(read.message);
    const { tree } = openaiResponses.egress.encodeRequest(read.request, { target: aTarget("author/m"), stream: false });
    expect(tree["input"]).toContainEqual({
      type: "reasoning",
      summary: [{ type: "summary_text", text: "Hm" }],
      encrypted_content: "e",
    });
  });

  it.each<[string, object, object]>([
    ["bare thoughts (DeepSeek)", { reasoning_content: "Hm" }, { reasoning_content: "Hm" }],
    [
      "entries with proofs (OpenRouter)",
      { reasoning_details: [{ type: "reasoning.text", text: "Hm", signature: "s", format: "x", index: 0 }] },
      { reasoning_details: [{ type: "reasoning.text", signature: "s", format: "x", index: 0, text: "Hm" }] },
    ],
    [
      "summaries with seals (OpenRouter)",
      {
        reasoning_details: [
          { type: "reasoning.summary", summary: "Hm", index: 0 },
          { type: "reasoning.encrypted", data: "d", id: "rs_1", index: 0 },
        ],
      },
      {
        reasoning_details: [
          { type: "reasoning.summary", summary: "Hm", index: 0 },
          { type: "reasoning.encrypted", data: "d", id: "rs_1", index: 0 },
        ],
      },
    ],
  ])("is written as it was to a chat provider through a Responses client: %s", (_what, delta, expected) => {
    const chunks = [
      { choices: [{ index: 0, delta, finish_reason: null }] },
      { choices: [{ index: 0, delta: { content: "42" }, finish_reason: "stop" }] },
    ];
    const events = decodedData(openaiChat.egress.decodeStream(DECODING), chunks);
    const input = keptByResponsesClient(events);
    const read = openaiResponses.ingress.decodeRequest({ input });
    if (isFailure(read)) throw new Error(read.message);
    const back = (id: string) =>
      openaiChat.egress.encodeRequest(read.request, { target: aTarget(id), stream: false }).tree["messages"];
    expect(back("author/m")).toEqual([{ role: "assistant", content: "42", ...expected }]);
    expect(back("stranger/m")).toEqual([{ role: "assistant", content: "42" }]);
  });
});

describe("a proof does not reach a stranger that is relayed to", () => {
  const target = aTarget("stranger/m");

  it("leaves chat messages without it", () => {
    const said = keptByChatClient(
      answer(
        "stop",
        ...(PROOFS[0]?.[1] ?? []),
        ...noted(1, "tool-call", "{}", { signature: "ts", origin: "google-generative" }),
      ),
    );
    const body = Body.fromTree({ messages: [{ role: "user", content: "hi" }, said] });
    const { edits, adjusted } = openaiChat.egress.fitBody(body, { target, stream: false });
    expect(edits.get("messages")).toEqual([
      { role: "user", content: "hi" },
      {
        role: "assistant",
        content: null,
        tool_calls: [{ id: "call_1", type: "function", function: { name: "tool_1", arguments: "{}" } }],
      },
    ]);
    expect(adjusted).toEqual(["messages.reasoning_details"]);
  });

  it("leaves the thoughts of others out of Responses items", () => {
    const input = keptByResponsesClient(answer("stop", ...(PROOFS[0]?.[1] ?? []), ...block(1, "text", "42")));
    const body = Body.fromTree({ input: [{ role: "user", content: "hi" }, ...input] });
    const { edits, adjusted } = openaiResponses.egress.fitBody(body, { target });
    expect((edits.get("input") as JsonObject[]).map(({ type, role }) => role ?? type)).toEqual(["user", "assistant"]);
    expect(adjusted).toEqual(["input.reasoning"]);
  });

  it("leaves ids of items that we made out of Responses items, and proofs of others' calls", () => {
    const signed = noted(0, "tool-call", "{}", { signature: "ts", origin: "google-generative" });
    const said = keptByResponsesClient(answer("tool-calls", ...signed, ...block(1, "text", "42")));
    const native = { type: "message", role: "assistant", id: "msg_67b73f697ba4819183a15cc17d011509", content: "hi" };
    const { edits } = openaiResponses.egress.fitBody(Body.fromTree({ input: [native, ...said] }), { target });
    expect(edits.get("input")).toEqual([
      native,
      { type: "function_call", status: "completed", arguments: "{}", call_id: "call_0", name: "tool_0" },
      { type: "message", status: "completed", role: "assistant", content: [expect.objectContaining({ text: "42" })] },
    ]);
  });

  it.each([
    ["chat messages", openaiChat, { messages: [{ role: "user", content: 'say "oce1:x"' }] }],
    ["Responses items", openaiResponses, { input: [{ role: "user", content: 'say "oce1:x"' }] }],
  ])("leaves %s alone that only speak of it", (_what, dialect, tree) => {
    const { adjusted } = dialect.egress.fitBody(Body.fromTree(tree), { target, stream: false });
    expect(adjusted).toEqual([]);
  });
});
