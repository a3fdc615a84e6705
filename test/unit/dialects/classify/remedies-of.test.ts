// Complaints of shape: every row has a true text behind it, every complaint that is healed has two servers at least, and nothing that a client
// can write into an error teaches the gateway anything.
import { describe, expect, it } from "vitest";
import type { FailureKind } from "../../../../src/core/failure.ts";
import { dispositionOf } from "../../../../src/core/failure.ts";
import type { JsonObject } from "../../../../src/core/json.ts";
import type { RemedyName } from "../../../../src/core/remedy.ts";
import { classifyErrorObject, classifyResponse } from "../../../../src/dialects/classify.ts";
import { beginnings } from "../../../../src/dialects/classify/beginnings.ts";
import { fieldRemedy } from "../../../../src/dialects/classify/field-remedies.ts";
import { readProviderError } from "../../../../src/dialects/classify/provider-error.ts";
import { FIELD_FORMS, refusedFields } from "../../../../src/dialects/classify/refused-fields.ts";
import { COMPLAINT_ROWS } from "../../../../src/dialects/classify/shape-complaints.ts";
import { bytesOf, CORPUS_NOW, errorCorpus } from "../../../support/error-corpus.ts";

const CORPUS = errorCorpus();
const COMPLAINTS = CORPUS.filter(({ expect: { remedies } }) => remedies !== undefined && remedies.length > 0);

function said(message: string, more: object = {}, status = 400) {
  const body = { error: { message, type: "invalid_request_error", param: null, code: null, ...more } };
  return classifyResponse(status, {}, Buffer.from(JSON.stringify(body)), CORPUS_NOW);
}

/** Who wrote a sample: the file is a provider, but in that of all others the name begins with it. */
const serverOf = ({ provider, name }: (typeof CORPUS)[number]): string =>
  provider === "others" ? (name.split(":")[0] ?? name) : provider;

describe("the tables", () => {
  const errors = COMPLAINTS.map((sample) => readProviderError(bytesOf(sample).toString("utf8")));

  it.each(FIELD_FORMS)("$words was written by $source", ({ words }) => {
    const texts = errors.flatMap(({ message }) => message.split(/; |\n/).flatMap(beginnings));
    expect(texts.filter((text) => words.test(text))).not.toEqual([]);
  });

  it.each(COMPLAINT_ROWS)("$words was written by $source", ({ words }) => {
    const texts = errors.flatMap(({ message }) => beginnings(message.toLowerCase()));
    expect(texts.filter((text) => words.test(text))).not.toEqual([]);
  });

  it.each<RemedyName>([
    "string-content",
    "system-role",
    "max-tokens",
    "max-completion-tokens",
    "no-tools",
    "no-effort",
    "lower-effort",
    "no-stream-options",
    "no-parallel-tool-calls",
    "no-strict",
    "plain-schema",
    "no-prompt-cache-key",
    "no-temperature",
    "no-top-p",
  ])("have the words of two servers for %s", (name) => {
    const servers = COMPLAINTS.filter(({ expect: { remedies } }) => remedies?.includes(name)).map(serverOf);
    expect(new Set(servers).size).toBeGreaterThanOrEqual(2);
  });

  it("lead to nothing for whatever is no complaint of shape", () => {
    const others = CORPUS.filter((sample) => !COMPLAINTS.includes(sample));
    const failures = others.map((sample) => {
      if (sample.in === "event" || sample.in === "answer")
        return classifyErrorObject(sample.body as JsonObject, "stream");
      return classifyResponse(sample.status, sample.headers ?? {}, bytesOf(sample), CORPUS_NOW);
    });
    expect(failures.filter(({ remedies }) => remedies.length > 0).map(({ detail }) => detail)).toEqual([]);
    expect(others.length).toBeGreaterThan(150);
  });
});

