// Gathered bytes are the bytes, in any pieces; a sender of single bytes costs blocks and not objects.
import { describe, expect, it } from "vitest";
import { Gathering } from "../../../src/core/gathering.ts";
import { partition } from "../../support/rechunk.ts";

const bytes = Buffer.from(Array.from({ length: 40_000 }, (_, at) => at % 251));

describe("Gathering", () => {
  it.each([1, 7, 100, 4_095, 4_096, 9_000, 40_000])("gives back what came in pieces of %i bytes", (size) => {
    const gathering = new Gathering();
    for (let at = 0; at < bytes.length; at += size) gathering.push(bytes.subarray(at, at + size));
    expect(gathering.bytes).toBe(bytes.length);
    expect(gathering.take().equals(bytes)).toBe(true);
    expect(gathering.bytes).toBe(0);
    expect(gathering.take()).toHaveLength(0);
  });

  it("gives back what came in pieces of all sizes", () => {
    for (let seed = 1; seed <= 30; seed += 1) {
      const gathering = new Gathering();
      for (const piece of partition(bytes, seed, 6_000)) gathering.push(Buffer.from(piece));
      expect(gathering.take().equals(bytes)).toBe(true);
    }
  });

  it.each([
    ["the first piece is kept as it is", 0, 1, "kept"],
    ["small pieces behind it are copied, so that what they lie in is free", 1, 4_095, "copied"],
    ["large ones are kept as they are", 1, 4_096, "kept"],
  ])("%s", (_sentence, before, size, what) => {
    const gathering = new Gathering();
    if (before > 0) gathering.push(Buffer.alloc(before));
    const piece = Buffer.alloc(size, 1);
    gathering.push(piece);
    gathering.push(Buffer.alloc(1));
    piece.fill(2);
    expect(gathering.take()[before]).toBe(what === "kept" ? 2 : 1);
  });

  it("forgets what it gave, also when blocks were begun", () => {
    const gathering = new Gathering();
    for (const text of ["one ", "two ", "three"]) gathering.push(Buffer.from(text));
    expect(gathering.take().toString()).toBe("one two three");
    for (const text of ["four ", "five ", "six"]) gathering.push(Buffer.from(text));
    expect(gathering.take().toString()).toBe("four five six");
  });

  it("gives one piece as it is", () => {
    const gathering = new Gathering();
    gathering.push(bytes);
    expect(gathering.take()).toBe(bytes);
  });
});
