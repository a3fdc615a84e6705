// Addresses: what kind an IP is, and whether it lies in a list of IPs and CIDRs. The one file of this floor that imports a library.
import ipaddr from "ipaddr.js";

/** What the egress guard and `local` care about. */
export type AddressKind = "public" | "loopback" | "private" | "metadata" | "reserved";

/** Cloud metadata services; never a provider (AWS, GCP, Azure, Alibaba, ECS task, EKS pod, EC2 and GCP over IPv6). */
const METADATA = new Set([
  "169.254.169.254",
  "169.254.170.2",
  "169.254.170.23",
  "100.100.100.200",
  "fd00:ec2::254",
  "fd00:ec2::23",
  "fd20:ce::254",
  "168.63.129.16",
]);
const PRIVATE_RANGES = new Set(["private", "uniqueLocal", "carrierGradeNat", "linkLocal"]);

type Address = ipaddr.IPv4 | ipaddr.IPv6;
/** The 16-bit groups of an IPv6 address. */
type Groups = readonly [number, number, number, number, number, number, number, number];

/** Two 16-bit groups of an IPv6 address as the IPv4 address that they spell. */
function quad(high: number, low: number): ipaddr.IPv4 {
  return new ipaddr.IPv4([high >> 8, high & 255, low >> 8, low & 255]);
}

/**
 * An IPv4 address hidden inside an IPv6 one (mapped, NAT64, 6to4, compatible) is judged as itself. Teredo and the local NAT64 prefix
 * (RFC 8215), where each network chooses the place of the hidden address, stay what they are: reserved.
 */
function unwrapped(address: Address): Address {
  if (address.kind() === "ipv4") return address;
  const six = address as ipaddr.IPv6;
  if (six.isIPv4MappedAddress()) return six.toIPv4Address();
  const groups = six.parts as readonly number[] as Groups;
  const range = six.range();
  if (range === "6to4") return quad(groups[1], groups[2]);
  const wellKnown = range === "rfc6052" && groups[2] === 0;
  const compatible = range === "unicast" && groups.slice(0, 6).every((group) => group === 0);
  return wellKnown || compatible ? quad(groups[6], groups[7]) : six;
}

/** The address without its zone (RFC 4007), which names an interface of this machine. */
function withoutZone(text: string): string {
  return text.replace(/%.*$/s, "");
}

const NUMBERS_AND_DOTS = /^[\d.]+$/;

/**
 * Four decimal parts or IPv6. Legacy IPv4 (`127.1`, `010.0.0.1`) means different addresses to different readers: to us none. The library
 * throws inside and catches what is no address: for a name, which is what most of them are, that costs 20 us, and 6 ms at a start.
 */
function isStrict(text: string): boolean {
  if (text.includes(":")) return ipaddr.IPv6.isValid(text);
  return NUMBERS_AND_DOTS.test(text) && ipaddr.IPv4.isValidFourPartDecimal(text);
}

/** The kind of an IP literal (no brackets; a zone id is ignored), or null when the text is none. */
export function addressKind(text: string): AddressKind | null {
  const bare = withoutZone(text);
  if (!isStrict(bare)) return null;
  const address = unwrapped(ipaddr.parse(bare));
  if (METADATA.has(address.toString())) return "metadata";
  const range = address.range();
  if (range === "unicast") return "public";
  if (range === "loopback") return "loopback";
  return PRIVATE_RANGES.has(range) ? "private" : "reserved";
}

/** One spelling for one address: IPv4-mapped IPv6 becomes IPv4, IPv6 is compressed; null when the text is no address. */
export function canonicalAddress(text: string): string | null {
  const bare = withoutZone(text).replace(/^\[(.*)\]$/, "$1");
  return isStrict(bare) ? ipaddr.process(bare).toString() : null;
}

/** The key under which attempts of one client are counted: an IPv4 address, or the /64 of an IPv6 one. */
export function clientBucket(text: string): string {
  const canonical = canonicalAddress(text);
  if (canonical === null) return "unknown";
  const address = ipaddr.parse(canonical);
  if (address.kind() === "ipv4") return canonical;
  return `${(address as ipaddr.IPv6).parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(":")}::/64`;
}

/** An IP or CIDR as address and prefix length; a range of IPv4-mapped addresses is the IPv4 range that they stand for. */
function parseRange(entry: string): [Address, number] | null {
  if (isStrict(entry)) {
    const address = ipaddr.process(entry);
    return [address, address.kind() === "ipv4" ? 32 : 128];
  }
  if (!ipaddr.IPv6.isValidCIDR(entry) && !ipaddr.IPv4.isValidCIDRFourPartDecimal(entry)) return null;
  const [address, bits] = ipaddr.parseCIDR(entry);
  const mapped = address.kind() === "ipv6" && (address as ipaddr.IPv6).isIPv4MappedAddress() && bits >= 96;
  return mapped ? [(address as ipaddr.IPv6).toIPv4Address(), bits - 96] : [address, bits];
}

/** A list of IPs and CIDRs, parsed once. Entries that are neither are reported by `invalid`. */
export class AddressList {
  readonly invalid: readonly string[];
  readonly #ranges: [Address, number][] = [];

  constructor(entries: readonly string[]) {
    const invalid: string[] = [];
    for (const entry of entries) {
      const range = parseRange(entry);
      if (range === null) invalid.push(entry);
      else this.#ranges.push(range);
    }
    this.invalid = invalid;
  }

  has(text: string): boolean {
    const canonical = canonicalAddress(text);
    if (canonical === null) return false;
    const address = ipaddr.parse(canonical);
    return this.#ranges.some(([range, bits]) => range.kind() === address.kind() && address.match(range as never, bits));
  }
}
