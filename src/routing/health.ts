// What is known of providers beyond the snapshot: cooling credentials, broken targets, requests under way. A fold over what happened
// to attempts; it outlives snapshots and forgets with the process. It orders candidates, policy decides (decisions 16 to 19, 21).
import type { AttemptRef, ProxyEvent, RemedyLearned } from "../core/events.ts";
import { type LearnedRemedies, NO_REMEDIES, type RemedyName } from "../core/remedy.ts";
import type { Credential, Target } from "../core/snapshot.ts";
import type { NotReady, Standing, StandingChange } from "../core/standing.ts";
import { BoundedBook } from "./bounded-book.ts";
import type { BreakerOutcome } from "./breaker.ts";
import { CredentialHealth, NEVER } from "./credential-health.ts";
import { HedgeBudget } from "./hedge-budget.ts";
import { type Lesson, lessonsOf } from "./lesson.ts";
import { notReady } from "./not-ready.ts";
import { type OutcomeRecord, outcomeOf } from "./outcome.ts";
import { ProviderLoad } from "./provider-load.ts";
import { standingOf } from "./standing-of.ts";
import { TargetHealth } from "./target-health.ts";
import { isCooling, windowAfter } from "./window.ts";
import { type Place, WINDOW_SCOPES, type WindowScope } from "./window-scopes.ts";

/** Targets, credentials and providers that are remembered at most, each. */
const REMEMBERED_MAX = 4_096;
const SCOPES = Object.values(WINDOW_SCOPES);

/** What health is made with. */
export interface HealthParts {
  /** Between 0 and 1: spreads the reopening of breakers. */
  readonly random: () => number;
  /** Hears when something begins to cool or answers again. */
  readonly onChange?: (change: StandingChange, at: number) => void;
  /** Hears what is learned of the shape that a target takes, one by one. */
  readonly onLearn?: (learned: RemedyLearned) => void;
  /** Hears everything that was found out here, for other processes that ask the same providers. */
  readonly onNews?: (news: HealthNews) => void;
  /** Processes that share one budget of repeats; 1 unless said otherwise. */
  readonly sharers?: () => number;
}

/** Whom a probe finds out about. */
export interface ProbeSubject {
  readonly target: string;
  readonly fingerprint: string;
}

/** What one process tells the others. Plain data without a secret; instants are monotonic milliseconds. */
export type HealthNews =
  | { readonly of: "outcome"; readonly record: OutcomeRecord; readonly random: number }
  | {
      readonly of: "lesson";
      readonly target: string;
      readonly provider: string;
      readonly lesson: Lesson;
      readonly at: number;
    }
  | { readonly of: "probe-over"; readonly subject: ProbeSubject };

/** The memory of targets, credentials and providers. */
export class Health {
  readonly #targets = new BoundedBook(REMEMBERED_MAX, () => new TargetHealth());
  readonly #credentials = new BoundedBook(REMEMBERED_MAX, () => new CredentialHealth());
  readonly #providers = new BoundedBook(REMEMBERED_MAX, () => new ProviderLoad());
  readonly #hedges = new HedgeBudget();
  /** Anything learned at all: most gateways never ask further. */
  #taught = false;
  /** What is folded was told by another process, which told everybody else as well. */
  #absorbing = false;
  /** Probes of other processes. */
  readonly #elsewhere = new Map<string, object>();
  readonly #parts: HealthParts;

  constructor(parts: HealthParts) {
    this.#parts = parts;
  }

  /** How a target with one of its credentials stands. */
  standing(target: Target, { fingerprint }: Credential, now: number): Standing {
    const known = this.#targets.peek(target.id);
    const credential = this.#credentials.peek(fingerprint);
    return standingOf({ target: known, credential, model: known?.windows.get(fingerprint) ?? null }, now);
  }

  /** The credentials of a target in the order in which they are worth a try (decision 19). */
  order({ credentials, rotation, provider }: Target): readonly Credential[] {
    if (credentials.length < 2) return credentials;
    const used = ({ fingerprint }: Credential): number => this.#credentials.peek(fingerprint)?.lastUsedAt ?? NEVER;
    if (rotation === "lru") return credentials.toSorted((a, b) => used(a) - used(b));
    const good = this.#providers.peek(provider)?.lastGood ?? null;
    return credentials.toSorted((a, b) => Number(b.fingerprint === good) - Number(a.fingerprint === good));
  }

  /** True when the provider takes no further request now. */
  isFull({ provider, inflightMax }: Target): boolean {
    return this.inflight(provider) >= inflightMax;
  }

  /** Requests under way at a provider. */
  inflight(provider: string): number {
    return this.#providers.peek(provider)?.inflight ?? 0;
  }

