// TABLE: what a probe's row says, by failover reason (OpenClaw's buckets and reason codes).
import type { Reason } from "../core/failure.ts";

/** A probe's verdict. */
export type Bucket = "ok" | "auth" | "rate_limit" | "billing" | "timeout" | "format" | "unknown" | "no_model";

/** Why a credential was not asked at all. */
export type ReasonCode = "missing_credential" | "unresolved_ref" | "ineligible_profile" | "no_model";

/** The bucket of each reason. */
export const BUCKETS = {
  rate_limit: "rate_limit",
  overloaded: "rate_limit",
  billing: "billing",
  auth: "auth",
  auth_permanent: "auth",
  timeout: "timeout",
  format: "format",
  model_not_found: "format",
  empty_response: "unknown",
  unclassified: "unknown",
  none: "unknown",
} as const satisfies Record<Reason, Bucket>;
