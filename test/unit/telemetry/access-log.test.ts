// The access line, word for word: it is what operators search, and nothing of it may lie, leak or break out.
import { stripVTControlCharacters } from "node:util";
import { describe, expect, it } from "vitest";
import type { ProxyEvent } from "../../../src/core/events.ts";
import { failure } from "../../../src/core/failure.ts";
import { createAccessLog } from "../../../src/telemetry/access-log.ts";
import { createRedactor } from "../../../src/telemetry/redact.ts";
import * as told from "../../support/events.ts";
import { aCredential, aTarget } from "../../support/snapshot.ts";

const SECRET = "sk-canary-0123456789abcdef";
const WALL_MS = Date.UTC(2026, 0, 2, 3, 4, 5, 678);
const ID = `req_4bf92f3577b34da6a3ce929d0e0e4736`;
const OPENING = `{"level":"LEVEL","time":"2026-01-02T03:04:05.678Z","msg":"request","requestId":"${ID}","traceId":"4bf92f3577b34da6a3ce929d0e0e4736","spanId":"00f067aa0ba902b7","traceFlags":"00"`;

const gpt = aTarget("openai/gpt-4o");
const claude = aTarget("anthropic/claude");
const small = aTarget("openai/small");
const cheap = {
  ...small,
  stated: { ...small.stated, cost: { input: 0.02, output: 0, cacheRead: 0, cacheWrite: 0 } },
};

/** The lines that these events make. */
function written(events: readonly ProxyEvent[], style: "json" | "pretty" = "json", colour = false): string[] {
  const lines: string[] = [];
  const redact = createRedactor([SECRET, "hunter2-of-the-gateway"], []);
  const observe = createAccessLog({
    write: (line, level) => lines.push(line.replace("LEVEL", level)),
    wall: () => WALL_MS,
    redact,
    style,
    colour,
  });
  for (const event of events) observe(event);
  return lines;
}

function parsed(event: ProxyEvent): Record<string, unknown> {
  return JSON.parse(written([event])[0] ?? "") as Record<string, unknown>;
}

const overloaded = failure("overloaded", "The provider is overloaded.", {
  detail: `529: please wait, key ${SECRET}`,
  phase: "headers",
});

