// The door on real sockets: which paths and methods there are, who is let in, what every answer bears.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Secret } from "../../../src/core/secret.ts";
import { ENDPOINTS } from "../../../src/server/endpoints.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { RawClient, type RawRequest, requestBytes } from "../../support/raw.ts";
import { ANSWER, auth, BEARER, CHAT, DoorKit, errorOf, gateway, JSON_TYPE, snapshot, TOKEN } from "./door-kit.ts";

const READY = { ...BEARER, ...JSON_TYPE };

describe("paths and methods", () => {
  let kit: DoorKit;
  beforeAll(async () => {
    kit = await DoorKit.open();
  });
  afterAll(() => kit[Symbol.asyncDispose]());

  it.each([
    ["/v1/chat/completions", "chat"],
    ["/v1/responses", "responses"],
    ["/v1/embeddings", "embeddings"],
    ["/v1/chat/completions?api-version=1&key=x", "chat"],
  ])("hands a call of %s over as %s, as it came", async (path, operation) => {
    const before = kit.corridor.calls.length;
    const headers = {
      ...READY,
      "x-openclaw-agent": "ops",
      "x-openclaw-model": "acme/large",
      "x-openclaw-message-channel": " ",
    };
    const response = await kit.ask({ path, headers, body: `{"input":"ü"}` });
    expect([response.status, response.body.toString()]).toEqual([200, ANSWER]);
    const call = kit.corridor.calls[before];
    expect(call).toMatchObject({
      operation,
      body: Buffer.from(`{"input":"ü"}`),
      steering: { agent: "ops", model: "acme/large", channel: null, betas: null },
      snapshot: kit.holder.current,
    });
    expect(call?.requestId).toBe(response.headers["x-request-id"]);
    expect(call?.requestId).toBe(`req_${call?.trace.traceId}`);
    expect(call?.bodyAt).toBeGreaterThanOrEqual(call?.startedAt ?? Number.NaN);
  });

  it.each<[request: RawRequest, status: number, allow: string]>([
    [{ method: "GET", path: CHAT }, 405, "POST"],
    [{ method: "HEAD", path: CHAT }, 405, "POST"],
    [{ method: "PUT", path: CHAT, body: "{}" }, 405, "POST"],
    [{ method: "DELETE", path: "/v1/models/openclaw" }, 405, "GET"],
    [{ method: "OPTIONS", path: CHAT }, 405, "POST"],
    [{ method: "TRACE", path: CHAT }, 405, "POST"],
    [{ method: "PATCH", path: "/v1/embeddings", body: "{}" }, 405, "POST"],
    [{ method: "POST", path: "/v1/models", body: "{}" }, 405, "GET"],
    [{ method: "POST", path: "/healthz", body: "{}" }, 405, "GET, HEAD"],
    [{ method: "POST", path: "/readyz", body: "{}" }, 405, "GET, HEAD"],
    [{ method: "POST", path: "/api/diagnostics/prometheus", body: "{}" }, 405, "GET"],
  ])("answers %j with %i", async (request, status, allow) => {
    const response = await kit.ask({ ...request, headers: { ...BEARER, "x-http-method-override": "POST" } });
    expect([response.status, response.headers["allow"]]).toEqual([status, allow]);
    if (request.method !== "HEAD")
      expect(errorOf(response)).toMatchObject({ code: "method_not_allowed", message: "Method Not Allowed" });
  });

  it.each([
    ["/v1"],
    ["/v1/"],
    ["/v1/chat/completions/"],
    ["//v1/chat/completions"],
    ["/v1//chat/completions"],
    ["/v1/chat%2fcompletions"],
    ["/v1%2Fchat/completions"],
    ["/%761/chat/completions"],
    ["/v1/./chat/completions"],
    ["/v1/x/../chat/completions"],
    ["/v1/chat/completions;a=b"],
    ["/v1;/chat/completions"],
    ["/V1/chat/completions"],
    ["/v1/chat/Completions"],
    ["/v1/chat/completions%20"],
    ["/v1/chat/completions%00"],
    ["/v1/chat/completions.json"],
    ["/v1/chat"],
    ["/v1/completions"],
    ["/%"],
    ["/%zz%ff"],
    ["/.env"],
    ["/metrics"],
    ["/config"],
    ["/debug/pprof"],
    ["/../../etc/passwd"],
    ["/healthz/x"],
    ["/api/diagnostics"],
    ["/*"],
    ["/:id"],
    ["/v1/{id}"],
  ])("finds nothing at %s", async (path) => {
    for (const headers of [READY, {}] as const) {
      const response = await kit.ask({ path, headers, body: "{}" });
      expect([response.status, errorOf(response)["code"]]).toEqual([404, "not_found"]);
    }
    expect(kit.refusals.at(-1)).toMatchObject({ endpoint: "other", method: "POST", status: 404 });
  });

  it.each([
    ["/v1/messages/batches", {}],
    ["/v1/messages/count_tokens/", {}],
    ["/v1/messages", { messages: false }],
  ])("tells clients of Anthropic's format in their words that there is nothing at %s", async (path, off) => {
    const endpoints = { ...kit.holder.current.gateway.endpoints, ...off };
    await using other = await DoorKit.open({ snapshot: snapshot({ gateway: gateway({ endpoints }) }) });
    const { status, headers, body } = await other.ask({ path, headers: READY, body: "{}" });
    expect([status, JSON.parse(body.toString())]).toEqual([
      404,
      {
        type: "error",
        error: { type: "not_found_error", message: "Not Found" },
        request_id: headers["request-id"],
      },
    ]);
    expect(other.refusals.at(-1)).toMatchObject({ endpoint: "other", status: 404 });
  });

  it.each(
    ENDPOINTS.filter(({ scope }) => scope !== null).flatMap(({ paths, methods }) =>
      paths.map((path) => [path, methods[0] ?? ""] as const),
    ),
  )("asks for the token at %s", async (path, method) => {
    const body = method === "POST" ? { body: "{}" } : {};
    const response = await kit.ask({ method, path, headers: JSON_TYPE, ...body });
    expect([response.status, response.body.toString()]).toEqual([
      401,
      path.startsWith("/v1/messages")
        ? `{"type":"error","error":{"type":"authentication_error","message":"Unauthorized"},"request_id":"${String(response.headers["x-request-id"])}"}`
        : `{"error":{"message":"Unauthorized","type":"unauthorized","param":null,"code":null}}`,
    ]);
    expect(response.headers["www-authenticate"]).toBe("Bearer");
  });

  it("asks nobody for a token at the health routes and for the empty page, and nowhere else", () => {
    const open = ENDPOINTS.filter(({ scope }) => scope === null).flatMap(({ paths }) => paths);
    expect(open).toEqual(["/healthz", "/health", "/readyz", "/ready", "/", "/status"]);
  });

  it("refuses every cause with the same head and body", async () => {
    const causes: Record<string, string>[] = [
      {},
      { authorization: "Bearer wrong" },
      { authorization: "Basic x" },
      { cookie: `t=${TOKEN}` },
    ];
    const bodies = [`{"model":"openclaw"}`, `{"model":"no-such-model"}`, "{broken"];
    const seen = new Set<string>();
    for (const headers of causes) {
      for (const body of bodies) {
        const { lines, body: answer } = await kit.ask({ path: CHAT, headers: { ...JSON_TYPE, ...headers }, body });
        seen.add([...lines.filter((line) => !/^(?:date|x-request-id):/i.test(line)), answer.toString()].join("\n"));
      }
    }
    expect(seen.size).toBe(1);
  });

  it.each([
    ["in the query", { path: `${CHAT}?token=${TOKEN}&access_token=${TOKEN}` }],
    ["as a cookie", { path: CHAT, headers: { cookie: `openclaw_token=${TOKEN}` } }],
    ["as user info of the query", { path: `${CHAT}?Authorization=Bearer%20${TOKEN}` }],
  ])("takes no token %s", async (_where, request) => {
    expect((await kit.ask({ ...request, body: "{}" })).status).toBe(401);
  });

  it("says every refusal as an event, with the reason for the log and none of the secret", async () => {
    const before = kit.refusals.length;
    const { headers } = await kit.ask({ path: CHAT, headers: { authorization: "Bearer s3cret-guess" }, body: "{}" });
    expect(kit.refusals.slice(before)).toEqual([
      expect.objectContaining({
        type: "request-refused",
        requestId: headers["x-request-id"],
        endpoint: CHAT,
        method: "POST",
        status: 401,
        failure: expect.objectContaining({ kind: "unauthorized", detail: "token_mismatch" }),
      }),
    ]);
    expect(JSON.stringify(kit.refusals)).not.toContain("s3cret");
  });

  it("ignores Host and forwarding headers when it routes", async () => {
    const headers = { ...READY, "x-original-url": "/healthz", "x-rewrite-url": "/healthz", "x-forwarded-prefix": "/x" };
    expect((await kit.ask({ path: "/nowhere", headers: { ...headers, host: "healthz" }, body: "{}" })).status).toBe(
      404,
    );
    expect((await kit.ask({ path: CHAT, headers: { host: "healthz" }, body: "{}" })).status).toBe(401);
  });

  it("answers metrics with what the renderer gives, for the type that is asked for", async () => {
    const headers = { ...BEARER, accept: "application/openmetrics-text" };
    const response = await kit.ask({ path: "/api/diagnostics/prometheus", headers });
    expect(response.body.toString()).toBe("up 1 application/openmetrics-text\n");
    expect(response.headers).toMatchObject({
      "content-type": "text/plain; version=0.0.4",
      "cache-control": "no-store",
    });
  });

  it.each<[what: string, request: RawRequest, status: number]>([
    ["a call", { path: CHAT, headers: READY, body: "{}" }, 200],
    ["a refusal", { path: CHAT, body: "{}" }, 401],
    ["a path that is not there", { path: "/x" }, 404],
    ["the model list", { path: "/v1/models", headers: BEARER }, 200],
    ["health", { path: "/healthz" }, 200],
    ["a head only", { method: "HEAD", path: "/healthz" }, 200],
    ["metrics", { path: "/api/diagnostics/prometheus", headers: BEARER }, 200],
  ])("puts its headers on %s, once each", async (_what, request, status) => {
    const response = await kit.ask(request);
    expect(response.status).toBe(status);
    expect(response.headers).toMatchObject({
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "permissions-policy": "camera=(), microphone=(self), geolocation=()",
    });
    expect(response.headers["x-request-id"]).toMatch(/^req_[0-9a-f]{32}$/);
    for (const absent of ["server", "x-powered-by", "strict-transport-security", "vary", "set-cookie"]) {
      expect(response.headers[absent]).toBeUndefined();
    }
    expect(Object.keys(response.headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
  });

  it("does not name the request twice when the corridor names it too", async () => {
    kit.corridor.answer = ({ sink, requestId }) => {
      sink.head(200, ["x-request-id", requestId, "content-length", "0"]);
      sink.end();
    };
    const response = await kit.chat();
    expect(response.headers["x-request-id"]).toMatch(/^req_[0-9a-f]{32}$/);
  });
});

describe("keep-alive across refusals", () => {
  it("serves call after refusal after call on one connection", async () => {
    await using kit = await DoorKit.open();
    using client = await RawClient.connect(kit.url);
    const requests: [RawRequest, number][] = [
      [{ path: CHAT, headers: JSON_TYPE, body: `{"a":1}` }, 401],
      [{ path: CHAT, headers: READY, body: "{}" }, 200],
      [{ path: "/nowhere", body: "x".repeat(60_000) }, 404],
      [{ path: CHAT, headers: { ...BEARER, "content-type": "text/plain" }, body: "{}" }, 415],
      [{ method: "PUT", path: CHAT, body: "{}" }, 405],
      [{ path: CHAT, headers: READY, body: "" }, 400],
      [{ path: "/v1/models/nope", headers: BEARER }, 404],
      [{ path: CHAT, headers: READY, body: "{}" }, 200],
    ];
    for (const [request, status] of requests) {
      await client.send(requestBytes(request));
      const response = await client.response();
      expect([response.status, response.headers["connection"]]).toEqual([status, "keep-alive"]);
    }
  });

  it("answers pipelined requests in order, one each", async () => {
    await using kit = await DoorKit.open();
    using client = await RawClient.connect(kit.url);
    await client.send(
      Buffer.concat([
        requestBytes({ path: CHAT, headers: READY, body: `{"n":1}` }),
        requestBytes({ path: "/healthz" }),
        requestBytes({ path: CHAT, headers: READY, body: `{"n":2}` }),
        requestBytes({ path: "/nowhere" }),
      ]),
    );
    const statuses = [
      await client.response(),
      await client.response(),
      await client.response(),
      await client.response(),
    ];
    expect(statuses.map(({ status }) => status)).toEqual([200, 200, 200, 404]);
    expect(kit.corridor.calls.map(({ body }) => body.toString())).toEqual([`{"n":1}`, `{"n":2}`]);
  });
});

describe("settings", () => {
  it("takes switched-off endpoints out of the world", async () => {
    const endpoints = {
      chat: false,
      responses: true,
      messages: true,
      "count-tokens": true,
      embeddings: false,
      models: false,
    };
    await using kit = await DoorKit.open({
      snapshot: snapshot({ gateway: gateway({ endpoints }), metrics: "no-path" }),
    });
    for (const path of [CHAT, "/v1/embeddings"])
      expect((await kit.ask({ path, headers: READY, body: "{}" })).status).toBe(404);
    for (const path of ["/v1/models", "/v1/models/openclaw", "/api/diagnostics/prometheus"]) {
      expect((await kit.ask({ path, headers: BEARER })).status).toBe(404);
    }
    expect((await kit.ask({ path: "/v1/responses", headers: READY, body: "{}" })).status).toBe(200);
  });

  it("takes the snapshot of the moment: a rotated token counts from the next request on", async () => {
    await using kit = await DoorKit.open();
    kit.holder.current = snapshot({ gateway: gateway({ auth: auth({ token: new Secret("rotated-token") }) }) });
    expect((await kit.chat()).status).toBe(401);
    expect((await kit.chat({ authorization: "Bearer rotated-token" })).status).toBe(200);
  });

  it("sends HSTS when configured", async () => {
    const policy = "max-age=63072000";
    await using kit = await DoorKit.open({
      snapshot: snapshot({ gateway: gateway({ strictTransportSecurity: policy }) }),
    });
    expect((await kit.ask({ path: "/nowhere" })).headers["strict-transport-security"]).toBe(policy);
  });

  it("locks a guesser out, on every endpoint, with a true Retry-After", async () => {
    const rateLimit = { maxAttempts: 2, windowMs: 60_000, lockoutMs: 300_000, exemptLoopback: false };
    await using kit = await DoorKit.open({ snapshot: snapshot({ gateway: gateway({ auth: auth({ rateLimit }) }) }) });
    const guess = { authorization: "Bearer guess" };
    expect((await kit.chat(guess)).status).toBe(401);
    expect((await kit.ask({ path: "/v1/models", headers: guess })).status).toBe(401);
    const locked = await kit.chat();
    expect(locked.status).toBe(429);
    expect(errorOf(locked)).toEqual({
      message: "Too many failed authentication attempts. Please try again later.",
      type: "rate_limited",
      param: null,
      code: "auth_lockout",
    });
    expect(Number(locked.headers["retry-after"])).toBeGreaterThan(298);
    expect(Number(locked.headers["retry-after"])).toBeLessThanOrEqual(300);
    expect(locked.headers["x-should-retry"]).toBe("false");
    expect(kit.refusals.at(-1)?.failure.detail).toBe("rate_limited");
  });

  it("asks for scopes in mode none: writing to call, reading to list", async () => {
    const open = gateway({ auth: auth({ mode: "none", token: null }) });
    await using kit = await DoorKit.open({ snapshot: snapshot({ gateway: open }) });
    const reading = { "x-openclaw-scopes": "operator.read" };
    const refused = await kit.ask({ path: CHAT, headers: { ...JSON_TYPE, ...reading }, body: "{}" });
    expect([refused.status, errorOf(refused)]).toEqual([
      403,
      { message: "missing scope: operator.write", type: "invalid_request_error", param: null, code: "missing_scope" },
    ]);
    expect((await kit.ask({ path: "/v1/models", headers: reading })).status).toBe(200);
    expect((await kit.ask({ path: "/v1/models", headers: { "x-openclaw-scopes": "" } })).status).toBe(403);
    expect((await kit.ask({ path: CHAT, headers: JSON_TYPE, body: "{}" })).status).toBe(200);
    expect((await kit.ask({ path: CHAT, headers: { ...JSON_TYPE, host: "evil.example" }, body: "{}" })).status).toBe(
      403,
    );
  });

  it("answers a bug with 500 and tells of it", async () => {
    await using kit = await DoorKit.open();
    const bug = new Error("boom");
    kit.corridor.answer = () => Promise.reject(bug);
    const response = await kit.chat();
    expect([response.status, errorOf(response)["code"]]).toEqual([500, "internal_error"]);
    expect(response.body.toString()).not.toContain("boom");
    expect(kit.bugs).toEqual([bug]);
    expect(kit.door.lobby.load.calls).toBe(0);
  });

  it("tells of a bug in a wait of its own", async () => {
    const clock = new FakeClock();
    await using kit = await DoorKit.open({ clock });
    const bug = new Error("boom");
    kit.door.lobby.ticker.add({
      tick: () => {
        throw bug;
      },
    });
    clock.advance(250);
    expect(kit.bugs).toEqual([bug]);
    kit.listening.close();
    clock.advance(250);
  });

  it("cuts the connection when a bug comes in the middle of an answer", async () => {
    await using kit = await DoorKit.open();
    kit.corridor.answer = ({ sink }) => {
      sink.head(200, []);
      sink.write("half");
      throw new Error("boom");
    };
    using client = await RawClient.connect(kit.url);
    await client.send(requestBytes({ path: CHAT, headers: READY, body: "{}" }));
    await client.ended();
    expect(client.received.toString()).not.toContain("\r\n0\r\n");
  });
});

function preflight(from: string): RawRequest {
  const asked = {
    "access-control-request-method": "POST",
    "access-control-request-headers": "authorization, content-type",
  };
  return { method: "OPTIONS", path: CHAT, headers: { origin: from, ...asked } };
}

describe("CORS", () => {
  const origin = "https://app.example";
  const allowing = snapshot({ gateway: gateway({ corsAllowOrigins: [origin] }) });

  it("grants nothing by default", async () => {
    await using kit = await DoorKit.open();
    const asked = await kit.ask(preflight(origin));
    expect([asked.status, asked.headers["allow"]]).toEqual([405, "POST"]);
    const called = await kit.chat({ origin });
    expect(called.status).toBe(200);
    for (const { headers } of [asked, called]) {
      expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
    }
  });

  it("answers the preflight of a listed origin, without a token", async () => {
    await using kit = await DoorKit.open({ snapshot: allowing });
    const response = await kit.ask(preflight(origin));
    expect(response.status).toBe(204);
    expect(response.headers).toMatchObject({
      "access-control-allow-origin": origin,
      "access-control-allow-methods": "POST",
      "access-control-allow-headers": "authorization, content-type",
      vary: "origin",
    });
    expect(response.headers["access-control-allow-credentials"]).toBeUndefined();
    expect(response.headers["content-length"]).toBeUndefined();
  });

  it.each([
    ["https://evil.example"],
    ["https://app.example.evil"],
    ["http://app.example"],
    ["https://APP.example"],
    ["null"],
    ["*"],
  ])("grants %s nothing", async (from) => {
    await using kit = await DoorKit.open({ snapshot: allowing });
    const asked = await kit.ask(preflight(from));
    expect([asked.status, asked.headers["access-control-allow-origin"]]).toEqual([405, undefined]);
    const called = await kit.chat({ origin: from });
    expect([called.status, called.headers["access-control-allow-origin"], called.headers["vary"]]).toEqual([
      200,
      undefined,
      "origin",
    ]);
  });

  it.each<[what: string, request: RawRequest, status: number]>([
    ["answers", { path: CHAT, headers: { ...READY, origin }, body: "{}" }, 200],
    ["refusals", { path: CHAT, headers: { origin }, body: "{}" }, 401],
    ["lists", { path: "/v1/models", headers: { ...BEARER, origin } }, 200],
    ["missing paths", { path: "/nowhere", headers: { origin } }, 404],
  ])("lets a listed page read %s", async (_what, request, status) => {
    await using kit = await DoorKit.open({ snapshot: allowing });
    const response = await kit.ask(request);
    expect([response.status, response.headers["access-control-allow-origin"]]).toEqual([status, origin]);
    expect(response.headers["access-control-expose-headers"]).toContain("x-request-id");
  });

  it("does not reflect header names that are none", async () => {
    await using kit = await DoorKit.open({ snapshot: allowing });
    const { path, headers } = preflight(origin);
    const response = await kit.ask({
      method: "OPTIONS",
      path,
      headers: { ...headers, "access-control-request-headers": "a b<script>" },
    });
    expect([response.status, response.headers["access-control-allow-headers"]]).toEqual([204, undefined]);
  });

  it("finds no preflight where there is no path", async () => {
    await using kit = await DoorKit.open({ snapshot: allowing });
    expect((await kit.ask({ ...preflight(origin), path: "/nowhere" })).status).toBe(404);
  });
});
