import { afterEach, describe, expect, it, vi } from "vitest";
import { always, answer, RawProvider, type Script } from "./raw-provider.ts";
import { turns, Upstream } from "./recorder.ts";

/** Answers the first request of each connection with these pieces, then does `last`. */
function once(pieces: readonly (string | Uint8Array)[], last: "stay" | "fin" | "reset" = "stay"): Script {
  return async (side) => {
    await side.request();
    for (const piece of pieces) {
      await side.write(piece);
      await turns(3);
    }
    if (last === "fin") side.fin();
    if (last === "reset") side.reset();
  };
}

afterEach(() => vi.unstubAllEnvs());

describe("a request", () => {
  it("goes out as POST with the path, the credential's headers as they are, its trace, and a declared body", async () => {
    await using provider = await RawProvider.listen(() => {});
    await using upstream = new Upstream();
    upstream.send({ origin: provider.origin(), path: "/v1/responses?api-version=2", body: Buffer.from(`{"é":1}`) });
    const { head, body } = await (await provider.side(0)).request();
    expect(head.lines[0]).toBe("POST /v1/responses?api-version=2 HTTP/1.1");
    expect(head.headers).toEqual({
      host: `127.0.0.1:${provider.port}`,
      connection: "keep-alive",
      "content-type": "application/json",
      authorization: "Bearer sk-test",
      traceparent: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/),
      "content-length": "8",
    });
    expect(body.toString()).toBe(`{"é":1}`);
  });

  it("goes over a kept connection when one is idle, and over its own while others are under way", async () => {
    await using provider = await RawProvider.listen(always(answer("ok")));
    await using upstream = new Upstream();
    const origin = provider.origin();
    await upstream.ask({ origin });
    await turns();
    await upstream.ask({ origin });
    await turns();
    expect(provider.sides).toHaveLength(1);
    const both = [upstream.send({ origin }), upstream.send({ origin })];
    for (const one of both) expect((await one.over()).text).toBe("ok");
    expect(provider.sides).toHaveLength(2);
  });

  it("ignores the proxies that the environment names (X04)", async () => {
    await using proxy = await RawProvider.listen(always(answer("from the proxy")));
    await using provider = await RawProvider.listen(always(answer("from the provider")));
    for (const name of ["HTTP_PROXY", "http_proxy", "ALL_PROXY"]) vi.stubEnv(name, proxy.origin());
    vi.stubEnv("NODE_USE_ENV_PROXY", "1");
    await using upstream = new Upstream();
    expect((await upstream.ask({ origin: provider.origin() })).text).toBe("from the provider");
    expect(proxy.sides).toHaveLength(0);
  });
});

const ANSWERS: readonly (readonly [
  what: string,
  pieces: readonly string[],
  last: "stay" | "fin",
  notes: string,
  text: string,
])[] = [
  [
    "declared length",
    ["HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n", "hel", "lo"],
    "stay",
    "open, head 200, chunk, end",
    "hello",
  ],
  [
    "chunks",
    ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", "3\r\nhel\r\n", "2\r\nlo\r\n0\r\n\r\n"],
    "stay",
    "open, head 200, chunk, end",
    "hello",
  ],
  [
    "HTTP/1.0 until close (U71)",
    ["HTTP/1.0 200 OK\r\n\r\n", "hel", "lo"],
    "fin",
    "open, head 200, chunk, end",
    "hello",
  ],
  ["204 (U21)", ["HTTP/1.1 204 No Content\r\n\r\n"], "stay", "open, head 204, end", ""],
  ["an empty 200 (U22)", ["HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"], "stay", "open, head 200, end", ""],
  [
    "103 before 200 (U20)",
    ["HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n", "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok"],
    "stay",
    "open, head 200, chunk, end",
    "ok",
  ],
  [
    "102 twice before 200 (U20)",
    [
      "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n",
      "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok",
    ],
    "stay",
    "open, head 200, chunk, end",
    "ok",
  ],
  [
    "a redirect, not followed (U24)",
    ["HTTP/1.1 307 Temporary Redirect\r\nlocation: /decoy\r\ncontent-length: 2\r\n\r\ngo"],
    "stay",
    "open, head 307, chunk, end",
    "go",
  ],
  [
    "an error status with its body",
    ["HTTP/1.1 503 Busy\r\ncontent-length: 4\r\n\r\nbusy"],
    "stay",
    "open, head 503, chunk, end",
    "busy",
  ],
  [
    "a trailer after the chunks",
    ["HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n0\r\nx-t: 1\r\n\r\n"],
    "stay",
    "open, head 200, chunk, end",
    "ok",
  ],
];

