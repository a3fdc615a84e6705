// Calls in brackets in a stream and in a whole answer, in both formats that are read for them: promoted, hidden or let go, wherever the
// bytes are cut.
import { describe, expect, it } from "vitest";
import { isFailure } from "../../../../src/core/failure.ts";
import type { JsonObject } from "../../../../src/core/json.ts";
import { noteRepair, type Pipe, told } from "../../../../src/core/lane.ts";
import { REPAIR_NAMES } from "../../../../src/core/repairs.ts";
import { collect } from "../../../../src/dialects/collect.ts";
import { FRAMINGS } from "../../../../src/dialects/framing.ts";
import { ollama } from "../../../../src/dialects/ollama/index.ts";
import { openaiChat } from "../../../../src/dialects/openai-chat/index.ts";
import { openaiResponses } from "../../../../src/dialects/openai-responses/index.ts";
import { repairedLook, RepairPipe } from "../../../../src/dialects/repair-pipe.ts";
import { CallSeeker } from "../../../../src/dialects/tool-text/call-seeker.ts";
import { TranslatePipe } from "../../../../src/dialects/translation.ts";
import { bytewise, cutsInTwo, partition } from "../../../support/rechunk.ts";

const eventBytesMax = 1 << 20;
const tools = (): ReadonlySet<string> => new Set(["get_weather", "f"]);
const redact = (text: string): string => text;
const CALL = '[get_weather]\n{"city":"Rome"}\n[END_TOOL_REQUEST]';
const DERIVED_ID = /^call_[0-9a-f]{24}$/;

/** How a provider tells an answer. */
const WIRES = {
  chat: {
    egress: openaiChat.egress,
    framing: FRAMINGS.sse,
    stream: (text: string, finish: string | null, size: number): Buffer => {
      const event = (delta: object, ends: string | null) =>
        `data: ${JSON.stringify({ id: "c", object: "chat.completion.chunk", created: 1, model: "m", choices: [{ index: 0, delta, finish_reason: ends }] })}\n\n`;
      const texts = pieces(text, size).map((content) => event({ content }, null));
      const end = finish === null ? "" : event({}, finish);
      return Buffer.from(`${event({ role: "assistant", content: "" }, null)}${texts.join("")}${end}data: [DONE]\n\n`);
    },
    whole: (text: string): object => ({
      id: "c",
      created: 1,
      model: "m",
      choices: [{ index: 0, message: { role: "assistant", content: text }, finish_reason: "stop" }],
    }),
  },
  ollama: {
    egress: ollama.egress,
    framing: FRAMINGS.lines,
    stream: (text: string, finish: string | null, size: number): Buffer => {
      const line = (content: string, more: object) =>
        `${JSON.stringify({ model: "m", created_at: "2026-01-01T00:00:00Z", message: { role: "assistant", content }, ...more })}\n`;
      const end = line("", { done: true, done_reason: finish ?? "stop", prompt_eval_count: 3, eval_count: 9 });
      return Buffer.from(
        pieces(text, size)
          .map((each) => line(each, { done: false }))
          .join("") + end,
      );
    },
    whole: (text: string): object => ({
      model: "m",
      created_at: "2026-01-01T00:00:00Z",
      message: { role: "assistant", content: text },
      done: true,
      done_reason: "stop",
      eval_count: 9,
    }),
  },
} as const;

function pieces(text: string, size: number): string[] {
  const characters = [...text];
  const cut: string[] = [];
  for (let at = 0; at < characters.length; at += size) cut.push(characters.slice(at, at + size).join(""));
  return cut;
}

const decoding = { created: 5 };

/** Through the repairs and into the words of a Responses or chat client. */
function translated(wire: keyof typeof WIRES, parts: readonly Buffer[], client = openaiChat.ingress.encodeStream) {
  const { egress, framing } = WIRES[wire];
  const encoder = client({ requestId: "req_1", model: "m", created: 5, wantsUsage: false });
  const inner = new TranslatePipe({
    framing,
    eventBytesMax,
    answerBytesMax: 1 << 26,
    decoder: egress.decodeStream(decoding),
    encoder,
    redact,
  });
  return passed(wire, inner, parts);
}

const REPAIRING = {
  requestId: "req_1",
  wantsUsage: false,
  on: new Set(REPAIR_NAMES),
  compat: {},
  answerBytesMax: 1 << 26,
  tools,
};

function passed(wire: keyof typeof WIRES, inner: Pipe, parts: readonly Buffer[]) {
  const { egress, framing } = WIRES[wire];
  const repairs = egress.repairs({ ...REPAIRING, note: (name) => noteRepair(inner.told, name) });
  if (repairs === null) throw new Error("no repairs");
  const pipe = new RepairPipe({ framing, eventBytesMax, repairs, inner, seeker: new CallSeeker(tools) });
  const out: Uint8Array[] = parts.map((part) => pipe.push(part) ?? Buffer.alloc(0));
  const last = pipe.end();
  if (isFailure(last)) out.push(pipe.fail(last));
  else if (last !== null) out.push(last);
  return { text: Buffer.concat(out).toString(), told: pipe.told, failed: isFailure(last) };
}