const GOLDEN: readonly (readonly [sentence: string, event: ProxyEvent, level: string, line: string])[] = [
  [
    "a completed stream",
    told.requestEnded(
      [
        told.attemptOf(gpt, {
          upstreamRequestId: "chatcmpl-123",
          told: told.toldOf({ usage: { input: 7, output: 5 }, id: "chatcmpl-123", model: "gpt-4o" }),
        }),
      ],
      { request: told.requestOf({ channel: "web" }) },
    ),
    "info",
    `,"endpoint":"chat","agent":"main","requested":"openclaw/main","channel":"web","served":"openai/gpt-4o","status":200,"outcome":"completed","stream":true,"attempts":[{"target":"openai/gpt-4o","credential":"openai#1","outcome":"completed","ms":1000,"status":200,"providerRequestId":"chatcmpl-123"}],"durationMs":1012,"ttftMs":211,"upstreamMs":1000,"overheadMs":2,"tokens":{"input":7,"output":5},"bytesIn":120,"bytesOut":900,"finish":"stop"}`,
  ],
  [
    "a whole answer after a failover, with everything there is to tell",
    told.requestEnded(
      [
        told.attemptOf(claude, {
          startedAt: 10.04,
          endedAt: 45.29,
          committedAt: null,
          status: 529,
          told: null,
          outcome: "failed",
          failure: overloaded,
        }),
        told.attemptOf(gpt, {
          number: 2,
          startedAt: 45.5,
          endedAt: 100,
          told: told.toldOf({
            usage: { input: 7, output: 5, cacheRead: 4, cacheWrite: 3, reasoning: 2 },
            finish: "length",
            model: "gpt-4o-2024-08-06",
            repairs: ["done-added"],
          }),
        }),
      ],
      { request: told.requestOf({ stream: false, operation: "responses" }), firstWriteAt: 99.95 },
    ),
    "info",
    `,"endpoint":"responses","agent":"main","requested":"openclaw/main","served":"openai/gpt-4o","answeredBy":"gpt-4o-2024-08-06","status":200,"outcome":"completed","stream":false,"attempts":[{"target":"anthropic/claude","credential":"anthropic#1","outcome":"failed","kind":"overloaded","reason":"overloaded","detail":"529: please wait, key ***","ms":35.3,"status":529},{"target":"openai/gpt-4o","credential":"openai#1","outcome":"completed","ms":54.5,"status":200}],"durationMs":101,"ttftMs":100,"upstreamMs":89.8,"overheadMs":0.25,"tokens":{"input":7,"output":5,"cacheRead":4,"cacheWrite":3,"reasoning":2},"bytesIn":120,"bytesOut":900,"finish":"length","repairs":["done-added"]}`,
  ],
  [
    "a request that failed everywhere",
    told.requestFailed([told.failedAttemptOf(gpt, "connect-failed", { endedAt: 13 })], { at: 14 }),
    "warn",
    `,"endpoint":"chat","agent":"main","requested":"openclaw/main","status":502,"outcome":"failed","stream":true,"attempts":[{"target":"openai/gpt-4o","credential":"openai#1","outcome":"failed","kind":"connect-failed","reason":"timeout","ms":2}],"durationMs":14,"upstreamMs":2,"overheadMs":1,"bytesIn":120,"bytesOut":90,"kind":"connect-failed","reason":"timeout","detail":"It failed: connect-failed.","phase":"headers"}`,
  ],
  [
    "a stream that broke after its commit",
    told.requestEnded([told.attemptOf(gpt, { outcome: "failed", failure: failure("idle-timeout", "Silence.") })], {
      outcome: "failed",
      failure: failure("idle-timeout", "The provider stopped sending.", { phase: "stream" }),
    }),
    "warn",
    `,"endpoint":"chat","agent":"main","requested":"openclaw/main","served":"openai/gpt-4o","status":200,"outcome":"failed","stream":true,"attempts":[{"target":"openai/gpt-4o","credential":"openai#1","outcome":"failed","kind":"idle-timeout","reason":"timeout","detail":"Silence.","ms":1000,"status":200}],"durationMs":1012,"ttftMs":211,"upstreamMs":1000,"overheadMs":2,"usage":"absent","bytesIn":120,"bytesOut":900,"finish":"stop","kind":"idle-timeout","reason":"timeout","detail":"The provider stopped sending.","phase":"stream"}`,
  ],
  [
    "a request that its client gave up",
    told.requestEnded([told.attemptOf(gpt, { outcome: "cancelled", committedAt: null, status: null, told: null })], {
      status: 499,
      outcome: "cancelled",
      failure: failure("client-closed", "The client closed the connection."),
      phase: "first-event",
      bytesOut: 0,
    }),
    "info",
    `,"endpoint":"chat","agent":"main","requested":"openclaw/main","status":499,"outcome":"cancelled","stream":true,"attempts":[{"target":"openai/gpt-4o","credential":"openai#1","outcome":"cancelled","ms":1000}],"durationMs":1012,"upstreamMs":1000,"overheadMs":1,"bytesIn":120,"bytesOut":0,"kind":"client-closed","reason":"none","detail":"The client closed the connection.","phase":"first-event"}`,
  ],
  [
    "a request without any candidate",
    told.requestFailed([]),
    "warn",
    `,"endpoint":"chat","agent":"main","requested":"openclaw/main","status":503,"outcome":"failed","stream":true,"attempts":[],"durationMs":11,"upstreamMs":0,"bytesIn":120,"bytesOut":90,"kind":"no-candidate","reason":"none","detail":"No provider is available.","phase":"headers"}`,
  ],
  [
    "a refusal for a wrong token",
    told.requestRefused("unauthorized", { detail: "token_mismatch" }, { at: 0.25 }),
    "info",
    `,"endpoint":"/v1/chat/completions","method":"POST","status":401,"outcome":"refused","durationMs":0.3,"bytesIn":0,"kind":"unauthorized","reason":"none","detail":"token_mismatch","phase":"request"}`,
  ],
  [
    "a refusal for want of room",
    told.requestRefused("overloaded-here", { detail: "inflight" }),
    "warn",
    `,"endpoint":"/v1/chat/completions","method":"POST","status":503,"outcome":"refused","durationMs":1,"bytesIn":0,"kind":"overloaded-here","reason":"none","detail":"inflight","phase":"request"}`,
  ],
];