  /** True when one more repeat at this provider stays within its budget. */
  mayRepeat(provider: string, share: number, now: number): boolean {
    return this.#providers.peek(provider)?.mayRepeat(share, now, this.#parts.sharers?.() ?? 1) ?? true;
  }

  /** What requests to a target are to be changed by. A target whose config has changed since is asked as the file says. */
  learned({ id, revision }: Target): readonly RemedyName[] {
    if (!this.#taught) return NO_REMEDIES;
    const lesson = this.#targets.peek(id)?.lesson ?? null;
    return lesson !== null && lesson.revision === revision ? lesson.remedies : NO_REMEDIES;
  }

  /** All that was learned and holds for these targets by lower-case id; what they do not list holds too. Never called on the way of a request. */
  allLearned(configured: ReadonlyMap<string, Target>): LearnedRemedies[] {
    return [...this.#targets.entries()].flatMap(([target, { provider, lesson }]) => {
      const revision = configured.get(target.toLowerCase())?.revision ?? lesson?.revision;
      return lesson === null || lesson.revision !== revision ? [] : [{ provider, target, remedies: lesson.remedies }];
    });
  }

  /** True when the share of hedged requests allows one more. */
  get mayHedge(): boolean {
    return this.#hedges.mayHedge;
  }

  /** Everything that is not ready now, for people and metrics. Never called on the way of a request. */
  notReady(now: number): NotReady[] {
    return notReady(this.#targets.entries(), new Map(this.#credentials.entries()), now);
  }

  /** Hears every event. */
  note(event: ProxyEvent): void {
    if (event.type === "request-start") {
      const { hedge, failsOver } = event.plan.limits;
      if (hedge !== null && failsOver) this.#hedges.earn(hedge.share);
    } else if (event.type === "attempt-start") this.#start(event.attempt);
    else if (event.type === "attempt-commit") this.#commit(event.attempt, event.at);
    else if (event.type === "attempt-end") this.#end(event.attempt, event.at);
    else if (event.type === "request-end") {
      for (const [{ target }, lesson] of lessonsOf(event)) {
        this.#parts.onNews?.({ of: "lesson", target: target.id, provider: target.provider, lesson, at: event.at });
        this.#learn(target.id, target.provider, { lesson, at: event.at });
      }
    }
  }

  /** Remembers what another process found out. Nobody is told: those who listen there have heard of it. */
  absorb(news: Exclude<HealthNews, { of: "probe-over" }>): void {
    this.#absorbing = true;
    try {
      if (news.of === "outcome") this.fold(news.record, news.random);
      else this.#learn(news.target, news.provider, news);
    } finally {
      this.#absorbing = false;
    }
  }

  /** Another process finds out (true), or has (false). */
  probeElsewhere({ target, fingerprint }: ProbeSubject, runs: boolean, now: number): void {
    const key = JSON.stringify([target, fingerprint]);
    const holder = this.#elsewhere.get(key) ?? {};
    const slots = [this.#targets.of(target).slot, this.#credentials.of(fingerprint).slot];
    if (runs) this.#elsewhere.set(key, holder);
    else this.#elsewhere.delete(key);
    for (const slot of slots) {
      if (runs) slot.take(holder, now);
      else slot.free(holder);
    }
  }

  /** Keeps everybody else here from finding out while other processes are asked; the function that comes back ends that. */
  holdProbe({ target, fingerprint }: ProbeSubject): () => void {
    const holder = {};
    const slots = [this.#targets.of(target).slot, this.#credentials.of(fingerprint).slot];
    for (const slot of slots) slot.hold(holder);
    return () => {
      for (const slot of slots) slot.free(holder);
    };
  }

  /** A probe that other processes make room for, and that nobody makes. */
  leaveProbe(subject: ProbeSubject): void {
    this.#parts.onNews?.({ of: "probe-over", subject });
  }

  /** Remembers one outcome: the whole of what requests teach. `random`: 0 to 1, spreads the reopening of breakers. */
  fold(record: OutcomeRecord, random = this.#parts.random()): void {
    if (record.was === "left") return;
    if (!this.#absorbing) this.#parts.onNews?.({ of: "outcome", record, random });
    const target = this.#targets.of(record.target);
    const credential = this.#credentials.of(record.fingerprint);
    target.provider = record.provider;
    credential.provider = record.provider;
    credential.id = record.credential;
    const { disposition, learns } = record;
    if (learns !== null) this.#learn(record.target, record.provider, { lesson: learns, at: record.at });
    const place = { record, target, credential };
    if (disposition === null) this.#noteGood(place);
    else this.#cool(place, disposition);
    const outcome = breakerOutcome(record);
    if (target.breaker.note(outcome, record.at, random)) this.#tellBreaker(record, target);
  }

  #start(ref: AttemptRef): void {
    const { startedAt } = ref;
    const target = this.#targets.of(ref.target.id);
    const credential = this.#credentials.of(ref.credential.fingerprint);
    this.#providers.of(ref.target.provider).start(ref.repeat, startedAt);
    target.inflight += 1;
    credential.inflight += 1;
    credential.lastUsedAt = startedAt;
    if (ref.because === "hedge") this.#hedges.spend();
    if (!ref.probe) return;
    target.slot.take(ref, startedAt);
    credential.slot.take(ref, startedAt);
  }

  /** What a probe was to find out is known now, however long its stream may run. */
  #commit(ref: AttemptRef, at: number): void {
    const probed = this.#endProbe(ref);
    this.fold(outcomeOf(ref, at));
    if (probed !== null) this.#parts.onNews?.({ of: "probe-over", subject: probed });
  }

  #end(ref: AttemptRef, at: number): void {
    const target = this.#targets.of(ref.target.id);
    const credential = this.#credentials.of(ref.credential.fingerprint);
    this.#providers.of(ref.target.provider).end(ref.repeat);
    target.inflight -= 1;
    credential.inflight -= 1;
    const probed = this.#endProbe(ref);
    this.fold(outcomeOf(ref, at));
    if (probed !== null) this.#parts.onNews?.({ of: "probe-over", subject: probed });
  }

  /** Whom it was a probe of, until now; null for all others. */
  #endProbe(ref: AttemptRef): ProbeSubject | null {
    if (!ref.probe) return null;
    const subject = { target: ref.target.id, fingerprint: ref.credential.fingerprint };
    const held = this.#targets.of(subject.target).slot.free(ref);
    this.#credentials.of(subject.fingerprint).slot.free(ref);
    return held ? subject : null;
  }

