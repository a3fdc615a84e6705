// Certificates that we write ourselves, read by somebody else: Node's OpenSSL.
import { createPrivateKey, X509Certificate } from "node:crypto";
import { assert as holds, ipV4, ipV6, oneof, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { der, generalizedTime, oid, positive, TAG } from "../../../src/config/der.ts";
import { selfSigned } from "../../../src/config/self-signed.ts";

const hex = (bytes: Buffer): string => bytes.toString("hex");

describe("DER", () => {
  it.each<[what: string, bytes: Buffer, expected: string]>([
    ["a length of one byte", der(TAG.octetString, Buffer.alloc(0x7f)).subarray(0, 2), "047f"],
    ["a length of two bytes", der(TAG.octetString, Buffer.alloc(0x80)).subarray(0, 3), "048180"],
    ["a length of three bytes", der(TAG.octetString, Buffer.alloc(0x1234)).subarray(0, 4), "04821234"],
    ["zero", positive(Buffer.of(0, 0)), "020100"],
    ["a number whose first bit is set", positive(Buffer.of(0x80)), "02020080"],
    ["a number with zeros in front", positive(Buffer.of(0, 0, 5)), "020105"],
    ["an identifier with large parts", oid("1.2.840.10045.4.3.2"), "06082a8648ce3d040302"],
    [
      "an instant",
      generalizedTime(Date.UTC(2026, 0, 2, 3, 4, 5, 678)),
      `180f${Buffer.from("20260102030405Z").toString("hex")}`,
    ],
  ])("%s", (_what, bytes, expected) => {
    expect(hex(bytes)).toBe(expected);
  });
});

describe("a certificate that signs itself", () => {
  it("says what it was told, holds its key's signature, and is no authority", () => {
    const names = ["localhost", "127.0.0.1", "::1", "fe80::1:2", "2001:db8::", "10.1.2.3"];
    const notBeforeMs = Date.UTC(2026, 0, 1);
    const { cert, key } = selfSigned({ names, notBeforeMs, days: 10, serial: Buffer.from("00ff01", "hex") });
    const read = new X509Certificate(cert);
    expect(read.verify(read.publicKey)).toBe(true);
    expect(read.checkPrivateKey(createPrivateKey(key))).toBe(true);
    expect([read.subject, read.issuer, read.ca, read.serialNumber]).toEqual([
      "CN=localhost",
      "CN=localhost",
      false,
      "FF01",
    ]);
    expect([Date.parse(read.validFrom), Date.parse(read.validTo)]).toEqual([
      notBeforeMs,
      notBeforeMs + 10 * 86_400_000,
    ]);
    for (const name of names.slice(1)) expect(read.checkIP(name)).toBe(name);
    expect(read.checkHost("localhost")).toBe("localhost");
    expect(read.keyUsage).toEqual(["1.3.6.1.5.5.7.3.1"]);
  });

  it("holds for every address, however it is written", () => {
    holds(
      property(oneof(ipV4(), ipV6()), (written) => {
        const address = written.includes(":") ? new URL(`http://[${written}]`).hostname.slice(1, -1) : written;
        const { cert } = selfSigned({ names: ["x", address], notBeforeMs: 0, days: 1, serial: Buffer.of(1) });
        return new X509Certificate(cert).checkIP(address) === address;
      }),
      { numRuns: 25 },
    );
  });
});
