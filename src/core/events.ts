// What happened, as data. Metrics, spans, log lines and tests read this one stream. No event per chunk.
// Events hold references that are valid for reading at delivery; who wants to keep figures copies them. Records are delivered a moment after
// they are told (telemetry/event-batch.ts): at a start, what its attempt will only come to know may already be there.
import type { AskedSettings } from "./asked-settings.ts";
import type { Failure, Phase } from "./failure.ts";
import type { TraceContext } from "./ids.ts";
import type { Told } from "./lane.ts";
import type { LaneName, Operation } from "./names.ts";
import type { Plan } from "./plan.ts";
import type { RemedyName } from "./remedy.ts";
import type { Credential, Target } from "./snapshot.ts";
import type { StandingChange } from "./standing.ts";
import type { AttemptStep, FailStep } from "./step.ts";

/** One request under way. Instants are monotonic milliseconds. */
export interface RequestRef {
  readonly id: string;
  readonly trace: TraceContext;
  readonly operation: Operation;
  readonly stream: boolean;
  readonly agent: string;
  readonly channel: string | null;
  /** What it named: `openclaw/<agent>` or a target id. */
  readonly requested: string;
  readonly startedAt: number;
  readonly bodyAt: number;
  readonly requestBytes: number;
  /** What spans tell of it; null where it has none. */
  readonly asked: AskedSettings | null;
}

/** Why an attempt is made. */
export type Because = "first" | "failover" | "larger-context" | "rotate" | "replay" | "repair" | "hedge";

/** One try at one candidate. */
export interface AttemptRef {
  readonly number: number;
  /** The span that the provider is told of. */
  readonly trace: TraceContext;
  readonly target: Target;
  readonly credential: Credential;
  readonly because: Because;
  /** What the request was changed by, beyond what the file says. */
  readonly remedies: readonly RemedyName[];
  /** True when it finds out whether a cooling target or credential answers again. */
  readonly probe: boolean;
  /** True when an earlier attempt of the request went to the same provider; drawn from that provider's budget. */
  readonly repeat: boolean;
  readonly lane: LaneName;
  readonly startedAt: number;
  openedAt: number | null;
  firstByteAt: number | null;
  committedAt: number | null;
  endedAt: number | null;
  status: number | null;
  upstreamRequestId: string | null;
  requestBytes: number;
  responseBytes: number;
  told: Told | null;
  failure: Failure | null;
  outcome: Outcome | null;
}

/** How an attempt or a request ended. */
export type Outcome = "completed" | "failed" | "cancelled";

/** Everything that is told. Noun-verb. */
export type ProxyEvent =
  | RequestRefused
  | RequestAnswered
  | RequestStart
  | RequestDecided
  | RequestAdjusted
  | AttemptStart
  | AttemptCommit
  | AttemptEnd
  | RequestEnd
  | StandingChanged
  | RemedyLearned
  | ConfigReloaded;

/** Refused before there was a plan: at the door or by the request check. */
export interface RequestRefused {
  readonly type: "request-refused";
  readonly at: number;
  readonly requestId: string;
  readonly trace: TraceContext;
  /** Route template, or `other`. */
  readonly endpoint: string;
  readonly method: string;
  readonly status: number;
  readonly failure: Failure;
  readonly startedAt: number;
  readonly requestBytes: number;
}
/** Answered by the door itself: health, models, metrics. */
export interface RequestAnswered {
  readonly type: "request-answered";
  readonly at: number;
  /** Route template. */
  readonly endpoint: string;
  readonly method: string;
  readonly status: number;
  readonly startedAt: number;
}
export interface RequestStart {
  readonly type: "request-start";
  readonly at: number;
  readonly request: RequestRef;
  readonly plan: Plan;
}
/** One step of the policy, told before it is taken; waiting is no step. */
export interface RequestDecided {
  readonly type: "request-decided";
  readonly at: number;
  readonly request: RequestRef;
  readonly plan: Plan;
  readonly step: AttemptStep | FailStep;
  /** The attempt that led here; null at the start. */
  readonly last: AttemptRef | null;
}
/** Something the client wrote was dropped, renamed or clamped for a target. */
export interface RequestAdjusted {
  readonly type: "request-adjusted";
  readonly at: number;
  readonly request: RequestRef;
  readonly target: Target;
  readonly adjusted: readonly string[];
}
export interface AttemptStart {
  readonly type: "attempt-start";
  readonly at: number;
  readonly request: RequestRef;
  readonly attempt: AttemptRef;
  /** The failure that led here; null on the first attempt. */
  readonly after: Failure | null;
  /** The target that failed; null on the first attempt. */
  readonly from: Target | null;
}
export interface AttemptCommit {
  readonly type: "attempt-commit";
  readonly at: number;
  readonly request: RequestRef;
  readonly attempt: AttemptRef;
}
/** Every attempt ends exactly once, before its request does. */
export interface AttemptEnd {
  readonly type: "attempt-end";
  readonly at: number;
  readonly request: RequestRef;
  readonly attempt: AttemptRef;
}
/** Every started request ends exactly once. */
export interface RequestEnd {
  readonly type: "request-end";
  readonly at: number;
  readonly request: RequestRef;
  /** The status sent; 499 when the client left before there was one. */
  readonly status: number;
  readonly outcome: Outcome;
  readonly failure: Failure | null;
  /** How far it came; the phase of a client's leaving. */
  readonly phase: Phase;
  readonly attempts: readonly AttemptRef[];
  /** Whose answer was sent: the one that committed, or the one whose empty answer no other bettered. */
  readonly served: AttemptRef | null;
  readonly bytesOut: number;
  /** Monotonic instant of the first byte to the client, or null. */
  readonly firstWriteAt: number | null;
}
/** A credential or a target began to cool, or answers again. */
export interface StandingChanged {
  readonly type: "standing-changed";
  readonly at: number;
  readonly change: StandingChange;
}
/** A target took a request that it had refused: from now on its requests are changed so from the start. */
export interface RemedyLearned {
  readonly type: "remedy-learned";
  readonly at: number;
  readonly provider: string;
  /** Target id. */
  readonly target: string;
  /** True when the file has an entry for the model. */
  readonly isListed: boolean;
  readonly remedy: RemedyName;
}
/** The configuration was read again while the process ran. */
export interface ConfigReloaded {
  readonly type: "config-reloaded";
  readonly at: number;
  /** `rejected`: the new one was refused, the last good one serves on. */
  readonly result: "swapped" | "rejected" | "unchanged";
  /** Of the configuration that serves now. */
  readonly revision: string;
  readonly complaints: number;
  /** Key paths, never values. */
  readonly changed: readonly string[];
  /** Keys that were changed and take effect only in a new process. */
  readonly restartNeeded: readonly string[];
}

/** Hears every event; must be fast and cannot harm. */
export type Observer = (event: ProxyEvent) => void;
