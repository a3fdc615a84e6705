// The words of the failover policy: what may be tried next, what was tried, and why candidates were passed over.
import type { Because } from "./events.ts";
import type { Failure } from "./failure.ts";
import type { Candidate } from "./plan.ts";
import type { RemedyName } from "./remedy.ts";
import type { Credential } from "./snapshot.ts";
import type { OutReason } from "./standing.ts";

/** A candidate that was not taken at this step, and why. */
export interface Skip {
  readonly target: string;
  readonly credential: string | null;
  readonly reason: OutReason;
  /** Monotonic instant of recovery; null when it is not a matter of time. */
  readonly until: number | null;
}

/** Go and try this. */
export interface AttemptStep {
  readonly do: "attempt";
  readonly candidate: Candidate;
  readonly credential: Credential;
  readonly because: Because;
  /** What the request is changed by for this target, learned ones first. */
  readonly remedies: readonly RemedyName[];
  /** It finds out whether a cooling target or credential answers again. */
  readonly probe: boolean;
  /** An earlier attempt of this request went to the same provider. */
  readonly repeat: boolean;
  /** Bound of the commit clock where it is tighter than the target's own, in milliseconds. */
  readonly commitMsMax: number | null;
  readonly skipped: readonly Skip[];
}
/** Nothing to do until something happens, or until this monotonic instant. */
export interface WaitStep {
  readonly do: "wait";
  readonly until: number | null;
}
/** It is over, with this failure. */
export interface FailStep {
  readonly do: "fail";
  readonly failure: Failure;
  readonly why: "over" | "final" | "attempts" | "exhausted" | "budget" | "full" | "all-cooling";
  readonly skipped: readonly Skip[];
}
/** The next step. */
export type Step = AttemptStep | WaitStep | FailStep;

/** One attempt of the history. Instants are monotonic milliseconds; `failure` null means that it is under way. */
export interface Tried {
  readonly step: AttemptStep;
  readonly startedAt: number;
  readonly failure: Failure | null;
  readonly endedAt: number | null;
}
