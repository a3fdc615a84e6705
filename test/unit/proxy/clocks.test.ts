// The clocks of decision 22 and the early head of decision 13, each on a clock that stands still until told.
import { describe, expect, it } from "vitest";
import { failure } from "../../../src/core/failure.ts";
import { CorridorRig } from "../../support/corridor-rig.ts";

const text = (content: string) =>
  `data: {"id":"c1","choices":[{"index":0,"delta":{"content":"${content}"},"finish_reason":null}]}\n\n`;
const STOP = 'data: {"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n';
const DONE = "data: [DONE]\n\n";
const COMMENT = ": keep-alive\n\n";
const PROVIDERS_OWN = ": PROCESSING\n\n";

/** A stream that has committed. */
function committed(options: ConstructorParameters<typeof CorridorRig>[0] = {}) {
  const rig = new CorridorRig(options);
  const ended = rig.chat({ stream: true });
  return { rig, ended, provider: rig.provider("a").last.open().head().chunk(text("one")) };
}

describe("the idle clock", () => {
  it("runs out when events stop, although comments and halves of events go on coming", async () => {
    const { rig, ended, provider } = committed({ behaviour: { keepAliveMs: 0 } });
    for (let second = 0; second < 119; second += 1) {
      rig.clock.advance(1_000);
      provider.chunk(second % 2 === 0 ? PROVIDERS_OWN : "d");
    }
    expect(rig.sink.ended).toBe(false);
    rig.clock.advance(2_000);
    await ended;
    expect(provider.aborted).toBe(true);
    expect(rig.end().failure?.kind).toBe("idle-timeout");
    expect(rig.sink.text).toContain('"upstream_timeout"');
    expect(rig.sink.text).not.toContain("[DONE]");
  });

  it("starts anew with every event", async () => {
    const { rig, ended, provider } = committed();
    for (let minute = 0; minute < 5; minute += 1) {
      rig.clock.advance(100_000);
      provider.chunk(text("more"));
    }
    provider.chunk(STOP + DONE).end();
    await ended;
    expect(rig.end().outcome).toBe("completed");
  });

  it("takes an answer whose every choice has finished for complete, whatever its terminator lacks", async () => {
    const { rig, ended, provider } = committed();
    provider.chunk(`${STOP}data: [DONE]\n`);
    rig.clock.advance(121_000);
    await ended;
    expect(rig.end().outcome).toBe("completed");
    expect(rig.sink.text.endsWith(DONE)).toBe(true);
    expect(provider.aborted).toBe(true);
  });

  it("stands still while we pause the provider", async () => {
    const { rig, ended, provider } = committed();
    rig.sink.full = true;
    provider.chunk(text("two"));
    expect(provider.paused).toBe(true);
    rig.clock.advance(30_000);
    rig.sink.bytesTaken += 1;
    rig.clock.advance(59_000);
    rig.sink.drain();
    expect(provider.paused).toBe(false);
    rig.clock.advance(119_000);
    provider.chunk(STOP + DONE).end();
    await ended;
    expect(rig.end().outcome).toBe("completed");
  });
});

describe("the limit of a whole stream", () => {
  it.each([
    ["a quick reader", false],
    ["a reader that takes a little now and then", true],
  ])("holds for %s", async (_who, slow) => {
    const { rig, ended, provider } = committed({ behaviour: { streamMs: 30_000 } });
    rig.sink.full = slow;
    for (let second = 0; second < 29; second += 1) {
      rig.clock.advance(1_000);
      provider.chunk(text("more"));
      rig.sink.bytesTaken += 1;
    }
    expect(rig.sink.ended).toBe(false);
    rig.clock.advance(1_000);
    await ended;
    expect(provider.aborted).toBe(true);
    expect(rig.end().failure?.kind).toBe("deadline");
    expect(rig.idle()).toBe(true);
  });
});

describe("the write-idle clock", () => {
  it("lets a reader live who takes a little every minute of one large write", async () => {
    const { rig, ended, provider } = committed();
    rig.sink.full = true;
    provider.chunk(text("two"));
    for (let turn = 0; turn < 10; turn += 1) {
      rig.clock.advance(59_000);
      rig.sink.bytesTaken += 1;
      rig.clock.advance(250);
    }
    expect(rig.sink.aborted).toBe(false);
    rig.clock.advance(61_000);
    await ended;
    expect(rig.sink.aborted).toBe(true);
    expect(rig.end()).toMatchObject({ outcome: "cancelled", failure: { kind: "write-idle" } });
  });
});

describe("the commit clock", () => {
  it("is not reset by headers, comments and lifecycle frames, and the next provider answers", async () => {
    const rig = new CorridorRig();
    const ended = rig.chat({ stream: true });
    const first = rig.provider("a").last.open().head();
    for (let second = 0; second < 121; second += 1) {
      first.chunk(PROVIDERS_OWN);
      rig.clock.advance(1_000);
    }
    await rig.settle();
    expect(first.aborted).toBe(true);
    rig
      .provider("b")
      .last.open()
      .head()
      .chunk(text("hi") + STOP + DONE)
      .end();
    await ended;
    expect(rig.end().attempts[0]?.failure?.kind).toBe("commit-timeout");
    expect(rig.sink.headers["x-openclaw-served-by"]).toBe("b/m");
  });
});

