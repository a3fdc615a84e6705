// Calls of providers as OpenClaw tells them: those that the network broke always, all others by flag.
import { describe, expect, it } from "vitest";
import type { ProxyEvent } from "../../../src/core/events.ts";
import { failure, type FailureDetails, type FailureKind } from "../../../src/core/failure.ts";
import { brokenBy, errorCategory } from "../../../src/telemetry/failure-kind.ts";
import { flagsOf } from "../../../src/telemetry/flags.ts";
import { createModelCallLog } from "../../../src/telemetry/model-call-log.ts";
import * as told from "../../support/events.ts";
import { aTarget } from "../../support/snapshot.ts";

const gpt = aTarget("openai/gpt-4o");

function coded(code: string, message = "words", cause?: unknown): Error {
  return Object.assign(new Error(message, { cause }), { code });
}

function failed(kind: FailureKind, cause?: unknown) {
  const details: FailureDetails = cause === undefined ? {} : { cause };
  return failure(kind, "It failed.", details);
}

const BROKEN: readonly (readonly [string, ReturnType<typeof failed>, string | null])[] = [
  ["a reset", failed("connect-failed", coded("ECONNRESET")), "connection_reset"],
  ["a socket that undici lost", failed("stream-broken", coded("UND_ERR_SOCKET")), "connection_closed"],
  ["a stream that ended early", failed("stream-broken", coded("ERR_STREAM_PREMATURE_CLOSE")), "connection_closed"],
  ["an abort", failed("internal", coded("ABORT_ERR")), "aborted"],
  ["a connect that took too long", failed("connect-failed", coded("ETIMEDOUT")), "timeout"],
  [
    "a cause behind another",
    failed("connect-failed", new Error("x", { cause: coded("ECONNRESET") })),
    "connection_reset",
  ],
  ["words without a code", failed("bad-payload", new Error("socket hang up")), "connection_closed"],
  ["a process that was ended", failed("stream-broken", new Error("terminated")), "terminated"],
  ["a clock of ours", failed("idle-timeout"), "timeout"],
  ["a stream that broke without an error", failed("stream-broken"), "connection_closed"],
  ["a refusal to connect", failed("connect-failed", coded("ECONNREFUSED")), null],
  ["an answer that the network has no part in", failed("rate-limited"), null],
];

describe("how a connection broke", () => {
  it.each(BROKEN)("%s", (_what, because, kind) => {
    expect(brokenBy(because)).toBe(kind);
  });

  it.each([
    ["the class of an error", failed("internal", new TypeError("x")), "TypeError"],
    ["our kind where nothing was thrown", failed("idle-timeout"), "idle-timeout"],
  ])("is sorted under %s", (_what, because, category) => {
    expect(errorCategory(because)).toBe(category);
  });
});

describe("flags", () => {
  it.each([
    [["model.call"], true],
    [["MODEL.CALL"], true],
    [["*"], true],
    [["model.*"], true],
    [["*.call"], true],
    [["model"], false],
    [["model.calls"], false],
    [["modelxcall"], false],
    [[], false],
  ])("%j name model.call: %s", (flags, isOn) => {
    expect(flagsOf(flags)("model.call")).toBe(isOn);
  });
});

function lines(events: readonly ProxyEvent[], flags: readonly string[] = []) {
  const said: { readonly level: string; readonly message: string; readonly fields: object }[] = [];
  let reads = 0;
  const observe = createModelCallLog({
    warn: (message, fields = {}) => said.push({ level: "warn", message, fields }),
    info: (message, fields = {}) => said.push({ level: "info", message, fields }),
    memory: () => {
      reads += 1;
      return { rss: 5, heapTotal: 4, heapUsed: 3, external: 2, arrayBuffers: 1 };
    },
    flagged: flagsOf(flags),
  });
  for (const event of events) observe(event);
  return { said, reads };
}

describe("the log of calls", () => {
  const broken = told.attemptOf(gpt, {
    outcome: "failed",
    failure: failed("stream-broken", coded("ECONNRESET")),
    upstreamRequestId: "chatcmpl-1",
  });
  const memory = { rssBytes: 5, heapTotalBytes: 4, heapUsedBytes: 3, externalBytes: 2, arrayBuffersBytes: 1 };

  it("tells of one that the network broke, with the memory of this process", () => {
    const { said } = lines([told.attemptEnded(broken)]);
    expect(said).toEqual([
      {
        level: "warn",
        message: "model call failed",
        fields: expect.objectContaining({
          event: "model.call.error",
          traceId: "4bf92f3577b34da6a3ce929d0e0e4736",
          spanId: "b7ad6b7169203331",
          provider: "openai",
          model: "gpt-4o",
          api: "openai-completions",
          transport: "sse",
          durationMs: 1000,
          requestPayloadBytes: 120,
          responseStreamBytes: 900,
          timeToFirstByteMs: 189,
          kind: "stream-broken",
          errorCategory: "Error",
          failureKind: "connection_reset",
          upstreamRequestIdHash: expect.stringMatching(/^sha256:[0-9a-f]{12}$/),
          memory,
        }),
      },
    ]);
  });

  it("reads the memory once a second at most: while a provider is out, every request breaks", () => {
    const later = { ...told.attemptEnded(broken), at: 2_100 };
    expect(lines([told.attemptEnded(broken), told.attemptEnded(broken), later]).reads).toBe(2);
  });

  it("says nothing of calls that went well, or that a provider refused", () => {
    const refused = told.failedAttemptOf(gpt, "rate-limited");
    const ends = [told.attemptEnded(told.attemptOf(gpt)), told.attemptEnded(refused)];
    expect(lines([told.attemptStarted(refused), ...ends]).said).toEqual([]);
  });

  it("tells of every call when its flag is set", () => {
    const refused = told.failedAttemptOf(gpt, "rate-limited");
    const events = [told.attemptStarted(refused), told.attemptEnded(refused), told.attemptEnded(told.attemptOf(gpt))];
    const { said } = lines(events, ["model.*"]);
    expect(said.map(({ fields }) => (fields as { event: string }).event)).toEqual([
      "model.call.started",
      "model.call.error",
      "model.call.completed",
    ]);
    expect(said[1]?.fields).not.toHaveProperty("memory");
  });
});
