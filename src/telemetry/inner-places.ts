// Takes out of a provider's words what they tell of the machines behind the gateway: addresses, paths of people's folders, stacks. For words
// that go to a client; the operator's log keeps them. What the client needs, which parameter is wrong and why, stays.
import { isIP } from "node:net";
import { addressKind, type AddressKind } from "../core/ip-address.ts";
import type { Redact } from "./redact.ts";

const ADDRESS = "[address]";
const PATH = "[path]";
const STACK = "[stack]";

/** All bounds are above what anybody writes; they make the search take no longer than the text is long. */
const LINKS =
  /\b[a-z][a-z0-9+.-]{0,15}:\/\/(?:[^\s/?#@"'`<>]{0,256}@)?(?:\[[0-9a-f:.%]{2,64}\]|[^\s"'`<>()[\]{}\\/?#:,;]{1,255})(?::\d{1,5})?(?:[/?#][^\s"'`<>()[\]{}\\]{0,2048})?/gi;
/** A link inside the query of another one. */
const CODED_LINKS = /\b(?:https?|wss?|grpcs?|tcp)%3a%2f%2f[^\s"'`<>()[\]{}\\&#]{1,2048}/gi;
/** A host with its port, or what could be one: looked up, not believed. */
const HOSTS = /(?<![\w.-])[\w-]{1,63}(?:\.[\w-]{1,63}){0,20}(?::\d{1,5}(?!\d|\.\d))?/g;
const IPV6 = /(?<![\w:.])\[?[0-9a-f:.]{2,45}(?:%[\w.-]{1,32})?(?:\](?::\d{1,5})?)?/gi;
const IPV4_LOOKS = /^\d{1,3}\.\d{1,3}\./;
const FOLDERS =
  /(?:\bfile:\/\/\/|(?<![\w/.-])\\?\/(?:home|Users|root)\\?\/|\b[A-Za-z]:\\{1,2}[Uu]sers\\{1,2})[^\s"'`<>()|:,;]{0,1024}/g;
/** Lines of stacks: V8, JVM and .NET, then Python. */
const FRAMES = [
  /^\s{0,64}at (?=.{0,500}(?:[/\\(<]|node:)).{0,500}(?::\d{1,9}\)?|:line \d{1,9}|\((?:native|<anonymous>|Native Method|Unknown Source)\)|<anonymous>)\s{0,64}$/,
  /^\s{0,64}File ".{1,500}", line \d{1,9}(?:, in .{1,200})?\s{0,64}$/,
  /^\s{0,64}Traceback \(most recent call last\):\s{0,64}$/,
];
/** One in the middle of a sentence. */
const FRAME_INSIDE =
  /\s?\bat (?:async |new )?[^\s()]{1,200}(?: \[as [^\s\]]{1,100}\])? \([^\s()]{1,500}:\d{1,9}:\d{1,9}\)/g;
const HAS_FRAME = /\bat |File "|Traceback/;
const NETWORK = /^(?:https?|wss?|grpcs?|tcp|rediss?|amqps?|postgres(?:ql)?|mysql|mongodb):$/;
/** Names that only a machine or its own network knows (RFC 6762 appendix G, RFC 8375, Kubernetes). */
const INNER_NAME =
  /^localhost\.?$|\.(?:localhost|localdomain|local|internal|svc|lan|home|corp|intranet|private|home\.arpa)\.?$/;
/** Those of them that are no words, with a port or without. */
const CLUSTER_NAME = /\.(?:svc\.cluster\.local|pod\.cluster\.local|(?:compute|ec2)\.internal)$/;
/**
 * Places of one text that are looked up: an address or a link takes up to 50 us, and 16,000 characters hold thousands of them. Clients see
 * the first thousand bytes; whatever comes behind so many places is taken for one of ours unseen.
 */
const LOOKS_MAX = 64;

/**
 * Makes the mask. `origins` are known by value: of providers, of proxies on the way to them; everything else goes by its looks. A bare
 * name that is one word goes only with its port, since it may as well be a word.
 */
export function createPlaceMask(origins: readonly string[]): Redact {
  const known = new Set(origins.flatMap((origin) => spellings(URL.parse(origin))));
  return (text) => new PlaceSearch(known).mask(text);
}

/** Host and port, and the host alone where it is no mere word. */
function spellings(url: URL | null): string[] {
  if (url === null) return [];
  const { hostname } = url;
  const port = url.port === "" ? DEFAULT_PORTS[url.protocol] : url.port;
  return [`${hostname}:${port}`, ...(/[.[]/.test(hostname) ? [hostname] : [])];
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

/** The search of one text. */
class PlaceSearch {
  readonly #known: ReadonlySet<string>;
  #looks = 0;

  constructor(known: ReadonlySet<string>) {
    this.#known = known;
  }

  mask(text: string): string {
    return withoutStack(text)
      .replace(LINKS, (link) => this.#maskedLink(link))
      .replace(CODED_LINKS, (coded) => this.#maskedCodedLink(coded))
      .replace(FOLDERS, PATH)
      .replace(HOSTS, (host) => (this.#isPlace(host) ? ADDRESS : host))
      .replace(IPV6, (match) => this.#maskedIPv6(match));
  }

  /** True when no further place is looked up. */
  #isTired(): boolean {
    this.#looks += 1;
    return this.#looks > LOOKS_MAX;
  }

  #maskedLink(link: string): string {
    const end = /[.,;:!?]{1,8}$/.exec(link)?.[0] ?? "";
    const url = this.#isTired() ? null : URL.parse(link.slice(0, link.length - end.length));
    // Nobody knows where it leads, so nobody is told.
    if (url === null) return ADDRESS + end;
    const hostname = url.hostname.toLowerCase();
    const kind = kindOf(hostname.replace(/^\[|\]$/g, ""));
    const isInner = kind === null ? isInnerName(url, hostname) : kind !== "public";
    const isKnown = this.#known.has(hostname) || spellings(url).some((spelling) => this.#known.has(spelling));
    return isInner || isKnown ? ADDRESS + end : link;
  }

  #maskedCodedLink(coded: string): string {
    // Unlike `decodeURIComponent` it takes everything.
    const link = String(new URLSearchParams(`link=${coded}`).get("link"));
    return this.#maskedLink(link) === link ? coded : ADDRESS;
  }

  #isPlace(host: string): boolean {
    const lower = host.toLowerCase();
    const [name = "", port] = lower.split(":");
    if (this.#known.has(lower) || this.#known.has(name)) return true;
    // Most are words, and to read one as an address takes 15 us.
    if (IPV4_LOOKS.test(name) && this.#isInnerAddress(name)) return true;
    return (port !== undefined && INNER_NAME.test(name)) || CLUSTER_NAME.test(name);
  }

  #maskedIPv6(match: string): string {
    const bare = match.replace(/^\[|\](?::\d{1,5})?$/g, "").replace(/\.{1,8}$|(?<!:):$/, "");
    // Two colons and a digit make the difference to a time or an operator.
    const isAddress = bare.indexOf(":") !== bare.lastIndexOf(":") && /[0-9a-f]/i.test(bare);
    if (!isAddress || !(this.#known.has(`[${bare}]`) || this.#isInnerAddress(bare))) return match;
    return match.replace(/^\[.*\](?::\d{1,5})?|^[^\]]*[^.:\]]/, ADDRESS);
  }

  /** Other reserved addresses are documentation and versions. */
  #isInnerAddress(text: string): boolean {
    if (isIP(text) === 0) return false;
    if (this.#isTired()) return true;
    const kind = addressKind(text);
    return kind === "loopback" || kind === "private" || kind === "metadata" || text === "0.0.0.0";
  }
}

/** The kind of an address; null, and at once, for a name. */
function kindOf(hostname: string): AddressKind | null {
  return isIP(hostname) === 0 ? null : addressKind(hostname);
}

/** One word is a machine where a network is spoken of, or somebody signs in; of a store (`s3:`) it is a bucket, and the client's own. */
function isInnerName({ port, protocol, username }: URL, name: string): boolean {
  if (INNER_NAME.test(name)) return true;
  return !name.includes(".") && (port !== "" || username !== "" || NETWORK.test(protocol));
}

function withoutStack(text: string): string {
  if (!HAS_FRAME.test(text)) return text;
  const lines = text.split(/\r?\n/);
  const kept = lines.filter((line) => !FRAMES.some((frame) => frame.test(line)));
  const cleaned = (kept.length === lines.length ? text : kept.join("\n")).replace(FRAME_INSIDE, "");
  return cleaned.trim() === "" ? STACK : cleaned;
}
