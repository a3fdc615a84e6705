import { describe, expect, it } from "vitest";
import { editDistance, nearest } from "../../../src/config/nearest.ts";

describe("edit distance", () => {
  it.each<[string, string, number]>([
    ["", "", 0],
    ["", "abc", 3],
    ["abc", "", 3],
    ["kitten", "sitting", 3],
    ["primray", "primary", 1],
    ["ca", "abc", 3],
  ])("%j to %j is %i", (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
    expect(editDistance(b, a)).toBe(distance);
  });
});

describe("nearest", () => {
  const keys = ["baseUrl", "apiKey", "api", "models", "timeoutSeconds"];
  it.each<[string, string | null]>([
    ["baseURL", "baseUrl"],
    ["apikey", "apiKey"],
    ["model", "models"],
    ["timeoutSecond", "timeoutSeconds"],
    ["timeout_seconds", "timeoutSeconds"],
    ["zzzzzzzz", null],
    ["x", null],
    ["", null],
  ])("%j gives %j", (word, near) => {
    expect(nearest(word, keys)).toBe(near);
  });

  it("survives a very long word", () => {
    expect(nearest("a".repeat(1_000_000), keys)).toBeNull();
  });
});
