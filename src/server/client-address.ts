// Who is on the other end: the peer of the connection, or the client that trusted reverse proxies in front of us name.
// Forwarding headers of anybody else are words (OpenClaw §1.4).
import type { IncomingHttpHeaders } from "node:http";
import { type AddressList, canonicalAddress } from "../core/ip-address.ts";
import { field } from "./fields.ts";

/** Fields that reverse proxies add; a request that bears one has come through somebody. */
const FORWARDING = ["x-forwarded-for", "x-real-ip", "forwarded", "x-forwarded-host", "x-forwarded-proto"] as const;

/** Whose forwarding headers count. */
export interface ProxyTrust {
  readonly trustedProxies: AddressList;
  /** Whether `x-real-ip` counts where `x-forwarded-for` names nobody. */
  readonly allowRealIpFallback: boolean;
}

/** True for 127.0.0.0/8 and ::1, also when mapped into IPv6. */
export function isLoopbackAddress(text: string): boolean {
  // As almost every local caller comes, and asked for with every request of mode `none`.
  if (text === "127.0.0.1" || text === "::1") return true;
  const address = canonicalAddress(text);
  return address !== null && (address === "::1" || address.startsWith("127."));
}

/** True when a program on this machine talks to us with nobody in between. */
export function isLocalDirect(headers: IncomingHttpHeaders, peer: string): boolean {
  return isLoopbackAddress(peer) && FORWARDING.every((name) => headers[name] === undefined);
}

/** The client's address, canonical; null when a trusted proxy is the peer and names nobody that can be believed. */
export function clientAddress(headers: IncomingHttpHeaders, peer: string, trust: ProxyTrust): string | null {
  if (!trust.trustedProxies.has(peer) || isLocalDirect(headers, peer)) return canonicalAddress(peer);
  const named = rightmostStranger(field(headers, "x-forwarded-for") ?? "", trust.trustedProxies);
  if (named !== null || !trust.allowRealIpFallback) return named;
  return hopAddress(field(headers, "x-real-ip") ?? "");
}

/** Right to left: each proxy appends whom it saw, so the first hop that is none of ours is the client. Left of it anything can stand. */
function rightmostStranger(forwardedFor: string, trustedProxies: AddressList): string | null {
  for (const hop of forwardedFor.split(",").reverse()) {
    const address = hopAddress(hop);
    if (address === null) return null;
    if (!isLoopbackAddress(address) && !trustedProxies.has(address)) return address;
  }
  return null;
}

/** An address with or without a port and brackets. */
function hopAddress(hop: string): string | null {
  const text = hop.trim();
  return canonicalAddress(/^(\[.+\]|[\d.]+):\d+$/.exec(text)?.[1] ?? text);
}
