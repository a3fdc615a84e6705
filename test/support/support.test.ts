// The tools of the tests, tested: readers, pieces, waiting, processes.
import { describe, expect, it } from "vitest";
import { sseEvent } from "./answers.ts";
import { Child } from "./child.ts";
import { ByteStore, chunkBytes, readBody, readHead } from "./http-bytes.ts";
import { bytewise, cutAt, cutsInTwo, partition, seeded } from "./rechunk.ts";
import { blocksOf, eventsOf, readChat, readSse } from "./sse.ts";
import { Bell, polled, within } from "./wait.ts";

describe("pieces", () => {
  const bytes = Buffer.from("data: Grüße 🦞\n\n");

  it.each([
    ["bytewise", () => bytewise(bytes)],
    ["at offsets", () => cutAt(bytes, [3, 9, 9, 400])],
    ["at random", () => partition(bytes, 7, 5)],
  ])("are the bytes again: %s", (_how, make) => {
    expect(Buffer.concat(make()).equals(bytes)).toBe(true);
    expect(make().every((piece) => piece.length > 0)).toBe(true);
  });

  it("are cut in two in every way", () => {
    const ways = [...cutsInTwo(bytes)];
    expect(ways).toHaveLength(bytes.length + 1);
    expect(ways.every((way) => Buffer.concat(way).equals(bytes))).toBe(true);
  });

  it("repeat with their seed and differ without", () => {
    expect(partition(bytes, 5, 4)).toEqual(partition(bytes, 5, 4));
    expect(partition(bytes, 5, 4)).not.toEqual(partition(bytes, 6, 4));
    const draws = Array.from({ length: 1000 }, seeded(1));
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...draws)).toBeLessThan(1);
  });
});

function chunk(delta: object, finish: string | null): string {
  return sseEvent({ model: "m", choices: [{ delta, finish_reason: finish }] });
}

describe("event streams", () => {
  it.each(["\n", "\r\n", "\r"] as const)("fall into blocks at blank lines ended by %j", (eol) => {
    const events = [sseEvent("a", { eol }), sseEvent({ type: "t" }, { eol }), sseEvent("b", { eol, comment: "c" })];
    const blocks = blocksOf(Buffer.from(events.join("")));
    expect(Buffer.concat(blocks).toString()).toBe(events.join(""));
    expect(blocks).toHaveLength(4);
  });

  it("keep an unfinished block as the last one", () => {
    expect(blocksOf(Buffer.from("data: a\n\ndata: b\n")).map(String)).toEqual(["data: a\n\n", "data: b\n"]);
  });

  it("are read with their comments, and to the end without a last blank line", () => {
    const { events, comments } = readSse(": hello\n\nevent: e\ndata: a\n\ndata: b");
    expect(events.map(({ event, data }) => [event, data])).toEqual([
      ["e", "a"],
      [undefined, "b"],
    ]);
    expect(comments).toEqual(["hello"]);
  });

  it("are read as they arrive, whatever the pieces", async () => {
    const text = sseEvent("Grüße") + sseEvent("🦞");
    const found = [];
    async function* body(): AsyncGenerator<Buffer> {
      yield* bytewise(Buffer.from(text));
    }
    for await (const { data } of eventsOf(body())) found.push(data);
    expect(found).toEqual(["Grüße", "🦞"]);
  });

  it("amount to what a client takes from them", () => {
    const stream = chunk({ content: "a" }, null) + chunk({}, "stop") + sseEvent({ choices: [], usage: { x: 1 } });
    expect(readChat(stream + sseEvent({ error: { message: "e" } }) + sseEvent("[DONE]"))).toEqual({
      text: "a",
      finish: "stop",
      usage: { x: 1 },
      usageChunks: 1,
      errors: [{ message: "e" }],
      dones: 1,
      models: ["m"],
    });
  });
});

