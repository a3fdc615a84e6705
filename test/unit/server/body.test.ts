// Request bodies at the door: what may be sent, how much, how slowly, and what becomes of the rest when the answer is no.
import { describe, expect, it } from "vitest";
import { chunkBytes } from "../../support/http-bytes.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { RawClient, requestBytes } from "../../support/raw.ts";
import { BEARER, calm, CHAT, DoorKit, errorOf, gateway, JSON_TYPE, snapshot, TOKEN } from "./door-kit.ts";

const READY = { ...BEARER, ...JSON_TYPE };
const HEAD = `POST ${CHAT} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${TOKEN}\r\ncontent-type: application/json\r\n`;
const LIMIT = snapshot().limits.bodyBytes;

describe("media type", () => {
  it.each<[sentence: string, headers: Record<string, string>, status: number]>([
    ["JSON", { "content-type": "application/json" }, 200],
    ["JSON with a charset", { "content-type": "Application/JSON; charset=utf-8" }, 200],
    ["a JSON format", { "content-type": "application/vnd.api+json" }, 200],
    ["none, from a program", {}, 200],
    ["none, from a page", { origin: "http://localhost:3000" }, 415],
    ["JSON, from a page", { "content-type": "application/json", origin: "http://localhost:3000" }, 200],
    ["text", { "content-type": "text/plain" }, 415],
    ["text that says JSON", { "content-type": "text/plain; application/json" }, 415],
    ["a form", { "content-type": "application/x-www-form-urlencoded" }, 415],
    ["a multipart form", { "content-type": "multipart/form-data; boundary=x" }, 415],
    ["something that ends like JSON", { "content-type": "application/xjson" }, 415],
    ["compressed JSON", { "content-type": "application/json", "content-encoding": "gzip" }, 415],
    ["JSON in no coding", { "content-type": "application/json", "content-encoding": "identity" }, 200],
  ])("%s", async (_sentence, headers, status) => {
    await using kit = await DoorKit.open();
    const response = await kit.ask({ path: CHAT, headers: { ...BEARER, ...headers }, body: "{}" });
    expect(response.status).toBe(status);
    if (status === 415) expect(errorOf(response)).toMatchObject({ code: "unsupported_media_type" });
    expect(kit.corridor.calls.length).toBe(status === 200 ? 1 : 0);
  });

  it("says which header to add", async () => {
    await using kit = await DoorKit.open();
    const missing = await kit.ask({ path: CHAT, headers: { ...BEARER, origin: "http://localhost" }, body: "{}" });
    expect(errorOf(missing)["message"]).toContain("content-type: application/json");
    const compressed = await kit.chat({ "content-encoding": "br" });
    expect(errorOf(compressed)["message"]).toContain("content-encoding");
  });
});