describe("the access line", () => {
  it.each(GOLDEN)("tells of %s", (_sentence, event, level, rest) => {
    expect(written([event])).toEqual([OPENING.replace("LEVEL", level) + rest]);
  });

  it.each([
    ["the first one, with its key", {}, ["openai#1", undefined, undefined]],
    ["another key", { because: "rotate", credential: aCredential("openai#2") }, ["openai#2", "rotate", undefined]],
    ["a second provider beside a silent first", { because: "hedge" }, ["openai#1", "hedge", undefined]],
    ["one that finds out whether it answers again", { probe: true }, ["openai#1", undefined, true]],
  ] as const)("tells why each attempt was made: %s", (_sentence, more, expected) => {
    const [attempt] = parsed(told.requestEnded([told.attemptOf(gpt, more)]))["attempts"] as Record<string, unknown>[];
    expect([attempt?.["credential"], attempt?.["because"], attempt?.["probe"]]).toEqual(expected);
  });

  it("tells of no key more than its id", () => {
    const key = { ...aCredential("openai#1", ["authorization", `Bearer ${SECRET}`]), masked: "sk-can…cdef" };
    const [line = ""] = written([told.requestEnded([told.attemptOf(gpt, { credential: key })])]);
    expect(line).toContain(`"credential":"openai#1"`);
    expect(line).not.toMatch(/sk-can|cdef/);
  });

  it("is written for ends and refusals only", () => {
    const attempt = told.attemptOf(gpt);
    expect(
      written([
        told.requestStarted(),
        told.attemptStarted(attempt),
        told.attemptCommitted(attempt),
        told.attemptEnded(attempt),
        told.requestAdjusted(gpt, ["seed"]),
        told.configReloaded("swapped"),
      ]),
    ).toEqual([]);
  });

  it("tells what was adjusted in this request, each once, and of no other", () => {
    const [one, other] = [told.requestOf(), told.requestOf()];
    const lines = written([
      told.requestAdjusted(claude, ["seed", "top_k"], one),
      told.requestAdjusted(gpt, ["top_k"], one),
      told.requestEnded([told.attemptOf(gpt)], { request: one }),
      told.requestEnded([told.attemptOf(gpt)], { request: other }),
    ]);
    expect(JSON.parse(lines[0] ?? "")).toMatchObject({ adjusted: ["seed", "top_k"] });
    expect(lines[1]).not.toContain("adjusted");
  });

  it("tells a warning from other lines to who writes it", () => {
    const levels: string[] = [];
    const redact = createRedactor([], []);
    const observe = createAccessLog({
      write: (_line, level) => levels.push(level),
      wall: () => 0,
      redact,
      style: "json",
    });
    observe(told.requestEnded([told.attemptOf(gpt)]));
    observe(told.requestFailed([]));
    observe(told.requestRefused("request-invalid"));
    observe(told.requestRefused("internal"));
    expect(levels).toEqual(["info", "warn", "info", "warn"]);
  });

  it("cuts what a provider said at 400 characters, after secrets were taken out", () => {
    const because = failure("server-error", "It failed.", {
      detail: `${"x".repeat(390)} ${SECRET} ${"y".repeat(500)}`,
    });
    const { detail } = parsed(told.requestFailed([], { failure: because })) as { detail: string };
    expect(detail).toHaveLength(400);
    expect(detail.slice(389)).toBe("x *** yyyy…");
  });
});

describe("the model that an answer names", () => {
  it("is told of each answer, where it is another word than the one that was asked for", () => {
    const models = ["gpt-4o-2024-08-06", "gpt-4o-2024-08-06", "gpt-4o", null, "gpt-4o-2024-11-20", "m".repeat(200)];
    const lines = written(models.map(answered)).map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines.map((line) => line["answeredBy"])).toEqual([
      "gpt-4o-2024-08-06",
      "gpt-4o-2024-08-06",
      undefined,
      undefined,
      "gpt-4o-2024-11-20",
      "m".repeat(128),
    ]);
  });
});

/** An answer of `openai/gpt-4o` that names its model so. */
function answered(model: string | null): ProxyEvent {
  return told.requestEnded([told.attemptOf(gpt, { told: told.toldOf({ model }) })]);
}

/** What a client or provider can write into a line, by the way that it takes. */
const WAYS: readonly (readonly [way: string, event: (text: string) => ProxyEvent])[] = [
  ["the name of an unlisted model", (text) => told.requestEnded([told.attemptOf(aTarget(`openai/${text}`))])],
  ["the channel", (text) => told.requestEnded([told.attemptOf(gpt)], { request: told.requestOf({ channel: text }) })],
  ["a finish reason", (text) => told.requestEnded([told.attemptOf(gpt, { told: told.toldOf({ finish: text }) })])],
  ["the model that an answer names", (text) => answered(text)],
  ["a provider's request id", (text) => told.requestEnded([told.attemptOf(gpt, { upstreamRequestId: text })])],
  [
    "what a provider said",
    (text) => told.requestFailed([], { failure: failure("server-error", "No.", { detail: text }) }),
  ],
  ["our words about it", (text) => told.requestFailed([], { failure: failure("model-unknown", `No model ${text}.`) })],
  [
    "what a provider said before another served",
    (text) =>
      told.requestEnded([
        told.failedAttemptOf(claude, "rejected-by-provider", { failure: failure("rejected-by-provider", text) }),
        told.attemptOf(gpt),
      ]),
  ],
  ["the method", (text) => told.requestRefused("method-not-allowed", {}, { method: text })],
  ["a refusal's detail", (text) => told.requestRefused("request-invalid", { detail: text })],
  [
    "the name of an agent",
    (text) => told.requestEnded([told.attemptOf(gpt)], { request: told.requestOf({ agent: text, requested: text }) }),
  ],
];

