// The laws again, for any flags together and any request: applied twice is applied once, nothing throws, strangers keep their bytes.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Compat } from "../../../src/core/snapshot.ts";
import { type Like, sendText } from "./rig.ts";

const flag = fc.boolean();
const some = { requiredKeys: [] };

/** Any flags. A map of efforts is left out: one that goes round in circles is its author's wish. */
const compat: fc.Arbitrary<Compat> = fc.record(
  {
    supportsStore: flag,
    supportsPromptCacheKey: flag,
    supportsDeveloperRole: flag,
    supportsReasoningEffort: flag,
    supportsTools: flag,
    supportsStrictMode: flag,
    requiresStringContent: flag,
    requiresToolResultName: flag,
    requiresAssistantAfterToolResult: flag,
    requiresThinkingAsText: flag,
    requiresMistralToolIds: flag,
    injectNumCtxForOpenAICompat: flag,
    maxTokensField: fc.constantFrom("max_tokens", "max_completion_tokens"),
    thinkingFormat: fc.constantFrom("openai", "openrouter", "deepseek", "zai"),
    supportedReasoningEfforts: fc.subarray(["none", "low", "medium", "high", "xhigh"]),
    supportsUsageInStreaming: flag,
    dropFields: fc.subarray(["store", "tool_choice", "seed"]),
    unsupportedToolSchemaKeywords: fc.subarray(["minLength", "type", "properties"]),
  },
  some,
);

/** Any params but a reasoning level: where a flag has taken the client's own, a second pass would fill in the file's. */
const fill = fc.record(
  {
    temperature: fc.constant(0.5),
    maxTokens: fc.constant(64),
    num_ctx: fc.constant(4096),
    qwenThinkingFormat: fc.constantFrom("chat-template", "top-level"),
    chat_template_kwargs: fc.constant({ enable_thinking: true, a: 1 }),
    extra_body: fc.constant({ tool_choice: "required", top_k: 9, store: true }),
  },
  some,
);

const like: fc.Arbitrary<Like> = fc.record({
  compat,
  fill,
  route: fc.constantFrom("native", "proxy-like", "local"),
  stated: fc.record({ reasoning: fc.boolean(), input: fc.constantFrom(null, new Set(["text"])) }),
});

const part = fc.constantFrom({ type: "text", text: "a" }, { type: "image_url", image_url: { url: "u" } }, "x", null);
const message = fc.record(
  {
    role: fc.constantFrom("developer", "system", "user", "assistant", "tool", 7),
    content: fc.oneof(fc.string(), fc.array(part), fc.constant(null)),
    name: fc.string(),
    reasoning_content: fc.oneof(fc.string(), fc.constant(null)),
    reasoning_details: fc.array(fc.constantFrom({ text: "hm" }, {}, "x")),
    tool_calls: fc.array(fc.record({ id: fc.string(), function: fc.constantFrom({ name: "f" }, null) }, some)),
    tool_call_id: fc.string(),
  },
  some,
);
const schema = fc.constantFrom({ type: "object", properties: { type: { minLength: 1 } } }, [], "x", { type: [] });
const tool = fc.record(
  { type: fc.constant("function"), function: fc.record({ strict: flag, parameters: schema }, some), strict: flag },
  some,
);

const request = fc.record(
  {
    messages: fc.oneof(fc.array(fc.oneof(message, fc.constant(null))), fc.constant("x")),
    tools: fc.oneof(fc.array(tool, { maxLength: 2 }), fc.constant(null)),
    tool_choice: fc.constantFrom("auto", null),
    store: flag,
    prompt_cache_key: fc.string(),
    max_tokens: fc.nat(),
    max_completion_tokens: fc.nat(),
    reasoning_effort: fc.oneof(fc.constantFrom("none", "off", "minimal", "low", "xhigh", "max"), fc.jsonValue()),
    reasoning: fc.oneof(fc.constant({ effort: "low" }), fc.jsonValue()),
    thinking: fc.oneof(fc.constantFrom({ type: "enabled" }, { type: "disabled" }), fc.jsonValue()),
    chat_template_kwargs: fc.jsonValue(),
    options: fc.jsonValue(),
  },
  some,
);

describe("any flags on any request", () => {
  it("applied twice are applied once", () => {
    fc.assert(
      fc.property(request, like, (body, target) => {
        const once = sendText(JSON.stringify(body), target);
        const twice = sendText(once.text, target);
        expect(twice.tree).toEqual(once.tree);
      }),
      { numRuns: 1000 },
    );
  });

  it("leave a stranger's bytes alone and note only what the client wrote", () => {
    const odd = '"odd":[1E400,-0,12345678901234567890,"\\u0061"]';
    fc.assert(
      fc.property(request, like, (body, target) => {
        const members = JSON.stringify(body).slice(1, -1);
        const { text, adjusted } = sendText(`{${[odd, members].filter(Boolean).join(",")}}`, target);
        expect(text).toContain(odd);
        const written = new Set(Object.keys(body));
        expect(adjusted.filter((name) => !written.has(name.split(".")[0] ?? ""))).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });
});
