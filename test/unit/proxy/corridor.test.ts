// The corridor on a fake clock with a provider played by hand: every phase, every clock, every way out.
import { describe, expect, it } from "vitest";
import { failure } from "../../../src/core/failure.ts";
import { CorridorRig } from "../../support/corridor-rig.ts";

const ROLE =
  'data: {"id":"c1","choices":[{"index":0,"delta":{"role":"assistant","content":""},"finish_reason":null}]}\n\n';
const text = (content: string) =>
  `data: {"id":"c1","choices":[{"index":0,"delta":{"content":"${content}"},"finish_reason":null}]}\n\n`;
const STOP = 'data: {"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n';
const USAGE = 'data: {"id":"c1","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":2,"total_tokens":5}}\n\n';
const DONE = "data: [DONE]\n\n";
const WHOLE =
  '{"id":"c1","choices":[{"index":0,"message":{"role":"assistant","content":"hi"},"finish_reason":"stop"}],"usage":{"prompt_tokens":3,"completion_tokens":2}}';

describe("a streamed answer", () => {
  it("arrives byte for byte once the first content has come, and nothing is sent before it", async () => {
    const rig = new CorridorRig();
    const ended = rig.chat({ stream: true });
    const provider = rig.provider("a").last.open().head().chunk(ROLE);
    expect(rig.sink.headSent).toBe(false);
    provider.chunk(text("hel"));
    expect(rig.sink.status).toBe(200);
    expect(rig.sink.text).toBe(ROLE + text("hel"));
    provider.chunk(text("lo")).chunk(STOP).chunk(DONE).end();
    await ended;
    expect(rig.sink.text).toBe(ROLE + text("hel") + text("lo") + STOP + DONE);
    expect(rig.end()).toMatchObject({ status: 200, outcome: "completed" });
    expect(rig.idle()).toBe(true);
  });

  it("asks the provider for usage and takes the chunk out that the client did not ask for", async () => {
    const rig = new CorridorRig();
    const ended = rig.chat({ stream: true });
    expect(rig.provider("a").last.body["stream_options"]).toEqual({ include_usage: true });
    rig
      .provider("a")
      .last.open()
      .head()
      .chunk(text("hi") + STOP + USAGE + DONE)
      .end();
    await ended;
    expect(rig.sink.text).toBe(text("hi") + STOP + DONE);
    expect(rig.end().served?.told?.usage).toEqual({ input: 3, output: 2 });
  });

  it("has its receipts in the head", async () => {
    const rig = new CorridorRig();
    const ended = rig.chat({ stream: true });
    rig
      .provider("a")
      .last.open()
      .head()
      .chunk(text("hi") + STOP + DONE)
      .end();
    await ended;
    expect(rig.sink.headers).toMatchObject({
      "content-type": "text/event-stream; charset=utf-8",
      "x-openclaw-served-by": "a/m",
      "x-openclaw-attempts": "1",
      "x-accel-buffering": "no",
    });
  });
});

describe("a streamed request that is answered in JSON under another name", () => {
  it.each([{ "content-type": "text/plain" }, { "content-type": "application/problem+json" }, {}])(
    "%o: an error is what it says",
    async (headers) => {
      const rig = new CorridorRig();
      const ended = rig.chat({ stream: true });
      const limit = '{"error":{"message":"Rate limit reached","code":"rate_limit_exceeded"}}';
      rig.provider("a").last.answer(200, limit, headers);
      await rig.settle();
      expect(rig.told("attempt-end")[0]?.attempt.failure?.kind).toBe("rate-limited");
      rig.provider("b").last.answer(401, "");
      await ended;
    },
  );

  it("is told the answer as a stream", async () => {
    const rig = new CorridorRig();
    const ended = rig.chat({ stream: true });
    rig.provider("a").last.answer(200, WHOLE, { "content-type": "text/plain" });
    await ended;
    expect(rig.sink.headers["content-type"]).toContain("text/event-stream");
    expect(rig.sink.text).toContain('"content":"hi"');
    expect(rig.sink.text.endsWith(DONE)).toBe(true);
  });
});

