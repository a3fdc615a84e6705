// Requests that come before their turn: what is done for them until then, and how many there may be.
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { Secret } from "../../../src/core/secret.ts";
import type { Call } from "../../../src/core/call.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { RawClient, type RawRequest, requestBytes } from "../../support/raw.ts";
import { polled } from "../../support/wait.ts";
import { ANSWER, auth, BEARER, CHAT, DoorKit, gateway, JSON_TYPE, type KitOptions, snapshot } from "./door-kit.ts";

const READY = { ...BEARER, ...JSON_TYPE };
const HEALTH = requestBytes({ path: "/healthz" });

const chat = (more: Partial<RawRequest> = {}): Buffer =>
  requestBytes({ path: CHAT, headers: READY, body: "{}", ...more });

/** A door whose first call hangs, and the client that asked for it; `left` once the call hears that the client has gone. */
async function hanging(options: KitOptions = {}) {
  const kit = await DoorKit.open(options);
  const release = Promise.withResolvers<void>();
  const left = Promise.withResolvers<void>();
  const { answer } = kit.corridor;
  kit.corridor.answer = async (call: Call) => {
    if (kit.corridor.calls.length === 1) {
      call.sink.listener = { onDrain: () => {}, onClose: left.resolve };
      await Promise.race([release.promise, left.promise]);
    }
    return answer(call);
  };
  const client = await RawClient.connect(kit.url);
  await client.send(chat());
  await kit.corridor.call();
  return { kit, client, release, left: left.promise };
}

/** Every byte that was sent has been parsed: another connection is answered behind them. */
async function parsed(kit: DoorKit): Promise<void> {
  for (let times = 0; times < 5; times += 1) expect((await kit.ask({ path: "/healthz" })).status).toBe(200);
  await sleep(10);
}

/** Nothing is left of any request. */
async function nothingLeft(kit: DoorKit): Promise<void> {
  await polled(async () => kit.door.lobby.load.calls === 0 && kit.door.lobby.ticker.size === 0, "nothing under way");
  expect(kit.door.lobby.load.bytes).toBe(0);
  expect(kit.bugs).toEqual([]);
}

describe("a request behind another one", () => {
  it("is served in its turn: until then it counts nowhere, and its clock has not begun", async () => {
    const clock = new FakeClock();
    const { kit, client, release } = await hanging({ clock });
    await client.send(chat({ body: `{"n":2}` }));
    await parsed(kit);
    expect([kit.corridor.calls.length, kit.door.lobby.load.calls]).toEqual([1, 1]);
    clock.advance(300_000);
    release.resolve();
    expect([(await client.response()).body.toString(), (await client.response()).status]).toEqual([ANSWER, 200]);
    expect(kit.corridor.calls[1]).toMatchObject({ startedAt: 300_000, bodyAt: 300_000 });
    expect(kit.corridor.calls[1]?.body.toString()).toBe(`{"n":2}`);
    client.close();
    await polled(async () => kit.door.lobby.load.calls === 0, "no call");
    clock.advance(250);
    clock.advance(250);
    expect(kit.door.lobby.ticker.size).toBe(0);
    const closed = kit.listening.close();
    clock.advance(250);
    await closed;
  });

  it("is judged by the configuration of its turn", async () => {
    const { kit, client, release } = await hanging();
    await client.send(chat());
    await parsed(kit);
    kit.holder.current = snapshot({ gateway: gateway({ auth: auth({ token: new Secret("rotated-token") }) }) });
    release.resolve();
    expect([(await client.response()).status, (await client.response()).status]).toEqual([200, 401]);
    client.close();
    await kit.listening.close();
  });

  it("hears in its turn that its body may come", async () => {
    const { kit, client, release } = await hanging();
    const headers = { ...READY, expect: "100-continue", "content-length": "2" };
    await client.send(requestBytes({ method: "POST", path: CHAT, headers }));
    await parsed(kit);
    expect(client.bytesIn).toBe(0);
    release.resolve();
    expect((await client.response()).status).toBe(200);
    expect((await client.response()).status).toBe(100);
    await client.send("{}");
    expect((await client.response()).status).toBe(200);
    client.close();
    await kit.listening.close();
  });

  it.each([
    ["in chunks", { "transfer-encoding": "chunked" }, "2\r\n{}\r\n0\r\n\r\n"],
    ["of the size that is read ahead, almost", {}, `"${"x".repeat(15_000)}"`],
  ])("waits with a body %s", async (_what, more, body) => {
    const { kit, client, release } = await hanging();
    await client.send(chat({ headers: { ...READY, ...more }, body }));
    await sleep(600);
    release.resolve();
    expect([(await client.response()).status, (await client.response()).status]).toEqual([200, 200]);
    client.close();
    await kit.listening.close();
  });

  it("is refused in its turn when its head is none, and nothing behind it is served", async () => {
    const { kit, client, release } = await hanging();
    const noHost = `POST ${CHAT} HTTP/1.1\r\ncontent-length: 2\r\n\r\n{}`;
    await client.send(Buffer.concat([Buffer.from(noHost), chat()]));
    await parsed(kit);
    release.resolve();
    expect([(await client.response()).status, (await client.response()).status]).toEqual([200, 400]);
    expect(await client.ended()).toBe("fin");
    expect([client.received.length, kit.corridor.calls.length]).toEqual([0, 1]);
    await kit.listening.close();
  });

  it("is never served when the answer in front ends the connection", async () => {
    const { kit, client, release } = await hanging();
    await client.send(Buffer.concat([chat({ headers: { ...READY, upgrade: "h2c" } }), chat(), HEALTH]));
    await parsed(kit);
    release.resolve();
    expect([(await client.response()).status, (await client.response()).status]).toEqual([200, 200]);
    await client.ended();
    expect([client.received.length, kit.corridor.calls.length]).toEqual([0, 2]);
    await nothingLeft(kit);
    await kit.listening.close();
  });
});

