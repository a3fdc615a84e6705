// What one configuration asks of callers, made ready once: digests instead of secrets, parsed address lists.
import { hash } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { AddressList } from "../core/ip-address.ts";
import type { Secret } from "../core/secret.ts";
import type { AuthSettings, GatewaySettings } from "../core/snapshot.ts";
import type { ProxyTrust } from "./client-address.ts";
import { once } from "./once.ts";
import type { RateLimiter } from "./rate-limiter.ts";

/** What a caller shows: its head and the address that it calls from. */
export interface Knock {
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly peer: string;
  /** The address of ours that it called. */
  readonly local: string;
  /** True where `x-api-key` counts as well (Anthropic's clients). */
  readonly takesApiKey: boolean;
}

/** The door's demands. */
export interface Gate {
  readonly auth: AuthSettings;
  readonly allowOrigins: ReadonlySet<string>;
  readonly tokenDigest: Buffer | null;
  readonly passwordDigest: Buffer | null;
  readonly trust: ProxyTrust;
}

/** A caller before the demands, at an instant. */
export interface Ask {
  readonly knock: Knock;
  readonly gate: Gate;
  readonly limiter: RateLimiter;
  /** Monotonic milliseconds. */
  readonly now: number;
}

/** The demands of a configuration. */
export const gateOf = once((gateway: GatewaySettings): Gate => {
  const { auth } = gateway;
  return {
    auth,
    allowOrigins: new Set(gateway.corsAllowOrigins),
    tokenDigest: secretDigest(auth.token),
    passwordDigest: secretDigest(auth.password),
    trust: { trustedProxies: new AddressList(auth.trustedProxies), allowRealIpFallback: auth.allowRealIpFallback },
  };
});

/**
 * SHA-256 of bytes: digests have one length, so comparing them tells nothing of the secret's. Every request pays for one; by way of a text
 * Node makes it in a third of the time that a buffer takes.
 */
export function digest(bytes: Buffer): Buffer {
  return Buffer.from(hash("sha256", bytes, "binary"), "binary");
}

function secretDigest(secret: Secret | null): Buffer | null {
  const text = secret?.reveal() ?? "";
  return text === "" ? null : digest(Buffer.from(text));
}
