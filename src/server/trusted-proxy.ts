// Mode `trusted-proxy`: a reverse proxy has checked the user and says so in headers. Believed only from its own address (OpenClaw §1.4).
import type { Failure } from "../core/failure.ts";
import type { AuthSettings } from "../core/snapshot.ts";
import { isLocalDirect, isLoopbackAddress } from "./client-address.ts";
import { field, fieldCount } from "./fields.ts";
import type { Ask } from "./gate.ts";
import { judgeBearer, unauthorized } from "./shared-secret.ts";

type TrustedProxy = NonNullable<AuthSettings["trustedProxy"]>;

/** Null when the proxy's word holds; a configured password serves programs of this machine that come without a proxy. */
export function judgeTrustedProxy(ask: Ask): Failure | null {
  const { knock, gate } = ask;
  if (gate.passwordDigest !== null && isLocalDirect(knock.headers, knock.peer)) {
    return judgeBearer(ask, { word: "password", digest: gate.passwordDigest });
  }
  const settings = gate.auth.trustedProxy;
  if (settings === null || gate.auth.trustedProxies.length === 0) {
    return unauthorized("trusted_proxy_no_proxies_configured");
  }
  const reason = peerReason(ask, settings) ?? identityReason(ask, settings);
  return reason === null ? null : unauthorized(reason);
}

function peerReason({ knock, gate }: Ask, settings: TrustedProxy): string | null {
  if (!gate.trust.trustedProxies.has(knock.peer)) return "trusted_proxy_untrusted_source";
  if (isLoopbackAddress(knock.peer) && !settings.allowLoopback) return "trusted_proxy_loopback_source";
  return null;
}

function identityReason({ knock }: Ask, settings: TrustedProxy): string | null {
  const { headers, rawHeaders } = knock;
  const missing = settings.requiredHeaders.find((name) => field(headers, name.toLowerCase()) === null);
  if (missing !== undefined) return `trusted_proxy_missing_header_${missing.toLowerCase()}`;
  const userHeader = settings.userHeader.toLowerCase();
  const user = field(headers, userHeader);
  if (user === null || fieldCount(rawHeaders, userHeader) !== 1) return "trusted_proxy_user_missing";
  const { allowUsers, allowedOrigins } = settings;
  if (allowUsers.length > 0 && !allowUsers.includes(user)) return "trusted_proxy_user_not_allowed";
  const origin = field(headers, "origin");
  if (origin === null || allowedOrigins.includes("*") || allowedOrigins.includes(origin)) return null;
  return "trusted_proxy_origin_not_allowed";
}
