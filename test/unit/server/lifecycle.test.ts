// Opening and closing: addresses, ports, drain in its steps.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import type { Call } from "../../../src/core/call.ts";
import { Secret } from "../../../src/core/secret.ts";
import { listen } from "../../../src/server/listen.ts";
import type { Listening } from "../../../src/server/listening.ts";
import { isListenFault } from "../../../src/server/servers.ts";
import { CERTIFICATE, CERTIFICATE_KEY } from "../../support/certificate.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { RawClient, requestBytes } from "../../support/raw.ts";
import { polled } from "../../support/wait.ts";
import { BEARER, CHAT, DoorKit, errorOf, gateway, JSON_TYPE, snapshot } from "./door-kit.ts";

const REQUEST = requestBytes({ path: CHAT, headers: { ...BEARER, ...JSON_TYPE }, body: "{}" });

describe("listen", () => {
  it("serves both loopback addresses on one port that the system chooses", async () => {
    const hosts = ["127.0.0.1", "::1"];
    await using kit = await DoorKit.open({ snapshot: snapshot({ gateway: gateway({ hosts }) }) });
    const { addresses, port } = kit.listening;
    expect(port).toBeGreaterThan(0);
    expect(addresses[0]).toBe(`http://127.0.0.1:${port}`);
    if (addresses.length > 1) expect(addresses[1]).toBe(`http://[::1]:${port}`);
  });

  it("does without an address that this machine does not have, but not without the first", async () => {
    await using kit = await DoorKit.open({
      snapshot: snapshot({ gateway: gateway({ hosts: ["127.0.0.1", "2001:db8::1"] }) }),
    });
    expect(kit.listening.addresses).toHaveLength(1);
    const fault = await listen(kit.door, snapshot({ gateway: gateway({ hosts: ["2001:db8::1"] }) }));
    expect(fault).toMatchObject({ code: "EADDRNOTAVAIL" });
  });

  it("says when another gateway is there, and leaves nothing open", async () => {
    await using kit = await DoorKit.open();
    const { port } = kit.listening;
    const taken = snapshot({ gateway: gateway({ hosts: ["127.0.0.2", "127.0.0.1"], port }) });
    const fault = await listen(kit.door, taken);
    expect(fault).toEqual({
      code: "EADDRINUSE",
      message: `another gateway instance is already listening on 127.0.0.1:${port}`,
    });
    const alone = await listen(kit.door, snapshot({ gateway: gateway({ hosts: ["127.0.0.2"], port }) }));
    if (isListenFault(alone)) throw new Error(alone.message);
    await alone.close();
  });

  it("says when the certificate is none", async () => {
    await using kit = await DoorKit.open();
    const tls = { cert: "no certificate", key: new Secret("no key"), clientCa: null };
    const fault = await listen(kit.door, snapshot({ gateway: gateway({ tls }) }));
    expect(isListenFault(fault) && fault.message).toMatch(/^the TLS certificate or key cannot be used/);
  });
});

/** A door with a stream under way on a fake clock. */
async function streaming(drain: { preStopMs: number; deadlineMs: number }) {
  const clock = new FakeClock();
  const kit = await DoorKit.open({ clock, snapshot: snapshot({ gateway: gateway({ drain }) }) });
  const release = Promise.withResolvers<void>();
  kit.corridor.answer = async ({ sink }: Call) => {
    sink.head(200, []);
    sink.write("first");
    await release.promise;
    sink.end("last");
  };
  const client = await RawClient.connect(kit.url);
  await client.send(REQUEST);
  await client.until((bytes) => bytes.includes("first"), "the first bytes");
  return { clock, kit, client, release };
}

async function statusOf(kit: DoorKit, path: string): Promise<number> {
  return (await kit.ask({ path, headers: BEARER })).status;
}