describe("an answer", () => {
  it.each(ANSWERS)("with %s is handed on in order", async (_what, pieces, last, notes, text) => {
    await using provider = await RawProvider.listen(once(pieces, last));
    await using upstream = new Upstream();
    const heard = await upstream.ask({ origin: provider.origin() });
    expect(heard.notes.join(", ")).toBe(notes);
    expect(heard.text).toBe(text);
    await turns();
    expect(heard.notes.join(", ")).toBe(notes);
    expect(provider.sides).toHaveLength(1);
    expect(upstream.bugs).toEqual([]);
  });

  it("comes with lower-case header names, repeated ones as lists, hostile ones without harm", async () => {
    const head =
      "HTTP/1.1 200 OK\r\nX-Request-ID: r1\r\nSet-Cookie: a\r\nset-cookie: b\r\n__proto__: x\r\ncontent-length: 0\r\n\r\n";
    await using provider = await RawProvider.listen(once([head]));
    await using upstream = new Upstream();
    const { headers } = await upstream.ask({ origin: provider.origin() });
    expect(headers["x-request-id"]).toBe("r1");
    expect(headers["set-cookie"]).toEqual(["a", "b"]);
    expect(Object.getPrototypeOf({})).not.toHaveProperty("x");
  });

  it("of 8 MiB comes through intact (U73)", async () => {
    const body = Buffer.alloc(8 * 1024 * 1024, "0123456789abcdef");
    await using provider = await RawProvider.listen(always(answer(body)));
    await using upstream = new Upstream();
    const heard = await upstream.ask({ origin: provider.origin() });
    expect(Buffer.concat(heard.chunks).equals(body)).toBe(true);
  });
});

type Broken = readonly [
  what: string,
  pieces: readonly (string | Uint8Array)[],
  last: "stay" | "fin" | "reset",
  notes: string,
  phase: "headers" | "stream",
];
const CHUNKED = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
const BROKEN: readonly Broken[] = [
  ["a reset before the head (U11)", [], "reset", "open, fail stream-broken", "headers"],
  ["an end before the head (U12)", [], "fin", "open, fail stream-broken", "headers"],
  ["an end inside the head", ["HTTP/1.1 200 OK\r\ncontent-"], "fin", "open, fail stream-broken", "headers"],
  [
    "a reset mid-stream (U13)",
    [`${CHUNKED}2\r\nok\r\n`],
    "reset",
    "open, head 200, chunk, fail stream-broken",
    "stream",
  ],
  ["an end mid-stream (U14)", [`${CHUNKED}2\r\nok\r\n`], "fin", "open, head 200, chunk, fail stream-broken", "stream"],
  [
    "an end mid-stream of a closing connection (U14)",
    [`HTTP/1.1 200 OK\r\nconnection: close\r\ntransfer-encoding: chunked\r\n\r\n2\r\nok\r\n`],
    "fin",
    "open, head 200, chunk, fail stream-broken",
    "stream",
  ],
  [
    "a reset after all events, before the last chunk (U15)",
    [`${CHUNKED}e\r\ndata: [DONE]\n\n\r\n`],
    "reset",
    "open, head 200, chunk, fail stream-broken",
    "stream",
  ],
  [
    "a bad chunk size (U16)",
    [`${CHUNKED}2\r\nok\r\n`, "zz\r\n"],
    "stay",
    "open, head 200, chunk, fail bad-payload",
    "stream",
  ],
  [
    "a body shorter than declared (U17)",
    ["HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort"],
    "fin",
    "open, head 200, chunk, fail bad-payload",
    "stream",
  ],
  [
    "a short body of a closing connection (U17)",
    ["HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 9\r\n\r\nshort"],
    "fin",
    "open, head 200, chunk, fail bad-payload",
    "stream",
  ],
  [
    "a reset inside a declared body (U19)",
    ["HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort"],
    "reset",
    "open, head 200, chunk, fail stream-broken",
    "stream",
  ],
  [
    "256 KiB of headers (U72)",
    [`HTTP/1.1 200 OK\r\nx-big: ${"x".repeat(262_144)}\r\n\r\n`],
    "stay",
    "open, fail bad-payload",
    "headers",
  ],
  [
    "a status that HTTP does not have",
    ["HTTP/1.1 099 X\r\ncontent-length: 2\r\n\r\nok"],
    "stay",
    "open, fail bad-payload",
    "headers",
  ],
  ["something that is not HTTP", ["SSH-2.0-OpenSSH_9.9\r\n"], "stay", "open, fail bad-payload", "headers"],
  [
    "two different lengths",
    ["HTTP/1.1 200 OK\r\ncontent-length: 2\r\ncontent-length: 3\r\n\r\nokk"],
    "stay",
    "open, fail bad-payload",
    "headers",
  ],
  [
    "an upgrade that nobody asked for",
    ["HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: x\r\n\r\n"],
    "stay",
    "open, fail stream-broken",
    "headers",
  ],
  [
    "an upgrade without a word of what to",
    ["HTTP/1.1 101 Switching Protocols\r\n\r\n", answer("after all")],
    "stay",
    "open, fail bad-payload",
    "headers",
  ],
];