describe("before the commit the next candidate answers", () => {
  const failures: readonly [string, (rig: CorridorRig) => void][] = [
    [
      "a refused connection",
      (rig) => rig.provider("a").last.fail(failure("connect-failed", "x", { phase: "connect" })),
    ],
    ["a reset before the head", (rig) => rig.provider("a").last.open().fail(failure("stream-broken", "x"))],
    ["a 500", (rig) => rig.provider("a").last.answer(500, '{"error":{"message":"boom"}}')],
    ["a 429", (rig) => rig.provider("a").last.answer(429, '{"error":{"message":"slow down"}}')],
    ["a 401", (rig) => rig.provider("a").last.answer(401, '{"error":{"message":"bad key"}}')],
    ["a 404", (rig) => rig.provider("a").last.answer(404, "")],
    ["a redirect", (rig) => rig.provider("a").last.answer(307, "")],
    ["an HTML page with 200", (rig) => rig.provider("a").last.answer(200, "<html>", { "content-type": "text/html" })],
    ["a stream without an event", (rig) => rig.provider("a").last.open().head().end()],
    [
      "an error as the first event",
      (rig) => rig.provider("a").last.open().head().chunk('data: {"error":{"message":"x"}}\n\n'),
    ],
    ["a cut behind the role chunk", (rig) => rig.provider("a").last.open().head().chunk(ROLE).end()],
    ["an event that is not JSON", (rig) => rig.provider("a").last.open().head().chunk("data: {nope\n\n")],
    ["a JSON error to a streamed request", (rig) => rig.provider("a").last.answer(200, '{"error":{"message":"x"}}')],
    [
      "an empty answer",
      (rig) =>
        rig
          .provider("a")
          .last.open()
          .head()
          .chunk(ROLE + STOP + DONE)
          .end(),
    ],
    [
      "silence behind the head",
      (rig) => {
        rig.provider("a").last.open().head().chunk(": hello\n\n");
        rig.clock.advance(120_500);
      },
    ],
  ];
  it.each(failures)("after %s", async (_what, play) => {
    const rig = new CorridorRig();
    const ended = rig.chat({ stream: true });
    play(rig);
    await rig.settle();
    rig
      .provider("b")
      .last.open()
      .head()
      .chunk(text("from b") + STOP + DONE)
      .end();
    await ended;
    expect(rig.sink.text).toBe(text("from b") + STOP + DONE);
    expect(rig.sink.headers["x-openclaw-served-by"]).toBe("b/m");
    expect(rig.end()).toMatchObject({ status: 200, outcome: "completed" });
    expect(rig.told("attempt-end").map(({ attempt }) => attempt.outcome)).toEqual(["failed", "completed"]);
    expect(rig.idle()).toBe(true);
  });

  it("keeps the body as the client wrote it for each of them", async () => {
    const rig = new CorridorRig();
    const ended = rig.chatText(
      '{ "model":"openclaw" , "messages":[{"role":"user","content":"\\u00e9"}],"seed":12345678901234567890 }',
    );
    rig.provider("a").last.answer(500, "");
    await rig.settle();
    const sent = rig.provider("b").last.request.body.toString("utf8");
    expect(sent).toBe('{ "model":"m" , "messages":[{"role":"user","content":"\\u00e9"}],"seed":12345678901234567890 }');
    rig.provider("b").last.answer(200, WHOLE);
    await ended;
  });
});

