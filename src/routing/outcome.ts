// What an attempt that committed or ended means for the memory of its target and credential: the record that health folds.
// Plain data without a secret, so that workers can exchange it.
import type { AttemptRef, Because } from "../core/events.ts";
import { type Disposition, dispositionOf, type Failure, type FailureKind } from "../core/failure.ts";
import type { CooldownSettings } from "../core/snapshot.ts";
import { type Lesson, lessonOf } from "./lesson.ts";

/** One outcome of one attempt. Instants are monotonic milliseconds. */
export interface OutcomeRecord {
  readonly at: number;
  readonly startedAt: number;
  readonly provider: string;
  readonly target: string;
  readonly credential: string;
  readonly fingerprint: string;
  readonly settings: CooldownSettings;
  readonly probe: boolean;
  readonly afterCommit: boolean;
  /** `left`: cancelled, nothing is known of the provider. */
  readonly was: "committed" | "completed" | "failed" | "left";
  /** What the failure means; null unless it failed. */
  readonly disposition: Pick<Disposition, "reason" | "breaks" | "cools" | "coolsScope" | "redial"> | null;
  /** The wait that the provider stated, in milliseconds; null when it stated none. */
  readonly statedMs: number | null;
  /** What it showed of the shape that the target takes; null for most. */
  readonly learns: Lesson | null;
}

/** The record of an attempt at its commit or at its end. */
export function outcomeOf(ref: AttemptRef, at: number): OutcomeRecord {
  const { failure, outcome } = ref;
  const failed = outcome === "failed" && failure !== null && tellsOfProvider(failure, ref.because);
  return {
    at,
    startedAt: ref.startedAt,
    provider: ref.target.provider,
    target: ref.target.id,
    credential: ref.credential.id,
    fingerprint: ref.credential.fingerprint,
    settings: ref.target.cooldowns,
    probe: ref.probe,
    afterCommit: ref.committedAt !== null,
    was: outcome === null ? "committed" : failed ? "failed" : outcome === "completed" ? "completed" : "left",
    disposition: failed ? dispositionOf(failure.kind) : null,
    statedMs: failed ? failure.retryAfterMs : null,
    learns: lessonOf(ref),
  };
}

/** Ends of attempts that are this process's own doing: a bug, no descriptors left, going away. */
const OURS: ReadonlySet<FailureKind> = new Set(["internal", "overloaded-here", "draining"]);

/** What failed before it was sent, or through us, does not; nor does an idle connection that was closed meanwhile, once. */
function tellsOfProvider({ kind, phase, replaySafe }: Failure, because: Because): boolean {
  return phase !== "request" && !OURS.has(kind) && (!replaySafe || because === "replay");
}
