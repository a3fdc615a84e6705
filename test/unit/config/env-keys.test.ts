import { describe, expect, it } from "vitest";
import { envKeys, splitKeys } from "../../../src/config/env-keys.ts";

const OPENAI = { names: ["OPENAI_API_KEY"], every: false, provider: "openai" };
const MOONSHOT = { names: ["MOONSHOT_API_KEY", "KIMI_API_KEY"], every: false, provider: "moonshot" };
const GOOGLE = { names: ["GEMINI_API_KEY", "GOOGLE_API_KEY"], every: true, provider: "google" };
const OTHER = { names: [], every: false, provider: "my-llm.2" };

describe("keys in the environment", () => {
  it.each<[string, typeof OPENAI | typeof OTHER, Record<string, string>, string[]]>([
    ["the usual variable", OPENAI, { OPENAI_API_KEY: "a" }, ["a"]],
    ["without the space around it", OPENAI, { OPENAI_API_KEY: " a\n" }, ["a"]],
    ["none where it is blank", OPENAI, { OPENAI_API_KEY: "  " }, []],
    [
      "a list first, then the one, then the numbered",
      OPENAI,
      { OPENAI_API_KEY_2: "d", OPENAI_API_KEY_1: "c", OPENAI_API_KEY: "b", OPENAI_API_KEYS: "a" },
      ["a", "b", "c", "d"],
    ],
    ["numbers in order of size", OPENAI, { OPENAI_API_KEY_10: "b", OPENAI_API_KEY_9: "a" }, ["a", "b"]],
    ["no path that only looks like a number", OPENAI, { OPENAI_API_KEY_FILE: "/etc/key" }, []],
    [
      "each key once, at its first place",
      OPENAI,
      { OPENAI_API_KEYS: "a,b;a", OPENAI_API_KEY: "b", OPENAI_API_KEY_1: "c" },
      ["a", "b", "c"],
    ],
    ["a live key alone", OPENAI, { OPENCLAW_LIVE_OPENAI_KEY: "live", OPENAI_API_KEY: "a" }, ["live"]],
    ["the first of several variables", MOONSHOT, { KIMI_API_KEY: "k", MOONSHOT_API_KEY: "m" }, ["m"]],
    ["the second where the first is not set", MOONSHOT, { KIMI_API_KEY: "k" }, ["k"]],
    ["both of Google's", GOOGLE, { GOOGLE_API_KEY: "b", GEMINI_API_KEY: "a" }, ["a", "b"]],
    ["a provider of one's own by its id", OTHER, { MY_LLM_2_API_KEY: "a", MY_LLM_2_API_KEYS: "b" }, ["b", "a"]],
    ["nothing of another provider", OPENAI, { OPENROUTER_API_KEY: "a", OPENAI_API_KEYX: "b" }, []],
  ])("%s", (_what, wanted, env, expected) => {
    expect(envKeys(env, wanted).map(({ value }) => value)).toEqual(expected);
  });

  it("say where they are from", () => {
    expect(envKeys({ OPENAI_API_KEYS: "a", OPENAI_API_KEY_3: "b" }, OPENAI)).toEqual([
      { value: "a", from: "OPENAI_API_KEYS" },
      { value: "b", from: "OPENAI_API_KEY_3" },
    ]);
  });

  it("split at commas, semicolons and white space", () => {
    expect(splitKeys(" a, b;c\n\td ,, ")).toEqual(["a", "b", "c", "d"]);
  });
});