describe("the body of an error", () => {
  const JSON_HEAD = { "content-type": "application/json", "retry-after": "7" };

  it.each([true, false])(
    "is waited for no longer than a second: the status said it all (stream: %s)",
    async (stream) => {
      const rig = new CorridorRig();
      const ended = rig.chat({ stream });
      const provider = rig.provider("a").last.open().head(429, JSON_HEAD).chunk('{"error":{"mess');
      rig.clock.advance(999);
      await rig.settle();
      expect(provider.aborted).toBe(false);
      rig.clock.advance(1);
      await rig.settle();
      expect(provider.aborted).toBe(true);
      const [failed] = rig.told("attempt-end");
      expect(failed?.attempt.failure).toMatchObject({ kind: "rate-limited", retryAfterMs: 7_000 });
      rig.provider("b").last.answer(401, "");
      await ended;
    },
  );

  it("does not lengthen the commit clock", async () => {
    const rig = new CorridorRig();
    const ended = rig.chat({ stream: true });
    const provider = rig.provider("a").last.open();
    rig.clock.advance(119_500);
    provider.head(500, JSON_HEAD);
    rig.clock.advance(500);
    await rig.settle();
    expect(rig.told("attempt-end")[0]?.attempt.failure?.kind).toBe("server-error");
    rig.provider("b").last.answer(401, "");
    await ended;
  });

  const cuts: readonly (readonly [sentence: string, status: number, body: string, kind: string])[] = [
    ["a refusal stays one", 401, '{"error":{"mess', "auth"],
    ["a rate limit stays one", 429, "", "rate-limited"],
    ["words that came count", 400, "This model's maximum context length is 8192 tokens", "context-overflow"],
    ["a complaint whose reason is missing is a cut", 400, '{"error":{"mess', "stream-broken"],
  ];
  it.each(cuts)("may be cut: %s", async (_sentence, status, body, kind) => {
    const rig = new CorridorRig();
    const ended = rig.chat({ stream: true });
    const provider = rig.provider("a").last.open().head(status, JSON_HEAD);
    if (body !== "") provider.chunk(body);
    provider.fail(failure("stream-broken", "The connection broke.", { phase: "stream" }));
    await rig.settle();
    expect(rig.told("attempt-end")[0]?.attempt.failure?.kind).toBe(kind);
    rig.provider("b").exchanges.at(-1)?.answer(401, "");
    await ended;
  });

  it("that ends because of us is no word of the provider's", async () => {
    const rig = new CorridorRig();
    const ended = rig.chat({ stream: true });
    rig.provider("a").last.open().head(429, JSON_HEAD).fail(failure("draining", "The gateway is shutting down."));
    await ended;
    expect(rig.end().failure?.kind).toBe("draining");
  });
});

describe("edge.stream.headersAfterSeconds", () => {
  const early = { behaviour: { headersAfterMs: 20_000 } };

  it("opens a waiting stream with 200 and comments while failover goes on", async () => {
    const rig = new CorridorRig(early);
    const ended = rig.chat({ stream: true });
    rig.clock.advance(19_000);
    expect(rig.sink.headSent).toBe(false);
    rig.clock.advance(1_000);
    expect(rig.sink.status).toBe(200);
    expect(rig.sink.headers["content-type"]).toBe("text/event-stream; charset=utf-8");
    expect(rig.sink.text).toBe(COMMENT);
    rig.clock.advance(15_000);
    expect(rig.sink.text).toBe(COMMENT + COMMENT);
    rig.provider("a").last.answer(500, "{}");
    await rig.settle();
    rig
      .provider("b")
      .last.open()
      .head()
      .chunk(text("hi") + STOP + DONE)
      .end();
    await ended;
    expect(rig.sink.text).toBe(COMMENT + COMMENT + text("hi") + STOP + DONE);
    expect(rig.end()).toMatchObject({ status: 200, outcome: "completed" });
    expect(rig.idle()).toBe(true);
  });

  it("says a failure behind the early head inside the stream, without the success terminator", async () => {
    const rig = new CorridorRig(early);
    const ended = rig.chat({ stream: true });
    rig.clock.advance(20_000);
    rig.provider("a").last.answer(500, "{}");
    await rig.settle();
    rig.provider("b").last.answer(503, "{}");
    await ended;
    expect(rig.sink.text).toMatch(/^: keep-alive\n\ndata: \{"error":\{"message":/);
    expect(rig.sink.text).not.toContain("[DONE]");
    expect(rig.end()).toMatchObject({ outcome: "failed", failure: { kind: "overloaded" } });
    expect(rig.idle()).toBe(true);
  });

  it("leaves whole answers alone", async () => {
    const rig = new CorridorRig(early);
    const ended = rig.chat({});
    rig.clock.advance(60_000);
    expect(rig.sink.headSent).toBe(false);
    rig.sink.leave();
    await ended;
  });

  it("frees the provider when the client leaves behind the early head", async () => {
    const rig = new CorridorRig(early);
    const ended = rig.chat({ stream: true });
    rig.clock.advance(21_000);
    rig.sink.leave();
    await ended;
    expect(rig.provider("a").last.aborted).toBe(true);
    expect(rig.end()).toMatchObject({ status: 499, outcome: "cancelled" });
  });
});

describe("a client that has left before its request is handled", () => {
  it("costs no attempt", async () => {
    const rig = new CorridorRig();
    rig.sink.leave();
    await rig.chat({ stream: true });
    expect(rig.provider("a").exchanges).toHaveLength(0);
    expect(rig.end()).toMatchObject({ status: 499, outcome: "cancelled", phase: "request" });
  });
});
