// Addresses in every spelling: what kind each is, which are the same, which list holds them.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  addressKind,
  type AddressKind,
  AddressList,
  canonicalAddress,
  clientBucket,
} from "../../../src/core/ip-address.ts";

describe("addressKind", () => {
  const rows: readonly [string, string, AddressKind | null][] = [
    ["a public address", "1.1.1.1", "public"],
    ["a public IPv6 address", "2606:4700:4700::1111", "public"],
    ["loopback", "127.0.0.1", "loopback"],
    ["the far end of loopback", "127.255.255.254", "loopback"],
    ["IPv6 loopback", "::1", "loopback"],
    ["IPv6 loopback in full", "0000:0000:0000:0000:0000:0000:0000:0001", "loopback"],
    ["10/8", "10.255.0.1", "private"],
    ["172.16/12 at its last address", "172.31.255.255", "private"],
    ["beside 172.16/12", "172.32.0.0", "public"],
    ["192.168/16", "192.168.1.1", "private"],
    ["carrier grade NAT", "100.64.0.1", "private"],
    ["IPv4 link local", "169.254.1.1", "private"],
    ["IPv6 link local with its zone", "fe80::1%eth0", "private"],
    ["unique local", "fd12:3456::1", "private"],
    ["AWS, Azure and GCP metadata", "169.254.169.254", "metadata"],
    ["ECS task metadata", "169.254.170.2", "metadata"],
    ["EKS pod identity", "169.254.170.23", "metadata"],
    ["EKS pod identity over IPv6", "fd00:ec2::23", "metadata"],
    ["Alibaba metadata", "100.100.100.200", "metadata"],
    ["Azure's wire server", "168.63.129.16", "metadata"],
    ["EC2 metadata over IPv6", "fd00:ec2::254", "metadata"],
    ["EC2 metadata over IPv6 in full", "fd00:0ec2:0:0:0:0:0:0254", "metadata"],
    ["GCP metadata over IPv6", "fd20:ce::254", "metadata"],
    ["metadata mapped into IPv6", "::ffff:169.254.169.254", "metadata"],
    ["metadata mapped into IPv6, in hex", "::ffff:a9fe:a9fe", "metadata"],
    ["metadata as a compatible address", "::a9fe:a9fe", "metadata"],
    ["metadata behind NAT64", "64:ff9b::a9fe:a9fe", "metadata"],
    ["metadata behind NAT64, dotted", "64:ff9b::169.254.169.254", "metadata"],
    ["metadata behind 6to4", "2002:a9fe:a9fe::", "metadata"],
    ["loopback mapped into IPv6", "::ffff:127.0.0.1", "loopback"],
    ["loopback as a compatible address", "::127.0.0.1", "loopback"],
    ["loopback behind NAT64", "64:ff9b::7f00:1", "loopback"],
    ["loopback behind 6to4", "2002:7f00:1::", "loopback"],
    ["a private address behind 6to4", "2002:c0a8:101::1", "private"],
    ["a public address behind NAT64", "64:ff9b::808:808", "public"],
    ["NAT64 of the local prefix, which hides its address where it likes", "64:ff9b:1::808:808", "reserved"],
    ["NAT64 of the local prefix around metadata", "64:ff9b:1:a9fe:a9:fe00:808:808", "reserved"],
    ["Teredo", "2001:0:a9fe:a9fe::1", "reserved"],
    ["translated addresses", "::ffff:0:127.0.0.1", "reserved"],
    ["no address", "0.0.0.0", "reserved"],
    ["no IPv6 address", "::", "reserved"],
    ["beside IPv6 loopback", "::2", "reserved"],
    ["a compatible address of 0/8", "::101", "reserved"],
    ["broadcast", "255.255.255.255", "reserved"],
    ["multicast", "224.0.0.1", "reserved"],
    ["IPv6 multicast", "ff02::1", "reserved"],
    ["benchmarks", "198.18.0.1", "reserved"],
    ["documentation", "2001:db8::1", "reserved"],
    ["site local of old", "fec0::1", "reserved"],
    ["the short form of loopback is a name to us", "127.1", null],
    ["the decimal form of loopback is a name to us", "2130706433", null],
    ["the octal form of loopback is a name to us", "0177.0.0.1", null],
    ["the hexadecimal form of loopback is a name to us", "0x7f.0.0.1", null],
    ["a part above 255", "256.0.0.1", null],
    ["brackets", "[::1]", null],
    ["a port", "127.0.0.1:80", null],
    ["a space", " 127.0.0.1", null],
    ["a name", "localhost", null],
    ["nothing", "", null],
  ];
  it.each(rows)("%s: %s", (_what, text, kind) => {
    expect(addressKind(text)).toBe(kind);
  });

  it("an IPv4 address has the same kind however IPv6 spells it", () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        const [a, b, c, d] = address.split(".").map(Number) as [number, number, number, number];
        const [high, low] = [(a * 256 + b).toString(16), (c * 256 + d).toString(16)];
        const kind = addressKind(address);
        for (const spelled of [`::ffff:${address}`, `::ffff:${high}:${low}`, `64:ff9b::${high}:${low}`]) {
          expect([spelled, addressKind(spelled)]).toEqual([spelled, kind]);
        }
        expect(addressKind(`2002:${high}:${low}::`)).toBe(kind);
      }),
      { numRuns: 300 },
    );
  });
});

