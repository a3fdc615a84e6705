// The sink over real connections: backpressure, leaving clients, cuts.
import { describe, expect, it } from "vitest";
import { RawClient, requestBytes } from "../../support/raw.ts";
import { Bell } from "../../support/wait.ts";
import { BEARER, CHAT, DoorKit, gateway, JSON_TYPE, snapshot } from "./door-kit.ts";

const REQUEST = requestBytes({ path: CHAT, headers: { ...BEARER, ...JSON_TYPE }, body: "{}" });
const STREAM = ["content-type", "text/event-stream; charset=utf-8", "x-accel-buffering", "no"];

describe("NodeSink", () => {
  it("sends head, pieces and end as they are, and counts them", async () => {
    await using kit = await DoorKit.open();
    kit.corridor.answer = ({ sink }) => {
      expect([sink.headSent, sink.closed, sink.bytesOut]).toEqual([false, false, 0]);
      sink.head(200, STREAM);
      expect(sink.write("data: ü\n\n")).toBe(true);
      sink.write(Buffer.from("data: 2\n\n"));
      sink.end("data: [DONE]\n\n");
      expect([sink.headSent, sink.closed, sink.bytesOut]).toEqual([true, true, 33]);
    };
    const response = await kit.chat();
    expect(kit.bugs).toEqual([]);
    expect(response.body.toString()).toBe("data: ü\n\ndata: 2\n\ndata: [DONE]\n\n");
    expect(response.headers).toMatchObject({ "transfer-encoding": "chunked", "x-accel-buffering": "no" });
  });

  it("asks to wait while the client does not read, and says when to go on", async () => {
    await using kit = await DoorKit.open();
    const bell = new Bell();
    const piece = Buffer.alloc(65_536, "x");
    let waits = 0;
    kit.corridor.answer = async ({ sink }) => {
      sink.head(200, STREAM);
      for (let sent = 0; sent < 64; sent += 1) {
        if (sink.write(piece)) continue;
        waits += 1;
        bell.ring();
        const drained = Promise.withResolvers<void>();
        sink.listener = { onDrain: drained.resolve, onClose: () => {} };
        await drained.promise;
      }
      sink.end();
    };
    using client = await RawClient.connect(kit.url);
    client.pause();
    await client.send(REQUEST);
    await bell.until(() => waits > 0, "a full buffer");
    client.resume();
    const response = await client.response();
    expect([response.complete, response.body.length]).toEqual([true, 64 * 65_536]);
  });

  it("tells once that the client has gone, and takes further words without harm", async () => {
    await using kit = await DoorKit.open();
    const gone = Promise.withResolvers<void>();
    let told = 0;
    kit.corridor.answer = async ({ sink }) => {
      const onClose = (): void => {
        told += 1;
        gone.resolve();
      };
      sink.listener = { onDrain: () => {}, onClose };
      sink.head(200, STREAM);
      sink.write("first");
      await gone.promise;
      expect(sink.closed).toBe(true);
      expect(sink.write("late")).toBe(false);
      sink.end("later");
      sink.abort();
      expect(sink.bytesOut).toBe(5);
    };
    using client = await RawClient.connect(kit.url);
    await client.send(REQUEST);
    await client.until((bytes) => bytes.includes("first"), "the first bytes");
    client.reset();
    await kit.corridor.bell.until(() => kit.corridor.inflight === 0 && told, "the end of the call");
    expect([told, kit.bugs]).toEqual([1, []]);
  });

  it("tells a call that waits for its provider that the client has gone", async () => {
    await using kit = await DoorKit.open();
    const gone = Promise.withResolvers<void>();
    kit.corridor.answer = ({ sink }) => {
      sink.listener = { onDrain: () => {}, onClose: gone.resolve };
      return gone.promise;
    };
    using client = await RawClient.connect(kit.url);
    await client.send(REQUEST);
    await kit.corridor.call();
    client.close();
    await gone.promise;
  });

  it("does not call an ended answer a client that left", async () => {
    await using kit = await DoorKit.open();
    let told = 0;
    kit.corridor.answer = ({ sink }) => {
      sink.listener = { onDrain: () => {}, onClose: () => (told += 1) };
      sink.head(200, ["content-length", "2"]);
      sink.end("{}");
    };
    using client = await RawClient.connect(kit.url);
    await client.send(REQUEST);
    await client.response();
    client.close();
    await kit.listening.close();
    expect(told).toBe(0);
  });

  it("cuts so that a chunked answer has no end", async () => {
    await using kit = await DoorKit.open();
    let told = 0;
    kit.corridor.answer = async ({ sink }) => {
      sink.listener = { onDrain: () => {}, onClose: () => (told += 1) };
      sink.head(200, STREAM);
      sink.write("half");
      await new Promise(setImmediate);
      sink.abort();
      expect(sink.closed).toBe(true);
    };
    using client = await RawClient.connect(kit.url);
    await client.send(REQUEST);
    const response = await client.response();
    expect([response.body.toString(), response.complete, told]).toEqual(["half", false, 0]);
  });

  it("cuts HTTP/1.0 with a reset: its end of connection would be the end of the answer", async () => {
    await using kit = await DoorKit.open();
    kit.corridor.answer = async ({ sink }) => {
      sink.head(200, STREAM);
      sink.write("half");
      await new Promise(setImmediate);
      sink.abort();
    };
    using client = await RawClient.connect(kit.url);
    await client.send(REQUEST.toString().replace("HTTP/1.1", "HTTP/1.0"));
    expect(await client.ended()).toBe("reset");
  });

  it("cuts a client that does not take an answer which has ended, and no other", async () => {
    await using kit = await DoorKit.open({ snapshot: snapshot({ gateway: gateway({ writeIdleMs: 1_000 }) }) });
    const size = 32 * 1024 * 1024;
    kit.corridor.answer = ({ sink }) => {
      sink.head(200, ["content-length", String(size)]);
      sink.end(Buffer.alloc(size));
    };
    using reader = await RawClient.connect(kit.url);
    using stalled = await RawClient.connect(kit.url);
    stalled.pause();
    await Promise.all([reader.send(REQUEST), stalled.send(REQUEST)]);
    await reader.until(() => reader.bytesIn > size, "the whole answer");
    reader.close();
    await kit.listening.close();
    stalled.resume();
    await stalled.ended();
    expect(stalled.bytesIn).toBeLessThan(size);
    expect(kit.door.lobby.ticker.size).toBe(0);
  });

  it("leaves the idle time of a connection as it was behind a slow answer", async () => {
    await using kit = await DoorKit.open({ snapshot: snapshot({ gateway: gateway({ writeIdleMs: 1 }) }) });
    const release = Promise.withResolvers<void>();
    const answers: Promise<void>[] = [Promise.resolve(), release.promise];
    kit.corridor.answer = async ({ sink }) => {
      await answers.shift();
      sink.head(200, ["content-length", "2"]);
      sink.end("{}");
    };
    using client = await RawClient.connect(kit.url);
    await client.send(Buffer.concat([REQUEST, REQUEST]));
    expect((await client.response()).status).toBe(200);
    kit.door.lobby.ticker.add({ tick: () => release.resolve() });
    expect((await client.response()).status).toBe(200);
    await client.send(requestBytes({ path: "/healthz" }));
    expect((await client.response()).status).toBe(200);
  });
});
