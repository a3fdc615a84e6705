// What weak servers send is made whole, what conforming ones send keeps its bytes, and no cut changes either.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, it, vi } from "vitest";
import { isFailure } from "../../../../src/core/failure.ts";
import { noteRepair } from "../../../../src/core/lane.ts";
import { REPAIR_NAMES } from "../../../../src/core/repairs.ts";
import type { JsonObject } from "../../../../src/core/json.ts";
import { FRAMINGS } from "../../../../src/dialects/framing.ts";
import { openaiChat } from "../../../../src/dialects/openai-chat/index.ts";
import { CHAT_REPAIRS } from "../../../../src/dialects/openai-chat/repairs/index.ts";
import { openChatRepairs } from "../../../../src/dialects/openai-chat/repairs/chat-repairs.ts";
import type { RepairContext } from "../../../../src/dialects/repair.ts";
import { RepairPipe } from "../../../../src/dialects/repair-pipe.ts";
import { bytewise, cutAt, cutsInTwo, partition } from "../../../support/rechunk.ts";
import { readSse } from "../../../support/sse.ts";
import { AnswerBody } from "../../../../src/dialects/answer-body.ts";
import { called, calling, chunk, WEAK_ANSWERS, WEAK_STREAMS } from "../weak-servers.ts";

const eventBytesMax = 1 << 20;
const ON: ReadonlySet<(typeof REPAIR_NAMES)[number]> = new Set(REPAIR_NAMES);
const DERIVED_ID = /^call_[0-9a-f]{24}$/;

function bytesOf(sends: readonly (object | string)[]): Buffer {
  return Buffer.from(
    sends.map((each) => `data: ${typeof each === "string" ? each : JSON.stringify(each)}\n\n`).join(""),
  );
}

function relayed(pieces: readonly Buffer[], more: Partial<RepairContext> = {}) {
  const inner = openaiChat.relay({ wantsUsage: true, eventBytesMax, redact: (text) => text });
  const context = {
    requestId: "req_1",
    wantsUsage: true,
    on: ON,
    compat: {},
    answerBytesMax: 1 << 26,
    tools: null,
    ...more,
  };
  const repairs = openChatRepairs({ ...context, note: (name) => noteRepair(inner.told, name) });
  const pipe =
    repairs === null ? inner : new RepairPipe({ framing: FRAMINGS.sse, eventBytesMax, repairs, inner, seeker: null });
  const out: Uint8Array[] = [];
  for (const piece of pieces) out.push(pipe.push(piece) ?? Buffer.alloc(0));
  const last = pipe.end();
  const failure = isFailure(last) ? last : pipe.told.failure;
  if (failure !== null && isFailure(last)) out.push(pipe.fail(failure));
  else if (last !== null && !isFailure(last)) out.push(last);
  return { text: Buffer.concat(out).toString(), end: failure?.kind ?? "complete", told: pipe.told };
}

interface Message {
  text: string;
  role: string | null;
  finish: string | null;
  usage: object | null;
  calls: { index: number; id: string; name: string; args: string }[];
}

/** What a client that takes every chunk at its word puts together. */
function assembled(text: string): Message {
  const message: Message = { text: "", role: null, finish: null, usage: null, calls: [] };
  for (const { data } of readSse(Buffer.from(text)).events) {
    if (data === "[DONE]") continue;
    const tree = JSON.parse(data) as {
      usage?: object;
      choices: { delta: Record<string, unknown>; finish_reason?: string }[];
    };
    message.usage = tree.usage ?? message.usage;
    for (const { delta, finish_reason: finish } of tree.choices) {
      message.text += (delta["content"] as string | undefined) ?? "";
      message.role = (delta["role"] as string | undefined) ?? message.role;
      message.finish = finish ?? message.finish;
      for (const each of (delta["tool_calls"] as {
        index: number;
        id?: string;
        function: { name?: string; arguments?: string };
      }[]) ?? []) {
        const call = (message.calls[each.index] ??= { index: each.index, id: "", name: "", args: "" });
        call.id = each.id ?? call.id;
        call.name += each.function.name ?? "";
        call.args += each.function.arguments ?? "";
      }
    }
  }
  return message;
}

