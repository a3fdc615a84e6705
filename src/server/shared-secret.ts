// A token or a password, shown as `Authorization: Bearer …` (on Anthropic's paths also as `x-api-key`) and nowhere else; guesses are limited where the config says so.
import { timingSafeEqual } from "node:crypto";
import { failure, type Failure } from "../core/failure.ts";
import { clientBucket } from "../core/ip-address.ts";
import { clientAddress, isLocalDirect } from "./client-address.ts";
import { field, fieldCount } from "./fields.ts";
import { type Ask, headerDigest, type Knock } from "./gate.ts";

/** What is asked for: its word in log reasons, and the digest of the right one. */
export interface Wanted {
  readonly word: "token" | "password";
  readonly digest: Buffer | null;
}

/** Two credentials that differ. */
const TWO = Symbol("two");
/** Where digests of what is shown are written, to be compared at once. */
const SHOWN = Buffer.alloc(32);
const SHOWN_TOO = Buffer.alloc(32);

/** Compares what the caller shows with what is wanted. A wrong secret counts as a guess, a missing one does not, a right one clears. */
export function judgeBearer(ask: Ask, wanted: Wanted): Failure | null {
  const { limiter, now } = ask;
  const rules = ask.gate.auth.rateLimit;
  const client = rules === null ? null : limitedClient(ask);
  if (client !== null) {
    const lockedMs = limiter.lockedMs(client, now);
    if (lockedMs > 0) return lockedOut(lockedMs);
  }
  if (wanted.digest === null) return unauthorized(`${wanted.word}_missing_config`);
  const shown = shownBy(ask.knock);
  if (typeof shown === "symbol") return unauthorized(`${wanted.word}_ambiguous`);
  if (shown === null) return unauthorized(`${wanted.word}_missing`);
  if (!timingSafeEqual(headerDigest(shown, SHOWN), wanted.digest)) {
    if (client !== null && rules !== null) limiter.fail(client, rules, now);
    return unauthorized(`${wanted.word}_mismatch`);
  }
  if (client !== null) limiter.clear(client);
  return null;
}

/** The one refusal of all modes: the same bytes whatever was wrong. */
export function unauthorized(reason: string): Failure {
  return failure("unauthorized", "Unauthorized", { detail: reason, phase: "request" });
}

/** The credential that is shown; two different ones leave open which one counts (decision 28). */
function shownBy(knock: Knock): string | typeof TWO | null {
  const bearer = bearerOf(knock);
  const key = knock.takesApiKey ? apiKeyOf(knock) : null;
  if (bearer === null || key === null) return bearer ?? key;
  return timingSafeEqual(headerDigest(bearer, SHOWN), headerDigest(key, SHOWN_TOO)) ? bearer : TWO;
}

function apiKeyOf({ headers, rawHeaders }: Knock): string | null {
  const shown = field(headers, "x-api-key");
  return shown === null || fieldCount(rawHeaders, "x-api-key") > 1 ? null : shown;
}

const SCHEME = "Bearer ";

/** The text of the bearer credential; null when there is none or when two fields leave open which one counts. */
function bearerOf({ headers, rawHeaders }: Knock): string | null {
  const written = field(headers, "authorization");
  if (written === null || fieldCount(rawHeaders, "authorization") > 1) return null;
  // As everybody writes it; the pattern takes it in every other form.
  const first = written.startsWith(SCHEME) ? written[SCHEME.length] : undefined;
  if (first !== undefined && first > " " && first <= "~") return written.slice(SCHEME.length);
  return /^bearer[ \t]+(\S.*)$/i.exec(written)?.[1] ?? null;
}

/** Under whose name guesses are counted; null for whom the limit does not hold. */
function limitedClient({ knock, gate }: Ask): string | null {
  const { headers, peer } = knock;
  if (gate.auth.rateLimit?.exemptLoopback === true && isLocalDirect(headers, peer)) return null;
  return `shared-secret:${clientBucket(clientAddress(headers, peer, gate.trust) ?? "unknown")}`;
}

function lockedOut(retryAfterMs: number): Failure {
  return failure("auth-lockout", "Too many failed authentication attempts. Please try again later.", {
    detail: "rate_limited",
    phase: "request",
    retryAfterMs,
  });
}
