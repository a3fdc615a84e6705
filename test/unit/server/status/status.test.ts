// The page at the door: who gets it, by which name, what a browser lets it do, and what its figures are fed by.
import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { Secret } from "../../../../src/core/secret.ts";
import type { GatewaySettings } from "../../../../src/core/snapshot.ts";
import { joinedPage } from "../../../../src/server/status/page-text.ts";
import { SESSION_S } from "../../../../src/server/status/session.ts";
import { FakeClock } from "../../../support/fake-clock.ts";
import * as told from "../../../support/events.ts";
import type { RawResponse } from "../../../support/raw.ts";
import { RawClient, requestBytes } from "../../../support/raw.ts";
import { aTarget } from "../../../support/snapshot.ts";
import { eventsOf } from "../../../support/sse.ts";
import { auth, BEARER, DoorKit, gateway, snapshot, TOKEN } from "../door-kit.ts";

const HTML = { accept: "text/html,application/xhtml+xml" };
const FEEDS = ["/status.json", "/status/events"];

function open(settings: Partial<GatewaySettings> = {}, clock = new FakeClock()): Promise<DoorKit> {
  return DoorKit.open({ snapshot: snapshot({ gateway: gateway(settings) }), clock });
}

function json({ body }: RawResponse): Record<string, unknown> {
  return JSON.parse(body.toString()) as Record<string, unknown>;
}

/** Signs in; the cookie as a browser sends it back. */
async function signIn(
  kit: DoorKit,
  token = TOKEN,
): Promise<{ readonly response: RawResponse; readonly cookie: string }> {
  const headers = { authorization: `Bearer ${token}` };
  const response = await kit.ask({ method: "POST", path: "/status/session", headers });
  return { response, cookie: (response.headers["set-cookie"] ?? "").split(";")[0] ?? "" };
}

