import type { LookupAddress } from "node:dns";
import { describe, expect, it } from "vitest";
import type { AddressKind } from "../../../src/core/ip-address.ts";
import {
  EgressRefusal,
  guardedLookup,
  hostKind,
  LOOPBACK_ONLY,
  policyOf,
  refusalOf,
} from "../../../src/upstream/guard.ts";

/** Hosts as they stand in a base URL, and what they mean; null: only resolving can tell. */
const HOSTS: readonly (readonly [host: string, kind: AddressKind | null])[] = [
  ["api.openai.com", null],
  ["api.openai.com.", null],
  ["internal.example.com", null],
  ["local.example.com", null],
  ["localhost.example.com", null],
  ["ollama", null],
  ["1password.com", null],
  ["xn--80ak6aa92e.com", null],
  ["93.184.216.34", "public"],
  ["8.8.8.8", "public"],
  ["[2606:4700:4700::1111]", "public"],
  ["172.32.0.1", "public"],
  ["11.0.0.1", "public"],
  ["100.128.0.1", "public"],
  ["127.0.0.1", "loopback"],
  ["127.255.255.254", "loopback"],
  ["2130706433", "loopback"],
  ["0x7f000001", "loopback"],
  ["0x7f.1", "loopback"],
  ["0177.0.0.1", "loopback"],
  ["127.1", "loopback"],
  ["127.0.0.1.", "loopback"],
  ["１２７.0.0.1", "loopback"],
  ["[::1]", "loopback"],
  ["[0:0:0:0:0:0:0:1]", "loopback"],
  ["[::ffff:127.0.0.1]", "loopback"],
  ["[::ffff:7f00:1]", "loopback"],
  ["[64:ff9b::127.0.0.1]", "loopback"],
  ["[2002:7f00:1::]", "loopback"],
  ["[::127.0.0.1]", "loopback"],
  ["localhost", "loopback"],
  ["LocalHost.", "loopback"],
  ["localhost.localdomain", "loopback"],
  ["ollama.localhost", "loopback"],
  ["10.0.0.1", "private"],
  ["0x0a000001", "private"],
  ["172.16.0.1", "private"],
  ["192.168.178.20", "private"],
  ["100.64.0.1", "private"],
  ["169.254.1.1", "private"],
  ["[fd12:3456::1]", "private"],
  ["[fe80::1]", "private"],
  ["[::ffff:192.168.0.1]", "private"],
  ["[64:ff9b::a00:1]", "private"],
  ["nas.local", "private"],
  ["host.docker.internal", "private"],
  ["models.corp.internal.", "private"],
  ["169.254.169.254", "metadata"],
  ["2852039166", "metadata"],
  ["0xa9fea9fe", "metadata"],
  ["0251.0376.0251.0376", "metadata"],
  ["[::ffff:169.254.169.254]", "metadata"],
  ["[64:ff9b::169.254.169.254]", "metadata"],
  ["[2002:a9fe:a9fe::]", "metadata"],
  ["[fd00:ec2::254]", "metadata"],
  ["169.254.170.2", "metadata"],
  ["100.100.100.200", "metadata"],
  ["168.63.129.16", "metadata"],
  ["metadata.google.internal", "metadata"],
  ["METADATA.google.internal.", "metadata"],
  ["metadata.goog", "metadata"],
  ["metadata", "metadata"],
  ["instance-data.ec2.internal", "metadata"],
  ["0.0.0.0", "reserved"],
  ["0", "reserved"],
  ["[::]", "reserved"],
  ["255.255.255.255", "reserved"],
  ["224.0.0.1", "reserved"],
  ["240.0.0.1", "reserved"],
  ["192.0.2.1", "reserved"],
  ["198.18.0.1", "reserved"],
  ["[ff02::1]", "reserved"],
  ["[2001:db8::1]", "reserved"],
];

/** Spellings that a URL parser would refuse or rewrite, given to the guard as they are. */
const RAW: readonly (readonly [host: string, kind: AddressKind])[] = [
  ["0x7f.0.0.1", "reserved"],
  ["0177.0.0.1", "reserved"],
  ["2130706433", "reserved"],
  ["127.1", "reserved"],
  ["127.0.0.0x1", "reserved"],
  ["::1", "loopback"],
  ["fe80::1%eth0", "private"],
  ["::ffff:169.254.169.254", "metadata"],
  ["[::1]", "loopback"],
];

/** Names that begin or end like one of ours, and texts that no resolver takes for an address. */
const UNKNOWN: readonly string[] = [
  "notlocalhost",
  "xmetadata",
  "metadata.goog.example.com",
  "a]b",
  "[::1]x",
  "::1]::",
];

