import {
  brotliCompressSync,
  constants,
  createBrotliCompress,
  createDeflate,
  createGzip,
  createZstdCompress,
  deflateRawSync,
  deflateSync,
  gzipSync,
  zstdCompressSync,
} from "node:zlib";
import { describe, expect, it } from "vitest";
import { chunkBytes } from "../../support/http-bytes.ts";
import { bytewise, partition } from "../../support/rechunk.ts";
import { always, answer, RawProvider } from "./raw-provider.ts";
import { type Hook, Recorder, turns, Upstream } from "./recorder.ts";

const TEXT = 'data: {"delta":"hällo"}\n\n'.repeat(400);
const leave: Hook = ({ exchange }) => exchange?.abort();
const oops: Hook = () => {
  throw new Error("a bug of ours");
};
type Compress = (bytes: Buffer) => Buffer;
const CODINGS: readonly (readonly [coding: string, compress: Compress])[] = [
  ["gzip", (bytes) => gzipSync(bytes)],
  ["x-gzip", (bytes) => gzipSync(bytes)],
  ["GZIP", (bytes) => gzipSync(bytes)],
  ["gzip, identity", (bytes) => gzipSync(bytes)],
  ["deflate", (bytes) => deflateSync(bytes)],
  ["deflate", (bytes) => deflateRawSync(bytes)],
  ["br", (bytes) => brotliCompressSync(bytes)],
  ["zstd", (bytes) => zstdCompressSync(bytes)],
];
const CHUNKED = (coding: string): string =>
  `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-encoding: ${coding}\r\ntransfer-encoding: chunked\r\n\r\n`;

/** A chunked answer in these pieces. */
const chunked = (coding: string, pieces: readonly Buffer[]): Buffer =>
  Buffer.concat([Buffer.from(CHUNKED(coding)), ...pieces.map(chunkBytes), chunkBytes(Buffer.alloc(0))]);

describe("a compressed answer (U42)", () => {
  it.each(CODINGS)("in %s comes out plain, without the headers of its coding", async (coding, compress) => {
    const body = compress(Buffer.from(TEXT));
    await using provider = await RawProvider.listen(
      always(answer(body, `content-encoding: ${coding}\r\nx-kept: 1\r\n`)),
    );
    await using upstream = new Upstream();
    const heard = await upstream.ask({ origin: provider.origin() });
    expect(heard.text).toBe(TEXT);
    expect(heard.headers).toEqual({ "x-kept": "1" });
    expect(heard.notes).toEqual(["open", "head 200", "chunk", "end"]);
  });

  it.each(CODINGS)("in %s may be cut anywhere", async (coding, compress) => {
    const body = compress(Buffer.from(TEXT));
    const pieces = body.length < 2_000 ? bytewise(body) : partition(body, 7);
    await using provider = await RawProvider.listen(always(chunked(coding, pieces)));
    await using upstream = new Upstream();
    const heard = await upstream.ask({ origin: provider.origin() });
    expect(heard.text).toBe(TEXT);
    expect(heard.notes.at(-1)).toBe("end");
  });

  const STREAMS = [
    ["gzip", () => createGzip(), constants.Z_SYNC_FLUSH],
    ["deflate", () => createDeflate(), constants.Z_SYNC_FLUSH],
    ["br", () => createBrotliCompress(), constants.BROTLI_OPERATION_FLUSH],
    ["zstd", () => createZstdCompress(), constants.ZSTD_e_flush],
  ] as const;
  it.each(STREAMS)("in %s gives each event as soon as the provider has flushed it", async (coding, open, flush) => {
    await using provider = await RawProvider.listen(async (side) => {
      await side.request();
      await side.write(CHUNKED(coding));
    });
    await using upstream = new Upstream();
    const recorder = upstream.send({ origin: provider.origin() });
    await recorder.until(() => recorder.notes.includes("head 200"), "the head");
    const side = await provider.side(0);
    const compressor = open();
    compressor.on("data", (bytes: Buffer) => side.socket.write(chunkBytes(bytes)));
    for (const event of ["data: one\n\n", "data: two\n\n", "data: three\n\n"]) {
      const before = recorder.text;
      compressor.write(event);
      compressor.flush(flush);
      await recorder.until(() => recorder.text === before + event, event);
    }
    compressor.once("end", () => side.socket.write("0\r\n\r\n"));
    compressor.end();
    await recorder.over();
    expect(recorder.notes.at(-1)).toBe("end");
  });

  it("of an error status is decoded too", async () => {
    const body = gzipSync(`{"error":{"message":"slow down"}}`);
    const head = `HTTP/1.1 429 Slow\r\ncontent-encoding: gzip\r\ncontent-length: ${body.length}\r\n\r\n`;
    await using provider = await RawProvider.listen(always(Buffer.concat([Buffer.from(head), body])));
    await using upstream = new Upstream();
    const heard = await upstream.ask({ origin: provider.origin() });
    expect(heard.notes).toEqual(["open", "head 429", "chunk", "end"]);
    expect(heard.text).toContain("slow down");
  });

  it.each([
    ["identity", answer(TEXT, "content-encoding: identity\r\n"), TEXT],
    ["an empty coding", answer(TEXT, "content-encoding: \r\n"), TEXT],
    ["a coding without a body", answer("", "content-encoding: gzip\r\n"), ""],
    ["a coding of 204", Buffer.from("HTTP/1.1 204 No Content\r\ncontent-encoding: br\r\n\r\n"), ""],
    ["bytes after the end of the coding", chunked("br", [brotliCompressSync(TEXT), Buffer.alloc(200_000, "x")]), TEXT],
  ])("that announces %s ends well", async (_what, bytes, text) => {
    await using provider = await RawProvider.listen(always(bytes));
    await using upstream = new Upstream();
    const heard = await upstream.ask({ origin: provider.origin() });
    expect(heard.notes.at(-1)).toBe("end");
    expect(heard.text).toBe(text);
  });
});