describe("the page", () => {
  it.each(["/", "/status"])("is at %s for browsers, without a credential and without a figure", async (path) => {
    await using kit = await open();
    const response = await kit.ask({ path, headers: HTML });
    expect([response.status, response.headers["content-type"]]).toEqual([200, "text/html; charset=utf-8"]);
    const text = response.body.toString();
    expect(text).toContain(`data-door="token"`);
    expect(text).not.toContain("acme");
    expect(response.headers).toMatchObject({ "cache-control": "no-store", "x-frame-options": "DENY" });
  });

  it("tells programs at / where to look", async () => {
    await using kit = await open();
    const response = await kit.ask({ path: "/", headers: { accept: "*/*" } });
    expect(json(response)).toMatchObject({ name: "openclaw-edge", status: "/status.json" });
  });

  it("is one file below 60 kB that fetches nothing", () => {
    const text = joinedPage();
    expect(Buffer.byteLength(text)).toBeLessThan(60_000);
    expect(text).not.toMatch(/<(?:script|link|img|iframe)[^>]+(?:src|href)="(?!data:)/);
    expect(text.match(/https?:\/\/[^'"\s]+/g) ?? []).toEqual([
      "http://www.w3.org/2000/svg",
      "http://www.w3.org/2000/svg",
    ]);
    expect(text).not.toMatch(/^(?:import|export) /m);
  });

  it("has one script that is a program, and no handler or style in its markup", () => {
    const text = joinedPage();
    const script = /<script>([\s\S]*)<\/script>/.exec(text)?.[1] ?? "";
    expect(() => new Function(script)).not.toThrow();
    expect(text.replace(script, "")).not.toMatch(/\s(?:on\w+|style)=/);
    expect(script).not.toMatch(/innerHTML|outerHTML|insertAdjacentHTML|eval\(|localStorage|sessionStorage/);
  });

  it("may do what its policy says: its own style and script by their hashes, calls home, nothing else", async () => {
    await using kit = await open();
    const { headers, body } = await kit.ask({ path: "/", headers: HTML });
    const hash = (tag: string): string => {
      const inner = new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`).exec(body.toString())?.[1] ?? "";
      return `'sha256-${createHash("sha256").update(inner).digest("base64")}'`;
    };
    expect(headers["content-security-policy"]?.split("; ")).toEqual([
      "default-src 'none'",
      `script-src ${hash("script")}`,
      `style-src ${hash("style")}`,
      "connect-src 'self'",
      "img-src data:",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ]);
  });

  it("is not there when it is switched off, nor is what feeds it", async () => {
    await using kit = await open({ statusPage: { enabled: false, hosts: [] } });
    for (const path of ["/", "/status", ...FEEDS]) {
      expect((await kit.ask({ path, headers: { ...HTML, ...BEARER } })).status).toBe(404);
    }
    expect((await kit.ask({ method: "POST", path: "/status/session", headers: BEARER })).status).toBe(404);
  });
});

describe("the name of the page", () => {
  const HOSTS: readonly (readonly [host: string, status: number])[] = [
    ["127.0.0.1:4000", 200],
    ["[::1]:4000", 200],
    ["localhost", 200],
    ["edge.localhost:80", 200],
    ["192.168.1.20:18789", 200],
    ["[fd00::5]:18789", 200],
    ["edge:18789", 200],
    ["gateway.example.org", 200],
    ["GATEWAY.example.org:8443", 200],
    ["rebound.example", 403],
    ["127.0.0.1.rebound.example", 403],
    ["other.example.org", 403],
  ];

  it.each(HOSTS)("with the token: %s is answered with %i", async (host, status) => {
    await using kit = await open({ statusPage: { enabled: true, hosts: ["gateway.example.org"] } });
    expect((await kit.ask({ path: "/", headers: { ...HTML, host } })).status).toBe(status);
    expect((await kit.ask({ path: "/status.json", headers: { ...BEARER, host } })).status).toBe(status);
  });

  it.each(HOSTS.map(([host], index) => [host, index < 4 ? 200 : 403] as const))(
    "without auth: %s is answered with %i",
    async (host, status) => {
      await using kit = await open({ auth: auth({ mode: "none", token: null }) });
      expect((await kit.ask({ path: "/", headers: { ...HTML, host } })).status).toBe(status);
      expect((await kit.ask({ path: "/status.json", headers: { host } })).status).toBe(status);
    },
  );

  it("is the business of a proxy that checks its users, and of nobody who comes without it", async () => {
    const trustedProxy = {
      userHeader: "x-user",
      requiredHeaders: [],
      allowUsers: [],
      allowedOrigins: [],
      allowLoopback: true,
    };
    const settings = auth({ mode: "trusted-proxy", token: null, trustedProxy, trustedProxies: ["127.0.0.1"] });
    await using kit = await open({ auth: settings });
    const headers = { host: "gateway.example.org" };
    expect((await kit.ask({ path: "/", headers: { ...HTML, ...headers } })).status).toBe(200);
    expect((await kit.ask({ path: "/status.json", headers: { ...headers, "x-user": "ada" } })).status).toBe(200);
    expect((await kit.ask({ path: "/status.json", headers })).status).toBe(401);
  });

  it("is asked for: a client that names none gets no page", async () => {
    await using kit = await open();
    using client = await RawClient.connect(kit.url);
    await client.send("GET /status HTTP/1.0\r\n\r\n");
    await client.ended();
    expect(client.received.toString("latin1")).toMatch(/^HTTP\/1\.1 403 /);
  });
});

describe("the session", () => {
  it("is a cookie that holds no secret, that no script reads and no other site sends", async () => {
    await using kit = await open();
    const { response } = await signIn(kit);
    const { port } = new URL(kit.url);
    expect(response.status).toBe(204);
    expect(response.headers["set-cookie"]).toMatch(
      new RegExp(
        `^openclaw-edge-${port}=\\d+\\.[\\w-]{16}\\.[\\w-]{43}; Path=/; Max-Age=43200; HttpOnly; SameSite=Strict$`,
      ),
    );
    expect(response.headers["set-cookie"]).not.toContain(TOKEN);
  });

  it("opens the page and its feed, and nothing else", async () => {
    await using kit = await open();
    const { cookie } = await signIn(kit);
    expect((await kit.ask({ path: "/status.json", headers: { cookie } })).status).toBe(200);
    const page = await kit.ask({ path: "/", headers: { ...HTML, cookie } });
    expect(page.body.toString()).toContain(`data-door="signed-in"`);
    for (const path of ["/v1/models", "/api/diagnostics/prometheus"]) {
      expect((await kit.ask({ path, headers: { cookie } })).status).toBe(401);
    }
    const headers = { cookie, "content-type": "application/json" };
    expect((await kit.ask({ path: "/v1/chat/completions", headers, body: `{"messages":[]}` })).status).toBe(401);
    expect((await kit.ask({ method: "POST", path: "/status/session", headers: { cookie } })).status).toBe(401);
  });

  it.each<[among: string, around: (cookie: string) => string]>([
    ["others", (cookie) => `a=1; ${cookie}; b=2`],
    ["others, without spaces", (cookie) => `a=1;${cookie}`],
    ["others of longer names", (cookie) => `x-${cookie.replace(/=.*/, "=1")}; ${cookie}`],
  ])("is known among %s", async (_among, around) => {
    await using kit = await open();
    const { cookie } = await signIn(kit);
    expect((await kit.ask({ path: "/status.json", headers: { cookie: around(cookie) } })).status).toBe(200);
  });

  it("is only the first cookie of its name", async () => {
    await using kit = await open();
    const { cookie } = await signIn(kit);
    const twice = `${cookie.replace(/=.*/, "=1")}; ${cookie}`;
    expect((await kit.ask({ path: "/status.json", headers: { cookie: twice } })).status).toBe(401);
  });

  it.each(["none", "trusted-proxy"] as const)("is nothing to mode %s, where nobody signs in", async (mode) => {
    await using kit = await open();
    const { cookie } = await signIn(kit);
    await using other = await open({ auth: auth({ mode, token: null }) });
    const headers = { cookie: cookie.replace(/edge-\d+/, `edge-${new URL(other.url).port}`) };
    const { status } = await other.ask({ path: "/status.json", headers });
    expect(status).toBe(mode === "none" ? 200 : 401);
    const page = await other.ask({ path: "/", headers: { ...HTML, ...headers } });
    expect(page.body.toString()).not.toContain(`data-door="signed-in"`);
  });

  it("is opened by a password as well, where that is what is asked for", async () => {
    const settings = auth({ mode: "password", token: null, password: new Secret("grün-password-0123456789") });
    await using kit = await open({ auth: settings });
    expect((await kit.ask({ path: "/", headers: HTML })).body.toString()).toContain(`data-door="password"`);
    const { cookie } = await signIn(kit, Buffer.from("grün-password-0123456789").toString("latin1"));
    expect((await kit.ask({ path: "/status.json", headers: { cookie } })).status).toBe(200);
  });

  it("ends with its time", async () => {
    const clock = new FakeClock();
    await using kit = await open({}, clock);
    const { cookie } = await signIn(kit);
    clock.advance((SESSION_S - 1) * 1_000);
    expect((await kit.ask({ path: "/status.json", headers: { cookie } })).status).toBe(200);
    clock.advance(1_000);
    expect((await kit.ask({ path: "/status.json", headers: { cookie } })).status).toBe(401);
  });

  it("ends with the secret that signed it", async () => {
    await using kit = await open();
    const { cookie } = await signIn(kit);
    const renewed = auth({ token: new Secret("another-token-0123456789abcdef") });
    kit.holder.current = snapshot({ gateway: gateway({ auth: renewed }) });
    expect((await kit.ask({ path: "/status.json", headers: { cookie } })).status).toBe(401);
  });

  it("ends by signing out", async () => {
    await using kit = await open();
    const { cookie } = await signIn(kit);
    const response = await kit.ask({ method: "POST", path: "/status/session/end", headers: { cookie } });
    expect(response.headers["set-cookie"]).toContain("=; Path=/; Max-Age=0;");
  });

  it.each<[string, (cookie: string) => string]>([
    ["a longer life", (cookie) => cookie.replace(/=\d/, "=9")],
    ["another signature", (cookie) => cookie.replace(/.{4}$/, "AAAA")],
    ["no signature", (cookie) => cookie.replace(/\.[^.]*$/, "")],
    ["another gateway's name", (cookie) => cookie.replace(/edge-\d+/, "edge-1")],
    ["the token itself", (cookie) => cookie.replace(/=.*/, `=${TOKEN}`)],
    ["nothing", (cookie) => cookie.replace(/=.*/, "=")],
  ])("is not opened by a cookie with %s", async (_what, change) => {
    await using kit = await open();
    const { cookie } = await signIn(kit);
    for (const path of FEEDS) expect((await kit.ask({ path, headers: { cookie: change(cookie) } })).status).toBe(401);
  });

  it("counts guesses as everywhere", async () => {
    const rateLimit = { maxAttempts: 2, windowMs: 60_000, lockoutMs: 300_000, exemptLoopback: false };
    await using kit = await open({ auth: auth({ rateLimit }) });
    expect((await signIn(kit, "wrong")).response.status).toBe(401);
    expect((await signIn(kit, "wrong")).response.status).toBe(401);
    expect((await signIn(kit)).response.status).toBe(429);
  });

  it("is not needed without auth", async () => {
    await using kit = await open({ auth: auth({ mode: "none", token: null }) });
    expect((await kit.ask({ path: "/", headers: HTML })).body.toString()).toContain(`data-door="open"`);
    const response = await kit.ask({ method: "POST", path: "/status/session" });
    expect([response.status, response.headers["set-cookie"]]).toEqual([204, undefined]);
  });
});

/** A viewer that reads pictures as they come. */
async function watch(kit: DoorKit) {
  const leaving = new AbortController();
  const client = await fetch(`${kit.url}/status/events`, { headers: BEARER, signal: leaving.signal });
  const events = eventsOf(client.body as AsyncIterable<Uint8Array>);
  const next = async (): Promise<Record<string, unknown> | null> => {
    const { value, done } = await events.next();
    return done === true ? null : (JSON.parse(value.data) as Record<string, unknown>);
  };
  return { client, next, leave: () => leaving.abort() };
}

/** Has whoever waits look again after a turn of the event loop; says that it is not there yet. */
function ringSoon({ corridor }: DoorKit): false {
  setImmediate(() => corridor.bell.ring());
  return false;
}

describe("the feed", () => {
  it("is a picture as JSON for whoever shows the token", async () => {
    await using kit = await open();
    const { board } = kit.door.lobby.parts;
    const attempt = told.attemptOf(aTarget("acme/large"));
    const request = told.requestOf();
    board.hear(told.requestStarted(request));
    board.hear(told.attemptStarted(attempt, { request }));
    board.hear(told.attemptEnded(attempt, request));
    board.hear(told.requestEnded([attempt], { request }));
    const response = await kit.ask({ path: "/status.json", headers: BEARER });
    expect(response.headers).toMatchObject({ "content-type": "application/json", "cache-control": "no-store" });
    expect(json(response)).toMatchObject({
      version: "0.0.0",
      revision: "revision-1",
      leaving: false,
      reloaded: null,
      gauges: { inFlight: { now: 0 } },
      chains: [{ agent: "main", links: [{ target: "acme/large", state: "ready", served: 1, share: 1 }] }],
      running: [],
      rowsBefore: 0,
      rowsUntil: 1,
      rows: [{ served: "acme/large", status: 200 }],
    });
  });

  it("begins with everything and goes on with what is new, once a second", async () => {
    const clock = new FakeClock();
    await using kit = await open({}, clock);
    const { board } = kit.door.lobby.parts;
    board.hear(told.requestRefused("unauthorized"));
    const { client, next, leave } = await watch(kit);
    expect(client.headers.get("content-type")).toBe("text/event-stream");
    expect(await next()).toMatchObject({ rowsBefore: 0, rowsUntil: 1, rows: [{ status: 401 }] });
    board.hear(told.requestRefused("overloaded-here"));
    clock.advance(1_000);
    expect(await next()).toMatchObject({ rowsBefore: 1, rowsUntil: 2, rows: [{ status: 503 }] });
    clock.advance(1_000);
    expect(await next()).toMatchObject({ rowsBefore: 2, rowsUntil: 2, rows: [] });
    leave();
  });

  it("has one timer for all viewers and none without", async () => {
    const clock = new FakeClock();
    await using kit = await open({}, clock);
    const { viewers } = kit.door.lobby;
    const idle = clock.pending;
    const clients = await Promise.all(["one", "two", "three"].map(() => RawClient.connect(kit.url)));
    for (const client of clients) await client.send(requestBytes({ path: "/status/events", headers: BEARER }));
    await kit.corridor.bell.until(() => viewers.size === 3 || ringSoon(kit), "viewers");
    expect(clock.pending).toBe(idle + 1);
    for (const client of clients) client[Symbol.dispose]();
    await kit.corridor.bell.until(() => viewers.size === 0 || ringSoon(kit), "leaving");
    expect(clock.pending).toBe(idle);
  });

  it.each<[string, (kit: DoorKit, clock: FakeClock) => void]>([
    ["the process goes", ({ door }) => (door.lobby.leaving = true)],
    ["the configuration that let the viewer in is gone", ({ holder }) => (holder.current = snapshot())],
  ])("ends when %s", async (_sentence, change) => {
    const clock = new FakeClock();
    await using kit = await open({}, clock);
    const { next } = await watch(kit);
    expect(await next()).not.toBeNull();
    change(kit, clock);
    clock.advance(1_000);
    let last = await next();
    while (last !== null) last = await next();
    expect(kit.door.lobby.viewers.size).toBe(0);
  });

  it("ends when its time is over, whether the viewer reads or not", async () => {
    const clock = new FakeClock();
    await using kit = await open({}, clock);
    const { next } = await watch(kit);
    await next();
    clock.advance(15 * 60_000);
    await kit.corridor.bell.until(() => kit.door.lobby.viewers.size === 0 || ringSoon(kit), "the viewer to be gone");
  });

  it("is refused to one viewer too many", async () => {
    await using kit = await open();
    const clients = await Promise.all(Array.from({ length: 64 }, () => watch(kit)));
    const response = await kit.ask({ path: "/status/events", headers: BEARER });
    expect([response.status, response.headers["retry-after"]]).toEqual([503, "10"]);
    for (const { leave } of clients) leave();
  });

  it.each(FEEDS)("asks for a credential at %s", async (path) => {
    await using kit = await open();
    expect((await kit.ask({ path })).status).toBe(401);
    expect((await kit.ask({ path, headers: { authorization: "Bearer wrong" } })).status).toBe(401);
  });

  it("survives a picture that cannot be drawn: the bug is told, the viewers come again", async () => {
    const clock = new FakeClock();
    let isBroken = false;
    const notReady = () => {
      if (isBroken) throw new Error("broken");
      return [];
    };
    await using kit = await DoorKit.open({ clock, parts: { notReady } });
    const { next } = await watch(kit);
    await next();
    isBroken = true;
    clock.advance(1_000);
    await expect(next()).rejects.toThrow();
    expect(kit.bugs).toHaveLength(1);
  });
});
