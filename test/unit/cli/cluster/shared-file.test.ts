// The log file of several writers, which can become another file while blocks are on their way.
import { describe, expect, it } from "vitest";
import { type Closable, SharedFile } from "../../../../src/cli/cluster/shared-file.ts";

/** A file that is as slow as the test wants it. */
function slowFile() {
  const written: string[] = [];
  const waiting: (() => void)[] = [];
  let closed = 0;
  const file: Closable = {
    write(text, done) {
      written.push(text);
      waiting.push(() => done());
    },
    on: () => undefined,
    close: async () => void (closed += 1),
  };
  return { file, written, closed: () => closed, finish: () => waiting.shift()?.() };
}

describe("a shared file", () => {
  it("takes one block after the other, each whole, and tells each writer of its own", () => {
    const slow = slowFile();
    const shared = new SharedFile();
    shared.follow(slow.file);
    const told: string[] = [];
    for (const text of ["a", "b", "c"]) shared.write(text, () => told.push(text));
    expect([slow.written, told]).toEqual([["a"], []]);
    slow.finish();
    slow.finish();
    expect([slow.written, told]).toEqual([
      ["a", "b", "c"],
      ["a", "b"],
    ]);
  });

  it("becomes another file from one block to the next; the one before is closed when its last block is out", () => {
    const [first, second] = [slowFile(), slowFile()];
    const shared = new SharedFile();
    shared.follow(first.file);
    shared.write("a", () => undefined);
    shared.write("b", () => undefined);
    shared.follow(second.file);
    expect([first.closed(), second.written]).toEqual([0, []]);
    first.finish();
    expect([first.written, first.closed(), second.written]).toEqual([["a"], 1, ["b"]]);
    second.finish();
    shared.follow(null);
    expect([second.closed(), shared.isOpen]).toEqual([1, false]);
  });

  it("drops blocks while there is no file, and keeps nobody waiting", () => {
    const slow = slowFile();
    const shared = new SharedFile();
    const told: string[] = [];
    shared.write("nobody", () => told.push("nobody"));
    shared.follow(slow.file);
    shared.write("a", () => told.push("a"));
    shared.write("b", () => told.push("b"));
    shared.follow(null);
    slow.finish();
    expect([slow.written, told, slow.closed()]).toEqual([["a"], ["nobody", "a", "b"], 1]);
  });
});