describe("a client that leaves", () => {
  it.each([
    ["calls", chat(), 100],
    ["lists of models", requestBytes({ path: "/v1/models", headers: BEARER }), 100],
    ["metrics", requestBytes({ path: "/api/diagnostics/prometheus", headers: BEARER }), 100],
  ])("is heard behind waiting %s, and nothing stays of them", async (_what, request, times) => {
    for (const how of ["close", "reset"] as const) {
      // Answers of such a size would make Node stop reading if they were there.
      const more = { renderMetrics: async () => ({ contentType: "text/plain", body: "x".repeat(10_000) }) };
      const { kit, client, left } = await hanging({ parts: more });
      await client.send(Buffer.concat(Array.from({ length: times }, () => request)));
      await parsed(kit);
      client[how]();
      await left;
      await nothingLeft(kit);
      expect([kit.corridor.calls.length, kit.refusals]).toEqual([1, []]);
      await kit.listening.close();
    }
  });
});

describe("the line of a connection", () => {
  it("answers a hundred, one after the other", async () => {
    const { kit, client, release } = await hanging();
    await client.send(Buffer.concat(Array.from({ length: 100 }, () => HEALTH)));
    await parsed(kit);
    release.resolve();
    for (let times = 0; times < 101; times += 1) expect((await client.response()).status).toBe(200);
    // It was empty in between: another hundred may wait.
    await client.send(Buffer.concat(Array.from({ length: 101 }, () => HEALTH)));
    for (let times = 0; times < 101; times += 1) expect((await client.response()).status).toBe(200);
    client.close();
    await kit.listening.close();
  });

  it.each([101, 3_000])("is cut when %i wait, which is told once", async (times) => {
    const { kit, client, left } = await hanging();
    await client.send(Buffer.concat(Array.from({ length: times }, () => chat())));
    await client.ended();
    await left;
    await nothingLeft(kit);
    expect(kit.corridor.calls.length).toBe(1);
    expect(kit.refusals).toMatchObject([
      { status: 400, endpoint: "other", failure: { kind: "request-invalid", detail: "too many requests wait" } },
    ]);
    await kit.listening.close();
  });

  it.each([
    ["one large body", [chat({ body: "x".repeat(200_000) })]],
    [
      "one of unknown size",
      [
        chat({
          headers: { ...READY, "transfer-encoding": "chunked" },
          body: `30d40\r\n${"x".repeat(200_000)}\r\n0\r\n\r\n`,
        }),
      ],
    ],
    ["one behind an answer that ends the connection", [chat({ body: "x".repeat(200_000) })], { upgrade: "h2c" }],
  ])("is cut when a body fills it: %s", async (_what, requests, more: Readonly<Record<string, string>> = {}) => {
    const kit = await DoorKit.open();
    const left = Promise.withResolvers<void>();
    kit.corridor.answer = ({ sink }) => {
      sink.listener = { onDrain: () => {}, onClose: left.resolve };
      return left.promise;
    };
    using client = await RawClient.connect(kit.url);
    await client.send(chat({ headers: { ...READY, ...more } }));
    await kit.corridor.call();
    await client.send(...requests);
    // Though it left before anything was done about it: nobody reads the connection any more.
    client.close();
    await left.promise;
    await nothingLeft(kit);
    expect(kit.corridor.calls.length).toBe(1);
    expect(kit.refusals.map(({ failure }) => failure.detail)).toEqual(["waiting bodies are too large"]);
    await kit.listening.close();
  });

  it("is cut when bodies fill it that are small each", async () => {
    const { kit, client, left } = await hanging();
    await client.send(Buffer.concat(Array.from({ length: 50 }, () => chat({ body: "x".repeat(2_000) }))));
    await client.ended();
    await left;
    await nothingLeft(kit);
    expect(kit.refusals.map(({ failure }) => failure.detail)).toEqual(["waiting bodies are too large"]);
    await kit.listening.close();
  });

  it("has no place for a tunnel: nothing is said between the words of another answer", async () => {
    const { kit, client, left } = await hanging();
    await client.send("CONNECT example.com:443 HTTP/1.1\r\nhost: example.com:443\r\n\r\n");
    await left;
    await client.ended();
    expect(client.bytesIn).toBe(0);
    await nothingLeft(kit);
    await kit.listening.close();
  });
});
