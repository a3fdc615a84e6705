// The plan of one request: what may be tried, in order, and why the rest may not. Made by routing/plan, printed by `explain`.
import type { Reason } from "./failure.ts";
import type { DialectName, LaneName } from "./names.ts";
import type { Target } from "./snapshot.ts";

/** A target considered for this request, with its lane. */
export interface Candidate {
  readonly position: number;
  readonly target: Target;
  /** The wire format spoken with the provider. */
  readonly dialect: DialectName;
  readonly path: string;
  readonly request: LaneName;
  readonly response: "relay" | "translate";
  /** Bound on the clocks of an attempt there, beside the target's own; null or absent: none. */
  readonly attemptMsMax?: number | null;
}

/** A target passed over, and why: a fixed word such as `needs_translation`. */
export interface Refusal {
  readonly target: string;
  readonly why: string;
}

/** Bounds of one request. */
export interface PlanLimits {
  /** Refused shapes are changed, repeated once, and remembered. */
  readonly heals: boolean;
  readonly attemptsMax: number;
  /** Monotonic instant until which a commit is awaited. */
  readonly deadlineAt: number;
  /** False when the model must not change: exact selection, embeddings, stored state. */
  readonly failsOver: boolean;
  /** Other credentials to try after a failure of such a reason; unlisted reasons go by the failure table. */
  readonly rotations: Readonly<Partial<Record<Reason, number>>>;
  /** Pause before the next attempt after an overload, in milliseconds. */
  readonly overloadedBackoffMs: number;
  /** Part of a provider's requests that may be repeats there, 0 to 1. */
  readonly sameProviderShare: number;
  /** When a second provider is asked beside the first, and for which part of the requests; null: never. */
  readonly hedge: { readonly afterMs: number; readonly share: number } | null;
}

/** The ordered candidates, the refusals with reasons, the limits. */
export interface Plan {
  readonly agent: string;
  /** What was asked for, as a label: the agent's name or a configured target id. */
  readonly requested: string;
  readonly candidates: readonly Candidate[];
  readonly refused: readonly Refusal[];
  readonly limits: PlanLimits;
}
