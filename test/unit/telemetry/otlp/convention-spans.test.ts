// The attributes of a provider's span, held against the table of the conventions: no name that is not in it, each of its kind, and none
// of them where nothing is known.
import type { Attributes } from "@opentelemetry/api";
import { describe, expect, it } from "vitest";
import type { AskedSettings } from "../../../../src/core/asked-settings.ts";
import type { AttemptRef, RequestRef } from "../../../../src/core/events.ts";
import { failure } from "../../../../src/core/failure.ts";
import { clientSpan } from "../../../../src/telemetry/otlp/client-span.ts";
import { serverSpan } from "../../../../src/telemetry/otlp/server-span.ts";
import { createRedactor } from "../../../../src/telemetry/redact.ts";
import { TargetNames } from "../../../../src/telemetry/target-names.ts";
import { CLIENT_SPAN, oddities } from "../../../support/conventions.ts";
import * as told from "../../../support/events.ts";
import { aTarget } from "../../../support/snapshot.ts";

const SECRET = "sk-canary-0123456789abcdef";
const redact = createRedactor([SECRET], []);
const words = { names: new TargetNames(redact), redact, scheme: () => "https" as const, latestGenAi: false };
const gpt = aTarget("openai/gpt-4o");

const EVERYTHING: Required<AskedSettings> = {
  maxTokens: 64,
  temperature: 0.5,
  topP: 0.9,
  topK: 40,
  frequencyPenalty: 0.1,
  presencePenalty: 0.2,
  seed: 7,
  stopSequences: ["END"],
  choiceCount: 2,
  reasoningLevel: "low",
  previousResponseId: "resp_1",
  conversationId: "conv_1",
  outputType: "json",
};
const usage = { input: 700, output: 5, cacheRead: 300, cacheWrite: 0, reasoning: 2 };
const NAMES = { id: "chatcmpl-123", model: "gpt-4o-2024-08-06" };

function attributesOf(attempt: AttemptRef, request: RequestRef = told.requestOf()): Attributes {
  return clientSpan(attempt, told.requestEnded([attempt], { request }), words).attributes;
}

const full = attributesOf(
  told.attemptOf(gpt, { number: 2, because: "failover", told: told.toldOf({ ...NAMES, usage }) }),
  told.requestOf({ asked: EVERYTHING }),
);
const bare = attributesOf(
  told.attemptOf(gpt, { firstByteAt: null, committedAt: null, status: null, told: null, outcome: "cancelled" }),
  told.requestOf({ stream: false }),
);
const broken = attributesOf(
  told.attemptOf(gpt, {
    outcome: "failed",
    failure: failure("stream-broken", "It broke."),
    told: told.toldOf({ ...NAMES, finish: null, ended: false }),
  }),
);

describe("the attributes of a provider's span", () => {
  it.each([
    ["that has everything to tell", full],
    ["that knows nothing of an answer", bare],
    ["whose answer broke", broken],
  ])("%s are those of the conventions, and of their kind", (_which, attributes) => {
    expect(oddities(attributes, CLIENT_SPAN)).toEqual([]);
  });

  it("are all of the table where everything is known", () => {
    const known = new Set(Object.keys({ ...full, ...broken }));
    expect(Object.keys(CLIENT_SPAN).filter((name) => !known.has(name))).toEqual([]);
  });

  it("name the answer and its model as the provider did, beside what was asked for", () => {
    expect(full).toMatchObject({
      "gen_ai.request.model": "gpt-4o",
      "gen_ai.response.id": "chatcmpl-123",
      "gen_ai.response.model": "gpt-4o-2024-08-06",
      "gen_ai.output.type": "json",
    });
  });

  it("name an answer that broke: it is what a provider's support asks for", () => {
    expect(broken).toMatchObject({
      "gen_ai.response.id": "chatcmpl-123",
      "gen_ai.response.model": "gpt-4o-2024-08-06",
      "gen_ai.response.finish_reasons": ["error"],
    });
  });

  it("leave out what nobody said", () => {
    const names = Object.keys(bare);
    for (const name of ["gen_ai.response.id", "gen_ai.response.model", "gen_ai.output.type"])
      expect(names).not.toContain(name);
  });

  it("hold no secret that a provider wrote, and no more than 128 characters", () => {
    const long = told.toldOf({ id: `id ${SECRET}`, model: "m".repeat(200) });
    expect(attributesOf(told.attemptOf(gpt, { told: long }))).toMatchObject({
      "gen_ai.response.id": expect.not.stringContaining(SECRET),
      "gen_ai.response.model": "m".repeat(128),
    });
  });
});

describe("the span of a request", () => {
  it.each([
    ["names the model that the answer names", { ...NAMES }, "gpt-4o-2024-08-06"],
    ["names none where the answer does not", {}, undefined],
    ["holds no secret in its place", { model: SECRET }, redact(SECRET)],
  ])("%s", (_sentence, more, model) => {
    const attempt = told.attemptOf(gpt, { told: told.toldOf(more) });
    const { attributes } = serverSpan(told.requestEnded([attempt]), words);
    expect(attributes["gen_ai.response.model"]).toBe(model);
    expect(attributes["openclaw.model"]).toBe("gpt-4o");
  });
});