const gzipped = gzipSync(TEXT);
const BROKEN: readonly (readonly [what: string, bytes: Buffer, notes: string])[] = [
  ["two layers (U43)", answer("x", "content-encoding: gzip, br\r\n"), "open, head 200, fail bad-payload"],
  [
    "two headers with a layer each (U43)",
    answer("x", "content-encoding: gzip\r\ncontent-encoding: gzip\r\n"),
    "open, head 200, fail bad-payload",
  ],
  [
    "sixty layers (U43)",
    answer("x", `content-encoding: ${Array.from({ length: 60 }, () => "gzip").join(", ")}\r\n`),
    "open, head 200, fail bad-payload",
  ],
  ["an unknown coding", answer("x", "content-encoding: compress\r\n"), "open, head 200, fail bad-payload"],
  [
    "a name out of Object.prototype",
    answer("x", "content-encoding: constructor\r\n"),
    "open, head 200, fail bad-payload",
  ],
  ["plain text called gzip", answer(TEXT, "content-encoding: gzip\r\n"), "open, head 200, fail bad-payload"],
  ["plain text called deflate", answer(TEXT, "content-encoding: deflate\r\n"), "open, head 200, fail bad-payload"],
  ["plain text called br", answer('{"plain":1}', "content-encoding: br\r\n"), "open, head 200, fail bad-payload"],
  ["plain text called zstd", answer(TEXT, "content-encoding: zstd\r\n"), "open, head 200, fail bad-payload"],
  [
    "gzip without its end",
    answer(gzipped.subarray(0, -5), "content-encoding: gzip\r\n"),
    "open, head 200, chunk, fail stream-broken",
  ],
  [
    "br without its end",
    answer(brotliCompressSync(TEXT).subarray(0, -5), "content-encoding: br\r\n"),
    "open, head 200, chunk, fail stream-broken",
  ],
  [
    "zstd without its end",
    answer(zstdCompressSync(TEXT).subarray(0, -5), "content-encoding: zstd\r\n"),
    "open, head 200, fail stream-broken",
  ],
];

