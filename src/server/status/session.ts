// A browser that has shown the gateway's secret once: a signed cookie instead of the secret (decision 28). Signed with the secret, so a
// new secret ends all sessions; nothing is kept here, so any worker knows any session. Counts only where an endpoint says so.
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { AuthSettings } from "../../core/snapshot.ts";
import { field } from "../fields.ts";
import type { Visit } from "../visit.ts";

/** How long a session lasts, in seconds. */
export const SESSION_S = 12 * 3_600;
const NONCE_BYTES = 12;
/** Keeps the signature from being one of anything else that the secret may sign. */
const PURPOSE = "openclaw-edge status session v1";
const COOKIE_VALUE = /^(\d{1,12})\.([\w-]{16})\.([\w-]{43})$/;

/** True when the visit bears a valid session of this gateway. */
export function hasSession(visit: Visit): boolean {
  const secret = sessionSecret(visit.snapshot.gateway.auth);
  const parts = COOKIE_VALUE.exec(cookie(visit) ?? "");
  if (secret === null || parts === null) return false;
  // Each group of the pattern takes part in every match.
  const [, until, nonce, signature] = parts as readonly string[] as readonly [string, string, string, string];
  const right = sign(secret, until, nonce);
  if (!timingSafeEqual(Buffer.from(signature), Buffer.from(right))) return false;
  return Number(until) * 1_000 > visit.lobby.parts.clock.wall();
}

/** The `Set-Cookie` of a new session; null where sessions have no secret: without auth, and behind a proxy that asks for itself. */
export function newSession(visit: Visit): string | null {
  const secret = sessionSecret(visit.snapshot.gateway.auth);
  if (secret === null) return null;
  const until = String(Math.floor(visit.lobby.parts.clock.wall() / 1_000) + SESSION_S);
  const nonce = randomBytes(NONCE_BYTES).toString("base64url");
  return cookieField(visit, `${until}.${nonce}.${sign(secret, until, nonce)}`, SESSION_S);
}

/** The `Set-Cookie` that ends a session. */
export function noSession(visit: Visit): string {
  return cookieField(visit, "", 0);
}

/** What people show to sign in, by mode. */
function sessionSecret({ mode, token, password }: AuthSettings): string | null {
  const secrets = { none: null, token, password, "trusted-proxy": null } as const;
  const secret = secrets[mode]?.reveal() ?? "";
  return secret === "" ? null : secret;
}

function sign(secret: string, until: string, nonce: string): string {
  return createHmac("sha256", secret).update(`${PURPOSE}\n${until}\n${nonce}`).digest("base64url");
}

/** Cookies know no ports: two gateways of one machine have two names. */
function cookieName({ incoming }: Visit): string {
  return `openclaw-edge-${incoming.socket.localPort ?? 0}`;
}

function cookieField(visit: Visit, value: string, maxAgeS: number): string {
  const secure = "encrypted" in visit.incoming.socket ? "; Secure" : "";
  return `${cookieName(visit)}=${value}; Path=/; Max-Age=${maxAgeS}; HttpOnly; SameSite=Strict${secure}`;
}

/** The first cookie of that name; a second one is somebody else's. */
function cookie(visit: Visit): string | null {
  const name = `${cookieName(visit)}=`;
  for (const part of (field(visit.headers, "cookie") ?? "").split(";")) {
    const text = part.trim();
    if (text.startsWith(name)) return text.slice(name.length);
  }
  return null;
}