const HOSTILE = `a"b\\c\nd\r\u0000\u001b[2J\u009b31m\u2028\u202etxt {"level":"error","msg":"forged"}`;

describe("what a failure says of itself", () => {
  it.each([
    ["its detail", "token_mismatch", "token_mismatch"],
    ["the words for the client when it has none", null, "Refused: unauthorized."],
    ["those words as well when its detail is empty", "", "Refused: unauthorized."],
  ])("is %s", (_sentence, detail, expected) => {
    expect(parsed(told.requestRefused("unauthorized", { detail }))["detail"]).toBe(expected);
  });
});

describe("words of others in the access line (M02, M05)", () => {
  it.each(WAYS)("%s cannot break out of its line", (_way, event) => {
    const [line = ""] = written([event(HOSTILE)]);
    expect(JSON.stringify(JSON.parse(line))).toContain("forged");
    expect(JSON.parse(line)).toMatchObject({ msg: "request" });
    expect(line).toMatch(/^[\x20-\x7e…]*$/);
  });

  it.each(WAYS)("%s cannot act on a terminal", (_way, event) => {
    for (const line of written([event(HOSTILE)], "pretty")) expect(line).toMatch(/^[\x20-\x7e…→]*$/);
  });

  it.each(WAYS.filter(([way]) => !/agent/.test(way)))("%s cannot carry a secret", (_way, event) => {
    for (const style of ["json", "pretty"] as const) {
      for (const words of ["hunter2-of-the-gateway", SECRET, `x hunter2-of-the-gateway Bearer ${SECRET}`]) {
        const text = written([event(words)], style).join();
        expect(text).not.toContain("hunter2-of");
        expect(text).not.toContain(SECRET);
      }
    }
  });
});

describe("the access line for people", () => {
  it.each([
    [
      "a completed stream",
      told.requestEnded([told.attemptOf(gpt, { told: told.toldOf({ usage: { input: 7, output: 5 } }) })]),
      `03:04:05.678 INFO  chat openclaw/main → openai/gpt-4o 200 completed 1012 ms (first byte 211 ms) 7 → 5 tokens ${ID}`,
    ],
    // It stood there as $1.40e-7.
    [
      "a cheap call",
      told.requestEnded([told.attemptOf(cheap, { told: told.toldOf({ usage: { input: 7, output: 0 } }) })]),
      `03:04:05.678 INFO  chat openclaw/main → openai/small 200 completed 1012 ms (first byte 211 ms) 7 → 0 tokens $0.00000014 ${ID}`,
    ],
    [
      "a part of an answer, whose tokens are a part",
      told.requestEnded([
        told.attemptOf(gpt, {
          outcome: "cancelled",
          told: told.toldOf({ usage: { input: 7, output: 5 }, ended: false }),
        }),
      ]),
      `03:04:05.678 INFO  chat openclaw/main → openai/gpt-4o 200 completed 1012 ms (first byte 211 ms) 7 → 5+ tokens ${ID}`,
    ],
    [
      "a failover",
      told.requestEnded([told.failedAttemptOf(claude, "rate-limited"), told.attemptOf(gpt)]),
      `03:04:05.678 INFO  chat openclaw/main → openai/gpt-4o 200 completed 1012 ms (first byte 211 ms) [anthropic/claude: rate-limited] ${ID}`,
    ],
    [
      "a failure",
      told.requestFailed([told.failedAttemptOf(gpt, "connect-failed", { endedAt: 13 })]),
      `03:04:05.678 WARN  chat openclaw/main → nobody 502 failed 14 ms [openai/gpt-4o: connect-failed] connect-failed (timeout): "It failed: connect-failed." ${ID}`,
    ],
    [
      "a refusal",
      told.requestRefused("unauthorized", { detail: "token_missing" }),
      `03:04:05.678 INFO  POST /v1/chat/completions 401 refused 1 ms unauthorized: "token_missing" ${ID}`,
    ],
  ])("tells of %s on one line", (_sentence, event, line) => {
    expect(written([event], "pretty")).toEqual([line]);
  });

  it("has colours where they are wanted, and the same words", () => {
    const event = told.requestEnded([told.attemptOf(gpt)]);
    const [plain = ""] = written([event], "pretty");
    const [coloured = ""] = written([event], "pretty", true);
    expect(coloured).toContain("\u001b[32m200 completed\u001b[39m");
    expect(stripVTControlCharacters(coloured)).toBe(plain);
  });
});
