// A certificate that signs itself, for `gateway.tls.autoGenerate` (RFC 5280): ECDSA on P-256, for this machine's names and addresses.
// Clients must be told to trust it; it keeps out listeners, not impostors whom nobody checks.
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { isIPv4 } from "node:net";
import { bits, der, generalizedTime, oid, positive, sequence, TAG } from "./der.ts";

/** What the certificate says. */
export interface CertificateWords {
  /** Names and addresses that it is valid for; the first is its common name. */
  readonly names: readonly string[];
  readonly notBeforeMs: number;
  readonly days: number;
  /** 16 random bytes. */
  readonly serial: Uint8Array;
}

/** PEM texts. */
export interface PemPair {
  readonly cert: string;
  readonly key: string;
}

const OID = {
  ecdsaWithSha256: "1.2.840.10045.4.3.2",
  commonName: "2.5.4.3",
  subjectAltName: "2.5.29.17",
  basicConstraints: "2.5.29.19",
  keyUsage: "2.5.29.15",
  extendedKeyUsage: "2.5.29.37",
  serverAuth: "1.3.6.1.5.5.7.3.1",
} as const;

const DAY_MS = 86_400_000;
/** X.509 v3. */
const VERSION = der(TAG.version, der(TAG.integer, Buffer.of(2)));
const ALGORITHM = sequence(oid(OID.ecdsaWithSha256));
const TRUE = der(TAG.boolean, Buffer.of(0xff));
/** Bit 0, digitalSignature; seven bits unused. */
const DIGITAL_SIGNATURE = der(TAG.bitString, Buffer.of(7, 0x80));

/** Makes a key and its certificate. */
export function selfSigned(words: CertificateWords): PemPair {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const body = bodyOf(words, publicKey);
  const signature = sign("sha256", body, privateKey);
  const certificate = sequence(body, ALGORITHM, bits(signature));
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
  };
}

function bodyOf({ names, notBeforeMs, days, serial }: CertificateWords, publicKey: KeyObject): Buffer {
  const name = nameOf(names[0] ?? "localhost");
  const validity = sequence(generalizedTime(notBeforeMs), generalizedTime(notBeforeMs + days * DAY_MS));
  const key = publicKey.export({ type: "spki", format: "der" });
  return sequence(VERSION, positive(serial), ALGORITHM, name, validity, name, key, extensionsOf(names));
}

function nameOf(common: string): Buffer {
  return sequence(der(TAG.set, sequence(oid(OID.commonName), der(TAG.utf8, Buffer.from(common)))));
}

function extensionsOf(names: readonly string[]): Buffer {
  const rows = [
    // No authority: nobody can sign anything else with what the gateway holds.
    extension(OID.basicConstraints, TRUE, sequence()),
    extension(OID.keyUsage, TRUE, DIGITAL_SIGNATURE),
    extension(OID.extendedKeyUsage, null, sequence(oid(OID.serverAuth))),
    extension(OID.subjectAltName, null, sequence(...names.map(alternative))),
  ];
  return der(TAG.extensions, sequence(...rows));
}

function extension(id: string, critical: Buffer | null, value: Buffer): Buffer {
  return sequence(oid(id), ...(critical === null ? [] : [critical]), der(TAG.octetString, value));
}

function alternative(name: string): Buffer {
  const address = addressBytes(name);
  return address === null ? der(TAG.dnsName, Buffer.from(name)) : der(TAG.ipAddress, address);
}

function groups(text: string | undefined): string[] {
  return text === undefined || text === "" ? [] : text.split(":");
}

/** The bytes of an address; of IPv6 only what URL parsers write. */
function addressBytes(name: string): Buffer | null {
  if (isIPv4(name)) return Buffer.from(name.split(".").map(Number));
  if (!name.includes(":")) return null;
  const [head = "", tail] = name.split("::");
  const [front, back] = [groups(head), groups(tail)];
  const zeros = Array.from({ length: 8 - front.length - back.length }, () => "0");
  const all = tail === undefined ? front : [...front, ...zeros, ...back];
  return Buffer.from(all.flatMap((group) => [parseInt(group, 16) >> 8, parseInt(group, 16) & 0xff]));
}
