import { describe, expect, it } from "vitest";
import { CERTIFICATE } from "../../support/certificate.ts";
import { always, answer, type ProviderSide, RawProvider, type Script } from "./raw-provider.ts";
import { type Hook, Recorder, turns, Upstream } from "./recorder.ts";

const CHUNKED = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
const leave: Hook = (recorder) => recorder.exchange?.abort();

describe("abort", () => {
  it("before the connection: the request is never sent, and the next one is", async () => {
    await using provider = await RawProvider.listen(always(answer("next")));
    await using upstream = new Upstream();
    const gone = upstream.send({ origin: provider.origin(), path: "/gone" });
    gone.exchange?.abort();
    const side = await provider.side(0);
    await side.closed();
    expect(side.bytesIn).toBe(0);
    expect((await upstream.ask({ origin: provider.origin() })).text).toBe("next");
    expect(gone.notes).toEqual([]);
  });

  it("while the name is being resolved: the request is never sent", async () => {
    const { promise: asked, resolve: ask } = Promise.withResolvers<() => void>();
    await using provider = await RawProvider.listen(always(answer("next")));
    await using upstream = new Upstream({
      lookup: (_name, resolved) => ask(() => resolved(null, [{ address: "127.0.0.1", family: 4 }])),
    });
    const gone = upstream.send({ origin: provider.origin("provider.test") });
    const found = await asked;
    gone.exchange?.abort();
    found();
    const side = await provider.side(0);
    await side.closed();
    expect(side.bytesIn).toBe(0);
    expect(gone.notes).toEqual([]);
  });

  it("while connecting to a server that then fails: the receiver hears nothing", async () => {
    await using upstream = new Upstream();
    const provider = await RawProvider.listen(() => {});
    const origin = provider.origin();
    await provider[Symbol.asyncDispose]();
    const gone = upstream.send({ origin });
    gone.exchange?.abort();
    await turns(50);
    expect(gone.notes).toEqual([]);
  });

  const upload = Buffer.alloc(32 * 1024 * 1024);
  type Row = { readonly phase: string; readonly script: Script; readonly before: string; readonly body?: Buffer };
  const PHASES: readonly Row[] = [
    { phase: "while the body is on its way", script: (side) => void side.socket.pause(), before: "open", body: upload },
    { phase: "before the head", script: () => {}, before: "open" },
    { phase: "after the head", script: (side) => side.write(CHUNKED), before: "open, head 200" },
    {
      phase: "inside the body",
      script: (side) => side.write(`${CHUNKED}2\r\nok\r\n`),
      before: "open, head 200, chunk",
    },
  ];
  it.each(PHASES)("$phase: the provider sees the end, the receiver hears no more", async ({ script, before, body }) => {
    await using provider = await RawProvider.listen(script);
    await using upstream = new Upstream();
    const recorder = upstream.send({ origin: provider.origin(), ...(body && { body }) });
    await recorder.until(() => recorder.notes.join(", ") === before, before);
    recorder.exchange?.abort();
    const side = await provider.side(0);
    side.socket.resume();
    await side.closed();
    await turns();
    expect(recorder.notes.join(", ")).toBe(before);
  });

  it.each([
    ["onOpen", { open: leave }, "open"],
    ["onHead", { head: leave }, "open, head 200"],
    ["onChunk", { chunk: leave }, "open, head 200, chunk"],
  ] as const)("inside %s: nothing more is heard, also of what has arrived already", async (_where, hooks, heard) => {
    await using provider = await RawProvider.listen(always(`${CHUNKED}2\r\nok\r\n2\r\nok\r\n0\r\n\r\n`));
    await using upstream = new Upstream();
    const recorder = upstream.send({ origin: provider.origin() }, new Recorder(hooks));
    await (await provider.side(0)).closed();
    await turns();
    expect(recorder.notes.join(", ")).toBe(heard);
    expect(recorder.bytes).toBeLessThanOrEqual(2);
  });

  it("inside onOpen sends nothing", async () => {
    await using provider = await RawProvider.listen(() => {});
    await using upstream = new Upstream();
    upstream.send({ origin: provider.origin() }, new Recorder({ open: leave }));
    const side = await provider.side(0);
    await side.closed();
    expect(side.bytesIn).toBe(0);
  });

  it("after the end does nothing: the connection stays for the next request", async () => {
    await using provider = await RawProvider.listen(always(answer("ok")));
    await using upstream = new Upstream();
    const recorder = await upstream.ask({ origin: provider.origin() });
    for (const call of ["abort", "pause", "resume", "abort"] as const) recorder.exchange?.[call]();
    await turns();
    expect((await upstream.ask({ origin: provider.origin() })).text).toBe("ok");
    expect(provider.sides).toHaveLength(1);
  });
});