describe("drain", () => {
  it("goes in order: not ready, no new connections, streams end, done", async () => {
    const { clock, kit, client, release } = await streaming({ preStopMs: 5000, deadlineMs: 25_000 });
    let drained = false;
    const done = kit.listening.drain().then(() => (drained = true));
    expect(await statusOf(kit, "/readyz")).toBe(503);
    const served = await kit.ask({ path: "/v1/models", headers: BEARER });
    expect([served.status, served.headers["connection"]]).toEqual([200, "close"]);
    kit.corridor.answer = ({ sink }) => {
      sink.head(200, ["content-length", "0"]);
      sink.end();
    };
    const call = await kit.chat();
    expect([call.status, call.headers["connection"]]).toEqual([200, "close"]);

    clock.advance(5000);
    await expect(RawClient.connect(kit.url)).rejects.toThrow("ECONNREFUSED");
    expect([drained, kit.corridor.ended]).toEqual([false, []]);
    release.resolve();
    const response = await client.response();
    expect([response.body.toString(), response.complete]).toEqual(["firstlast", true]);
    // The connection was promised to live on before the drain began.
    clock.advance(250);
    await done;
    expect(await client.ended()).toBe("fin");
    expect([kit.corridor.ended, clock.pending]).toEqual([[], 0]);
  });

  it("closes idle connections soon", async () => {
    const clock = new FakeClock();
    await using kit = await DoorKit.open({ clock });
    using client = await RawClient.connect(kit.url);
    await client.send(requestBytes({ path: "/healthz" }));
    await client.response();
    const done = kit.listening.drain();
    clock.advance(250);
    await done;
    expect(await client.ended()).toBe("fin");
  });

  it.each<[sentence: string, head: string, status: number]>([
    ["a call that was refused", "POST /v1/chat/completions HTTP/1.1\r\nauthorization: Bearer wrong", 401],
    ["a call of nothing", "POST /nothing HTTP/1.1", 404],
    ["a look at health", "GET /healthz HTTP/1.1", 200],
  ])("does not wait for a body that never comes behind the answer to %s", async (_what, head, status) => {
    const clock = new FakeClock();
    await using kit = await DoorKit.open({ clock });
    using client = await RawClient.connect(kit.url);
    await client.send(`${head}\r\nhost: 127.0.0.1\r\ncontent-length: 100\r\n\r\nhalf of it`);
    expect((await client.response()).status).toBe(status);
    const done = kit.listening.drain();
    clock.advance(250);
    expect(await client.ended()).toBe("fin");
    client.close();
    await done;
  });

  it("serves on where the body came late behind the answer", async () => {
    await using kit = await DoorKit.open();
    using client = await RawClient.connect(kit.url);
    await client.send("POST /nothing HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: 4\r\n\r\nha");
    expect((await client.response()).status).toBe(404);
    await client.send("lf", requestBytes({ path: "/healthz" }));
    expect((await client.response()).status).toBe(200);
  });

  it.each(["drain", "retire"] as const)(
    "serves a request that is on its way on an idle connection when %s is called",
    async (word) => {
      const clock = new FakeClock();
      await using kit = await DoorKit.open({ clock });
      using client = await RawClient.connect(kit.url);
      await client.send(REQUEST);
      await client.response();
      // Both ends are in this process: the bytes are in our socket, and nobody has read them.
      const sent = client.send(REQUEST);
      const done = kit.listening[word]();
      await sent;
      const { status, headers, complete } = await client.response();
      expect([status, complete]).toEqual([200, true]);
      expect(headers["connection"]).toBe("close");
      clock.advance(250);
      await done;
    },
  );

  it.each([
    ["comes 40 ms behind the end of the listening", 40, 0],
    ["has come and was not read by a loop that was late", 0, 60],
  ])("serves a request on an idle connection that %s", async (_when, beforeMs, behindMs) => {
    const clock = new FakeClock();
    await using kit = await DoorKit.open({ clock });
    using client = await RawClient.connect(kit.url);
    await client.send(REQUEST);
    await client.response();
    const done = kit.listening.drain();
    await clock.advanceAsync(beforeMs);
    const sent = client.send(REQUEST);
    clock.advance(behindMs);
    await sent;
    expect((await client.response()).complete).toBe(true);
    clock.advance(60);
    await done;
  });

  it("cuts handshakes that never begin", async () => {
    const clock = new FakeClock();
    const tls = { cert: CERTIFICATE, key: new Secret(CERTIFICATE_KEY), clientCa: null };
    const kit = await DoorKit.open({ clock, snapshot: snapshot({ gateway: gateway({ tls }) }) });
    using client = await RawClient.connect(kit.url.replace("https", "http"));
    // Accepted behind the loop's next look at the listener.
    for (let turn = 0; turn < 5; turn += 1) await clock.advanceAsync(0);
    const done = kit.listening.drain();
    clock.advance(25_000);
    clock.advance(1_000);
    await done;
    expect(await client.ended()).not.toBeNull();
  });

  it("closes connections on which nothing was ever asked, which Node takes for busy ones", async () => {
    const clock = new FakeClock();
    await using kit = await DoorKit.open({ clock });
    using client = await RawClient.connect(kit.url);
    const done = kit.listening.drain();
    clock.advance(250);
    await done;
    expect(await client.ended()).toBe("fin");
  });

  it("refuses calls on connections that are still open", async () => {
    const { clock, kit, client, release } = await streaming({ preStopMs: 0, deadlineMs: 25_000 });
    const done = kit.listening.drain();
    await clock.advanceAsync(250);
    await client.send(REQUEST);
    expect(kit.refusals).toEqual([]);
    release.resolve();
    await client.response();
    const refused = await client.response();
    expect([refused.status, refused.headers["retry-after"], refused.headers["connection"]]).toEqual([
      503,
      "1",
      "close",
    ]);
    expect(errorOf(refused)["code"]).toBe("draining");
    expect(kit.refusals).toMatchObject([{ status: 503, failure: { kind: "draining" } }]);
    clock.advance(250);
    await done;
  });

  it("says last words to every stream at the deadline, counted from the call", async () => {
    const { clock, kit, client, release } = await streaming({ preStopMs: 5000, deadlineMs: 25_000 });
    const done = kit.listening.drain();
    clock.advance(24_999);
    expect(kit.corridor.ended).toEqual([]);
    clock.advance(1);
    expect(kit.corridor.ended).toMatchObject([{ kind: "draining" }]);
    release.resolve();
    expect((await client.response()).complete).toBe(true);
    clock.advance(250);
    await done;
  });

  it.each([
    ["has not arrived", null],
    ["arrives behind them", REQUEST.subarray(-1)],
  ])("last words are for a request, too, whose body %s; it never becomes a call", async (_when, rest) => {
    const { clock, kit, client: other, release } = await streaming({ preStopMs: 0, deadlineMs: 25_000 });
    using client = await RawClient.connect(kit.url);
    await client.send(REQUEST.subarray(0, -1));
    await polled(async () => kit.door.lobby.load.calls === 2, "the second call at the door");
    const done = kit.listening.drain();
    clock.advance(25_000);
    if (rest === null) clock.advance(250);
    else await client.send(rest);
    const refused = await client.response();
    expect([refused.status, refused.headers["connection"], errorOf(refused)["code"]]).toEqual([
      503,
      "close",
      "draining",
    ]);
    expect(kit.corridor.calls).toHaveLength(1);
    release.resolve();
    await other.response();
    client.close();
    clock.advance(250);
    await done;
  });

  it("cuts what does not end behind its last words", async () => {
    const { clock, kit, client, release } = await streaming({ preStopMs: 0, deadlineMs: 25_000 });
    const done = kit.listening.drain();
    clock.advance(25_000);
    clock.advance(1000);
    await done;
    expect((await client.response()).complete).toBe(false);
    release.resolve();
  });

  it("skips the waiting when called again", async () => {
    const { clock, kit, client, release } = await streaming({ preStopMs: 5000, deadlineMs: 25_000 });
    const done = kit.listening.drain();
    const again = kit.listening.drain();
    expect(kit.corridor.ended).toHaveLength(1);
    await expect(RawClient.connect(kit.url)).rejects.toThrow("ECONNREFUSED");
    void kit.listening.drain();
    expect(kit.corridor.ended).toHaveLength(1);
    release.resolve();
    await client.response();
    clock.advance(250);
    await Promise.all([done, again]);
  });
});

