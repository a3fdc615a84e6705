// Who is calling, when proxies stand between.
import { describe, expect, it } from "vitest";
import { AddressList } from "../../../src/core/ip-address.ts";
import { clientAddress, isLocalDirect, isLoopbackAddress } from "../../../src/server/client-address.ts";

const trustedProxies = new AddressList(["10.0.0.0/8", "127.0.0.1"]);

describe("clientAddress", () => {
  it.each<[sentence: string, peer: string, headers: Record<string, string>, client: string | null]>([
    ["is the peer without proxies", "203.0.113.9", {}, "203.0.113.9"],
    ["is the peer when a stranger forwards", "203.0.113.9", { "x-forwarded-for": "1.1.1.1" }, "203.0.113.9"],
    ["is canonical", "::ffff:203.0.113.9", {}, "203.0.113.9"],
    ["is whom the trusted proxy saw", "10.0.0.1", { "x-forwarded-for": "1.1.1.1" }, "1.1.1.1"],
    [
      "is the rightmost stranger",
      "10.0.0.1",
      { "x-forwarded-for": "9.9.9.9, 1.1.1.1, 10.0.0.2, 127.0.0.1" },
      "1.1.1.1",
    ],
    ["knows ports", "10.0.0.1", { "x-forwarded-for": "1.1.1.1:4711" }, "1.1.1.1"],
    ["knows IPv6 with brackets and ports", "10.0.0.1", { "x-forwarded-for": "[2001:db8::1]:4711" }, "2001:db8::1"],
    ["knows IPv6 with brackets", "10.0.0.1", { "x-forwarded-for": "[2001:db8::1]" }, "2001:db8::1"],
    ["knows IPv6 without", "10.0.0.1", { "x-forwarded-for": "2001:db8::1:4711" }, "2001:db8::1:4711"],
    ["knows long addresses with ports", "10.0.0.1", { "x-forwarded-for": "101.102.103.104:65535" }, "101.102.103.104"],
    ["is unknown behind a sign too many", "10.0.0.1", { "x-forwarded-for": "x1.1.1.1:80" }, null],
    ["is unknown behind a sign before brackets", "10.0.0.1", { "x-forwarded-for": "x[2001:db8::1]:80" }, null],
    ["is unknown before a sign too many", "10.0.0.1", { "x-forwarded-for": "1.1.1.1:80x" }, null],
    ["is unknown in half a bracket", "10.0.0.1", { "x-forwarded-for": "[2001:db8::1" }, null],
    ["is unknown when the proxy saw something unreadable", "10.0.0.1", { "x-forwarded-for": "1.1.1.1, unknown" }, null],
    ["is unknown when only proxies are named", "10.0.0.1", { "x-forwarded-for": "10.0.0.3" }, null],
    ["is unknown when nobody is named", "10.0.0.1", { "x-real-ip": "1.1.1.1" }, null],
    ["is the peer for a program of a trusted machine that is this one", "127.0.0.1", {}, "127.0.0.1"],
  ])("%s", (_sentence, peer, headers, client) => {
    expect(clientAddress(headers, peer, { trustedProxies, allowRealIpFallback: false })).toBe(client);
  });

  it("takes x-real-ip only when told to and only from a trusted proxy", () => {
    const trust = { trustedProxies, allowRealIpFallback: true };
    const headers = { "x-real-ip": "1.1.1.1" };
    expect(clientAddress(headers, "10.0.0.1", trust)).toBe("1.1.1.1");
    expect(clientAddress(headers, "203.0.113.9", trust)).toBe("203.0.113.9");
    expect(clientAddress({ ...headers, "x-forwarded-for": "2.2.2.2" }, "10.0.0.1", trust)).toBe("2.2.2.2");
    expect(clientAddress({ "x-forwarded-for": "10.0.0.2" }, "10.0.0.1", trust)).toBeNull();
  });
});

describe("isLocalDirect", () => {
  it.each<[sentence: string, peer: string, headers: Record<string, string>, local: boolean]>([
    ["a loopback peer", "127.0.0.1", {}, true],
    ["IPv6 loopback", "::1", {}, true],
    ["mapped loopback", "::ffff:127.0.0.1", {}, true],
    ["another machine", "10.0.0.1", {}, false],
    ["a peer that is gone", "", {}, false],
    ["something forwarded", "127.0.0.1", { forwarded: "for=1.1.1.1" }, false],
    ["something forwarded, though empty", "127.0.0.1", { "x-forwarded-for": "" }, false],
  ])("%s", (_sentence, peer, headers, local) => {
    expect(isLocalDirect(headers, peer)).toBe(local);
  });
});

describe("isLoopbackAddress", () => {
  it.each([
    ["64:ff9b::7f00:1", false],
    ["2002:7f00:1::", false],
    ["127.255.255.254", true],
    ["0:0:0:0:0:0:0:1", true],
    ["::2", false],
    ["localhost", false],
  ])("%s: %s", (address, loopback) => {
    expect(isLoopbackAddress(address)).toBe(loopback);
  });
});