describe("a complaint of shape", () => {
  const UNKNOWN = "Unknown parameter: 'store'.";

  it.each([400, 404, 405, 422, 500, 501])("goes on and puts nobody to rest, though it comes as %i", (status) => {
    const { kind, remedies } = said(UNKNOWN, {}, status);
    expect(remedies).toEqual(["no-store"]);
    expect(dispositionOf(kind)).toMatchObject({ advance: "next", breaks: false, cools: "none" });
  });

  it.each<[status: number, kind: FailureKind]>([
    [401, "auth"],
    [402, "billing"],
    [403, "auth"],
    [413, "too-large"],
    [429, "rate-limited"],
    [503, "overloaded"],
  ])("is none with a status that means something else: %i", (status, kind) => {
    expect(said(UNKNOWN, {}, status)).toMatchObject({ kind, remedies: [] });
  });

  it.each([
    "Provider returned error: Function calling is not enabled for this model",
    'litellm.BadRequestError: OpenAIException - "auto" tool choice requires --enable-auto-tool-choice and --tool-call-parser to be set',
  ])("is found behind what a gateway puts in front: %s", (message) => {
    expect(said(message).remedies).toEqual(["no-tools"]);
  });

  it("counts inside a 200 too, before the commit", () => {
    const tree = { error: { message: UNKNOWN, type: "invalid_request_error" } };
    expect(classifyErrorObject(tree, "first-event")).toMatchObject({
      kind: "rejected-by-provider",
      remedies: ["no-store"],
    });
  });

  it("keeps the provider's words, code and param for the client", () => {
    expect(said(UNKNOWN, { param: "store", code: "unknown_parameter" })).toMatchObject({
      message: UNKNOWN,
      param: "store",
      code: "unknown_parameter",
    });
  });
});

describe("a level of reasoning", () => {
  it.each<[sentence: string, message: string, remedy: RemedyName]>([
    [
      "that is finer than the listed ones is clamped",
      "Unsupported value: 'reasoning_effort' does not support 'minimal' with this model. Supported values are: 'low', 'medium', and 'high'.",
      "lower-effort",
    ],
    [
      "that every model with levels has is left out",
      "Unsupported value: 'reasoning_effort' does not support 'medium' with this model. Supported values are: 'high'.",
      "no-effort",
    ],
    [
      "of the common ones is left out though the others are listed",
      "Unsupported value: 'reasoning_effort' does not support 'low' with this model. Supported values are: 'low', 'medium', and 'high'.",
      "no-effort",
    ],
    [
      "without a list is left out",
      "Unsupported parameter: 'reasoning_effort' is not supported with this model.",
      "no-effort",
    ],
    [
      "of Responses is one as well",
      "Unsupported parameter: 'reasoning.effort' is not supported with this model.",
      "no-effort",
    ],
  ])("%s", (_sentence, message, remedy) => {
    expect(said(message).remedies).toEqual([remedy]);
  });
});

describe("the names of fields", () => {
  const fields = (message: string, more: object = {}) =>
    refusedFields(readProviderError(JSON.stringify({ error: { message, ...more } })));

  it.each<[message: string, fields: readonly string[]]>([
    ["Unsupported parameter(s): `store`, `seed`", ["store", "seed"]],
    ["Validation: Unsupported parameter(s): `store`", ["store"]],
    ["litellm.BadRequestError: OpenAIException - Unknown parameter: 'seed'.", ["seed"]],
    ["Provider returned error: Unknown parameter: 'seed'.", ["seed"]],
    ["Argument not supported on this model: presencePenalty", ["presence_penalty"]],
    ["body.store: Extra inputs are not permitted; body.seed: Extra inputs are not permitted", ["store", "seed"]],
    ["tools.0.function.strict: Extra inputs are not permitted", ["tools.0.function.strict"]],
    ["What a lovely day.", []],
  ])("%s", (message, expected) => {
    expect(fields(message)).toEqual(expected);
  });

  it("come from `param` where the code says that it was refused, and nowhere else", () => {
    expect(fields("No.", { code: "unsupported_value", param: "temperature" })).toEqual(["temperature"]);
    expect(fields("No.", { code: "invalid_value", param: "temperature" })).toEqual([]);
  });

  it.each(["n", "stop", "response_format", "model", "messages", "max_output_tokens", "constructor", "toString"])(
    "has no remedy for %s, which changes what is asked for",
    (field) => {
      expect(fieldRemedy(field)).toBeNull();
    },
  );
});

describe("what a client can write into an error", () => {
  it.each([
    ["a value that is quoted", "Invalid value: 'Unknown parameter: \\'store\\''. Supported values are: 'auto'."],
    ["a value in double quotes", 'Invalid value: "does not support tools"'],
    ["a tool's name", "Invalid schema for function 'x. Unknown parameter: store': schema must have type 'object'"],
    [
      "a value inside a list of complaints",
      "[{'type': 'int_parsing', 'loc': ('body', 'seed'), 'msg': 'x', 'input': \"'loc': ('body', 'tools'), 'msg': 'Extra inputs are not permitted'\"}]",
    ],
    ["a text behind the words", "Could not read the image at https://x.test/does not support tools"],
    ["a text that goes on for long", `${"x".repeat(3_000)} Unknown parameter: 'store'`],
    ["a role's name", "Invalid value: 'developer is not one of'. Supported values are: 'system'"],
  ])("teaches nothing: %s", (_sentence, message) => {
    expect(said(message).remedies).toEqual([]);
  });
});
