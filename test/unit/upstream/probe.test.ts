import { describe, expect, it } from "vitest";
import { probeModels } from "../../../src/upstream/probe.ts";
import { answer, RawProvider, type Script } from "./raw-provider.ts";

const MODELS = `{"object":"list","data":[{"id":"llama3.2"},{"id":"qwen3:8b","object":"model"}]}`;
const reply =
  (bytes: string | Uint8Array): Script =>
  async (side) => {
    await side.request();
    await side.write(bytes);
  };

const ROWS: readonly (readonly [what: string, bytes: string | Buffer, ids: string[] | null])[] = [
  ["a model list", answer(MODELS), ["llama3.2", "qwen3:8b"]],
  ["a bare list", answer(`[{"id":"a"}]`), ["a"]],
  ["a list without models", answer(`{"data":[]}`), []],
  ["an entry without an id", answer(`{"data":[{"id":"a"},{"name":"b"}]}`), null],
  ["a list of words", answer(`["a"]`), null],
  ["another object", answer(`{"status":"ok"}`), null],
  ["null", answer("null"), null],
  ["HTML", answer("<!doctype html>"), null],
  ["nothing", answer(""), null],
  ["another status", `HTTP/1.1 404 Not Found\r\ncontent-length: ${MODELS.length}\r\n\r\n${MODELS}`, null],
  ["a redirect", "HTTP/1.1 302 Found\r\nlocation: /other\r\ncontent-length: 0\r\n\r\n", null],
  ["more than 1 MiB", answer(`{"data":[{"id":"${"x".repeat(1_100_000)}"}]}`), null],
  ["something that is not HTTP", "220 mail ready\r\n", null],
];

describe("a probe", () => {
  it.each(ROWS)("that meets %s", async (_what, bytes, ids) => {
    await using provider = await RawProvider.listen(reply(bytes));
    expect(await probeModels(`${provider.origin()}/v1/models?x=1`, 5_000)).toEqual(ids);
    expect(provider.sides).toHaveLength(1);
  });

  it("asks with GET, without any credential", async () => {
    await using provider = await RawProvider.listen(async (side) => {
      const { head } = await side.request();
      await side.write(answer(JSON.stringify([{ id: head.lines.join(" | ") }])));
    });
    const [heard] = (await probeModels(`${provider.origin("localhost")}/v1/models`, 5_000)) ?? [];
    expect(heard).toMatch(/^GET \/v1\/models HTTP\/1\.1/);
    expect(heard).not.toMatch(/authorization|api-key|cookie/i);
  });

  it("gives up on a server that says nothing", async () => {
    await using provider = await RawProvider.listen(() => {});
    expect(await probeModels(provider.origin(), 40)).toBeNull();
  });

  it("gives up on a server that never ends", async () => {
    await using provider = await RawProvider.listen(reply("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"));
    expect(await probeModels(provider.origin(), 40)).toBeNull();
  });

  it("finds nobody at a closed port", async () => {
    const provider = await RawProvider.listen(() => {});
    const origin = provider.origin();
    await provider[Symbol.asyncDispose]();
    expect(await probeModels(origin, 5_000)).toBeNull();
  });

  it.each([
    "http://93.184.216.34/v1/models",
    "http://10.0.0.1/",
    "http://169.254.169.254/",
    "http://[fe80::1]/",
    "ftp://127.0.0.1/",
    "not a url",
  ])("never dials %s", async (url) => {
    expect(await probeModels(url, 5_000)).toBeNull();
  });
});
