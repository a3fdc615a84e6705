// The egress guard: which addresses and names a connection may go to (OpenClaw §2.5, fault rows X01 to X03).
// Judges only; the connector asks it before a literal is dialled, and for every address that a name resolves to.
import type { LookupAddress } from "node:dns";
import { isIP, type LookupFunction } from "node:net";
import { type AddressKind, addressKind } from "../core/ip-address.ts";
import type { Transport } from "../core/snapshot.ts";
import type { Resolve } from "./name-cache.ts";

/** What may be dialled, by kind of address. */
export type EgressPolicy = Readonly<Record<AddressKind, boolean>>;

/** The policy of a transport: public addresses over TLS only, and what its file opened beyond them (decision 27). */
export function policyOf({ origin, allow }: Pick<Transport, "origin" | "allow">): EgressPolicy {
  return {
    public: origin.startsWith("https:"),
    loopback: allow.loopback,
    private: allow.privateNetwork,
    metadata: false,
    reserved: false,
  };
}

/** This host and nothing else, for probes nobody configured. */
export const LOOPBACK_ONLY: EgressPolicy = {
  public: false,
  loopback: true,
  private: false,
  metadata: false,
  reserved: false,
};

const WORDS: Readonly<Record<AddressKind, string>> = {
  public: "a public address without TLS",
  loopback: "an address of this machine",
  private: "an address of a private network",
  metadata: "a cloud metadata service",
  reserved: "a special-use address",
};

/** What the connector reports instead of dialling. Names the kind of address only. */
export class EgressRefusal extends Error {
  readonly code = "ERR_EGRESS_REFUSED";

  constructor(kind: AddressKind) {
    super(`not allowed for this provider: ${WORDS[kind]}`);
    this.name = "EgressRefusal";
  }
}

/** Names that stand for a kind of address, whatever they resolve to; a leading dot means "and everything below". */
const NAMES: readonly (readonly [name: string, kind: AddressKind])[] = [
  ["metadata", "metadata"],
  ["metadata.google.internal", "metadata"],
  ["metadata.goog", "metadata"],
  ["metadata.tencentyun.com", "metadata"],
  ["instance-data", "metadata"],
  ["instance-data.ec2.internal", "metadata"],
  ["localhost", "loopback"],
  ["localhost.localdomain", "loopback"],
  [".localhost", "loopback"],
  [".local", "private"],
  [".internal", "private"],
];
/** Legacy spellings of IPv4 (`0x7f.1`, `2130706433`): resolvers read them as addresses, so nobody may use them as names. */
const NUMERIC = /(?:^|\.)(?:\d+|0x[0-9a-f]*)$/;

/** The kind of address that a host stands for before it is resolved, or null when only resolving can tell. */
export function hostKind(host: string): AddressKind | null {
  const bare = host
    .replace(/^\[|\]$/g, "")
    .replace(/\.$/, "")
    .toLowerCase();
  const literal = addressKind(bare);
  if (literal !== null) return literal;
  if (NUMERIC.test(bare) || isIP(bare) !== 0) return "reserved";
  const row = NAMES.find(([name]) => bare === name || (name.startsWith(".") && bare.endsWith(name)));
  return row?.[1] ?? null;
}

/** Why this host may not be dialled, or null when it may be (a name still has to pass with its addresses). */
export function refusalOf(host: string, policy: EgressPolicy): EgressRefusal | null {
  const kind = hostKind(host);
  return kind === null || policy[kind] ? null : new EgressRefusal(kind);
}

/** The kind of what a resolver gave; what is no address is dialled under no policy. */
function kindOf({ address }: LookupAddress): AddressKind {
  return addressKind(address) ?? "reserved";
}

type Permitted = [first: LookupAddress, ...others: LookupAddress[]];

/** The allowed ones among the addresses of a name, in their order; a refusal, which names the first one's kind, when none is allowed. */
function permitted(addresses: readonly LookupAddress[], policy: EgressPolicy): Permitted | EgressRefusal {
  const [first, ...others] = addresses.filter((each) => policy[kindOf(each)]);
  if (first !== undefined) return [first, ...others];
  return new EgressRefusal(addresses.map(kindOf)[0] ?? "reserved");
}

/**
 * A `lookup` for `net.connect` that hands on allowed addresses only. The socket dials exactly what it is given here and
 * resolves nothing itself, so a name that changes its mind between check and connect (rebinding) gains nothing.
 */
export function guardedLookup(resolve: Resolve, policy: EgressPolicy): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, (error, addresses) => {
      const passed = error ?? permitted(addresses, policy);
      if (passed instanceof Error) callback(passed, []);
      else if (options.all === true) callback(null, passed);
      else callback(null, passed[0].address, passed[0].family);
    });
  };
}