  /** Adds to what is known, unless that was learned under another config: then it takes its place. */
  #learn(id: string, provider: string, { lesson, at }: { readonly lesson: Lesson; readonly at: number }): void {
    const target = this.#targets.of(id);
    const { revision, isListed } = lesson;
    const known = target.lesson?.revision === revision ? target.lesson.remedies : NO_REMEDIES;
    const fresh = lesson.remedies.filter((name) => !known.includes(name));
    if (fresh.length === 0) return;
    this.#taught = true;
    target.provider = provider;
    target.lesson = { ...lesson, remedies: [...known, ...fresh] };
    if (this.#absorbing) return;
    for (const remedy of fresh) {
      this.#parts.onLearn?.({ type: "remedy-learned", at, provider, target: id, isListed, remedy });
    }
  }

  /** An answer ends all cooling of what it came through, unless it was on its way before the cooling began. */
  #noteGood(place: Place): void {
    const { record } = place;
    this.#providers.of(record.provider).lastGood = record.fingerprint;
    for (const scope of SCOPES) {
      const window = scope.read(place);
      if (window === null || record.startedAt < window.since) continue;
      scope.write(place, null);
      this.#tellWindow(record, scope, { ...window, state: "ready", until: null });
    }
  }

  #cool(place: Place, { reason, cools, coolsScope }: NonNullable<OutcomeRecord["disposition"]>): void {
    if (cools === "none") return;
    const { record } = place;
    const { statedMs, startedAt, settings, at } = record;
    const scope = WINDOW_SCOPES[coolsScope];
    const before = scope.read(place);
    const window = windowAfter(before, { lane: cools, reason, statedMs, startedAt, settings }, at);
    scope.write(place, window);
    if (window.until === before?.until || !isCooling(window, at)) return;
    this.#tellWindow(record, scope, { ...window, state: "cooling" });
  }

  #tellWindow(
    record: OutcomeRecord,
    scope: WindowScope,
    told: Pick<StandingChange, "state" | "reason" | "until" | "failures">,
  ): void {
    if (this.#absorbing) return;
    const { state, reason, until, failures } = told;
    const { provider, at } = record;
    const whose = { of: "credential", provider, ...scope.whose(record) } as const;
    this.#parts.onChange?.({ ...whose, state, reason, until, failures }, at);
  }

  #tellBreaker(record: OutcomeRecord, { breaker }: TargetHealth): void {
    if (this.#absorbing) return;
    const state = breaker.stateAt(record.at);
    this.#parts.onChange?.(
      {
        of: "target",
        provider: record.provider,
        target: record.target,
        credential: null,
        state: state === "closed" ? "ready" : state,
        reason: "breaker",
        until: state === "open" ? breaker.until : null,
        failures: breaker.failures,
      },
      record.at,
    );
  }
}

/** A failure that is not the target's fault shows that it answers. */
function breakerOutcome({ was, disposition, afterCommit, probe, startedAt }: OutcomeRecord): BreakerOutcome {
  const good = was === "completed" || was === "committed" ? was : "alive";
  return {
    was: disposition?.breaks === true ? "broken" : good,
    afterCommit,
    probe,
    redial: disposition?.redial ?? false,
    startedAt,
  };
}
