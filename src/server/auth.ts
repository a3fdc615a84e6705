// Who may come in (OpenClaw §1.4, decision 28). One row per mode; the caller learns only that it may not, the log learns why.
import { failure, type Failure } from "../core/failure.ts";
import type { AuthSettings } from "../core/snapshot.ts";
import { isLoopbackAuthority, isLoopbackOrigin } from "./authority.ts";
import { isLoopbackAddress } from "./client-address.ts";
import { field } from "./fields.ts";
import type { Ask, Gate } from "./gate.ts";
import { judgeBearer } from "./shared-secret.ts";
import { judgeTrustedProxy } from "./trusted-proxy.ts";

type Judge = (ask: Ask) => Failure | null;

const MODES = {
  none: judgeOpen,
  token: (ask) => judgeBearer(ask, { word: "token", digest: ask.gate.tokenDigest }),
  password: (ask) => judgeBearer(ask, { word: "password", digest: ask.gate.passwordDigest }),
  "trusted-proxy": judgeTrustedProxy,
} as const satisfies Record<AuthSettings["mode"], Judge>;

/** Null lets the caller in; a failure's `detail` is the reason for log and metric, in OpenClaw's words. */
export function authenticate(ask: Ask): Failure | null {
  return MODES[ask.gate.auth.mode](ask);
}

/** Without a secret only programs of this machine may call, and no web page that a browser of this machine shows. */
function judgeOpen({ knock, gate }: Ask): Failure | null {
  // No bind but loopback goes with this mode; but while a reload moves the door, connections to the old address live on.
  if (!isLoopbackAddress(knock.local))
    return forbidden("not_loopback", "Without authentication, only this machine may call.");
  const host = field(knock.headers, "host");
  if (host === null || !isLoopbackAuthority(host)) {
    return forbidden("host_not_loopback", "Without authentication, `Host` must be a loopback name or address.");
  }
  const origin = field(knock.headers, "origin");
  if (origin === null || isKnownOrigin(gate, origin)) return null;
  return forbidden("origin_not_allowed", "This origin may not call the gateway.");
}

function isKnownOrigin(gate: Gate, origin: string): boolean {
  return isLoopbackOrigin(origin) || gate.allowOrigins.has(origin);
}

function forbidden(detail: string, message: string): Failure {
  return failure("forbidden", message, { detail, phase: "request" });
}