describe("what a host means", () => {
  it.each(HOSTS)("%s in a URL: %s", (host, kind) => {
    expect(hostKind(new URL(`http://${host}:8080/v1`).hostname)).toBe(kind);
  });

  it.each(RAW)("%s as it is: %s", (host, kind) => {
    expect(hostKind(host)).toBe(kind);
  });

  it.each(UNKNOWN)("%s: only resolving can tell", (host) => {
    expect(hostKind(host)).toBeNull();
  });
});

type PolicyRow = readonly [scheme: string, loopback: boolean, privateNetwork: boolean, allowed: readonly AddressKind[]];
const POLICIES: readonly PolicyRow[] = [
  ["https", false, false, ["public"]],
  ["https", true, false, ["public", "loopback"]],
  ["https", false, true, ["public", "private"]],
  ["https", true, true, ["public", "loopback", "private"]],
  ["http", false, false, []],
  ["http", true, true, ["loopback", "private"]],
];

describe("the policy", () => {
  it.each(POLICIES)(
    "of %s with loopback %s, private network %s allows %j",
    (scheme, loopback, privateNetwork, allowed) => {
      const policy = policyOf({ origin: `${scheme}://provider.test`, allow: { loopback, privateNetwork } });
      expect(Object.entries(policy).flatMap(([kind, allows]) => (allows ? [kind] : []))).toEqual(allowed);
    },
  );

  it("names the kind of address when it refuses, not the address", () => {
    const refusal = refusalOf("10.1.2.3", LOOPBACK_ONLY);
    expect(refusal).toBeInstanceOf(EgressRefusal);
    expect(refusal?.message).toBe("not allowed for this provider: an address of a private network");
    expect(refusal?.name).toBe("EgressRefusal");
    expect(refusalOf("api.openai.com", LOOPBACK_ONLY)).toBeNull();
    expect(refusalOf("8.8.8.8", LOOPBACK_ONLY)).not.toBeNull();
  });
});

const POLICY = policyOf({ origin: "https://provider.test", allow: { loopback: true, privateNetwork: false } });

/** What `net.connect` would hear for a name with these addresses. */
function looked(addresses: readonly string[], options: { all?: boolean }, failing: Error | null = null) {
  const found = addresses.map((address): LookupAddress => ({ address, family: address.includes(":") ? 6 : 4 }));
  const heard: unknown[] = [];
  const lookup = guardedLookup((_name, resolved) => resolved(failing, found), POLICY);
  lookup("provider.test", options, (...told) => heard.push(...told));
  return heard;
}

describe("a guarded look-up", () => {
  it.each([
    ["all allowed, in order", ["127.0.0.1", "8.8.8.8", "::1"], ["127.0.0.1", "8.8.8.8", "::1"]],
    ["a private one among public ones (X03)", ["10.0.0.1", "8.8.8.8"], ["8.8.8.8"]],
    ["the metadata service among public ones (X03)", ["8.8.8.8", "169.254.169.254"], ["8.8.8.8"]],
    ["a mapped one among public ones", ["::ffff:10.0.0.1", "8.8.8.8"], ["8.8.8.8"]],
    ["something that is no address", ["nonsense", "8.8.8.8"], ["8.8.8.8"]],
  ])("of %s hands on the allowed ones", (_what, addresses, passed) => {
    const [error, list] = looked(addresses, { all: true });
    expect(error).toBeNull();
    expect((list as LookupAddress[]).map(({ address }) => address)).toEqual(passed);
  });

  it("for one address pins the first allowed one", () => {
    expect(looked(["10.0.0.1", "::1", "8.8.8.8"], {})).toEqual([null, "::1", 6]);
  });

  it.each([
    [["10.0.0.1", "169.254.169.254"], "an address of a private network"],
    [["169.254.169.254", "10.0.0.1"], "a cloud metadata service"],
    [["nonsense"], "a special-use address"],
    [[], "a special-use address"],
  ])("of %j is a refusal, and hands on nothing", (addresses, words) => {
    const [error, list] = looked(addresses, { all: true });
    expect(error).toBeInstanceOf(EgressRefusal);
    expect((error as Error).message).toBe(`not allowed for this provider: ${words}`);
    expect(list).toEqual([]);
  });

  it("hands on the resolver's own error", () => {
    const error = new Error("getaddrinfo ENOTFOUND");
    expect(looked([], { all: true }, error)[0]).toBe(error);
  });
});
