// What a `Host` field or the host of an origin names. Text only: nothing is resolved.
import { isLoopbackAddress } from "./client-address.ts";

/** Authorities as they are written every day, which every URL parser reads alike; all others are held against the parser itself. */
const EVERYDAY = /^(?:127\.0\.0\.1|(?!.*xn--)(?:[a-z0-9_-]+\.)*[a-z][a-z0-9_-]*)(?::(?:\d{1,4}|[1-5]\d{4}))?$/;

/** The one that was plain last: nearly all callers name the same. */
let lastPlain = "";

/** True when a `Host` field means to every reader exactly what it says: a host and perhaps a port (RFC 9110 §7.2). */
export function isPlainAuthority(authority: string): boolean {
  if (authority === lastPlain && authority !== "") return true;
  if (EVERYDAY.test(authority)) {
    lastPlain = authority;
    return true;
  }
  if (!URL.canParse(`http://${authority}`)) return false;
  const { host } = new URL(`http://${authority}`);
  const written = authority.toLowerCase();
  return host === written || `${host}:80` === written;
}

/** True for `localhost`, names below it and loopback addresses, with or without a port. */
export function isLoopbackAuthority(authority: string): boolean {
  const name = authority.toLowerCase().replace(/:\d+$/, "").replace(/\.$/, "");
  return name === "localhost" || name.endsWith(".localhost") || isLoopbackAddress(name);
}

/** True for an origin (RFC 6454) whose host is a loopback one; `null` and everything unreadable is not. */
export function isLoopbackOrigin(origin: string): boolean {
  const parts = /^https?:\/\/([^/?#@]+)$/i.exec(origin);
  return parts?.[1] !== undefined && isLoopbackAuthority(parts[1]);
}