describe("a weak server's stream", () => {
  it.each(WEAK_STREAMS)("$what", ({ sends, repairs, calls = [], text = "", finish, usage = null }) => {
    const { text: out, end, told } = relayed([bytesOf(sends)]);
    expect(end).toBe("complete");
    const message = assembled(out);
    expect(message).toMatchObject({ text, finish, role: "assistant", usage });
    expect(message.calls.map(({ index }) => index)).toEqual(calls.map((_call, index) => index));
    expect(message.calls.map(({ name, args }) => [name, args])).toEqual(calls.map(([name, args]) => [name, args]));
    for (const [at, [, , id]] of calls.entries()) {
      if (id === undefined) expect(message.calls[at]?.id).toMatch(DERIVED_ID);
      else expect(message.calls[at]?.id).toBe(id);
    }
    expect(new Set(message.calls.map(({ id }) => id)).size).toBe(calls.length);
    expect(new Set(told.repairs)).toEqual(new Set(repairs));
    expect(out.endsWith("data: [DONE]\n\n")).toBe(true);
    if (usage !== null) expect(out.match(/"prompt_tokens":/g)?.length).toBeGreaterThan(0);
  });

  it.each(WEAK_STREAMS)("$what: no cut changes anything", ({ sends }) => {
    const bytes = bytesOf(sends);
    const whole = relayed([bytes]);
    for (const pieces of [...cutsInTwo(bytes), bytewise(bytes), partition(bytes, 7)]) {
      const cut = relayed(pieces);
      if (cut.text !== whole.text) expect(cut.text).toBe(whole.text);
      expect(cut.told.repairs).toEqual(whole.told.repairs);
    }
  });

  it.each(WEAK_STREAMS)("$what: once mended it needs no mending", ({ sends }) => {
    const { text } = relayed([bytesOf(sends)]);
    const again = relayed([Buffer.from(text)]);
    expect(again.text).toBe(text);
    expect(again.told.repairs).toBeNull();
  });

  it.each(WEAK_STREAMS)("$what: switched off it is passed on", ({ sends }) => {
    const bytes = bytesOf(sends);
    expect(relayed([bytes], { on: new Set() }).text).toBe(bytes.toString());
  });

  it.each(WEAK_STREAMS)("$what: cut before its terminator it never looks complete", ({ sends }) => {
    const before = sends.slice(0, -1);
    const finished = before.some((each) => /"finish_reason":"/.test(JSON.stringify(each)));
    const { end, text } = relayed([bytesOf(before)]);
    expect([end, text.includes("[DONE]")]).toEqual(finished ? ["complete", true] : ["stream-broken", false]);
  });
});

describe("a chunk in which one choice goes on and another ends", () => {
  it.each(["stop", "eos", "length"])("is read, however short its end is: %s", (finish) => {
    const says = (index: number, content: string): object => ({ index, delta: { content }, finish_reason: null });
    const ends = (index: number): string => `{"index":${index},"delta":{},"finish_reason":"${finish}"}`;
    const both = { choices: [says(0, "a"), says(1, "b")] };
    const one = `{"choices":[${JSON.stringify(says(0, "c"))},${ends(1)}]}`;
    const events = [both, one, `{"choices":[${ends(0)}]}`, "[DONE]"].map((event) => bytesOf([event]));
    const { text } = relayed(events);
    const reasons = readSse(Buffer.from(text)).events.flatMap(({ data }) => data.match(/"finish_reason":"\w+"/g) ?? []);
    expect(reasons).toEqual(Array(2).fill(`"finish_reason":"${finish === "eos" ? "stop" : finish}"`));
  });
});

describe("a stream of more choices than anybody asked for", () => {
  it("is mended in the first 128, and passes as it came in all others: each takes memory, and every event could open one", () => {
    const call = { id: "c", function: { name: "f", arguments: "{}" } };
    const sends = Array.from({ length: 130 }, (_, index) => ({ choices: [{ index, delta: { tool_calls: [call] } }] }));
    const { text } = relayed([bytesOf([...sends, "[DONE]"])]);
    const typed = readSse(Buffer.from(text)).events.filter(({ data }) => data.includes('"type":"function"'));
    expect(typed.length).toBe(128);
    for (const send of sends.slice(128)) expect(text).toContain(`data: ${JSON.stringify(send)}\n\n`);
  });
});

describe("a stream of more calls than are kept", () => {
  it("is mended up to the bound of whole answers, and passes as it came from there on", () => {
    const call = { id: "c", function: { name: "f", arguments: "{}" } };
    const sends = Array.from({ length: 50 }, (_, index) => ({
      choices: [{ index: 0, delta: { tool_calls: [{ index, ...call, id: `c${index}` }] } }],
    }));
    const { text } = relayed([bytesOf([...sends, "[DONE]"])], { answerBytesMax: 8000 });
    const typed = readSse(Buffer.from(text)).events.map(({ data }) => data.includes('"type":"function"'));
    expect(typed.indexOf(false)).toBeGreaterThan(10);
    expect(typed.slice(typed.indexOf(false), 50)).toEqual(Array(50 - typed.indexOf(false)).fill(false));
    for (const send of sends.slice(typed.indexOf(false))) expect(text).toContain(`data: ${JSON.stringify(send)}\n\n`);
  });

  it("is told by its words: a call of many small pieces is mended to its end, whatever stands around them", () => {
    const piece = (entry: object) => ({ id: "x".repeat(300), choices: [{ index: 0, delta: { tool_calls: [entry] } }] });
    const pieces = Array.from({ length: 300 }, () => piece({ function: { arguments: "1" } }));
    const sends = [piece({ id: "c", function: { name: "f", arguments: "" } }), ...pieces];
    const { text } = relayed([bytesOf([...sends, "[DONE]"])], { answerBytesMax: 12_000 });
    expect(text.match(/"index":0(?:,"type":"function")?\}\]/g)).toHaveLength(301);
  });
});

