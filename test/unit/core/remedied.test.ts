// A target with remedies is one whose file says the same.
import { describe, expect, it } from "vitest";
import { type RemedyName, REMEDIES, SPARE_FIELDS } from "../../../src/core/remedy.ts";
import { remedyLine } from "../../../src/core/remedy-line.ts";
import { remedied } from "../../../src/core/remedied.ts";
import { aTarget } from "../../support/snapshot.ts";

const NAMES = Object.keys(REMEDIES) as RemedyName[];

describe("a target with remedies", () => {
  const plain = aTarget("p/m", {
    compat: { supportsStore: true, unsupportedToolSchemaKeywords: ["minLength", "odd"] },
  });

  it("is the target itself without any, and the same one when it is asked for again", () => {
    expect(remedied(plain, [])).toBe(plain);
    expect(remedied(plain, ["no-store"])).toBe(remedied(plain, ["no-store"]));
    expect(remedied({ ...plain }, ["no-store"])).not.toBe(remedied(plain, ["no-store"]));
  });

  it("has their flags over its own, whatever was written, and keeps all others", () => {
    const { compat, ...rest } = remedied(plain, ["no-store", "string-content"]);
    expect(compat).toEqual({ ...plain.compat, supportsStore: false, requiresStringContent: true });
    expect(rest).toEqual({ ...plain, compat: undefined, ...rest });
  });

  it("leaves out all fields together, and keywords beside the written ones", () => {
    const { compat } = remedied(plain, ["no-seed", "no-user", "plain-schema"]);
    expect(compat.dropFields).toEqual(["seed", "user"]);
    expect(compat.unsupportedToolSchemaKeywords).toEqual(expect.arrayContaining(["odd", "minLength", "pattern"]));
  });

  it("goes by the later of two that contradict each other", () => {
    expect(remedied(plain, ["max-tokens", "max-completion-tokens"]).compat.maxTokensField).toBe(
      "max_completion_tokens",
    );
  });

  it("is not asked for usage, and states no tools, where it was learned to have none", () => {
    const { asksUsage, stated } = remedied(plain, ["no-stream-options", "no-tools"]);
    expect([asksUsage, stated.tools]).toEqual([false, false]);
  });
});

describe("the line of the file", () => {
  const owner = { provider: "vllm", target: "vllm/org/qwen 3", isListed: true };

  it.each<[sentence: string, isListed: boolean, name: RemedyName, line: string]>([
    [
      "is OpenClaw's flag where it has one",
      true,
      "string-content",
      'models.providers.vllm.models["org/qwen 3"].compat.requiresStringContent: true',
    ],
    [
      "is a flag with a word",
      true,
      "max-tokens",
      'models.providers.vllm.models["org/qwen 3"].compat.maxTokensField: "max_tokens"',
    ],
    [
      "is a flag with a list",
      true,
      "lower-effort",
      'models.providers.vllm.models["org/qwen 3"].compat.supportedReasoningEfforts: ["low","medium","high"]',
    ],
    [
      "is ours where OpenClaw has no flag",
      true,
      "no-temperature",
      'edge.compat.adjust["vllm/org/qwen 3"]: ["no-temperature"]',
    ],
    [
      "is ours where the file has no entry for the model",
      false,
      "string-content",
      'edge.compat.adjust["vllm/org/qwen 3"]: ["string-content"]',
    ],
  ])("%s", (_sentence, isListed, name, line) => {
    expect(remedyLine({ ...owner, isListed }, name)).toBe(line);
  });

  it.each(NAMES)("exists for %s", (name) => {
    expect(remedyLine(owner, name)).toMatch(/^(?:models\.providers\.vllm|edge\.compat\.adjust)/);
    expect(Object.keys(REMEDIES[name].flags)).toHaveLength(1);
  });
});

describe("what no remedy may take (decision 12)", () => {
  it("is the form of the answer: schema, number of answers, where it stops, how long it is", () => {
    const fields = new Set<string>(Object.values(SPARE_FIELDS));
    const kept = [
      "response_format",
      "text",
      "n",
      "stop",
      "logprobs",
      "messages",
      "input",
      "model",
      "stream",
      "max_output_tokens",
    ];
    expect(kept.filter((field) => fields.has(field))).toEqual([]);
  });

  it("is a forced tool choice", () => {
    expect(NAMES.filter((name) => REMEDIES[name].spares === "forced-tool")).toEqual(["no-tools", "no-tool-choice"]);
  });
});
