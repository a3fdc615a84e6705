// Takes out of a provider's words what they tell of the machines behind the gateway: addresses, paths of people's folders, stacks. For words
// that go to a client; the operator's log keeps them. What the client needs, which parameter is wrong and why, stays.
import { addressKind } from "../core/ip-address.ts";
import type { Redact } from "./redact.ts";

const ADDRESS = "[address]";
const PATH = "[path]";
const STACK = "[stack]";

/** All bounds are above what anybody writes; they make the search take no longer than the text is long. */
const LINKS =
  /\b[a-z][a-z0-9+.-]{0,15}:\/\/(?:[^\s/?#@"'`<>]{0,256}@)?(?:\[[0-9a-f:.%]{2,64}\]|[^\s"'`<>()[\]{}\\/?#:,;]{1,255})(?::\d{1,5})?(?:[/?#][^\s"'`<>()[\]{}\\]{0,2048})?/gi;
/** A host with its port, or what could be one: looked up, not believed. */
const HOSTS = /(?<![\w.-])[\w-]{1,63}(?:\.[\w-]{1,63}){0,20}(?::\d{1,5}(?!\d))?/g;
const IPV6 = /(?<![\w:.])\[?[0-9a-f:.]{2,45}(?:%[\w.-]{1,32})?(?:\](?::\d{1,5})?)?/gi;
const IPV4_LOOKS = /^\d{1,3}\.\d{1,3}\./;
const FOLDERS =
  /(?:\bfile:\/\/\/|(?<![\w/.-])\/(?:home|Users|root)\/|\b[A-Z]:\\{1,2}Users\\{1,2})[^\s"'`<>()|:,;]{0,1024}/g;
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
/** Names that only a machine or its own network knows. */
const INNER_NAME = /^localhost$|\.(?:localhost|localdomain|local|internal)$/;

/**
 * Makes the mask. `origins` are known by value: of providers, of proxies on the way to them; everything else goes by its looks. A bare
 * name that is one word goes only with its port, since it may as well be a word.
 */
export function createPlaceMask(origins: readonly string[]): Redact {
  const known = new Set(origins.flatMap(spellings));
  return (text) =>
    withoutStack(text)
      .replace(LINKS, (link) => maskedLink(link, known))
      .replace(FOLDERS, PATH)
      .replace(HOSTS, (host) => (isPlace(host, known) ? ADDRESS : host))
      .replace(IPV6, (match) => maskedIPv6(match, known));
}

/** Host and port, and the host alone where it is no mere word. */
function spellings(origin: string): string[] {
  const url = URL.parse(origin);
  if (url === null) return [];
  const { hostname } = url;
  const port = url.port === "" ? DEFAULT_PORTS[url.protocol] : url.port;
  return [`${hostname}:${port}`, ...(/[.[]/.test(hostname) ? [hostname] : [])];
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

function maskedLink(link: string, known: ReadonlySet<string>): string {
  const end = /[.,;:!?]{1,8}$/.exec(link)?.[0] ?? "";
  const url = URL.parse(link.slice(0, link.length - end.length));
  // Nobody knows where it leads, so nobody is told.
  if (url === null) return ADDRESS + end;
  const hostname = url.hostname.toLowerCase();
  const kind = addressKind(hostname.replace(/^\[|\]$/g, ""));
  const isInner = kind === null ? isInnerName(url.protocol, hostname) : kind !== "public";
  const isKnown = known.has(hostname) || spellings(url.href).some((spelling) => known.has(spelling));
  return isInner || isKnown ? ADDRESS + end : link;
}

/** One word is a machine where a network is spoken of; of a store (`s3:`) it is a bucket, and the client's own. */
function isInnerName(protocol: string, name: string): boolean {
  return INNER_NAME.test(name) || (!name.includes(".") && /^(?:https?|wss?|grpcs?|tcp):$/.test(protocol));
}

function isPlace(host: string, known: ReadonlySet<string>): boolean {
  const lower = host.toLowerCase();
  const [name = "", port] = lower.split(":");
  if (known.has(lower) || known.has(name)) return true;
  // Most are words, and to read one as an address takes 15 us.
  if (IPV4_LOOKS.test(name) && isInnerAddress(name)) return true;
  return port !== undefined && INNER_NAME.test(name);
}

function maskedIPv6(match: string, known: ReadonlySet<string>): string {
  const bare = match.replace(/^\[|\](?::\d{1,5})?$/g, "").replace(/\.{1,8}$|(?<!:):$/, "");
  // Two colons and a digit make the difference to a time or an operator.
  const isAddress = bare.indexOf(":") !== bare.lastIndexOf(":") && /[0-9a-f]/i.test(bare);
  if (!isAddress || !(known.has(`[${bare}]`) || isInnerAddress(bare))) return match;
  return match.replace(/^\[.*\](?::\d{1,5})?|^[^\]]*[^.:\]]/, ADDRESS);
}

/** Other reserved addresses are documentation and versions. */
function isInnerAddress(text: string): boolean {
  const kind = addressKind(text);
  return kind === "loopback" || kind === "private" || kind === "metadata" || text === "0.0.0.0";
}

function withoutStack(text: string): string {
  if (!HAS_FRAME.test(text)) return text;
  const lines = text.split(/\r?\n/);
  const kept = lines.filter((line) => !FRAMES.some((frame) => frame.test(line)));
  const cleaned = (kept.length === lines.length ? text : kept.join("\n")).replace(FRAME_INSIDE, "");
  return cleaned.trim() === "" ? STACK : cleaned;
}