function relay(parts: readonly Buffer[]) {
  return passed("chat", openaiChat.relay({ wantsUsage: false, eventBytesMax, redact }), parts);
}

/** What a chat client reads. */
function message(sse: string): {
  text: string;
  finish: string | null;
  calls: { id: string; name: string; args: string }[];
} {
  const decoder = openaiChat.egress.decodeStream(decoding);
  const events = [...FRAMINGS.sse.read(Buffer.from(sse)).flatMap((event) => decoder.push(event)), ...decoder.end()];
  const answer = collect(events);
  const calls = answer.blocks.filter(({ kind }) => kind === "tool-call");
  return {
    text: answer.blocks
      .filter(({ kind }) => kind === "text")
      .map(({ text }) => text)
      .join(""),
    finish: answer.finish,
    calls: calls.map(({ id, name, text }) => ({ id: id ?? "", name: name ?? "", args: text })),
  };
}

const PROMOTED: readonly (readonly [string, string, readonly (readonly [string, string])[]])[] = [
  ["one block", CALL, [["get_weather", '{"city":"Rome"}']]],
  [
    "two blocks",
    `${CALL}\n[f]\n{ }\n[/f]\n`,
    [
      ["get_weather", '{"city":"Rome"}'],
      ["f", "{ }"],
    ],
  ],
];
const HIDDEN: readonly (readonly [string, string])[] = [
  ["a name that is not offered", "[get_Weather]\n{}\n[END_TOOL_REQUEST]"],
  ["an offered name beside one that is not", `${CALL}\n[rm]\n{}\n[/rm]`],
  ["broken JSON", "[get_weather]\n{city}\n[END_TOOL_REQUEST]"],
];
const SHOWN: readonly (readonly [string, string])[] = [
  ["a footnote", "[1] According to the source"],
  ["a block and prose", `${CALL}\nHere you are.`],
  ["prose and a block", `I will look.\n${CALL}`],
  ["half a block", '[get_weather]\n{"city":"Ro'],
];

const EVERY = [...PROMOTED, ...HIDDEN, ...SHOWN].map(([what, text]) => [what, text] as const);

describe.each(["chat", "ollama"] as const)("a stream of %s", (wire) => {
  const { stream, whole, egress } = WIRES[wire];

  it.each(PROMOTED)("%s becomes calls", (_what, text, calls) => {
    for (const size of [1, 5, 1000]) {
      const { text: out, told } = translated(wire, [stream(text, "stop", size)]);
      const read = message(out);
      expect(read).toMatchObject({ text: "", finish: "tool-calls" });
      // Ollama's arguments are objects: their spelling is not kept.
      expect(read.calls.map(({ name, args }) => [name, JSON.parse(args)])).toEqual(
        calls.map(([name, args]) => [name, JSON.parse(args)]),
      );
      for (const { id } of read.calls) expect(id).toMatch(DERIVED_ID);
      expect(new Set(read.calls.map(({ id }) => id)).size).toBe(calls.length);
      expect(told.repairs).toContain("tool-text");
      expect(told.lookAlike).toBeUndefined();
    }
  });

  it.each(HIDDEN)("%s is hidden, and warned of", (_what, text) => {
    const { text: out, told } = translated(wire, [stream(text, "stop", 3)]);
    expect(message(out)).toEqual({ text: "", finish: "stop", calls: [] });
    expect(told.repairs).toContain("tool-text-hidden");
    expect(told.lookAlike?.pattern).toBe("bracketed_tool_call");
  });

  it.each(SHOWN)("%s is text", (_what, text) => {
    const { text: out, told } = translated(wire, [stream(text, "stop", 3)]);
    expect(message(out)).toEqual({ text, finish: "stop", calls: [] });
    expect(told.repairs ?? []).not.toContain("tool-text");
  });

  it("is text when a limit has cut the answer", () => {
    const { text: out } = translated(wire, [stream(CALL, "length", 3)]);
    expect(message(out)).toEqual({ text: CALL, finish: "length", calls: [] });
  });

  it("comes out the same however it is cut", () => {
    for (const text of [CALL, "[1] note", "[rm]\n{}\n[/rm]"]) {
      const bytes = stream(text, "stop", 4);
      const uncut = translated(wire, [bytes]);
      for (const parts of [...cutsInTwo(bytes), bytewise(bytes), partition(bytes, 3)]) {
        const { text: out, told } = translated(wire, parts);
        if (out !== uncut.text) expect(out).toBe(uncut.text);
        expect(told.repairs).toEqual(uncut.told.repairs);
      }
    }
  });

  it.each(EVERY)("%s is the same streamed and whole", (_what, text) => {
    const mended = egress
      .repairs({ ...REPAIRING, note: () => {} })
      ?.whole(whole(text) as unknown as JsonObject) as JsonObject;
    const events = egress.decodeAnswer(mended, decoding);
    const answer = collect(events);
    const streamed = message(translated(wire, [stream(text, "stop", 7)]).text);
    expect(
      answer.blocks
        .filter(({ kind }) => kind === "text")
        .map((block) => block.text)
        .join(""),
    ).toBe(streamed.text);
    const calls = answer.blocks.filter(({ kind }) => kind === "tool-call");
    expect(calls.map(({ id, name, text: args }) => ({ id, name, args }))).toEqual(streamed.calls);
    expect(answer.finish).toBe(streamed.finish);
  });

  it("is held from the commit until it is settled", () => {
    const look = egress.look(told());
    const repairs = egress.repairs({ ...REPAIRING, note: () => {} });
    if (repairs === null) throw new Error("no repairs");
    const mended = repairedLook(look, repairs);
    const verdicts = WIRES[wire].framing.read(stream(CALL, "stop", 8)).map((event) => mended(event, null));
    expect(verdicts.slice(0, 5)).toEqual(["hold", "hold", "hold", "hold", "hold"]);
    expect(verdicts).toContain("commit");
  });
});

