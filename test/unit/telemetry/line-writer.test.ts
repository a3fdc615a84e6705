// Lines go out in blocks, in order and whole; a reader that stands still holds nobody up.
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { LineWriter } from "../../../src/telemetry/line-writer.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { RecorderDestination } from "./recorder-destination.ts";

const MIB = 1024 * 1024;

function writerOf() {
  const clock = new FakeClock();
  const destination = new RecorderDestination();
  const losses: number[] = [];
  const writer = new LineWriter({ destination, clock, onLoss: (lines) => losses.push(lines) });
  return { clock, destination, losses, writer };
}

describe("a line writer", () => {
  it("gathers lines for 20 ms and writes them as one block", async () => {
    const { clock, destination, writer } = writerOf();
    writer.write("one");
    writer.write("two");
    await clock.advanceAsync(19);
    expect(destination.blocks).toEqual([]);
    await clock.advanceAsync(1);
    expect(destination.blocks).toEqual(["one\ntwo\n"]);
  });

  it("writes a full block at once", async () => {
    const { clock, destination, writer } = writerOf();
    writer.write("x".repeat(20_000));
    await clock.advanceAsync(0);
    expect(destination.lines).toEqual(["x".repeat(20_000)]);
  });

  it("has no timer armed when nothing waits", async () => {
    const { clock, destination, writer } = writerOf();
    writer.write("one");
    await clock.advanceAsync(20);
    expect(destination.lines).toEqual(["one"]);
    expect(clock.pending).toBe(0);
  });

  it("keeps one block under way and the order of lines", async () => {
    const { clock, destination, writer } = writerOf();
    destination.stuck = true;
    writer.write("one");
    await clock.advanceAsync(20);
    writer.write("two");
    writer.write("x".repeat(20_000));
    await clock.advanceAsync(1_000);
    expect(destination.blocks).toEqual([]);
    destination.release();
    await clock.advanceAsync(20);
    expect(destination.blocks).toEqual(["one\n", `two\n${"x".repeat(20_000)}\n`]);
  });

  it("writes what came meanwhile after 20 ms more", async () => {
    const { clock, destination, writer } = writerOf();
    destination.stuck = true;
    writer.write("one");
    await clock.advanceAsync(20);
    writer.write("two");
    destination.release();
    await clock.advanceAsync(20);
    expect(destination.blocks).toEqual(["one\n", "two\n"]);
  });

  it("drops and counts lines when 4 MiB wait, tells the loss once lines go out again, and goes on", async () => {
    const { clock, destination, losses, writer } = writerOf();
    destination.stuck = true;
    writer.write("first");
    await clock.advanceAsync(20);
    for (let at = 0; at < 6; at += 1) writer.write("x".repeat(MIB - 1));
    expect(writer.dropped).toBe(2);
    expect(losses).toEqual([]);
    destination.release();
    await clock.advanceAsync(20);
    expect(losses).toEqual([2]);
    writer.write("after");
    await clock.advanceAsync(20);
    expect(destination.lines.map((line) => line.slice(0, 5))).toEqual([
      "first",
      "xxxxx",
      "xxxxx",
      "xxxxx",
      "xxxxx",
      "after",
    ]);
    expect(losses).toEqual([2]);
  });

  it("counts the lines of blocks that a reader who has gone refused, and does not fail", async () => {
    const { clock, destination, writer } = writerOf();
    destination.broken = new Error("EPIPE");
    writer.write("one");
    writer.write("two");
    await clock.advanceAsync(20);
    writer.write("three");
    await clock.advanceAsync(20);
    expect(writer.dropped).toBe(3);
  });

  it("listens to errors of its destination, which would end the process unheard", () => {
    expect(writerOf().destination.errorListeners).toBe(1);
  });

  it("flushes at once, and at once again when there is nothing", async () => {
    const { clock, destination, writer } = writerOf();
    writer.write("one");
    await writer.flush();
    expect(destination.lines).toEqual(["one"]);
    await writer.flush();
    expect(clock.pending).toBe(0);
  });

  it("flushes what waits behind a block under way", async () => {
    const { clock, destination, writer } = writerOf();
    destination.stuck = true;
    writer.write("one");
    await clock.advanceAsync(20);
    writer.write("two");
    const flushed = writer.flush();
    expect(destination.held).toBe(1);
    destination.release();
    await flushed;
    expect(destination.lines).toEqual(["one", "two"]);
  });

  it("gives a flush up after two seconds of a reader that stands still: leaving must end", async () => {
    const { clock, destination, writer } = writerOf();
    destination.stuck = true;
    writer.write("one");
    const flushed = writer.flush();
    await clock.advanceAsync(2_000);
    await flushed;
    expect(destination.lines).toEqual([]);
  });
});

describe("the last words of a crash", () => {
  it("are written through the file descriptor before the call returns", async () => {
    const folder = mkdtempSync(join(tmpdir(), "line-writer-"));
    const fd = openSync(join(folder, "log"), "w");
    try {
      const clock = new FakeClock();
      const destination = Object.assign(new RecorderDestination(), { fd });
      const writer = new LineWriter({ destination, clock, onLoss: () => undefined });
      writer.write("one");
      writer.write("two");
      writer.flushSync();
      expect(readFileSync(join(folder, "log"), "utf8")).toBe("one\ntwo\n");
      writer.flushSync();
      await clock.advanceAsync(20);
      expect(destination.blocks).toEqual([]);
    } finally {
      closeSync(fd);
      rmSync(folder, { recursive: true });
    }
  });

  it("begin a line of their own behind a block under way", async () => {
    const folder = mkdtempSync(join(tmpdir(), "line-writer-"));
    const fd = openSync(join(folder, "log"), "w");
    try {
      const clock = new FakeClock();
      const destination = Object.assign(new RecorderDestination(), { fd, stuck: true });
      const writer = new LineWriter({ destination, clock, onLoss: () => undefined });
      writer.write("under way");
      await clock.advanceAsync(20);
      writer.write("last");
      writer.flushSync();
      expect(readFileSync(join(folder, "log"), "utf8")).toBe("\nlast\n");
    } finally {
      closeSync(fd);
      rmSync(folder, { recursive: true });
    }
  });

  it("are lost without a word when the descriptor is closed", () => {
    const clock = new FakeClock();
    const destination = Object.assign(new RecorderDestination(), { fd: 1_000_000 });
    const writer = new LineWriter({ destination, clock, onLoss: () => undefined });
    writer.write("one");
    expect(() => writer.flushSync()).not.toThrow();
  });

  it("go to the destination when it has no descriptor", async () => {
    const { clock, destination, writer } = writerOf();
    writer.write("one");
    writer.flushSync();
    await clock.advanceAsync(0);
    expect(destination.lines).toEqual(["one"]);
  });
});