describe("a conforming stream", () => {
  const folder = join(import.meta.dirname, "../../../golden/openai-chat");
  it.each(readdirSync(folder))("%s keeps its bytes with everything on", (file) => {
    const bytes = readFileSync(join(folder, file));
    for (const tools of [null, () => new Set(["t"])]) {
      const { text, told } = relayed([bytes], { tools });
      expect(text).toBe(bytes.toString());
      expect(told.repairs).toBeNull();
    }
  });

  it("keeps unknown fields and odd numbers in every event that is not mended", () => {
    const odd =
      'data: {"id":"c","x":{"deep":[1E400,-0]},"choices":[{"index":0,"delta":{"content":"a","y":1.50},"finish_reason":null}]}\n\n';
    const bytes = Buffer.concat([
      bytesOf([chunk({ role: "assistant", content: "" }), chunk({ content: "x" })]),
      Buffer.from(odd),
      bytesOf([chunk({}, "eos"), "[DONE]"]),
    ]);
    const { text, told } = relayed([bytes]);
    expect(text).toContain(odd);
    expect(told.repairs).toEqual(["finish-word"]);
  });

  it("is not read where it holds plain text only", () => {
    const repairs = openChatRepairs({
      requestId: "r",
      wantsUsage: true,
      on: ON,
      compat: {},
      answerBytesMax: 1 << 26,
      tools: null,
      note: () => {},
    });
    const plain = Buffer.from(
      'data: {"choices":[{"index":0,"delta":{"content":"say \\"tool_calls\\": []"},"finish_reason":null}],"usage":null}\n\n',
    );
    expect(repairs?.wantsLook(plain)).toBe(true);
    repairs?.push({ event: undefined, data: JSON.stringify(chunk({ role: "assistant", content: "x" })), raw: null });
    expect(repairs?.wantsLook(plain)).toBe(false);
  });
});

