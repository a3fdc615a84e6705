// Scopes can only take away (OpenClaw §1.4): a shared secret has them all, the other modes let a header name fewer.
import type { IncomingHttpHeaders } from "node:http";
import { failure, type Failure } from "../core/failure.ts";
import type { AuthSettings } from "../core/snapshot.ts";

/** What an endpoint asks for. */
export type Scope = "operator.read" | "operator.write";

/** Which scopes hold which: admin holds everything, write holds read. */
const HELD_BY = {
  "operator.read": ["operator.read", "operator.write", "operator.admin"],
  "operator.write": ["operator.write", "operator.admin"],
} as const satisfies Record<Scope, readonly string[]>;

const HEADER_NARROWS = {
  none: true,
  token: false,
  password: false,
  "trusted-proxy": true,
} as const satisfies Record<AuthSettings["mode"], boolean>;

/** Null when the caller holds the scope. The header absent means all scopes, present but empty means none. */
export function checkScope(headers: IncomingHttpHeaders, mode: AuthSettings["mode"], scope: Scope): Failure | null {
  const written = headers["x-openclaw-scopes"];
  if (written === undefined || !HEADER_NARROWS[mode]) return null;
  const scopes = new Set(
    String(written)
      .split(",")
      .map((each) => each.trim()),
  );
  if (HELD_BY[scope].some((holder) => scopes.has(holder))) return null;
  return failure("forbidden", `missing scope: ${scope}`, {
    code: "missing_scope",
    detail: "missing_scope",
    phase: "request",
  });
}
