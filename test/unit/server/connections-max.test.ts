// How many clients may be connected.
import { describe, expect, it } from "vitest";
import { connectionsMax } from "../../../src/server/connections-max.ts";

describe("the cap of connections", () => {
  it.each([
    ["leaves room for a provider each, and for files", 160, 48],
    ["grows with the limit", 1_024, 480],
    ["ends where one process should", 1_048_576, 10_000],
    ["is the same without a limit", Infinity, 10_000],
    ["is the same where nobody knows", null, 10_000],
    ["leaves a door open however low the limit is", 20, 8],
  ])("%s: %s open files", (_sentence, files, cap) => {
    expect(connectionsMax(files)).toBe(cap);
  });
});