describe("after the commit nothing fails over", () => {
  const breaks: readonly [string, (rig: CorridorRig) => void, string][] = [
    [
      "a reset",
      (rig) => rig.provider("a").last.fail(failure("stream-broken", "The connection broke.")),
      "upstream_reset",
    ],
    ["an early end", (rig) => rig.provider("a").last.end(), "upstream_reset"],
    [
      "an error event",
      (rig) => rig.provider("a").last.chunk('data: {"error":{"message":"x","code":500}}\n\n'),
      "upstream_error",
    ],
    ["an end inside an event", (rig) => rig.provider("a").last.chunk('data: {"id":"c1","cho').end(), "upstream_reset"],
    [
      "silence",
      (rig) => {
        rig.clock.advance(120_500);
      },
      "upstream_timeout",
    ],
  ];
  it.each(breaks)("%s is said in one event and the stream closes without [DONE]", async (_what, play, code) => {
    const rig = new CorridorRig();
    const ended = rig.chat({ stream: true });
    rig.provider("a").last.open().head().chunk(text("par"));
    play(rig);
    await ended;
    const rest = rig.sink.text.slice(text("par").length);
    expect(rig.sink.text.startsWith(text("par"))).toBe(true);
    expect(rest).toMatch(/^(: keep-alive\n\n)*data: \{"error":/);
    expect(rest).not.toContain("[DONE]");
    const said = JSON.parse(rest.slice(rest.indexOf("{"))) as { error: { code: string | null; type: string } };
    expect([said.error.code, said.error.type]).toContain(code);
    expect(rig.provider("b").exchanges).toHaveLength(0);
    expect(rig.end()).toMatchObject({ status: 200, outcome: "failed" });
    expect(rig.idle()).toBe(true);
  });
});

describe("a whole answer", () => {
  it("is sent as the provider wrote it once it is complete and valid", async () => {
    const rig = new CorridorRig();
    const ended = rig.chat({});
    rig.provider("a").last.open().head(200, { "content-type": "application/json" }).chunk(WHOLE.slice(0, 20));
    expect(rig.sink.headSent).toBe(false);
    rig.provider("a").last.chunk(WHOLE.slice(20)).end();
    await ended;
    expect(rig.sink.text).toBe(WHOLE);
    expect(rig.sink.headers["content-length"]).toBe(String(WHOLE.length));
    expect(rig.end().served?.told?.usage).toEqual({ input: 3, output: 2 });
  });

  it("that is empty everywhere is sent as the last provider wrote it", async () => {
    const empty = WHOLE.replace('"hi"', '""').replace('"completion_tokens":2', '"completion_tokens":0');
    const rig = new CorridorRig();
    const ended = rig.chat({});
    rig.provider("a").last.answer(200, empty);
    await rig.settle();
    rig.provider("b").last.answer(200, empty);
    await ended;
    expect(rig.sink.status).toBe(200);
    expect(rig.sink.text).toBe(empty);
    expect(rig.end().served?.target.id).toBe("b/m");
  });

  it.each([true, false])(
    "that is empty is said to be whose it is, whoever failed behind it, streamed: %s",
    async (stream) => {
      const rig = new CorridorRig();
      const ended = rig.chat({ stream });
      const empty = WHOLE.replace('"hi"', '""').replace('"completion_tokens":2', '"completion_tokens":0');
      const said = stream ? ROLE + STOP + DONE : empty;
      rig.provider("a").last.answer(200, said, { "content-type": stream ? "text/event-stream" : "application/json" });
      await rig.settle();
      rig.provider("b").last.answer(500, "{}");
      await ended;
      expect(rig.sink.headers["x-openclaw-served-by"]).toBe("a/m");
      expect(rig.end()).toMatchObject({ status: 200, outcome: "completed", served: { target: { id: "a/m" } } });
    },
  );

  it("that is empty is sent as it is when the next provider has none before the deadline", async () => {
    const empty = WHOLE.replace('"hi"', '""').replace('"completion_tokens":2', '"completion_tokens":0');
    const rig = new CorridorRig({ deadlineMs: 10_000 });
    const ended = rig.chat({});
    rig.provider("a").last.answer(200, empty);
    await rig.settle();
    rig.clock.advance(10_250);
    await ended;
    expect(rig.sink.status).toBe(200);
    expect(rig.sink.text).toBe(empty);
    expect(rig.provider("b").last.aborted).toBe(true);
    expect(rig.end()).toMatchObject({ status: 200, outcome: "completed" });
  });

  it("that finds no room beside the answers of others is turned away, and no provider is blamed", async () => {
    const rig = new CorridorRig({ bytesInFlight: 1_000 });
    rig.held.hold(900);
    const ended = rig.chat({});
    rig.provider("a").last.open().head(200, { "content-type": "application/json" }).chunk(" ".repeat(101));
    await ended;
    rig.held.release(900);
    expect(rig.sink.status).toBe(503);
    expect(rig.sink.text).toContain('"gateway_overloaded"');
    expect(rig.sink.headers["retry-after"]).toBe("1");
    expect(rig.provider("b").exchanges).toHaveLength(0);
    expect(rig.health.notReady(rig.clock.now())).toEqual([]);
    expect(rig.idle()).toBe(true);
  });

  it("gives its room back with the commit", async () => {
    const rig = new CorridorRig();
    const ended = rig.chat({});
    const provider = rig.provider("a").last.open().head(200, { "content-type": "application/json" });
    provider.chunk(WHOLE.slice(0, 20));
    expect(rig.held.bytes).toBe(20);
    provider.chunk(WHOLE.slice(20)).end();
    await ended;
    expect(rig.sink.text).toBe(WHOLE);
    expect(rig.idle()).toBe(true);
  });

  it("that outgrows its bound is refused and the next candidate is asked", async () => {
    const rig = new CorridorRig({ answerBytes: 100 });
    const ended = rig.chat({});
    rig.provider("a").last.open().head(200, {}).chunk("x".repeat(200));
    await rig.settle();
    expect(rig.provider("a").last.aborted).toBe(true);
    rig.provider("b").last.answer(500, "");
    await ended;
    expect(rig.sink.status).toBe(502);
  });
});

describe("what ends a request", () => {
  it("final rejections are relayed with code and param, redacted, after one attempt", async () => {
    const rig = new CorridorRig();
    const ended = rig.chat({});
    rig
      .provider("a")
      .last.answer(
        400,
        '{"error":{"message":"bad temperature sk-canary-key","type":"invalid_request_error","param":"temperature","code":"bad_value"}}',
      );
    await ended;
    expect(rig.sink.status).toBe(400);
    const { error } = JSON.parse(rig.sink.text) as { error: Record<string, unknown> };
    expect(error).toMatchObject({ param: "temperature", code: "bad_value", type: "invalid_request_error" });
    expect(rig.sink.text).not.toContain("sk-canary-key");
    expect(rig.provider("b").exchanges).toHaveLength(0);
  });

  it("code and param of a rejection are cleaned as its words are, and a key on the border of a bound does not leak in part", async () => {
    const rig = new CorridorRig();
    const ended = rig.chat({});
    const message = `${"x".repeat(1_015)}sk-canary-key`;
    rig
      .provider("a")
      .last.answer(400, JSON.stringify({ error: { message, code: "k_sk-canary-key", param: "sk-canary-key" } }));
    await ended;
    expect(rig.sink.text).not.toContain("sk-can");
  });

  it("tells that nobody was asked while all rest, and how long it took", async () => {
    const before = new CorridorRig();
    const first = before.chat({});
    for (const name of ["a", "b"] as const) {
      before.provider(name).last.answer(429, "", { "retry-after": "60" });
      await before.settle();
    }
    await first;
    expect(before.sink.headers["x-openclaw-attempts"]).toBe("2");
    const rig = new CorridorRig();
    for (const event of before.events) rig.health.note(event);
    await rig.chat({});
    expect(rig.sink.status).toBe(429);
    expect(rig.sink.headers).toMatchObject({ "x-openclaw-attempts": "0", "retry-after": "60" });
    expect(rig.sink.headers["server-timing"]).toBe("total;dur=0.0");
    expect(JSON.parse(rig.sink.text)).toEqual({ error: expect.not.objectContaining({ attempts: expect.anything() }) });
  });

  it("an exhausted chain answers with the last provider's failure and lists the attempts", async () => {
    const rig = new CorridorRig();
    const ended = rig.chat({});
    rig.provider("a").last.answer(429, "", { "retry-after": "7" });
    await rig.settle();
    rig.provider("b").last.answer(429, "", { "retry-after": "9" });
    await ended;
    expect(rig.sink.status).toBe(429);
    // The truth about the chain: the first of the two recovers in 7 s.
    expect(rig.sink.headers["retry-after"]).toBe("7");
    const { error } = JSON.parse(rig.sink.text) as { error: { type: string; attempts: unknown } };
    expect(error.type).toBe("rate_limit_error");
    expect(error.attempts).toEqual([
      { target: "a/m", reason: "rate_limit" },
      { target: "b/m", reason: "rate_limit" },
    ]);
  });

  it("the deadline ends it with 504 wherever it stands", async () => {
    const rig = new CorridorRig({ deadlineMs: 10_000 });
    const ended = rig.chat({ stream: true });
    rig.provider("a").last.open();
    rig.clock.advance(10_500);
    await ended;
    expect(rig.sink.status).toBe(504);
    expect(rig.provider("a").last.aborted).toBe(true);
    expect(rig.idle()).toBe(true);
  });

  it("a bug of ours is a 500 and harms nobody else", async () => {
    const rig = new CorridorRig();
    rig.provider("a").send = () => {
      throw new Error("a bug");
    };
    await rig.chat({});
    expect(rig.sink.status).toBe(500);
    expect(rig.bugs).toHaveLength(1);
    expect(rig.idle()).toBe(true);
  });

  const phases: readonly [string, (rig: CorridorRig) => void, number][] = [
    ["while connecting", () => undefined, 499],
    ["before the head", (rig) => rig.provider("a").last.open(), 499],
    ["before the commit", (rig) => rig.provider("a").last.open().head().chunk(ROLE), 499],
    ["in the middle of the stream", (rig) => rig.provider("a").last.open().head().chunk(text("x")), 200],
  ];
  it.each(phases)(
    "a client that leaves %s frees the provider in the same tick and blames nobody",
    async (_when, play, status) => {
      const rig = new CorridorRig();
      const ended = rig.chat({ stream: true });
      play(rig);
      rig.sink.leave();
      expect(rig.provider("a").last.aborted).toBe(true);
      await ended;
      expect(rig.end()).toMatchObject({ status, outcome: "cancelled", failure: { kind: "client-closed" } });
      expect(rig.told("attempt-end")[0]?.attempt.outcome).toBe("cancelled");
      expect(rig.provider("b").exchanges).toHaveLength(0);
      expect(rig.idle()).toBe(true);
    },
  );

  it("draining tells a running stream so in its own dialect", async () => {
    const rig = new CorridorRig();
    const ended = rig.chat({ stream: true });
    rig.provider("a").last.open().head().chunk(text("x"));
    rig.corridor.endAll(failure("draining", "The gateway is shutting down."));
    await ended;
    expect(rig.sink.text).toContain('"code":"draining"');
    expect(rig.sink.text).not.toContain("[DONE]");
    expect(rig.corridor.inflight).toBe(0);
  });
});

describe("requests under way", () => {
  it("are told with their newest attempt, until their answer has ended", async () => {
    const rig = new CorridorRig();
    const ended = rig.chat({ stream: true });
    const target = (): string[] => rig.corridor.underWay().map(({ attempt }) => attempt?.target.id ?? "nobody");
    const [first] = target();
    rig.provider("a").last.fail(failure("connect-failed", "No.", { phase: "connect" }));
    await rig.settle();
    const [second] = target();
    expect([first, second]).toEqual(["a/m", "b/m"]);
    expect(rig.corridor.underWay()[0]?.request).toMatchObject({ agent: "main", stream: true });
    rig
      .provider("b")
      .last.open()
      .head()
      .chunk(text("x"))
      .chunk(STOP + DONE)
      .end();
    await ended;
    expect(rig.corridor.underWay()).toEqual([]);
  });
});

describe("backpressure", () => {
  it("pauses the provider while the client is full, and a slow client is no idle provider", async () => {
    const rig = new CorridorRig();
    const ended = rig.chat({ stream: true });
    const provider = rig.provider("a").last.open().head();
    rig.sink.full = true;
    provider.chunk(text("one"));
    expect(provider.paused).toBe(true);
    rig.clock.advance(50_000);
    expect(provider.aborted).toBe(false);
    rig.sink.drain();
    expect(provider.paused).toBe(false);
    provider.chunk(STOP + DONE).end();
    await ended;
    expect(rig.end().outcome).toBe("completed");
  });

  it("cuts a client that takes nothing for a minute", async () => {
    const rig = new CorridorRig();
    const ended = rig.chat({ stream: true });
    rig.sink.full = true;
    const provider = rig.provider("a").last.open().head().chunk(text("one"));
    rig.clock.advance(61_000);
    await ended;
    expect(rig.sink.aborted).toBe(true);
    expect(provider.aborted).toBe(true);
    expect(rig.end().failure?.kind).toBe("write-idle");
  });

  it("sends a comment after every 15 s of silence; the client is between events even where the provider is inside one", async () => {
    const rig = new CorridorRig();
    const ended = rig.chat({ stream: true });
    const provider = rig.provider("a").last.open().head().chunk(text("one"));
    rig.clock.advance(16_000);
    expect(rig.sink.text).toBe(`${text("one")}: keep-alive\n\n`);
    provider.chunk('data: {"half":');
    rig.clock.advance(31_000);
    expect(rig.sink.text).toBe(`${text("one")}${": keep-alive\n\n".repeat(3)}`);
    provider.end();
    await ended;
  });

  it("gives a provider a second to end its response after [DONE], then lets it go", async () => {
    const rig = new CorridorRig();
    const ended = rig.chat({ stream: true });
    const provider = rig
      .provider("a")
      .last.open()
      .head()
      .chunk(text("one") + STOP + DONE);
    await ended;
    expect(rig.sink.ended).toBe(true);
    expect(provider.aborted).toBe(false);
    rig.clock.advance(1_500);
    expect(provider.aborted).toBe(true);
    expect(rig.idle()).toBe(true);
  });

  it("counts nothing of what comes behind it: whoever hears of the end a moment later reads what was told", async () => {
    const rig = new CorridorRig();
    const answer = text("one") + STOP + DONE;
    const ended = rig.chat({ stream: true });
    const provider = rig.provider("a").last.open().head().chunk(answer);
    await ended;
    provider.chunk(": bye\n\n").end();
    expect(rig.told("attempt-end")[0]?.attempt.responseBytes).toBe(answer.length);
  });

  it("lets a provider go at once that floods it behind [DONE]", async () => {
    const rig = new CorridorRig();
    const ended = rig.chat({ stream: true });
    const provider = rig
      .provider("a")
      .last.open()
      .head()
      .chunk(text("one") + STOP + DONE);
    await ended;
    provider.chunk("x".repeat(65_536));
    expect(provider.aborted).toBe(false);
    provider.chunk("x");
    expect([provider.aborted, rig.ticker.size]).toEqual([true, 0]);
    expect(rig.sink.text).toBe(text("one") + STOP + DONE);
    expect(rig.end().outcome).toBe("completed");
    expect(rig.idle()).toBe(true);
  });
});

describe("the request check", () => {
  const rows: readonly [string, string, number, string | null][] = [
    ["no body at all", "", 400, null],
    ["text that is not JSON", "{nope", 400, null],
    ["an array", "[]", 400, null],
    ["a key twice", '{"model":"openclaw","model":"x","messages":[{}]}', 400, "model"],
    ["no messages", '{"model":"openclaw"}', 400, "messages"],
    ["messages that are no objects", '{"messages":["hi"]}', 400, "messages"],
    ["a model that is a number", '{"model":1,"messages":[{}]}', 400, "model"],
    ["a stream that is a word", '{"stream":"yes","messages":[{}]}', 400, "stream"],
    ["seventeen choices", '{"n":17,"messages":[{}]}', 400, "n"],
    ["a model that nobody knows", '{"model":"gpt-4o","messages":[{}]}', 400, "model"],
    ["an agent that nobody knows", '{"model":"openclaw/nobody","messages":[{}]}', 404, "model"],
    ["a second model in another letter case", '{"model":"openclaw","Model":"x","messages":[{}]}', 400, "Model"],
    [
      "a stream that only some parsers read",
      Buffer.from('{"ſtream":true,"messages":[{}]}').toString("latin1"),
      400,
      "ſtream",
    ],
    ["bytes that are not UTF-8", Buffer.from([0x7b, 0xff, 0x7d]).toString("latin1"), 400, null],
  ];
  it.each(rows)("refuses %s", async (_what, body, status, param) => {
    const rig = new CorridorRig();
    await rig.chatBytes(Buffer.from(body, "latin1"));
    expect(rig.sink.status).toBe(status);
    const { error } = JSON.parse(rig.sink.text) as { error: Record<string, unknown> };
    expect(Object.keys(error).sort()).toEqual(["code", "message", "param", "type"]);
    expect(error["param"]).toBe(param);
    expect(rig.provider("a").exchanges).toHaveLength(0);
    expect(rig.events.map(({ type }) => type)).toEqual(["request-refused"]);
  });
});
