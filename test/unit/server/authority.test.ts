// What a Host names: plain to every reader or refused.
import { describe, expect, it } from "vitest";
import { isPlainAuthority } from "../../../src/server/authority.ts";

describe("isPlainAuthority", () => {
  it.each([
    ["localhost"],
    ["127.0.0.1:18789"],
    ["10.0.0.7:65535"],
    ["edge.example.com"],
    ["Edge.Example.COM:443"],
    ["my_service"],
    ["[::1]:18789"],
    ["host:80"],
    ["10.0.0.7:80"],
    ["localhost."],
  ])("takes %s", (authority) => {
    expect(isPlainAuthority(authority)).toBe(true);
  });

  it.each([
    [""],
    ["a b"],
    ["a/b"],
    ["a?b"],
    ["a#b"],
    ["a\\b"],
    ["user@host"],
    ["host:"],
    ["host:99999"],
    ["999.1.1.1"],
    ["1.2.3.4.5"],
    ["127.1"],
    ["2130706433"],
    ["0x7f.1"],
    ["[::1"],
    ["::1"],
    ["%61"],
    ["ünicode"],
  ])("refuses %s", (authority) => {
    expect(isPlainAuthority(authority)).toBe(false);
  });
});
