import { describe, expect, it } from "vitest";
import { changedKeys, type Traits } from "../../../src/config/changed-keys.ts";
import { Secret } from "../../../src/core/secret.ts";

const traits = (tree: unknown, outside: Record<string, string> = {}): Traits => ({
  tree: new Secret(tree),
  outside: new Map(Object.entries(outside)),
});

describe("keys that changed", () => {
  it.each<[sentence: string, before: unknown, after: unknown, keys: string[]]>([
    ["none", { a: 1, b: [1, { c: 2 }] }, { a: 1, b: [1, { c: 2 }] }, []],
    ["a value", { a: { b: 1, c: 2 } }, { a: { b: 1, c: 3 } }, ["a.c"]],
    ["a key that came", { a: {} }, { a: { b: { c: 1 } } }, ["a.b"]],
    ["a key that went", { a: { b: { c: 1 } } }, {}, ["a"]],
    ["an entry of a list", { a: [{ b: 1 }, { b: 2 }] }, { a: [{ b: 1 }, { b: 3 }] }, ["a[1].b"]],
    ["a list that grew", { a: [1] }, { a: [1, 2, 3] }, ["a[1]", "a[2]"]],
    ["another kind of value", { a: [1] }, { a: { 0: 1 } }, ["a"]],
    ["a name that needs quotes", { m: { "p/x": 1 } }, { m: { "p/x": 2 } }, ['m["p/x"]']],
    ["names that every object knows", { a: 1 }, { a: 1, constructor: { prototype: 1 } }, ["constructor"]],
  ])("%s", (_sentence, before, after, keys) => {
    expect(changedKeys(traits(before), traits(after))).toEqual(keys);
  });

  it("also outside the file, each once", () => {
    const before = traits({ k: 1 }, { k: "x", "/etc/.env": "1", gone: "1" });
    const after = traits({ k: 2 }, { k: "y", "/etc/.env": "2", came: "1" });
    expect(changedKeys(before, after)).toEqual(["k", "/etc/.env", "gone", "came"]);
  });

  it("show no value, whatever prints them", () => {
    const before = traits({ key: "sk-secret" });
    expect(JSON.stringify(before)).not.toContain("sk-secret");
  });
});
