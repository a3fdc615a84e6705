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

/** SHA-256 of bytes, or of a text in UTF-8: digests have one length, so comparing them tells nothing of the secret's. */
function digest(of: Buffer | string): Buffer {
  return writtenDigest(of, Buffer.alloc(DIGEST_BYTES));
}

/** Every request pays for one; by way of a text Node makes it in a third of the time that a buffer takes. */
function writtenDigest(of: Buffer | string, into: Buffer): Buffer {
  into.write(hash("sha256", of, "binary"), "latin1");
  return into;
}

const DIGEST_BYTES = 32;
const PRINTABLE_ASCII = /^[ -~]*$/;

/**
 * The digest of a header's text, which Node reads as Latin-1 while the secret's own bytes are UTF-8. It is written into `into`, 32 bytes:
 * whoever compares at once needs none of its own.
 */
export function headerDigest(text: string, into: Buffer): Buffer {
  return writtenDigest(PRINTABLE_ASCII.test(text) ? text : Buffer.from(text, "latin1"), into);
}

function secretDigest(secret: Secret | null): Buffer | null {
  const text = secret?.reveal() ?? "";
  return text === "" ? null : digest(text);
}