describe("a broken answer", () => {
  it.each(BROKEN)(
    "%s ends as a failure, once, and the next request works",
    async (_what, pieces, last, notes, phase) => {
      const broken = once(pieces, last);
      const healthy = always(answer("healthy"));
      await using provider = await RawProvider.listen((side, index) => (index === 0 ? broken : healthy)(side, index));
      await using upstream = new Upstream();
      const heard = await upstream.ask({ origin: provider.origin() });
      expect(heard.notes.join(", ")).toBe(notes);
      expect(heard.failure).toMatchObject({ phase, replaySafe: false });
      await (await provider.side(0)).closed();
      expect((await upstream.ask({ origin: provider.origin() })).text).toBe("healthy");
      expect(heard.notes.join(", ")).toBe(notes);
      expect(upstream.bugs).toEqual([]);
    },
  );

  it.each([
    ["two lengths", "content-length: 2\r\ncontent-length: 2\r\n\r\nok"],
    ["a folded line behind its length", "content-length: 2\r\nx-a: b\r\n c\r\n\r\nok"],
    ["a NUL behind its length", "content-length: 2\r\nx-a: b\0c\r\n\r\nok"],
  ])("whose head is broken by %s is not said to have another length than declared", async (_what, rest) => {
    await using provider = await RawProvider.listen(once([`HTTP/1.1 200 OK\r\n${rest}`], "stay"));
    await using upstream = new Upstream();
    const { failure } = await upstream.ask({ origin: provider.origin() });
    expect(failure).toMatchObject({ kind: "bad-payload", message: "The provider's answer is not valid HTTP." });
  });

  it("says the class of failure only: no address, port, path or key", async () => {
    await using provider = await RawProvider.listen(once([], "reset"));
    await using upstream = new Upstream();
    const { failure } = await upstream.ask({ origin: provider.origin() });
    expect(failure?.message).toBe("The connection to the provider broke.");
    expect(failure?.detail).toContain("ECONNRESET");
  });
});

describe("bytes that belong to no request", () => {
  it("a second answer on an idle connection never reaches the next request (U69)", async () => {
    await using provider = await RawProvider.listen(async (side, index) => {
      await side.request();
      await side.write(answer(index === 0 ? "first" : "second"));
      if (index > 0) return;
      await turns(5);
      await side.write(answer("POISONED"));
    });
    await using upstream = new Upstream();
    expect((await upstream.ask({ origin: provider.origin() })).text).toBe("first");
    await (await provider.side(0)).closed();
    expect((await upstream.ask({ origin: provider.origin() })).text).toBe("second");
  });

  it("a second answer glued to the first never reaches the next request (U69)", async () => {
    await using provider = await RawProvider.listen(async (side, index) => {
      await side.request();
      await side.write(index === 0 ? Buffer.concat([answer("first"), answer("POISONED")]) : answer("second"));
    });
    await using upstream = new Upstream();
    expect((await upstream.ask({ origin: provider.origin() })).text).toBe("first");
    await turns();
    expect((await upstream.ask({ origin: provider.origin() })).text).toBe("second");
  });

  it("what exceeds the declared length never prefixes another answer (U18)", async () => {
    await using provider = await RawProvider.listen(async (side, index) => {
      await side.request();
      await side.write(index === 0 ? "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nokSURPLUS" : answer("second"));
    });
    await using upstream = new Upstream();
    expect((await upstream.ask({ origin: provider.origin() })).text).toBe("ok");
    expect((await upstream.ask({ origin: provider.origin() })).text).toBe("second");
  });
});