describe("canonicalAddress", () => {
  const rows: readonly [string, string, string | null][] = [
    ["IPv4 is itself", "203.0.113.9", "203.0.113.9"],
    ["mapped IPv4 is IPv4", "::ffff:203.0.113.9", "203.0.113.9"],
    ["mapped IPv4 in hex is IPv4", "::FFFF:cb00:7109", "203.0.113.9"],
    ["IPv6 is compressed and lower-case", "2001:0DB8:0:0::0:1", "2001:db8::1"],
    ["brackets are none of its business", "[2001:db8::1]", "2001:db8::1"],
    ["a zone says nothing", "fe80::1%eth0", "fe80::1"],
    ["a leading zero would be octal to some", "010.0.0.1", null],
    ["legacy forms are no addresses", "127.1", null],
    ["a number is no address", "2130706433", null],
    ["nor are words", "unknown", null],
    ["nor is one with a bracket inside", "2001:db8[::1", null],
    ["whichever bracket", "2001:]db8::1", null],
    ["half a pair of brackets makes no address", "[2001:db8::1", null],
    ["whichever half", "2001:db8::1]", null],
    ["nor do brackets behind a word", "x[2001:db8::1]", null],
    ["or before one", "[2001:db8::1]x", null],
  ];
  it.each(rows)("%s: %s", (_what, text, expected) => {
    expect(canonicalAddress(text)).toBe(expected);
  });

  it("is its own canonical form", () => {
    fc.assert(
      fc.property(fc.oneof(fc.ipV4(), fc.ipV6()), (address) => {
        const canonical = canonicalAddress(address);
        expect(canonical === null ? null : canonicalAddress(canonical)).toBe(canonical);
      }),
      { numRuns: 300 },
    );
  });
});

describe("clientBucket", () => {
  it.each([
    ["an IPv4 client counts alone", "203.0.113.9", "203.0.113.9"],
    ["also when mapped", "::ffff:203.0.113.9", "203.0.113.9"],
    ["an IPv6 client counts by its /64", "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
    ["whichever address of it it takes", "2001:db8:1:2:ffff::", "2001:db8:1:2::/64"],
    ["what is no address is one bucket", "unknown", "unknown"],
  ])("%s: %s", (_what, text, expected) => {
    expect(clientBucket(text)).toBe(expected);
  });
});

describe("AddressList", () => {
  const rows: readonly [string, string, string, boolean][] = [
    ["an address holds itself", "10.0.0.1", "10.0.0.1", true],
    ["an address holds its mapped form", "10.0.0.1", "::ffff:10.0.0.1", true],
    ["a mapped entry holds the address", "::ffff:10.0.0.1", "10.0.0.1", true],
    ["a range holds its members", "10.0.0.0/8", "10.255.255.255", true],
    ["a range holds mapped members", "10.0.0.0/8", "::ffff:10.1.2.3", true],
    ["a range written from inside is that range", "10.9.8.7/8", "10.0.0.1", true],
    ["a range does not hold its neighbours", "10.0.0.0/8", "11.0.0.0", false],
    ["a mapped range is the IPv4 range", "::ffff:10.0.0.0/104", "10.1.2.3", true],
    ["an IPv6 range holds its members", "2001:db8::/32", "2001:db8:ffff::1", true],
    ["an IPv6 range holds no IPv4", "::/0", "10.0.0.1", false],
    ["0/0 holds every IPv4 address", "0.0.0.0/0", "203.0.113.9", true],
    ["0/0 holds no IPv6 address", "0.0.0.0/0", "2001:db8::1", false],
    ["an address does not hold its neighbours", "10.0.0.1", "10.0.0.2", false],
    ["an IPv6 address holds itself", "2001:db8::1", "2001:db8::1", true],
    ["an IPv6 address does not hold its neighbours", "2001:db8::1", "2001:db8::2", false],
    ["all mapped addresses are all of IPv4", "::ffff:0:0/96", "203.0.113.9", true],
    [
      "a range that is written by a mapped address and is wider is one of IPv6",
      "::ffff:1.2.3.4/64",
      "203.0.113.9",
      false,
    ],
    ["a range around them is one of IPv6", "::fffe:0:0/95", "203.0.113.9", false],
    ["a small IPv6 range holds its members", "2001:db8::/104", "2001:db8::1", true],
    ["a list holds no word", "0.0.0.0/0", "unknown", false],
  ];
  it.each(rows)("%s: %s, %s", (_what, entry, address, held) => {
    const list = new AddressList(["192.0.2.1", entry]);
    expect(list.invalid).toEqual([]);
    expect(list.has(address)).toBe(held);
  });

  it.each(["", "10", "10/8", "010.0.0.1", "0x7f.1", "10.0.0.0/33", "::/129", "[::1]", "localhost", "10.0.0.1 "])(
    "names %j as no address and no range",
    (entry) => {
      const list = new AddressList(["10.0.0.1", entry]);
      expect(list.invalid).toEqual([entry]);
      expect(list.has("10.0.0.1")).toBe(true);
      expect(list.has("0.0.0.10")).toBe(false);
      expect(list.has("8.0.0.1")).toBe(false);
    },
  );
});
