// One decision in OpenClaw's words: every field, and what it says when there is nothing to say.
import { describe, expect, it } from "vitest";
import { failure } from "../../../src/core/failure.ts";
import * as told from "../../support/events.ts";
import {
  claude,
  decided,
  gaveUp,
  gpt,
  plan,
  planOf,
  probe,
  records,
  refused,
  request,
  second,
  skip,
  story,
} from "./decision-kit.ts";

const OPENING = { level: "warn", time: "2026-01-02T03:04:05.678Z", msg: "model fallback decision" };

describe("a decision in OpenClaw's fields (§4.11)", () => {
  const [failed = {}, succeeded = {}] = records(
    story(decided(refused), told.attemptEnded(refused), decided(second), told.attemptCommitted(second)),
  );

  it("of a candidate that failed is whole", () => {
    expect(failed).toEqual({
      ...OPENING,
      event: "model_fallback_decision",
      decision: "candidate_failed",
      requestId: request.id,
      traceId: request.trace.traceId,
      spanId: request.trace.spanId,
      requestedProvider: "openai",
      requestedModel: "gpt-4o",
      candidateProvider: "openai",
      candidateModel: "gpt-4o",
      credential: "openai#1",
      because: "first",
      attempt: 1,
      total: 3,
      kind: "rate-limited",
      reason: "rate_limit",
      status: 429,
      code: "tokens",
      errorPreview: "Limit of key *** reached for req_42.",
      errorHash: expect.stringMatching(/^[0-9a-f]{12}$/),
      errorFingerprint: expect.stringMatching(/^[0-9a-f]{12}$/),
      httpCode: "429",
      providerErrorType: "tokens_exceeded",
      requestIdHash: expect.stringMatching(/^[0-9a-f]{12}$/),
      nextCandidateProvider: "anthropic",
      nextCandidateModel: "claude",
      nextCredential: "anthropic#1",
      next: "failover",
      isPrimary: true,
      requestedModelMatched: true,
      fallbackConfigured: true,
      fallbackStepType: "fallback_step",
      fallbackStepFromModel: "openai/gpt-4o",
      fallbackStepToModel: "anthropic/claude",
      fallbackStepFromFailureReason: "rate_limit",
      fallbackStepFromFailureDetail: "Limit of key *** reached for req_42.",
      fallbackStepChainPosition: 1,
      fallbackStepFinalOutcome: "next_fallback",
    });
  });

  it("of the one that answered says what it came from, and nothing of a failure of its own", () => {
    expect(succeeded).toEqual({
      ...OPENING,
      event: "model_fallback_decision",
      decision: "candidate_succeeded",
      requestId: request.id,
      traceId: request.trace.traceId,
      spanId: request.trace.spanId,
      requestedProvider: "openai",
      requestedModel: "gpt-4o",
      candidateProvider: "anthropic",
      candidateModel: "claude",
      credential: "anthropic#1",
      because: "failover",
      attempt: 2,
      total: 3,
      isPrimary: false,
      requestedModelMatched: false,
      fallbackConfigured: true,
      fallbackStepType: "fallback_step",
      fallbackStepFromModel: "openai/gpt-4o",
      fallbackStepToModel: "anthropic/claude",
      fallbackStepFromFailureReason: "rate_limit",
      fallbackStepFromFailureDetail: "Limit of key *** reached for req_42.",
      fallbackStepChainPosition: 2,
      fallbackStepFinalOutcome: "succeeded",
    });
  });

  it("of a candidate that was passed over says why and for how long", () => {
    const [passed] = records(
      story(gaveUp("all-cooling", { ...skip("anthropic/claude", "billing", 60_010), credential: "anthropic#1" })),
    );
    expect(passed).toMatchObject({
      decision: "skip_candidate",
      candidateProvider: "anthropic",
      credential: "anthropic#1",
      attempt: 2,
      reason: "billing",
      recoveryMs: 60_000,
      next: "all-cooling",
      isPrimary: false,
      fallbackStepFromModel: "anthropic/claude",
      fallbackStepFromFailureReason: "billing",
      fallbackStepChainPosition: 2,
      fallbackStepFinalOutcome: "chain_exhausted",
    });
    expect(passed).not.toHaveProperty("because");
    expect(passed).not.toHaveProperty("errorPreview");
    expect(passed).not.toHaveProperty("fallbackStepToModel");
  });

  it("of a probe is no step from one model to another", () => {
    const [probed = {}] = records(story(decided(probe)));
    expect(probed).toMatchObject({
      decision: "probe_cooldown_candidate",
      candidateModel: "gpt-4o",
      credential: "openai#1",
    });
    expect(Object.keys(probed).filter((name) => name.startsWith("fallbackStep"))).toEqual([]);
  });

  it.each([
    [
      "ours, where no provider answered",
      failure("connect-failed", "No."),
      { status: 502, code: "upstream_unreachable" },
    ],
    [
      "the provider's, where it answered",
      failure("auth", "No.", { upstreamStatus: 401 }),
      { status: 401, code: "upstream_auth", httpCode: "401" },
    ],
  ])("has a status: %s", (_whose, because, expected) => {
    const attempt = told.failedAttemptOf(gpt, because.kind, { failure: because });
    const [record = {}] = records(story(decided(attempt), told.attemptEnded(attempt), gaveUp("exhausted")));
    expect(record).toMatchObject(expected);
    expect("httpCode" in record).toBe("httpCode" in expected);
    expect(record).not.toHaveProperty("providerErrorType");
    expect(record).not.toHaveProperty("requestIdHash");
  });

  it.each([
    ["an agent", planOf("openclaw/main"), "openai", "gpt-4o", true],
    ["a model of the plan", planOf("anthropic/claude", [claude, gpt]), "anthropic", "claude", false],
    ["a model that planning passed over", planOf("mistral/org/large", [gpt, claude]), "mistral", "org/large", false],
  ])("names what was asked for: %s", (_what, asked, provider, model, matched) => {
    const [record] = records(story(told.requestDecided(asked, told.stepToEnd("exhausted", [skip(gpt.id, "full")]))));
    expect(record).toMatchObject({
      requestedProvider: provider,
      requestedModel: model,
      requestedModelMatched: matched,
    });
  });

  it.each([
    ["one candidate", planOf("openclaw/main", [gpt]), false],
    ["an exact selection", { ...plan, limits: { ...plan.limits, failsOver: false } }, false],
    ["a chain", plan, true],
  ])("says whether there is anything to fall back on: %s", (_what, of, expected) => {
    const [record] = records(story(told.requestDecided(of, told.stepToEnd("exhausted", [skip(gpt.id, "full")]))));
    expect(record).toMatchObject({ fallbackConfigured: expected });
  });

  it("is cut: 400 characters of the preview, 200 of the step's detail", () => {
    const because = failure("server-error", "No.", { detail: "x".repeat(1_000) });
    const attempt = told.failedAttemptOf(gpt, "server-error", { failure: because });
    const [record = {}] = records(story(decided(attempt), told.attemptEnded(attempt), gaveUp("exhausted")));
    expect(record["errorPreview"]).toHaveLength(400);
    expect(record["fallbackStepFromFailureDetail"]).toHaveLength(200);
  });
});

describe("a complaint of shape", () => {
  it("is told with what it asks to be changed, and that the same target is asked again", () => {
    const because = failure("rejected-by-provider", "No.", { phase: "headers", remedies: ["no-seed", "no-store"] });
    const complained = told.failedAttemptOf(gpt, "rejected-by-provider", { failure: because });
    const again = told.attemptOf(gpt, {
      number: 2,
      because: "repair",
      remedies: ["no-seed", "no-store"],
      repeat: true,
    });
    const [failed] = records(story(decided(complained), told.attemptEnded(complained), decided(again)));
    expect(failed).toMatchObject({
      decision: "candidate_failed",
      kind: "rejected-by-provider",
      remedies: "no-seed no-store",
      next: "repair",
      nextCandidateModel: "gpt-4o",
    });
  });
});
