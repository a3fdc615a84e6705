// What is glanced at only, and what the rows have to see; and that a glance says the same as the rows.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { REPAIR_NAMES } from "../../../../src/core/repairs.ts";
import { openChatRepairs } from "../../../../src/dialects/openai-chat/repairs/chat-repairs.ts";
import { PlainAnswer } from "../../../../src/dialects/openai-chat/repairs/plain-answer.ts";
import type { AnswerRepairs } from "../../../../src/dialects/repair.ts";
import { readEvents } from "../../../../src/dialects/sse.ts";

const HEAD = '"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m"';
const ROLE = `data: {${HEAD},"choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}\n\n`;
const TEXT = `data: {${HEAD},"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":null}]}\n\n`;
const STOP = `data: {${HEAD},"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n`;
const COUNT = `data: {${HEAD},"choices":[],"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}\n\n`;
const DONE = "data: [DONE]\n\n";

const went = (plain: PlainAnswer, event: string): string | null => plain.take(Buffer.from(event))?.toString() ?? null;
const chunk = (inside: string): string => `data: {${HEAD},${inside}}\n\n`;
const choice = (inside: string): string => chunk(`"choices":[{"index":0,${inside}}]`);

describe("a plain answer", () => {
  it("goes as it came, from the role to the terminator", () => {
    const plain = new PlainAnswer(() => expect.unreachable());
    const sent = [ROLE, TEXT, STOP, COUNT, DONE];
    expect(sent.map((event) => went(plain, event))).toEqual(sent);
    expect(plain).toMatchObject({ begun: true, finished: true });
  });

  it.each([
    ["before other members", '{"content":"Hi"}', '{"role":"assistant","content":"Hi"}'],
    ["into an empty delta", "{}", '{"role":"assistant"}'],
  ])("gets a role that was left out, once: %s", (_where, delta, with_) => {
    let added = 0;
    const plain = new PlainAnswer(() => (added += 1));
    expect(went(plain, choice(`"delta":${delta},"finish_reason":null`))).toBe(
      choice(`"delta":${with_},"finish_reason":null`),
    );
    expect(went(plain, TEXT)).toBe(TEXT);
    expect(added).toBe(1);
  });

  it("stays without a role where that is switched off", () => {
    expect(went(new PlainAnswer(null), TEXT)).toBe(TEXT);
  });

  it.each([
    ["calls", choice('"delta":{"role":"assistant","tool_calls":[]},"finish_reason":null')],
    ["a call of old", choice('"delta":{"role":"assistant","function_call":{}},"finish_reason":null')],
    ["details of reasoning", choice('"delta":{"role":"assistant","reasoning_details":[]},"finish_reason":null')],
    ["an error", chunk('"error":{"message":"no"}')],
    ["a second choice", chunk('"choices":[{"index":1,"delta":{"role":"assistant"},"finish_reason":null}]')],
    ["two choices in one", chunk('"choices":[{"delta":{"role":"assistant"}},{"delta":{"role":"assistant"}}]')],
    [
      "two choices, one spelled in another way",
      chunk('"choices":[{"delta":{ "content":"Hi" }},{"delta":{"role":"assistant"}}]'),
    ],
    ["another role", choice('"delta":{"role":"model","content":"Hi"},"finish_reason":null')],
    ["no role in words", choice('"delta":{"role":null,"content":"Hi"},"finish_reason":null')],
    ["a role in the wrong place", choice('"delta":{"content":"Hi"},"role":"assistant","finish_reason":null')],
    ["a word of another API", choice('"delta":{"role":"assistant"},"finish_reason":"end_turn"')],
    ["calls as the reason", choice('"delta":{"role":"assistant"},"finish_reason":"tool_calls"')],
    [
      "usage beside a choice",
      choice('"delta":{"role":"assistant"},"finish_reason":"stop"').replace("}]}", '}],"usage":{}}'),
    ],
    ["usage before the end", COUNT],
    ["times instead of usage", chunk('"choices":[],"timings":{"predicted_n":1}')],
    ["a delta that is none", choice('"delta":null,"finish_reason":null')],
    ["no reason at the end", DONE],
    ["two lines of data", 'data: {"choices":\ndata: []}\n\n'],
    ["another kind of line end", ROLE.replaceAll("\n", "\r\n")],
    ["an event with a name", `event: message\n${ROLE}`],
    ["a comment", ": waiting\n\n"],
    ["half a chunk", 'data: {"choices":[{"index":0,"delta":{"role":"assistant"}\n\n'.replace("}\n", "\n")],
  ])("is none with %s", (_what, event) => {
    expect(went(new PlainAnswer(() => {}), event)).toBeNull();
  });

  it("is none any more once something follows its end", () => {
    const plain = new PlainAnswer(() => {});
    for (const event of [ROLE, STOP]) went(plain, event);
    expect(went(plain, TEXT)).toBeNull();
  });

  it("does not take another vendor's reason for the reason", () => {
    const plain = new PlainAnswer(() => {});
    went(plain, choice('"delta":{"role":"assistant"},"native_finish_reason":"stop","finish_reason":null'));
    expect(plain.finished).toBe(false);
  });

  it.each([
    [
      "a message beside the delta",
      '"delta":{"role":"assistant","content":""},"message":{"content":"Hi"},"finish_reason":null',
    ],
    [
      "a page that is cited",
      '"delta":{"role":"assistant","content":"","annotations":[{"content":"Hi"}]},"finish_reason":null',
    ],
  ])("has not begun with the words of %s", (_whose, inside) => {
    const plain = new PlainAnswer(() => {});
    expect(went(plain, choice(inside))).not.toBeNull();
    expect(plain.begun).toBe(false);
    went(plain, TEXT);
    expect(plain.begun).toBe(true);
  });

  it("is given up when it never begins", () => {
    const plain = new PlainAnswer(() => {});
    const taken = Array.from({ length: 12 }, () => went(plain, ROLE)).filter((event) => event !== null);
    expect(taken.length).toBeLessThan(12);
    expect(plain.remembered.length).toBe(taken.length);
  });
});

