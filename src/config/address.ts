// Judges base URLs at load: what may be written, what may be reached, what counts as local. Traffic is judged again at
// connect, on the resolved address; here only what the text itself says (fault rows X01 and X05, decision 27).
import { addressKind, type AddressKind } from "../core/ip-address.ts";
import type { Transport } from "../core/snapshot.ts";

/** What the file says about how far a provider may reach. */
export interface Reach {
  /** `request.allowPrivateNetwork`, as written. */
  readonly allowPrivateNetwork: boolean | undefined;
  /** True for rows whose configured address is trusted unless the file says `false`. */
  readonly trustsAddress: boolean;
}

/** A base URL that passed. */
export interface Address {
  readonly url: URL;
  readonly local: boolean;
  readonly allow: Transport["allow"];
  /** What may go wrong at connect all the same; null when nothing is foreseen. */
  readonly doubt: string | null;
}

const METADATA_NAMES = new Set([
  "metadata",
  "metadata.google.internal",
  "metadata.goog",
  "metadata.tencentyun.com",
  "instance-data",
  "instance-data.ec2.internal",
]);
const CONTAINER_HOSTS = new Set(["host.docker.internal", "host.containers.internal"]);
/** Names that only a private network gives out. */
const PRIVATE_NAME = /\.(local|internal)$/;
const GUARD = "Blocked hostname or private/internal/special-use IP address";
const ALLOW_HINT = "write request.allowPrivateNetwork: true for a server on your own network";

const unbracketed = (host: string): string => host.replace(/^\[|\]$/g, "");

/** True for names and addresses of this machine. */
export function isLoopback(host: string): boolean {
  const name = unbracketed(host).toLowerCase();
  const named = name === "localhost" || name === "localhost.localdomain" || name.endsWith(".localhost");
  return named || addressKind(name) === "loopback";
}

/** True for names that only mean something on the operator's own network. */
function isLocalName(host: string): boolean {
  const bare = addressKind(unbracketed(host)) === null && !host.includes(".");
  return bare || host.endsWith(".local") || CONTAINER_HOSTS.has(host);
}

/** Loopback, private addresses, `*.local`, bare host names, the container host (decision 27). */
export function isLocal(host: string): boolean {
  const name = host.toLowerCase();
  return isLoopback(name) || isLocalName(name) || addressKind(unbracketed(name)) === "private";
}

/** What is wrong with the text before it is a URL. */
function textProblem(text: string): string | null {
  if ([...text].some((character) => character <= " " || character === "\u007f")) {
    return "holds a space or control character";
  }
  if (text.includes("\\")) return "holds a backslash";
  if (!URL.canParse(text)) return "is not a URL";
  return null;
}

/** What is wrong with a parsed URL as an API root. */
function urlProblem(url: URL): string | null {
  if (url.protocol !== "http:" && url.protocol !== "https:") return `must be http or https, not ${url.protocol}`;
  if (url.username !== "" || url.password !== "") return "holds a user name or password; use apiKey or headers";
  if (url.hash !== "" || url.href.endsWith("#")) return "holds a fragment";
  if (url.hostname.endsWith(".")) return "has a host that ends with a dot";
  return null;
}

/** What the guard says about an address literal. */
function literalProblem(kind: AddressKind, url: URL, allow: Transport["allow"]): string | null {
  if (kind === "metadata") return `${GUARD}: a cloud metadata service is never a provider`;
  if (kind === "reserved") return `${GUARD}: no server has this address; for this machine write 127.0.0.1`;
  if (kind === "private" && !allow.privateNetwork) return `${GUARD}: ${ALLOW_HINT}`;
  if (kind === "loopback" && !allow.loopback) return `${GUARD}: request.allowPrivateNetwork is false`;
  if (kind === "public" && url.protocol === "http:") return "is a public address and needs https";
  return null;
}

/** What the guard says about a name, which may still resolve to anything. */
function nameProblem(url: URL, allow: Transport["allow"]): string | null {
  const host = url.hostname;
  if (METADATA_NAMES.has(host)) return `${GUARD}: a cloud metadata service is never a provider`;
  if (isLoopback(host)) return allow.loopback ? null : `${GUARD}: request.allowPrivateNetwork is false`;
  if (PRIVATE_NAME.test(host) && !allow.privateNetwork) return `${GUARD}: ${ALLOW_HINT}`;
  const mayBePlain = isLocalName(host) || allow.privateNetwork;
  if (url.protocol === "http:" && !mayBePlain) return `is a public name and needs https; ${ALLOW_HINT}`;
  return null;
}

function allowOf(host: string, reach: Reach): Transport["allow"] {
  const wide = reach.allowPrivateNetwork ?? reach.trustsAddress;
  // A public name must not become a way to this machine: loopback is open only to those who wrote a local address.
  const near = isLoopback(host) || isLocalName(host);
  return { loopback: reach.allowPrivateNetwork !== false && (near || wide), privateNetwork: wide };
}

function doubtOf(host: string, allow: Transport["allow"]): string | null {
  if (allow.privateNetwork || isLoopback(host) || !isLocalName(host)) return null;
  return `"${host}" is reached only if it resolves to this machine or a public address; ${ALLOW_HINT}`;
}

/** Judges a base URL. A text says why it is refused; it starts with a verb and reads after the name of the key. */
export function judgeAddress(text: string, reach: Reach): Address | string {
  const wrongText = textProblem(text);
  if (wrongText !== null) return wrongText;
  const url = new URL(text);
  const wrongUrl = urlProblem(url);
  if (wrongUrl !== null) return wrongUrl;
  const allow = allowOf(url.hostname, reach);
  const kind = addressKind(unbracketed(url.hostname));
  const guarded = kind === null ? nameProblem(url, allow) : literalProblem(kind, url, allow);
  if (guarded !== null) return guarded;
  return { url, local: isLocal(url.hostname), allow, doubt: doubtOf(url.hostname, allow) };
}