describe("a weak server's whole answer", () => {
  const answerOf = (message: object, ends: unknown, more: object): JsonObject =>
    ({
      id: "chatcmpl-7",
      object: "chat.completion",
      model: "qwen",
      choices: [{ index: 0, message, finish_reason: ends }],
      ...more,
    }) as unknown as JsonObject;

  it.each(WEAK_ANSWERS)(
    "$what",
    ({ message, ends = "stop", more = {}, repairs, calls = [], text = "", finish, usage = null }) => {
      const done: string[] = [];
      const open = () =>
        openChatRepairs({
          requestId: "req_1",
          wantsUsage: false,
          on: ON,
          compat: {},
          answerBytesMax: 1 << 26,
          tools: null,
          note: (name) => done.push(name),
        });
      const tree = answerOf(message, ends, more);
      expect(open()?.wantsWhole(new AnswerBody(Buffer.from(JSON.stringify(tree))))).toBe(true);
      const mended = open()?.whole(tree) as unknown as {
        usage?: object;
        choices: {
          finish_reason: string;
          message: {
            role: string;
            content?: string;
            tool_calls?: { id: string; index?: number; function: { name: string; arguments: string } }[];
          };
        }[];
      };
      const [choice] = mended.choices;
      expect(choice?.finish_reason).toBe(finish);
      expect(choice?.message.role).toBe("assistant");
      expect(choice?.message.content ?? "").toBe(text);
      const made = choice?.message.tool_calls ?? [];
      expect(made.map((call) => [call.function.name, call.function.arguments])).toEqual(
        calls.map(([name, args]) => [name, args]),
      );
      for (const call of made) expect(Object.hasOwn(call, "index")).toBe(false);
      for (const [at, [, , id]] of calls.entries()) if (id === undefined) expect(made[at]?.id).toMatch(DERIVED_ID);
      expect(mended.usage ?? null).toEqual(usage);
      expect(new Set(done)).toEqual(new Set(repairs));
    },
  );

  it("is not parsed to learn that it is wanted where text may be calls", () => {
    const answer = new AnswerBody(Buffer.from("{}"));
    const parse = vi.spyOn(answer, "tree", "get");
    const repairs = openChatRepairs({
      requestId: "r",
      wantsUsage: false,
      on: ON,
      compat: {},
      answerBytesMax: 1 << 26,
      tools: () => new Set(["f"]),
      note: () => undefined,
    });
    expect(repairs?.wantsWhole(answer)).toBe(true);
    expect(parse).not.toHaveBeenCalled();
  });

  it("stays the same object when nothing is wrong", () => {
    const call = { id: "a", type: "function", function: { name: "f", arguments: "{}" } };
    for (const [message, ends] of [
      [{ role: "assistant", content: "Hi" }, "stop"],
      [{ role: "assistant", content: null, tool_calls: [call, { ...call, id: "b" }] }, "tool_calls"],
    ] as const) {
      const tree = answerOf(message, ends, { usage: { prompt_tokens: 1, completion_tokens: 1 } });
      const repairs = openChatRepairs({
        requestId: "r",
        wantsUsage: true,
        on: ON,
        compat: {},
        answerBytesMax: 1 << 26,
        tools: null,
        note: (name) => expect(name).toBe("nothing"),
      });
      expect(repairs?.whole(tree)).toBe(tree);
    }
  });
});