describe("HTTP messages", () => {
  it("join what arrives and forget what was taken", () => {
    const store = new ByteStore();
    for (let count = 0; count < 3000; count += 1) store.append(Buffer.from("ab"));
    store.drop(5999);
    expect(store.view().toString()).toBe("b");
    expect(store.length).toBe(1);
  });

  it("have a head once it is complete", () => {
    expect(readHead(Buffer.from("HTTP/1.1 200 OK\r\nA: b\r\n"))).toBeNull();
    const head = readHead(Buffer.from("HTTP/1.1 200 OK\r\nA: b\r\na:c\r\n\r\nrest"));
    expect(head).toMatchObject({ lines: ["HTTP/1.1 200 OK", "A: b", "a:c"], size: 30 });
    expect(head?.headers["a"]).toBe("b, c");
  });

  it("leave their chunked framing, however much of it is there", () => {
    const head = { lines: [], headers: { "transfer-encoding": "chunked" }, size: 0 };
    const end = Buffer.from("0\r\nx-trailer: 1\r\n\r\n");
    const wire = Buffer.concat([chunkBytes(Buffer.from("ab")), chunkBytes(Buffer.from("cdefghijklmno")), end]);
    for (let size = 0; size < wire.length; size += 1) {
      const { bytes, complete } = readBody(head, wire.subarray(0, size), "nothing");
      expect("abcdefghijklmno".startsWith(bytes.toString())).toBe(true);
      expect(complete).toBe(false);
    }
    const whole = readBody(head, Buffer.concat([wire, Buffer.from("next")]), "nothing");
    expect(whole).toMatchObject({ complete: true, size: wire.length });
    expect(whole.bytes.toString()).toBe("abcdefghijklmno");
  });
});

describe("waiting", () => {
  it("ends with the first ring that finds something", async () => {
    const bell = new Bell();
    let value = 0;
    const found = bell.until(() => value > 1 && value, "two");
    for (value = 1; value < 3; value += 1) bell.ring();
    expect(await found).toBe(2);
  });

  it("says what did not come", async () => {
    await expect(within(new Promise(() => undefined), "a reply", 1)).rejects.toThrow("waited 1 ms for a reply");
    await expect(new Bell().until(() => null, "a ring", 1)).rejects.toThrow("waited 1 ms for a ring");
    await expect(polled(async () => false, "a yes", 1)).rejects.toThrow("waited 1 ms for a yes");
  });

  it("hands on what the look throws", async () => {
    await expect(new Bell().until(() => JSON.parse("{"), "nothing")).rejects.toThrow(SyntaxError);
  });
});

function script(code: string): Child {
  return Child.start({ args: ["--input-type=module", "--eval", code] });
}

describe("processes", () => {
  it("give their lines, past and future, and their exit code", async () => {
    const child = script(`console.log("port 1234"); console.error("warned"); process.exitCode = 7;`);
    expect((await child.line(/port (\d+)/))[1]).toBe("1234");
    expect(await child.exited).toBe(7);
    expect([child.stdout, child.stderr, child.code]).toEqual([["port 1234"], ["warned"], 7]);
    await expect(child.line(/never said/)).rejects.toThrow(/ended with 7 .*\n.*port 1234/s);
  });

  it("stop by a signal, and say by which", async () => {
    const child = script(`console.log("up"); setInterval(() => {}, 1000);`);
    await child.line(/up/);
    expect(await child.stop("SIGTERM")).toBe(143);
    expect(await child.stop("SIGTERM")).toBe(143);
  });

  it("may end themselves in good order when asked to", async () => {
    const child = script(
      `process.on("SIGINT", () => process.exit(0)); console.log("up"); setInterval(() => {}, 1000);`,
    );
    await child.line(/up/);
    expect(await child.stop("SIGINT")).toBe(0);
  });

  it("report a program that does not exist", async () => {
    await expect(Child.start({ command: "/nowhere/program", args: [] }).exited).rejects.toThrow(/ENOENT/);
  });
});