describe("pause and resume", () => {
  const size = 32 * 1024 * 1024;
  const body = Buffer.alloc(size);
  for (let at = 0; at < size; at += 4) body.writeUInt32LE(at, at);

  it("hold the provider back and lose nothing", async () => {
    await using provider = await RawProvider.listen(always(answer(body)));
    await using upstream = new Upstream();
    const recorder = new Recorder({ chunk: (heard) => heard.chunks.length === 1 && heard.exchange?.pause() });
    upstream.send({ origin: provider.origin() }, recorder);
    await recorder.until(() => recorder.bytes > 0, "the first chunk");
    await turns(200);
    expect(recorder.bytes).toBeLessThan(1024 * 1024);
    expect((await provider.side(0)).socket.writableLength).toBeGreaterThan(0);
    recorder.exchange?.resume();
    await recorder.over();
    expect(Buffer.concat(recorder.chunks).equals(body)).toBe(true);
  });

  it("at every chunk, turn by turn, lose nothing", async () => {
    await using provider = await RawProvider.listen(always(answer(body)));
    await using upstream = new Upstream();
    const recorder = new Recorder({
      chunk: ({ exchange }) => {
        exchange?.pause();
        setImmediate(() => exchange?.resume());
      },
    });
    await upstream.send({ origin: provider.origin() }, recorder).over();
    expect(Buffer.concat(recorder.chunks).equals(body)).toBe(true);
  });

  it("in one and the same callback are as good as nothing", async () => {
    await using provider = await RawProvider.listen(always(answer(body)));
    await using upstream = new Upstream();
    const recorder = new Recorder({
      chunk: ({ exchange }) => {
        exchange?.pause();
        exchange?.resume();
      },
    });
    await upstream.send({ origin: provider.origin() }, recorder).over();
    expect(recorder.bytes).toBe(size);
  });

  it("before the connection hold the body, not the head", async () => {
    await using provider = await RawProvider.listen(always(answer(body)));
    await using upstream = new Upstream();
    const recorder = upstream.send({ origin: provider.origin() });
    recorder.exchange?.pause();
    await recorder.until(() => recorder.notes.includes("head 200"), "the head");
    await turns(50);
    expect(recorder.bytes).toBe(0);
    recorder.exchange?.resume();
    await recorder.over();
    expect(recorder.bytes).toBe(size);
  });

  it("lose nothing when the provider ends meanwhile", async () => {
    const text = "x".repeat(300_000);
    await using provider = await RawProvider.listen(async (side) => {
      await side.request();
      side.socket.end(`HTTP/1.0 200 OK\r\n\r\n${text}`);
    });
    await using upstream = new Upstream();
    const recorder = new Recorder({ chunk: (heard) => heard.chunks.length === 1 && heard.exchange?.pause() });
    upstream.send({ origin: provider.origin() }, recorder);
    await recorder.until(() => recorder.bytes > 0, "the first chunk");
    await turns(50);
    recorder.exchange?.resume();
    await recorder.over();
    expect(recorder.notes.at(-1)).toBe("end");
    expect(recorder.text).toBe(text);
  });

  it("of one exchange may come from inside another one's callback", async () => {
    await using provider = await RawProvider.listen(always(answer(body)));
    await using upstream = new Upstream();
    const held = new Recorder({ chunk: (heard) => heard.chunks.length === 1 && heard.exchange?.pause() });
    upstream.send({ origin: provider.origin() }, held);
    await held.until(() => held.bytes > 0, "the first chunk");
    upstream.send({ origin: provider.origin() }, new Recorder({ chunk: () => held.exchange?.resume() }));
    await held.over();
    expect(held.bytes).toBe(size);
    expect(upstream.bugs).toEqual([]);
  });
});

/** How a provider leaves a connection that it has been sent a request on. */
const ENDINGS: Readonly<Record<string, (side: ProviderSide) => void>> = {
  RST: (side) => side.reset(),
  FIN: (side) => side.fin(),
};