describe("close", () => {
  it("lets a moved listener go without touching the others, readiness or the calls under way", async () => {
    const { clock, kit, client, release } = await streaming({ preStopMs: 0, deadlineMs: 25_000 });
    const moved = await listen(kit.door, snapshot());
    if (isListenFault(moved)) throw new Error(moved.message);
    const closed = kit.listening.close();
    await expect(RawClient.connect(kit.url)).rejects.toThrow("ECONNREFUSED");
    using other = await RawClient.connect(moved.addresses[0] ?? "");
    await other.send(requestBytes({ path: "/readyz" }));
    expect((await other.response()).status).toBe(200);
    release.resolve();
    expect((await client.response()).complete).toBe(true);
    clock.advance(250);
    await closed;
    const gone = moved.close();
    clock.advance(250);
    await gone;
    expect(kit.corridor.ended).toEqual([]);
  });
});

it("nothing holds on to a listener that has closed", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const gone = await closedListener();
  await polled(async () => {
    collect();
    return gone.deref() === undefined;
  }, "the listener to be collected");
});

async function closedListener(): Promise<WeakRef<Listening>> {
  const kit = await DoorKit.open();
  const listening = await listen(kit.door, snapshot());
  if (isListenFault(listening)) throw new Error(listening.message);
  await listening.close();
  await kit[Symbol.asyncDispose]();
  return new WeakRef(listening);
}

describe("retire", () => {
  it("takes no new connection and cuts none: each ends with its next answer, and all stay ready until then", async () => {
    const { kit, client, release } = await streaming({ preStopMs: 0, deadlineMs: 25_000 });
    const ready = requestBytes({ path: "/readyz", method: "GET", headers: BEARER });
    const idle = await RawClient.connect(kit.url);
    await idle.send(ready);
    expect((await idle.response()).headers["connection"]).toBe("keep-alive");
    let retired = false;
    const done = kit.listening.retire().then(() => (retired = true));
    await expect(RawClient.connect(kit.url)).rejects.toThrow("ECONNREFUSED");
    await idle.send(ready);
    const { status, headers } = await idle.response();
    expect([status, headers["connection"]]).toEqual([200, "close"]);
    expect(await idle.ended()).toBe("fin");
    expect([retired, kit.corridor.ended]).toEqual([false, []]);
    release.resolve();
    await client.until((bytes) => bytes.includes("last"), "the last bytes");
    // The stream's head was sent before: its connection ends with the answer after it.
    await client.send(ready);
    expect(await client.ended()).toBe("fin");
    await done;
  });

  it("drains what is still there when it is told to", async () => {
    const { clock, kit, client } = await streaming({ preStopMs: 0, deadlineMs: 1_000 });
    const retired = kit.listening.retire();
    const drained = kit.listening.drain();
    clock.advance(1_000);
    await polled(async () => kit.corridor.ended.length === 1, "last words");
    clock.advance(1_000);
    await client.ended();
    await Promise.all([retired, drained]);
  });
});