describe("flags of the file", () => {
  it("decode entities in arguments, in parts and at the end of a cut", () => {
    const sends = [
      chunk({ role: "assistant", content: null }),
      calling(called({ index: 0, id: "a", name: "f", args: '{"q":"a &am' })),
      calling(called({ index: 0, args: 'p; b &quot;c&quot;","r":"x &l' })),
      chunk({}, "length"),
      "[DONE]",
    ];
    const { text, told } = relayed([bytesOf(sends)], {
      on: new Set(),
      compat: { toolCallArgumentsEncoding: "html-entities" },
    });
    expect(assembled(text).calls[0]?.args).toBe('{"q":"a & b \\"c\\"","r":"x &l');
    expect(told.repairs).toEqual(["arguments-entities"]);
  });

  it("show details of visible types as text, and keep the others", () => {
    const hidden = { type: "reasoning.text", text: "hm" };
    const sends = [
      chunk({ role: "assistant", content: "", reasoning_details: [hidden] }),
      chunk({ content: "", reasoning_details: [{ type: "response.output_text", text: "Hel" }, hidden] }),
      chunk({ content: null, reasoning_details: [{ type: "response.output_text", text: "lo" }] }),
      chunk({}, "stop"),
      "[DONE]",
    ];
    const compat = { visibleReasoningDetailTypes: ["response.output_text"] };
    const { text, told } = relayed([bytesOf(sends)], { on: new Set(), compat });
    expect(assembled(text).text).toBe("Hello");
    expect(text.match(/"text":"hm"/g)).toHaveLength(2);
    expect(told.repairs).toEqual(["details-shown"]);
  });
});

describe("any chunks in any order", () => {
  const call = fc.record(
    {
      index: fc.constantFrom(0, 0, 1, 2),
      id: fc.constantFrom("a", "a", "b", ""),
      type: fc.constant("function"),
      function: fc.record(
        {
          name: fc.constantFrom("f", "g"),
          arguments: fc.constantFrom<unknown>("{", "}", '{"a":"}{"}', "{}{}", " ", { a: 1 }, null),
        },
        { requiredKeys: [] },
      ),
    },
    { requiredKeys: ["function"] },
  );
  const delta = fc.record(
    {
      role: fc.constant("assistant"),
      content: fc.constantFrom("", "[f]\n", "{}\n", "[/f]", "text", null),
      tool_calls: fc.array(call, { maxLength: 2 }),
      reasoning_content: fc.constant("hm"),
    },
    { requiredKeys: [] },
  );
  const finish = fc.constantFrom(null, null, null, null, "stop", "tool_calls", "length", "eos");
  const chunks = fc.array(
    fc.tuple(delta, finish).map(([of, ends]) => chunk(of, ends)),
    { minLength: 1, maxLength: 8 },
  );
  const cuts = fc.array(fc.nat(3_000), { maxLength: 8 });

  it("come out the same however they are cut, every call with an id and a place, and are complete only if their provider said so", () => {
    fc.assert(
      fc.property(chunks, cuts, fc.nat(12), fc.boolean(), (sends, offsets, place, asks) => {
        // The terminator may stand in the midst: what is behind it belongs to nobody.
        const isDone = place <= sends.length;
        const bytes = bytesOf(isDone ? [...sends.slice(0, place), "[DONE]", ...sends.slice(place)] : sends);
        const tools = asks ? (): ReadonlySet<string> => new Set(["f"]) : null;
        const uncut = relayed([bytes], { tools });
        const cut = relayed(cutAt(bytes, offsets), { tools });
        expect([cut.text, cut.end, cut.told.repairs]).toEqual([uncut.text, uncut.end, uncut.told.repairs]);
        const said = isDone || sends.some((each) => /"finish_reason":"/.test(JSON.stringify(each)));
        if (!said) expect(uncut.end).not.toBe("complete");
        if (uncut.end !== "complete") return;
        const { calls } = assembled(uncut.text);
        // Gaps that the provider leaves stay (fault row U64), but the list begins.
        expect(Object.keys(calls)[0] ?? "0").toBe("0");
        expect(Object.values(calls).every(({ id }) => id !== "")).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("the table", () => {
  it("says of every row where it was seen", () => {
    for (const row of Object.values(CHAT_REPAIRS)) expect(row.source.length).toBeGreaterThan(20);
  });
});
