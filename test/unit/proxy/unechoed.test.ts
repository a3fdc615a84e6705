// What the log shows of a provider's complaint, when the complaint repeats the request.
import { describe, expect, it } from "vitest";
import { failure } from "../../../src/core/failure.ts";
import type { JsonObject } from "../../../src/core/json.ts";
import { unechoed, withoutEcho } from "../../../src/proxy/unechoed.ts";

const PROMPT = "My diagnosis is F32.1 and nobody at work knows of it.";
const MODEL = "accounts/fireworks/models/llama-v3p1-405b-instruct";

const REQUEST: JsonObject = {
  model: MODEL,
  tool_choice: "required",
  max_completion_tokens: 100,
  messages: [
    { role: "system", content: "Be brief." },
    { role: "user", content: [{ type: "text", text: PROMPT }] },
    { role: "assistant", tool_calls: [{ function: { name: "look_up", arguments: '{"q":"the ward of the clinic"}' } }] },
  ],
};

function detailOf(detail: string | null, request: JsonObject | null = REQUEST): string | null {
  return unechoed(failure("rejected", "no", { detail, upstreamStatus: 400 }), () => request).detail;
}

describe("unechoed", () => {
  it.each([
    { name: "a whole text is taken out", said: `Invalid prompt: ${PROMPT}`, shown: "Invalid prompt: [request]" },
    { name: "as often as it stands there", said: `${PROMPT} / ${PROMPT}`, shown: "[request] / [request]" },
    { name: "so is a short one of several words", said: "bad: 'Be brief.'", shown: "bad: '[request]'" },
    {
      name: "of a longer text a piece of 24 signs is enough, wherever it stands",
      said: `flagged: “${PROMPT.slice(7, 33)}”`,
      shown: "flagged: “[request]”",
    },
    {
      name: "less than that is a coincidence",
      said: `flagged: “${PROMPT.slice(7, 27)}”`,
      shown: `flagged: “${PROMPT.slice(7, 27)}”`,
    },
    {
      name: "arguments of calls are texts, too",
      said: 'cannot read {"q":"the ward of the clinic"}',
      shown: "cannot read [request]",
    },
    { name: "a piece at the very end is found", said: `x ${PROMPT.slice(-24)}`, shown: "x [request]" },
    { name: "names of parameters stay", said: "Unsupported parameter: 'max_completion_tokens'", shown: null },
    {
      name: "so do words of the API",
      said: "tool_choice 'required' is not supported for role 'assistant'",
      shown: null,
    },
    { name: "and the name of the model", said: `The model ${MODEL} does not exist`, shown: null },
    {
      name: "a complaint without the request stays",
      said: "This model's maximum context length is 8192 tokens.",
      shown: null,
    },
    { name: "nothing said is nothing to clean", said: "", shown: null },
  ])("$name", ({ said, shown }) => {
    expect(detailOf(said)).toBe(shown ?? said);
  });

  it("finds a piece at whichever of its places the text repeats", () => {
    const said = "Jim Smith password is: 1234-56";
    const others = [`x password is: nope; ${said}; password is: no`];
    for (let before = 0; before < 12; before += 1) {
      const around = "#".repeat(before);
      expect(withoutEcho(`${around}${said}!`, others)).toBe(`${around}[request]!`);
    }
  });

  it("leaves the client its own words", () => {
    const because = failure("rejected", PROMPT, { detail: PROMPT, upstreamStatus: 400 });
    expect(unechoed(because, () => REQUEST)).toEqual({ ...because, detail: "[request]" });
  });

  it("does not ask for the request where this machine speaks, or nobody", () => {
    const asked = (): never => expect.unreachable("the request was asked for");
    const ours = failure("connect-failed", "no", { detail: "connect ECONNREFUSED", cause: new Error("no") });
    expect(unechoed(ours, asked)).toBe(ours);
    const silent = failure("commit-timeout", "The provider did not answer in time.");
    expect(unechoed(silent, asked)).toBe(silent);
  });

  it("is the same failure where nothing is repeated, and where the request cannot be read", () => {
    const because = failure("rejected", "no", { detail: `no: ${PROMPT}`, upstreamStatus: 400 });
    expect(unechoed(because, () => null)).toBe(because);
    expect(unechoed(because, () => ({ messages: [] }))).toBe(because);
  });
});

describe("withoutEcho", () => {
  it("finds every run of 24 signs, however text and request are cut", () => {
    const source = Array.from({ length: 200 }, (_, at) => String.fromCharCode(0x4e00 + ((at * 7919) % 977))).join("");
    for (let from = 0; from < 60; from += 1) {
      for (const before of [0, 1, 5, 11, 12, 13]) {
        const text = `${"-".repeat(before)}${source.slice(from, from + 24 + before)}!`;
        expect(withoutEcho(text, ["another text that is long enough", source])).toBe(`${"-".repeat(before)}[request]!`);
      }
    }
  });
});
