import { describe, expect, it } from "vitest";
import { agentIdOf } from "../../../src/config/agent-id.ts";
import { parseModelRef, targetIdOf, withoutProfile } from "../../../src/config/model-ref.ts";
import { providerIdOf } from "../../../src/config/provider-id.ts";

describe("a model ref", () => {
  it.each<[string, ReturnType<typeof parseModelRef>]>([
    ["openai/gpt-5.5", { provider: "openai", model: "gpt-5.5" }],
    [" OpenAI/GPT-5.5 ", { provider: "openai", model: "GPT-5.5" }],
    ["openrouter/moonshotai/kimi-k2", { provider: "openrouter", model: "moonshotai/kimi-k2" }],
    ["z.ai/glm-5", { provider: "zai", model: "glm-5" }],
    ["gpt-5.5", { provider: null, model: "gpt-5.5" }],
    ["/m", null],
    ["p/", null],
    ["/", null],
    ["  ", null],
  ])("%j", (text, expected) => {
    expect(parseModelRef(text)).toEqual(expected);
  });

  it.each<[string, string]>([
    ["p/m@work", "p/m"],
    ["p/m@20260101", "p/m@20260101"],
    ["p/m@q4_k_m", "p/m@q4_k_m"],
    ["p/m@iq2_xs", "p/m@iq2_xs"],
    ["p/m@8bit", "p/m@8bit"],
    ["p/m@bf16", "p/m@bf16"],
    ["workers/@cf/meta/llama", "workers/@cf/meta/llama"],
    ["p/@x", "p/@x"],
    ["m@work", "m"],
  ])("%s without its profile is %s", (text, expected) => {
    expect(withoutProfile(text)).toBe(expected);
  });

  it.each<[string, string, string]>([
    ["openai", "gpt-5.5", "openai/gpt-5.5"],
    ["openrouter", "openrouter/auto", "openrouter/auto"],
    ["nvidia", "NVIDIA/nemotron", "NVIDIA/nemotron"],
    ["open", "openrouter/auto", "open/openrouter/auto"],
  ])("of %s and %s has the id %s", (provider, model, expected) => {
    expect(targetIdOf(provider, model)).toBe(expected);
  });
});

describe("ids", () => {
  it.each([
    ["modelstudio", "qwen"],
    ["QwenCloud", "qwen"],
    ["z-ai", "zai"],
    ["opencode-zen", "opencode"],
    ["opencode-go-auth", "opencode-go"],
    ["kimi-code", "kimi"],
    ["bedrock", "amazon-bedrock"],
    ["doubao", "volcengine"],
    [" OpenAI ", "openai"],
    ["constructor", "constructor"],
  ])("provider %j is %s", (written, expected) => {
    expect(providerIdOf(written)).toBe(expected);
  });

  it.each([
    ["Main", "main"],
    ["My Agent!", "my-agent"],
    ["--a--", "a"],
    ["", "main"],
    ["ä", "main"],
    ["a".repeat(80), "a".repeat(64)],
  ])("agent %j is %s", (written, expected) => {
    expect(agentIdOf(written)).toBe(expected);
  });
});