describe("size", () => {
  it("takes a body of exactly the limit", async () => {
    await using kit = await DoorKit.open();
    expect((await kit.chat({}, "x".repeat(LIMIT))).status).toBe(200);
    expect(kit.corridor.calls[0]?.body.length).toBe(LIMIT);
  });

  it("joins a body that comes in many pieces", async () => {
    await using kit = await DoorKit.open();
    using client = await RawClient.connect(kit.url);
    await client.send(`${HEAD}content-length: 7\r\n\r\n`, "{", `"a"`, ":", "1", "}");
    expect((await client.response()).status).toBe(200);
    expect(kit.corridor.calls[0]?.body.toString()).toBe(`{"a":1}`);
  });

  it("refuses a declared giant before it is read, and closes behind the answer", async () => {
    await using kit = await DoorKit.open();
    using client = await RawClient.connect(kit.url);
    await client.send(`${HEAD}content-length: 2000000000\r\n\r\n`, "x".repeat(1000));
    const response = await client.response();
    expect([response.status, response.headers["connection"], errorOf(response)["code"]]).toEqual([
      413,
      "close",
      "body_too_large",
    ]);
    expect(await client.ended()).toBe("fin");
    expect([kit.corridor.calls.length, kit.refusals[0]?.requestBytes, kit.door.lobby.load.calls]).toEqual([0, 0, 0]);
  });

  it("lets a client that sends all before it reads have the answer: no reset eats it", async () => {
    await using kit = await DoorKit.open();
    using client = await RawClient.connect(kit.url);
    client.pause();
    await client.send(`${HEAD}content-length: ${8 * LIMIT}\r\n\r\n`, Buffer.alloc(8 * LIMIT));
    client.resume();
    const response = await client.response();
    expect([response.status, response.complete]).toEqual([413, true]);
    expect(await client.ended()).toBe("fin");
  });

  it("refuses a chunked giant at the limit", async () => {
    await using kit = await DoorKit.open();
    using client = await RawClient.connect(kit.url);
    await client.send(`${HEAD}transfer-encoding: chunked\r\n\r\n`);
    for (let sent = 0; sent <= LIMIT; sent += 10_000) await client.send(chunkBytes(Buffer.alloc(10_000)));
    expect((await client.response()).status).toBe(413);
    expect(await client.ended()).toBe("fin");
    expect([kit.corridor.calls.length, kit.door.lobby.load.bytes]).toEqual([0, 0]);
  });

  it("stops waiting for the end of what it discards after two seconds", async () => {
    const clock = new FakeClock();
    await using kit = await DoorKit.open({ clock });
    using client = await RawClient.connect(kit.url);
    await client.send(`${HEAD}content-length: 2000000000\r\n\r\n`);
    expect((await client.response()).status).toBe(413);
    await client.ended();
    expect(clock.nextMs).toBe(2000);
    clock.advance(2000);
    await expect.poll(async () => (await client.send("x"), client.ending)).not.toBe("open");
  });

  it("refuses a bad token before the body, whatever its size", async () => {
    await using kit = await DoorKit.open();
    using client = await RawClient.connect(kit.url);
    await client.send(
      `POST ${CHAT} HTTP/1.1\r\nhost: a\r\nauthorization: Bearer no\r\ncontent-length: 15000000\r\n\r\n`,
    );
    const response = await client.response();
    expect([response.status, response.headers["connection"]]).toEqual([401, "close"]);
    expect(await client.ended()).toBe("fin");
    expect(kit.refusals[0]?.requestBytes).toBe(0);
  });

  it.each([
    ["declared empty", "content-length: 0\r\n\r\n"],
    ["undeclared", "\r\n"],
    ["chunked and empty", "transfer-encoding: chunked\r\n\r\n0\r\n\r\n"],
  ])("refuses an empty body: %s", async (_how, rest) => {
    await using kit = await DoorKit.open();
    using client = await RawClient.connect(kit.url);
    await client.send(`${HEAD}${rest}`);
    const response = await client.response();
    expect([response.status, errorOf(response)["message"]]).toEqual([400, "The request body is empty."]);
  });
});

describe("Expect", () => {
  it("says 100 once the head is found good, then reads", async () => {
    await using kit = await DoorKit.open();
    using client = await RawClient.connect(kit.url);
    await client.send(`${HEAD}expect: 100-continue\r\ncontent-length: 2\r\n\r\n`);
    expect((await client.response()).status).toBe(100);
    await client.send("{}");
    expect((await client.response()).status).toBe(200);
  });

  it.each([
    ["without a token", `POST ${CHAT} HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n`, 401],
    ["with a giant", `${HEAD}expect: 100-continue\r\ncontent-length: 2000000000\r\n\r\n`, 413],
    [
      "at a path that is not there",
      `POST /nowhere HTTP/1.1\r\nhost: a\r\nexpect: 100-continue\r\ncontent-length: 2\r\n\r\n`,
      404,
    ],
    ["with another expectation", `${HEAD}expect: 200-ok\r\ncontent-length: 2\r\n\r\n`, 417],
  ])("says no 100 %s, and closes: the body may come or not", async (_when, head, status) => {
    await using kit = await DoorKit.open();
    using client = await RawClient.connect(kit.url);
    await client.send(head);
    const response = await client.response();
    expect([response.status, response.headers["connection"]]).toEqual([status, "close"]);
    expect(await client.ended()).toBe("fin");
    expect(kit.corridor.calls.length).toBe(0);
  });

  it("means nothing in HTTP/1.0", async () => {
    await using kit = await DoorKit.open();
    using client = await RawClient.connect(kit.url);
    await client.send(`${HEAD.replace("1.1", "1.0")}expect: 100-continue\r\ncontent-length: 2\r\n\r\n{}`);
    expect((await client.response()).status).toBe(200);
  });
});