const member = (values: readonly string[]): fc.Arbitrary<string> => fc.constantFrom(...values);
const chunks = fc.oneof(
  fc
    .tuple(
      member(["", '"role":"assistant",', '"role": "assistant" ,', '"role":null,', '"role":"model",']),
      member([
        '"content":""',
        '"content":"Hi"',
        '"content":null',
        '"reasoning_content":"Hm"',
        '"tool_calls":[]',
        '"x":1',
      ]),
      member(["null", '"stop"', '"length"', '"end_turn"', '"tool_calls"', '""']),
      member([
        "",
        ',"usage":null',
        ',"usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}',
        ',"x_groq":{}',
      ]),
      member(["0", "1"]),
    )
    .map(([role, said, finish, more, index]) =>
      chunk(`"choices":[{"index":${index},"delta":{${role}${said}},"finish_reason":${finish}}]${more}`),
    ),
  member([ROLE, TEXT, STOP, COUNT, chunk('"choices":[]'), ": comment\n\n"]),
);

/** What goes out, read, and what was noted. `glances`: as the pipe does it; else every event is read by the rows. */
function mended(
  events: readonly string[],
  glances: boolean,
): { readonly said: readonly unknown[]; readonly notes: string[] } {
  const notes = new Set<string>();
  const on = new Set(REPAIR_NAMES);
  const note = (name: string): void => void notes.add(name);
  const repairs = openChatRepairs({
    requestId: "r",
    wantsUsage: true,
    on,
    compat: {},
    answerBytesMax: 1 << 26,
    tools: null,
    note,
  }) as AnswerRepairs;
  const said = events.flatMap((event) => {
    const raw = Buffer.from(event);
    const seen = glances ? repairs.glance(raw) : repairs.wantsLook(raw) ? null : raw;
    if (seen !== null) return readEvents(seen).map(({ data }) => data);
    return readEvents(raw).flatMap((read) => repairs.push({ ...read, raw }).map(({ data }) => data));
  });
  return {
    said: said.map((data) => (data === "[DONE]" ? data : (JSON.parse(data) as unknown))),
    notes: [...notes].toSorted(),
  };
}

it("says what the rows would have said, whatever comes in whatever order", () => {
  fc.assert(
    fc.property(fc.array(chunks, { maxLength: 8 }), fc.boolean(), (sent, ends) => {
      const events = ends ? [...sent, DONE] : sent;
      expect(mended(events, true)).toEqual(mended(events, false));
    }),
    { numRuns: 2000 },
  );
});
