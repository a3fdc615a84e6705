import { describe, expect, it } from "vitest";
import {
  ArgumentsSoFar,
  CallBook,
  type CallEntry,
  type KnownCall,
} from "../../../../src/dialects/openai-chat/call-matching.ts";

describe("arguments so far", () => {
  it.each<[string, string[], boolean]>([
    ["nothing", [], false],
    ["an object", ['{"a":1}'], true],
    ["an object in pieces, with space behind it", ['{"a"', ":1", "}", " \n", ""], true],
    ["an object of which an inner one has ended", ['{"a":{"b":1}'], false],
    ["an object with a brace in a text", ['{"a":"}'], false],
    ["two objects", ['{"a":1}', '{"b":2}'], false],
    ["no object", ["[1]"], false],
  ])("%s", (_what, pieces, isWhole) => {
    const args = new ArgumentsSoFar();
    for (const piece of pieces) args.add(piece);
    expect([args.text, args.isWhole]).toEqual([pieces.join(""), isWhole]);
  });
});

describe("the calls of an answer", () => {
  const entry = (index: number | null, id: string | null, name: string | null = null): CallEntry => ({
    index,
    id,
    name,
    args: "",
  });
  const known = (index: number | null, id: string | null, name: string | null = null): KnownCall => ({
    ...entry(index, id, name),
    args: new ArgumentsSoFar(),
  });

  it.each<[string, [number | null, string | null][], CallEntry, number | null]>([
    [
      "by its id, wherever its index is",
      [
        [0, "a"],
        [1, "b"],
      ],
      entry(7, "a"),
      0,
    ],
    [
      "by its id and index where the id stands for several",
      [
        [0, "a"],
        [1, "a"],
        [2, "a"],
      ],
      entry(1, "a"),
      1,
    ],
    [
      "by its id, the last one, where no index fits",
      [
        [0, "a"],
        [1, "a"],
      ],
      entry(7, "a"),
      1,
    ],
    [
      "by its index without an id, the last one",
      [
        [0, "a"],
        [0, "b"],
      ],
      entry(0, null),
      1,
    ],
    [
      "as the last one without either",
      [
        [0, "a"],
        [1, "b"],
      ],
      entry(null, null),
      1,
    ],
    ["nowhere, a name beside a new index and the same id", [[0, "a"]], entry(1, "a", "g"), null],
  ])("an entry is found %s", (_what, calls, sought, at) => {
    const book = new CallBook<KnownCall>();
    for (const [index, id] of calls) book.add(known(index, id, "f"));
    expect(book.match(sought)).toBe(at === null ? null : book.all[at]);
  });

  it("are found by ids that come late, the last that began before the last that was named", () => {
    const book = new CallBook<KnownCall>();
    const [first, second] = [known(0, null, "f"), known(1, null, "f")];
    book.add(first);
    book.add(second);
    book.identify(second, "a");
    book.identify(first, "a");
    book.identify(first, "b");
    expect([book.match(entry(7, "a")), book.match(entry(0, "a")), book.match(entry(7, "b"))]).toEqual([
      second,
      first,
      null,
    ]);
    expect(book.match(entry(7, "a"))).toBe(second);
  });
});