describe("slow and gone clients", () => {
  it("ends a body that does not come in time with 408", async () => {
    const clock = new FakeClock();
    await using kit = await DoorKit.open({ clock });
    using client = await RawClient.connect(kit.url);
    await client.send(`${HEAD}content-length: 100\r\n\r\n{`);
    await expect.poll(() => kit.door.lobby.load.bytes).toBe(1);
    clock.advance(59_999);
    expect(kit.refusals).toEqual([]);
    clock.advance(251);
    const response = await client.response();
    expect([response.status, response.headers["connection"], errorOf(response)]).toEqual([
      408,
      "close",
      { message: "Request body timeout", type: "invalid_request_error", param: null, code: "request_timeout" },
    ]);
    await client.ended();
    expect([kit.door.lobby.load.bytes, kit.door.lobby.load.calls, kit.door.lobby.ticker.size]).toEqual([0, 0, 0]);
  });

  it("ends a head that does not come in time with 408", async () => {
    await using kit = await DoorKit.open({ snapshot: snapshot({ gateway: gateway({ headMs: 50 }) }) });
    using slow = await RawClient.connect(kit.url);
    using silent = await RawClient.connect(kit.url);
    await slow.send("POST /v1/chat/completions HTTP/1.1\r\nhost: a\r\nx-");
    for (const client of [slow, silent]) {
      const response = await client.response();
      expect([response.status, response.headers["connection"]]).toEqual([408, "close"]);
      await client.ended();
    }
  });

  it("never calls the corridor for a client that leaves while it sends, and tells of it", async () => {
    await using kit = await DoorKit.open();
    using client = await RawClient.connect(kit.url);
    await client.send(`${HEAD}content-length: 100\r\n\r\n{`);
    await expect.poll(() => kit.door.lobby.load.bytes).toBe(1);
    client.reset();
    const refusal = await kit.refusal();
    expect(refusal).toMatchObject({ status: 499, endpoint: CHAT, requestBytes: 1, failure: { kind: "client-closed" } });
    await expect.poll(() => kit.door.lobby.load.calls).toBe(0);
    expect([kit.corridor.calls.length, kit.door.lobby.load.bytes]).toEqual([0, 0]);
  });
});

describe("room", () => {
  it("turns the call above the limit away at once, and takes one again when there is room", async () => {
    const limits = { ...snapshot().limits, inflight: 1 };
    await using kit = await DoorKit.open({ snapshot: snapshot({ limits }) });
    const release = Promise.withResolvers<void>();
    kit.corridor.answer = async ({ sink }) => {
      await release.promise;
      sink.head(200, ["content-length", "0"]);
      sink.end();
    };
    const first = kit.chat();
    await kit.corridor.call();
    const second = await kit.chat();
    expect([second.status, second.headers["retry-after"], second.headers["x-should-retry"]]).toEqual([
      503,
      "1",
      undefined,
    ]);
    expect(errorOf(second)).toMatchObject({ type: "overloaded_error", code: "gateway_overloaded" });
    expect(kit.refusals[0]?.failure.detail).toBe("inflight");
    expect((await kit.ask({ path: "/v1/models", headers: BEARER })).status).toBe(200);
    release.resolve();
    expect((await first).status).toBe(200);
    expect((await kit.chat()).status).toBe(200);
  });

  it("counts bytes: those declared and those that come", async () => {
    const limits = { ...snapshot().limits, bytesInFlight: 1000 };
    await using kit = await DoorKit.open({ snapshot: snapshot({ limits }) });
    expect((await kit.chat({}, "x".repeat(1001))).status).toBe(503);
    using client = await RawClient.connect(kit.url);
    await client.send(
      `${HEAD}transfer-encoding: chunked\r\n\r\n`,
      chunkBytes(Buffer.alloc(600)),
      chunkBytes(Buffer.alloc(600)),
    );
    expect((await client.response()).status).toBe(503);
    expect(kit.refusals.map(({ failure }) => failure.detail)).toEqual(["bytes", "bytes"]);
    expect((await kit.chat({}, "x".repeat(1000))).status).toBe(200);
    expect(kit.door.lobby.load.bytes).toBe(0);
  });

  it.each(["event_loop", "heap"] as const)("takes no call while the process is strained: %s", async (strain) => {
    await using kit = await DoorKit.open({ parts: { pulse: { reading: calm(), strain } } });
    expect((await kit.chat()).status).toBe(503);
    expect(kit.refusals[0]?.failure.detail).toBe(strain);
    expect((await kit.ask({ path: "/healthz" })).status).toBe(200);
  });

  it("asks for the credential before it says that there is no room", async () => {
    await using kit = await DoorKit.open({ parts: { pulse: { reading: calm(), strain: "heap" } } });
    expect((await kit.ask({ path: CHAT, headers: JSON_TYPE, body: "{}" })).status).toBe(401);
  });

  it("holds the bytes of a call until its answer has ended", async () => {
    await using kit = await DoorKit.open();
    let held = 0;
    kit.corridor.answer = ({ sink }) => {
      held = kit.door.lobby.load.bytes;
      sink.head(200, ["content-length", "0"]);
      sink.end();
    };
    await kit.chat({}, "x".repeat(500));
    expect([held, kit.door.lobby.load.bytes]).toEqual([500, 0]);
  });
});

it("answers a request that comes with its body in one piece", async () => {
  await using kit = await DoorKit.open();
  using client = await RawClient.connect(kit.url);
  await client.send(requestBytes({ path: CHAT, headers: READY, body: "{}" }));
  expect((await client.response()).status).toBe(200);
});