describe("an answer that cannot be decoded", () => {
  it.each(BROKEN)("%s ends as a failure, once", async (_what, bytes, notes) => {
    await using provider = await RawProvider.listen(always(bytes));
    await using upstream = new Upstream();
    const heard = await upstream.ask({ origin: provider.origin() });
    await turns();
    expect(heard.notes.join(", ")).toBe(notes);
    expect(heard.failure).toMatchObject({ phase: "stream", replaySafe: false });
    expect(upstream.bugs).toEqual([]);
    expect((await upstream.ask({ origin: provider.origin() })).failure?.kind).toBe(heard.failure?.kind);
  });

  it("because it would fill the memory is stopped at the bound (U44)", async () => {
    const bytesMax = 4 * 1024 * 1024;
    const bomb = gzipSync(Buffer.alloc(64 * 1024 * 1024));
    await using provider = await RawProvider.listen(always(answer(bomb, "content-encoding: gzip\r\n")));
    await using upstream = new Upstream({ answerBytesMax: () => bytesMax });
    const heard = await upstream.ask({ origin: provider.origin() });
    expect(heard.failure?.kind).toBe("bad-payload");
    expect(heard.bytes).toBeLessThanOrEqual(bytesMax);
    expect(heard.bytes).toBeGreaterThan(bytesMax / 2);
  });

  it("because the connection broke still gives what came before, then the failure", async () => {
    await using provider = await RawProvider.listen(async (side) => {
      await side.request();
      await side.write(Buffer.concat([Buffer.from(CHUNKED("gzip")), chunkBytes(gzipped.subarray(0, -20))]));
      await turns(5);
      side.fin();
    });
    await using upstream = new Upstream();
    const heard = await upstream.ask({ origin: provider.origin() });
    expect(heard.notes).toEqual(["open", "head 200", "chunk", "fail stream-broken"]);
    expect(TEXT.startsWith(heard.text)).toBe(true);
    expect(heard.bytes).toBeGreaterThan(0);
    expect(heard.failure?.detail).toContain("UND_ERR_SOCKET");
  });

  it("because the connection broke after a complete coding is a broken stream all the same", async () => {
    await using provider = await RawProvider.listen(async (side) => {
      await side.request();
      await side.write(Buffer.concat([Buffer.from(CHUNKED("gzip")), chunkBytes(gzipped)]));
      await turns(5);
      side.reset();
    });
    await using upstream = new Upstream();
    const heard = await upstream.ask({ origin: provider.origin() });
    expect(heard.text).toBe(TEXT);
    expect(heard.notes.at(-1)).toBe("fail stream-broken");
  });
});

describe("a compressed answer and its reader", () => {
  const size = 8 * 1024 * 1024;
  const plain = Buffer.alloc(size);
  // Neither constant nor random: compresses to about a tenth.
  for (let at = 0; at < size; at += 4) plain.writeUInt32LE(Math.imul(at >> 6, 2_654_435_761) >>> 0, at);
  const compressed = gzipSync(plain);

  it("pause and resume at every chunk and lose nothing", async () => {
    await using provider = await RawProvider.listen(always(answer(compressed, "content-encoding: gzip\r\n")));
    await using upstream = new Upstream();
    const recorder = new Recorder({
      chunk: ({ exchange }) => {
        exchange?.pause();
        setImmediate(() => exchange?.resume());
      },
    });
    await upstream.send({ origin: provider.origin() }, recorder).over();
    expect(Buffer.concat(recorder.chunks).equals(plain)).toBe(true);
  });

  it("paused for long holds little: decoder and provider wait", async () => {
    await using provider = await RawProvider.listen(always(answer(compressed, "content-encoding: gzip\r\n")));
    await using upstream = new Upstream();
    const recorder = new Recorder({ chunk: (heard) => heard.chunks.length === 1 && heard.exchange?.pause() });
    upstream.send({ origin: provider.origin() }, recorder);
    await recorder.until(() => recorder.bytes > 0, "the first chunk");
    await turns(100);
    expect(recorder.bytes).toBeLessThan(256 * 1024);
    recorder.exchange?.resume();
    await recorder.over();
    expect(Buffer.concat(recorder.chunks).equals(plain)).toBe(true);
  });

  it("paused before the connection gets the head and then waits", async () => {
    await using provider = await RawProvider.listen(always(answer(compressed, "content-encoding: gzip\r\n")));
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

  it("aborted inside a chunk hears nothing more", async () => {
    await using provider = await RawProvider.listen(always(answer(compressed, "content-encoding: gzip\r\n")));
    await using upstream = new Upstream();
    const recorder = upstream.send({ origin: provider.origin() }, new Recorder({ chunk: leave }));
    await recorder.until(() => recorder.bytes > 0, "the first chunk");
    await turns(100);
    expect(recorder.chunks).toHaveLength(1);
    expect(recorder.notes).toEqual(["open", "head 200", "chunk"]);
    await (await provider.side(0)).closed();
  });

  it.each(["chunk", "end"] as const)("a bug in its on-%s is ours", async (call) => {
    await using provider = await RawProvider.listen(always(answer(gzipped, "content-encoding: gzip\r\n")));
    await using upstream = new Upstream();
    const recorder = upstream.send({ origin: provider.origin() }, new Recorder({ [call]: oops }));
    await recorder.until(() => recorder.failure !== null, "the failure");
    expect(recorder.failure?.kind).toBe("internal");
    expect(upstream.bugs).toHaveLength(1);
  });
});
