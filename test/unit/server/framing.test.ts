// Abuse of HTTP/1.1 itself (fault matrix C01 to C20, C41, X21): refused with an envelope, the connection ended, nothing smuggled.
import { assert, asyncProperty, constantFrom, string } from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { chunkBytes } from "../../support/http-bytes.ts";
import { RawClient } from "../../support/raw.ts";
import { BEARER, CHAT, DoorKit, errorOf, TOKEN } from "./door-kit.ts";

const AUTH = `authorization: Bearer ${TOKEN}\r\ncontent-type: application/json\r\n`;
const POST = `POST ${CHAT} HTTP/1.1\r\nhost: 127.0.0.1\r\n${AUTH}`;
/** A complete call that must not be executed when it stands behind something doubtful. */
const SECOND = `${POST}content-length: 2\r\n\r\n{}`;

let kit: DoorKit;
beforeAll(async () => {
  kit = await DoorKit.open();
});
afterAll(() => kit[Symbol.asyncDispose]());

describe("what is malformed or doubtful", () => {
  it.each<[sentence: string, bytes: string, statuses: number[]]>([
    [
      "C01 content-length and transfer-encoding",
      `${POST}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${SECOND}`,
      [400],
    ],
    [
      "C01 the same the other way round",
      `${POST}transfer-encoding: chunked\r\ncontent-length: 5\r\n\r\n0\r\n\r\n${SECOND}`,
      [400],
    ],
    ["C02 an unknown transfer-encoding", `${POST}transfer-encoding: xchunked\r\n\r\n0\r\n\r\n${SECOND}`, [400]],
    [
      "C02 a transfer-encoding in front of chunked",
      `${POST}transfer-encoding: gzip, chunked\r\n\r\n0\r\n\r\n${SECOND}`,
      [400],
    ],
    [
      "C02 chunked twice",
      `${POST}transfer-encoding: chunked\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n${SECOND}`,
      [400],
    ],
    ["C03 identity", `${POST}transfer-encoding: identity\r\n\r\n${SECOND}`, [400]],
    ["C03 chunked with a parameter", `${POST}transfer-encoding: chunked;q=1\r\n\r\n0\r\n\r\n${SECOND}`, [400]],
    [
      "C03 chunked in HTTP/1.0",
      `${POST.replace("1.1", "1.0")}transfer-encoding: chunked\r\n\r\n0\r\n\r\n${SECOND}`,
      [400],
    ],
    ["C04 two lengths that differ", `${POST}content-length: 2\r\ncontent-length: 3\r\n\r\n{}${SECOND}`, [400]],
    ["C04 a list of lengths", `${POST}content-length: 2, 2\r\n\r\n{}${SECOND}`, [400]],
    ["C09 a signed length", `${POST}content-length: +2\r\n\r\n{}${SECOND}`, [400]],
    ["C09 a negative length", `${POST}content-length: -2\r\n\r\n{}${SECOND}`, [400]],
    ["C09 a hexadecimal length", `${POST}content-length: 0x2\r\n\r\n{}${SECOND}`, [400]],
    ["C09 an endless length", `${POST}content-length: 99999999999999999999\r\n\r\n{}`, [400]],
    ["C05 a space in front of the colon", `${POST}content-length : 2\r\n\r\n{}${SECOND}`, [400]],
    ["C06 a folded line", `${POST}x-a: b\r\n c\r\ncontent-length: 2\r\n\r\n{}${SECOND}`, [400]],
    ["C07 bare line feeds", `${POST.replaceAll("\r\n", "\n")}content-length: 2\n\n{}${SECOND}`, [400]],
    ["C07 one bare line feed", `${POST}x-a: b\nx-c: d\r\ncontent-length: 2\r\n\r\n{}${SECOND}`, [400]],
    ["C08 NUL in a value", `${POST}x-a: b\0c\r\ncontent-length: 2\r\n\r\n{}${SECOND}`, [400]],
    ["C10 a chunk size that is none", `${POST}transfer-encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n${SECOND}`, [400]],
    [
      "C10 a chunk that is longer than its size",
      `${POST}transfer-encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n${SECOND}`,
      [400],
    ],
    ["C10 a signed chunk size", `${POST}transfer-encoding: chunked\r\n\r\n+2\r\n{}\r\n0\r\n\r\n${SECOND}`, [400]],
    ["C11 no Host", `POST ${CHAT} HTTP/1.1\r\n${AUTH}content-length: 2\r\n\r\n{}${SECOND}`, [400]],
    ["C11 two Hosts", `${POST}host: other\r\ncontent-length: 2\r\n\r\n{}${SECOND}`, [400]],
    [
      "C11 a Host that is a path",
      `${POST.replace("127.0.0.1", "a/v1/models")}content-length: 2\r\n\r\n{}${SECOND}`,
      [400],
    ],
    ["C11 a Host with user info", `${POST.replace("127.0.0.1", "a@b")}content-length: 2\r\n\r\n{}${SECOND}`, [400]],
    ["C12 a header of 64 KiB", `${POST}x-a: ${"x".repeat(65_536)}\r\n\r\n`, [431]],
    ["C13 a target of 64 KiB", `GET /${"x".repeat(65_536)} HTTP/1.1\r\nhost: a\r\n\r\n`, [431]],
    ["C13 a target of 10 KiB", `GET /${"x".repeat(10_240)} HTTP/1.1\r\nhost: a\r\n\r\n`, [414]],
    ["C14 101 headers", `${POST}${"a: b\r\n".repeat(98)}content-length: 2\r\n\r\n{}${SECOND}`, [431]],
    ["C14 2500 headers", `${POST}${"a: b\r\n".repeat(2500)}\r\n`, [431]],
    ["C15 a tunnel", `CONNECT 127.0.0.1:80 HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n${SECOND}`, [405]],
    [
      "C15 an absolute target",
      `POST http://127.0.0.1${CHAT} HTTP/1.1\r\nhost: 127.0.0.1\r\n${AUTH}content-length: 2\r\n\r\n{}${SECOND}`,
      [400],
    ],
    ["C15 an absolute target elsewhere", `GET https://evil.example/healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`, [400]],
    ["C15 an asterisk", `OPTIONS * HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`, [400]],
    ["C15 a backslash for a slash", `GET /v1\\models HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`, [400]],
    [
      "C16 a web socket",
      `GET ${CHAT} HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n${SECOND}`,
      [426],
    ],
    ["an HTTP version to come", `GET /healthz HTTP/1.2\r\nhost: 127.0.0.1\r\n\r\n`, [400]],
    ["X21 HTTP/2 without an agreement", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", [400]],
    ["something that is no HTTP", "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", [400]],
  ])("%s", async (_sentence, bytes, statuses) => {
    const before = { calls: kit.corridor.calls.length, refusals: kit.refusals.length };
    using client = await RawClient.connect(kit.url);
    await client.send(Buffer.from(bytes, "latin1"));
    const response = await client.response();
    expect(statuses).toContain(response.status);
    expect(response.headers).toMatchObject({
      connection: response.status === 426 ? "close, upgrade" : "close",
      "content-type": "application/json",
      "x-content-type-options": "nosniff",
    });
    expect(response.headers["x-request-id"]).toMatch(/^req_[0-9a-f]{32}$/);
    expect(Object.keys(errorOf(response)).sort()).toEqual(["code", "message", "param", "type"]);
    await client.ended();
    expect(client.received.length, "nothing behind the refusal").toBe(0);
    expect(kit.corridor.calls.length, "nothing executed").toBe(before.calls);
    expect(kit.refusals.slice(before.refusals).map(({ status }) => status)).toEqual([response.status]);
  });

  it("C01 is not executed either when it comes late", async () => {
    const before = kit.corridor.calls.length;
    using client = await RawClient.connect(kit.url);
    await client.send(`${POST}transfer-encoding: gzip, chunked\r\n\r\n`, "0\r\n\r\n", SECOND);
    expect((await client.response()).status).toBe(400);
    await client.ended();
    expect(kit.corridor.calls.length).toBe(before);
  });
});

describe("what is allowed", () => {
  it("C14 takes 100 headers", async () => {
    using client = await RawClient.connect(kit.url);
    await client.send(`${POST}${"a: b\r\n".repeat(96)}content-length: 2\r\n\r\n{}`);
    expect((await client.response()).status).toBe(200);
  });

  it("takes a chunked body, in any pieces, with extensions and trailers", async () => {
    using client = await RawClient.connect(kit.url);
    const before = kit.corridor.calls.length;
    await client.send(
      `${POST}transfer-encoding: chunked\r\n\r\n`,
      chunkBytes(Buffer.from(`{"a"`)),
      "3;ext=1\r\n:1}\r\n0\r\nx-trailer: 1\r\n\r\n",
    );
    expect((await client.response()).status).toBe(200);
    expect(kit.corridor.calls[before]?.body.toString()).toBe(`{"a":1}`);
  });

  it("C16 tells who wants a web socket what is spoken here: Codex goes on with it, where a 400 ends its turn", async () => {
    using client = await RawClient.connect(kit.url);
    await client.send(
      "GET /v1/responses HTTP/1.1\r\nhost: 127.0.0.1\r\nconnection: Upgrade\r\nupgrade: websocket\r\n" +
        "sec-websocket-version: 13\r\nsec-websocket-key: SBJQN4zVe/X9tSh6VeFaiQ==\r\n\r\n",
    );
    const response = await client.response();
    expect([response.status, response.headers["upgrade"]]).toEqual([426, "HTTP/1.1"]);
    await client.ended();
  });

  it("C16 never upgrades: an offer of h2c is ignored as RFC 9110 allows, and the connection ends behind the answer", async () => {
    using client = await RawClient.connect(kit.url);
    const before = kit.corridor.calls.length;
    await client.send(
      `${POST}connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAARAAAAAAAIAAAAA\r\ncontent-length: 2\r\n\r\n{}${SECOND}`,
    );
    const response = await client.response();
    expect([response.status, response.headers["connection"], response.headers["upgrade"]]).toEqual([
      200,
      "close",
      undefined,
    ]);
    await client.ended();
    expect(kit.corridor.calls.length).toBe(before + 1);
  });

  it("C18 answers HTTP/1.0 without chunks and closes", async () => {
    kit.corridor.answer = async ({ sink }) => {
      sink.head(200, ["content-type", "text/event-stream"]);
      sink.write("data: 1\n\n");
      sink.write("data: 2\n\n");
      sink.end();
    };
    using client = await RawClient.connect(kit.url);
    await client.send(`POST ${CHAT} HTTP/1.0\r\n${AUTH}content-length: 2\r\n\r\n{}`);
    const response = await client.response();
    expect(response.headers["transfer-encoding"]).toBeUndefined();
    expect([response.headers["connection"], response.body.toString(), response.complete]).toEqual([
      "close",
      "data: 1\n\ndata: 2\n\n",
      true,
    ]);
  });

  it("C41 takes header names that are names of Object.prototype for what they are", async () => {
    const headers = { ...BEARER, __proto__x: "1", constructor: "x", "x-openclaw-scopes": "" };
    expect((await kit.ask({ path: "/v1/models", headers })).status).toBe(200);
    expect((await kit.ask({ path: "/v1/models/__proto__", headers })).status).toBe(404);
    expect((await kit.ask({ path: "/v1/models/constructor", headers })).status).toBe(404);
  });
});

describe("garbage behind a request", () => {
  it("does not write into an answer that is under way", async () => {
    const release = Promise.withResolvers<void>();
    kit.corridor.answer = async ({ sink }) => {
      sink.head(200, []);
      sink.write("first");
      await release.promise;
      sink.end("last");
    };
    const before = kit.corridor.calls.length;
    using client = await RawClient.connect(kit.url);
    await client.send(SECOND);
    await kit.corridor.call(before + 1);
    await client.until((bytes) => bytes.includes("first"), "the first bytes");
    await client.send("\0garbage\r\n\r\n");
    await client.ended();
    release.resolve();
    expect(client.received.toString()).not.toContain("HTTP/1.1 400");
  });
});

it("answers every head with its own envelope, whatever Host and target say", async () => {
  const text = string({ unit: constantFrom(...`abc019.:/-_[]@%\\?#;xn ~"<>|{}^\`ü`), maxLength: 12 });
  const property = asyncProperty(text, text, async (host, target) => {
    using client = await RawClient.connect(kit.url);
    await client.send(Buffer.from(`GET /x${target} HTTP/1.1\r\nhost: ${host}\r\n\r\n`, "latin1"));
    const response = await client.response();
    expect([400, 404]).toContain(response.status);
    expect(response.headers["x-request-id"]).toMatch(/^req_[0-9a-f]{32}$/);
    expect(errorOf(response)["type"]).toBe("invalid_request_error");
  });
  await assert(property, { numRuns: 150 });
});