describe("replaySafe", () => {
  const CASES = Object.keys(ENDINGS).flatMap((ending) =>
    [false, true].flatMap((secure) => [
      { ending, secure, reused: true },
      { ending, secure, reused: false },
    ]),
  );
  it.each(CASES)("is $reused for $ending on a connection that is reused: $reused (TLS: $secure)", async (row) => {
    await using provider = await RawProvider.listen(
      async (side) => {
        if (row.reused) {
          await side.request();
          await side.write(answer("warm"));
        }
        await side.request();
        ENDINGS[row.ending]?.(side);
      },
      { secure: row.secure },
    );
    await using upstream = new Upstream();
    const aim = trusting(provider.origin());
    if (row.reused) expect((await upstream.ask(aim)).text).toBe("warm");
    await turns();
    const heard = await upstream.ask(aim);
    expect(heard.failure).toMatchObject({ kind: "stream-broken", phase: "headers", replaySafe: row.reused });
    expect(provider.sides).toHaveLength(1);
  });

  it.each([
    ["an interim answer", "HTTP/1.1 103 Early Hints\r\n\r\n"],
    ["part of a head", "HTTP/1.1 200 OK\r\nx-"],
    ["one byte", "H"],
    ["a head", CHUNKED],
    ["bytes that are no HTTP", "nonsense\r\n\r\n"],
  ])("is false on a reused connection that had given %s", async (_what, bytes) => {
    await using provider = await RawProvider.listen(async (side) => {
      await side.request();
      await side.write(answer("warm"));
      await side.request();
      await side.write(bytes);
      await turns(5);
      side.reset();
    });
    await using upstream = new Upstream();
    await upstream.ask({ origin: provider.origin() });
    await turns();
    const heard = await upstream.ask({ origin: provider.origin() });
    expect(heard.failure?.replaySafe).toBe(false);
    expect(provider.sides).toHaveLength(1);
  });

  it("makes 40 of 40 requests succeed at a provider that drops idle connections without a word (U70)", async () => {
    await using provider = await RawProvider.listen(async (side) => {
      await side.request();
      await side.write(answer("ok"));
      setImmediate(() => side.reset());
    });
    await using upstream = new Upstream();
    for (let request = 0; request < 40; request += 1) {
      let heard = await upstream.ask({ origin: provider.origin() });
      while (heard.failure?.replaySafe === true) heard = await upstream.ask({ origin: provider.origin() });
      expect(heard.text).toBe("ok");
      await turns(request % 4);
    }
  });
});

/** An aim that trusts the test's certificate. */
function trusting(origin: string): Parameters<Upstream["send"]>[0] {
  const ca = CERTIFICATE;
  const tls = { ca, cert: null, key: null, passphrase: null, serverName: null };
  return origin.startsWith("https:") ? { origin, transport: { tls } } : { origin };
}

describe("a receiver that throws", () => {
  const bug = new Error("a bug of ours");
  const oops: Hook = () => {
    throw bug;
  };
  it.each([
    ["onOpen", { open: oops }, "open, fail internal"],
    ["onHead", { head: oops }, "open, head 200, fail internal"],
    ["onChunk", { chunk: oops }, "open, head 200, chunk, fail internal"],
    ["onEnd", { end: oops }, "open, head 200, chunk, end, fail internal"],
  ] as const)("in %s ends as our failure, is reported once, and harms nobody else", async (_where, hooks, heard) => {
    await using provider = await RawProvider.listen(always(answer("ok")));
    await using upstream = new Upstream();
    const recorder = await upstream.send({ origin: provider.origin() }, new Recorder(hooks)).over();
    await recorder.until(() => recorder.failure !== null, "the failure");
    expect(recorder.notes.join(", ")).toBe(heard);
    expect(recorder.failure).toMatchObject({ kind: "internal", replaySafe: false, cause: bug });
    expect(upstream.bugs).toEqual([bug]);
    expect((await upstream.ask({ origin: provider.origin() })).text).toBe("ok");
  });

  it("in onFail is reported and left alone", async () => {
    await using provider = await RawProvider.listen((side) => void side.request().then(() => side.reset()));
    await using upstream = new Upstream();
    const recorder = await upstream.send({ origin: provider.origin() }, new Recorder({ fail: oops })).over();
    await turns();
    expect(recorder.notes).toEqual(["open", "fail stream-broken"]);
    expect(upstream.bugs).toEqual([bug]);
  });
});

describe("a request that cannot be written", () => {
  it("is our bug, reported, and heard of only after send has returned", async () => {
    await using upstream = new Upstream();
    const recorder = upstream.send({ origin: "http://127.0.0.1:9", path: "no slash" });
    expect(recorder.notes).toEqual([]);
    await recorder.over();
    expect(recorder.failure).toMatchObject({ kind: "internal", phase: "connect" });
    expect(upstream.bugs).toHaveLength(1);
  });

  it("says nothing more when it was let go in the same tick", async () => {
    await using upstream = new Upstream();
    const recorder = upstream.send({ origin: "http://127.0.0.1:9", path: "no slash" });
    recorder.exchange?.abort();
    await turns();
    expect(recorder.notes).toEqual([]);
  });
});