describe("relayed to a chat client", () => {
  const { stream } = WIRES.chat;

  it("text that was held keeps its bytes", () => {
    const bytes = stream("[1] According to", "stop", 2);
    expect(relay([bytes]).text).toBe(bytes.toString());
    for (const parts of [...cutsInTwo(bytes), bytewise(bytes)]) expect(relay(parts).text).toBe(bytes.toString());
  });

  it("calls come with their words in order", () => {
    const { text, told } = relay([stream(CALL, "stop", 6)]);
    expect(message(text).calls).toMatchObject([{ name: "get_weather", args: '{"city":"Rome"}' }]);
    expect(text).not.toContain("[get_weather]");
    expect(text.endsWith("data: [DONE]\n\n")).toBe(true);
    expect(told).toMatchObject({ finish: "tool_calls", repairs: ["tool-text"] });
  });

  it("calls come though the provider gives no reason for ending", () => {
    const { text } = relay([stream(CALL, null, 6)]);
    expect(message(text)).toMatchObject({ text: "", finish: "tool-calls", calls: [{ name: "get_weather" }] });
  });

  it("a stream that breaks while text is held gives the text and says that it broke", () => {
    const bytes = stream(CALL, "stop", 6);
    const { text, failed } = relay([bytes.subarray(0, bytes.lastIndexOf("data: {"))]);
    expect(failed).toBe(true);
    expect(text).toContain("get_w");
    expect(text).not.toContain("tool_calls");
    expect(text).not.toContain("[DONE]");
    expect(text).toContain('"error"');
  });

  it("counts as progress while text is held", () => {
    const inner = openaiChat.relay({ wantsUsage: false, eventBytesMax, redact });
    const context = {
      requestId: "r",
      wantsUsage: false,
      on: new Set(REPAIR_NAMES),
      compat: {},
      answerBytesMax: 1 << 26,
      tools,
      note: () => {},
    };
    const repairs = openaiChat.egress.repairs(context);
    if (repairs === null) throw new Error("no repairs");
    const pipe = new RepairPipe({ framing: FRAMINGS.sse, eventBytesMax, repairs, inner, seeker: null });
    const seen = new Set<number>();
    for (const event of stream(CALL, "stop", 8).toString().split("\n\n").slice(0, 5)) {
      pipe.push(Buffer.from(`${event}\n\n`));
      seen.add(pipe.told.progress);
    }
    expect(seen.size).toBe(5);
  });

  it("a structured call settles that the text is text", () => {
    const call = { tool_calls: [{ index: 0, id: "a", type: "function", function: { name: "f", arguments: "{}" } }] };
    const [role, ...rest] = stream(CALL, null, 1000).toString().split("\n\n");
    const called = `data: ${JSON.stringify({ choices: [{ index: 0, delta: call, finish_reason: "tool_calls" }] })}`;
    const { text } = relay([Buffer.from([role, rest[0], called, "data: [DONE]", ""].join("\n\n"))]);
    expect(message(text)).toMatchObject({ text: CALL, calls: [{ id: "a" }] });
  });
});

describe("translated for a Responses client", () => {
  it("calls are items of their own", () => {
    const { text } = translated("chat", [WIRES.chat.stream(CALL, "stop", 6)], openaiResponses.ingress.encodeStream);
    const types = FRAMINGS.sse.read(Buffer.from(text)).map(({ event }) => event);
    expect(types).toContain("response.function_call_arguments.done");
    expect(types.at(-2)).toBe("response.completed");
    expect(text).not.toContain("output_text");
  });
});
