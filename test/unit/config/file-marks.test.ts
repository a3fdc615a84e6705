// What files held when they were read: hashes of bytes, and one word for all that gives none.
import { mkdtemp, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ABSENT, FileMarks, markNow, markOf, marksNow } from "../../../src/config/file-marks.ts";

let root = "";
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "edge-marks-"));
});
afterEach(() => rm(root, { recursive: true, force: true }));
const file = (name: string): string => join(root, name);

describe("a mark", () => {
  it("is the hash of the bytes, the same from memory and from a file, and never the bytes", async () => {
    await writeFile(file("a"), "sk-canary");
    expect(await markNow(file("a"))).toBe(markOf(Buffer.from("sk-canary")));
    expect(markOf(Buffer.from("sk-canary"))).toMatch(/^[0-9a-f]{64}$/);
    expect(markOf(Buffer.from("a"))).not.toBe(markOf(Buffer.from("b")));
  });

  it("is a word for what is not there, for folders, and for what is larger than any file that is read", async () => {
    await writeFile(file("large"), "");
    await truncate(file("large"), 20 * 1_048_576 + 1);
    await writeFile(file("largest"), "");
    await truncate(file("largest"), 20 * 1_048_576);
    const marks = await marksNow([file("none"), root, file("large"), file("largest")]);
    expect([...marks.values()].map((mark) => mark === ABSENT)).toEqual([true, true, true, false]);
    expect([...marks.keys()]).toEqual([file("none"), root, file("large"), file("largest")]);
  });
});

describe("the marks of one reading", () => {
  it("are those that were noted; the first of two counts, also when it gave nothing", async () => {
    const marks = new FileMarks();
    marks.note(file("a"), Buffer.from("1"));
    marks.note(file("a"), Buffer.from("2"));
    marks.note(file("b"), null);
    marks.note(file("b"), Buffer.from("2"));
    expect([marks.of(file("a")), marks.of(file("b")), marks.of(file("c"))]).toEqual([
      markOf(Buffer.from("1")),
      null,
      null,
    ]);
    expect([...(await marks.all())]).toEqual([
      [file("a"), markOf(Buffer.from("1"))],
      [file("b"), ABSENT],
    ]);
  });

  it("say of a file that its reader refused what a watcher sees there", async () => {
    await writeFile(file("a"), "refused");
    const marks = new FileMarks();
    marks.note(file("a"), null);
    expect((await marks.all()).get(file("a"))).toBe(await markNow(file("a")));
  });
});
