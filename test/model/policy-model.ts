// What the policy must decide, in words: all options laid out, sorted, the best one taken. Decisions 13 to 21 once more.
import type { Failure } from "../../src/core/failure.ts";
import type { Candidate, Plan } from "../../src/core/plan.ts";
import type { RemedyName } from "../../src/core/remedy.ts";
import type { Credential, Target } from "../../src/core/snapshot.ts";
import type { Step, Tried } from "../../src/core/step.ts";
import { USELESS } from "./failover-world.ts";
import type { HealthModel, Stands } from "./health-model.ts";
import { meaningOf } from "./meaning.ts";

/** One request as the model sees it. */
export interface Asked {
  readonly plan: Plan;
  readonly tried: readonly Tried[];
  readonly over: Failure | null;
  readonly now: number;
  /** Whether the share of hedges allows one: the model only bounds their number. */
  readonly mayHedge: boolean;
}

interface Option {
  readonly candidate: Candidate;
  readonly key: Credential;
  readonly stands: Stands;
  readonly repeat: boolean;
}

/** What the target that failed last could be asked again, in words, and whether its provider's budget allows it. */
interface Here {
  readonly again: string | null;
  readonly healed: { readonly words: string } | null;
  readonly isPaid: boolean;
}

/** A step in words, as `expected` tells it. */
export function wordsOf(step: Step): string {
  if (step.do === "wait") return step.until === null ? "wait" : `wait until ${step.until}`;
  if (step.do === "fail") return `fail ${step.why} ${step.failure.kind} ${step.failure.retryAfterMs}`;
  const { candidate, credential, because, remedies, probe, repeat, commitMsMax } = step;
  return attempt({ id: `${candidate.target.id} ${credential.id}`, because, remedies, probe, repeat, commitMsMax });
}

interface Attempted {
  readonly id: string;
  readonly because: string;
  readonly remedies: readonly RemedyName[];
  readonly probe: boolean;
  readonly repeat: boolean;
  readonly commitMsMax: number | null;
}

function attempt({ id, because, remedies, probe, repeat, commitMsMax }: Attempted): string {
  const marks = [
    remedies.length > 0 && `with ${remedies.join("+")}`,
    probe && "probe",
    repeat && "repeat",
    commitMsMax !== null && `within ${commitMsMax}`,
  ];
  return [id, because, ...marks.filter((each) => each !== false)].join(" ");
}

function endsAs(why: string, { kind, retryAfterMs }: Failure): string {
  return `fail ${why} ${kind} ${retryAfterMs}`;
}

/** The model of the policy. */
export class PolicyModel {
  readonly #health: HealthModel;

  constructor(health: HealthModel) {
    this.#health = health;
  }

  /** The step that must be decided, in words. */
  expected(asked: Asked): string {
    const { plan, tried, over, now } = asked;
    const empty = tried.findLast(({ failure: each }) => each !== null && each.emptyAnswer !== null)?.failure ?? null;
    if (over !== null) return endsAs("over", empty ?? over);
    if (tried.some(({ failure }) => failure === null)) return this.#whileRunning(asked);
    if (tried.length === 0) return this.#first(asked);
    const last = tried.toSorted((a, b) => (a.endedAt ?? 0) - (b.endedAt ?? 0)).at(-1) as Tried;
    const failure = last.failure as Failure;
    const final = tried.find((each) => meaningOf((each.failure as Failure).kind).advances === "never");
    if (final !== undefined) return endsAs("final", empty ?? (final.failure as Failure));
    if (failure.replaySafe && !tried.some(({ step }) => step.because === "replay")) {
      const { candidate, credential, ...step } = last.step;
      return attempt({ ...step, id: `${candidate.target.id} ${credential.id}`, because: "replay" });
    }
    if (tried.length >= plan.limits.attemptsMax) return this.#end(asked, "attempts");
    const healed = this.#healed(asked, last);
    const again = healed?.takes === false ? healed.words : this.#otherKey(asked, last);
    const isPaid = this.#mayRepeat(plan, last.step.candidate.target, now);
    const next = again !== null && isPaid ? again : this.#otherTarget(asked, failure, { again, healed, isPaid });
    const until = (last.endedAt ?? 0) + plan.limits.overloadedBackoffMs;
    const pauses = failure.kind === "overloaded" && now < until && !next.startsWith("fail");
    return pauses ? `wait until ${until}` : next;
  }

  #first(asked: Asked): string {
    const option = this.#best(asked);
    if (option !== null) return this.#words(asked, option, "first");
    const all = this.#targets(asked).map((target) =>
      this.#health.isFull(target) ? "full" : this.#soonest(target, asked.now).reason,
    );
    if (all.every((reason) => reason === "full")) return "fail full overloaded-here null";
    const kind = all.every((reason) => reason === "rate_limit") ? "rate-limited" : "no-candidate";
    return `fail all-cooling ${kind} ${this.#wait(asked)}`;
  }

  #whileRunning({ plan, tried, now, mayHedge }: Asked): string {
    const { hedge, failsOver, attemptsMax } = plan.limits;
    if (hedge === null || !failsOver || tried.some(({ step }) => step.because === "hedge")) return "wait";
    const from = (tried.at(-1)?.startedAt ?? 0) + hedge.afterMs;
    if (now < from) return `wait until ${from}`;
    if (!mayHedge || tried.length >= attemptsMax) return "wait";
    const taken = new Set(tried.map(({ step }) => step.candidate.target.provider));
    for (const target of this.#targets({ plan })) {
      if (taken.has(target.provider) || this.#health.isFull(target) || !fits(target, tried)) continue;
      const key = this.#health.order(target).find((each) => this.#health.stands(target, each, now).is === "ready");
      if (key !== undefined) {
        return attempt({
          id: `${target.id} ${key.id}`,
          because: "hedge",
          remedies: this.#learned(plan, target),
          probe: false,
          repeat: false,
          commitMsMax: null,
        });
      }
    }
    return "wait";
  }

  #otherKey({ plan, tried, now }: Asked, { step, failure }: Tried): string | null {
    const { target } = step.candidate;
    const { keys, reason } = meaningOf((failure as Failure).kind);
    const here = tried.filter((each) => each.step.candidate.target === target);
    const rotated = here.filter((each) => each.step.because === "rotate").length;
    const most = keys === 1 ? (plan.limits.rotations[reason as "overloaded"] ?? 1) : keys;
    if (rotated >= most || this.#health.isFull(target)) return null;
    const used = new Set(here.map((each) => each.step.credential));
    const key = this.#health
      .order(target)
      .find((each) => !used.has(each) && this.#health.stands(target, each, now).is === "ready");
    if (key === undefined) return null;
    return attempt({
      id: `${target.id} ${key.id}`,
      because: "rotate",
      remedies: this.#learned(plan, target),
      probe: false,
      repeat: true,
      commitMsMax: null,
    });
  }

  /** The same key again without what it complained of: once a target, and only for what makes a difference. */
  #healed({ plan, tried, now }: Asked, { step, failure }: Tried): { words: string; takes: boolean } | null {
    const { target } = step.candidate;
    const fresh = (failure as Failure).remedies.filter((name) => !step.remedies.includes(name) && name !== USELESS);
    const again = tried.some((each) => each.step.because === "repair" && each.step.candidate.target === target);
    const stands = this.#health.stands(target, step.credential, now);
    const mayAsk = !this.#health.isFull(target) && stands.is !== "out";
    if (!plan.limits.heals || fresh.length === 0 || again || !mayAsk) return null;
    const words = attempt({
      id: `${target.id} ${step.credential.id}`,
      because: "repair",
      remedies: [...step.remedies, ...fresh],
      probe: stands.is === "probe",
      repeat: true,
      commitMsMax: step.commitMsMax,
    });
    return { words, takes: fresh.includes("no-tools") || step.remedies.includes("no-tools") };
  }

  #otherTarget(asked: Asked, failure: Failure, { again, healed, isPaid }: Here): string {
    const option = asked.plan.limits.failsOver ? this.#best(asked) : null;
    const because = meaningOf(failure.kind).advances === "larger" ? "larger-context" : "failover";
    if (option !== null) return this.#words(asked, option, because);
    if (healed !== null && isPaid) return healed.words;
    const isUnpaid = !isPaid && (again !== null || healed !== null);
    const isPoor = this.#untried(asked).some(
      (target) =>
        !this.#health.isFull(target) &&
        isRepeat(target, asked.tried) &&
        !this.#mayRepeat(asked.plan, target, asked.now),
    );
    return this.#end(asked, isUnpaid || (asked.plan.limits.failsOver && isPoor) ? "budget" : "exhausted");
  }

  /** Healthy and half-open ones in the order of the plan; where none is healthy, half-open before cooling, soonest first. */
  #best(asked: Asked): Option | null {
    const options = this.#options(asked);
    const healthy = options.find(({ stands }) => stands.is === "ready");
    const halfOpen = options.find(({ stands }) => stands.is === "probe");
    if (healthy === undefined) return halfOpen ?? soonestOf(options);
    if (halfOpen === undefined) return healthy;
    return options.indexOf(halfOpen) < options.indexOf(healthy) ? halfOpen : healthy;
  }

  #words(asked: Asked, { candidate, key, stands, repeat }: Option, because: string): string {
    const healthy = this.#options(asked).some((each) => each.stands.is === "ready");
    const commitMsMax = stands.is === "probe" && healthy ? 10_000 : null;
    const id = `${candidate.target.id} ${key.id}`;
    const remedies = this.#learned(asked.plan, candidate.target);
    return attempt({ id, because, remedies, probe: stands.is !== "ready", repeat, commitMsMax });
  }

  /** Untried targets that can take the request, each with its best key. */
  #options(asked: Asked): Option[] {
    const { plan, tried, now } = asked;
    const open = this.#untried(asked).filter((target) => {
      const isRepeated = isRepeat(target, tried);
      return !this.#health.isFull(target) && (!isRepeated || this.#mayRepeat(plan, target, now));
    });
    return open.map((target) => {
      const candidate = plan.candidates.find((each) => each.target === target) as Candidate;
      const keys = this.#health.order(target).map((key) => ({ key, stands: this.#health.stands(target, key, now) }));
      const best = keys.toSorted((a, b) => rank(a.stands) - rank(b.stands))[0] as (typeof keys)[0];
      return { candidate, key: best.key, stands: best.stands, repeat: isRepeat(target, tried) };
    });
  }

  /** The first only where the model must not change; and who is known to have no tools waits until nobody has them. */
  #targets({ plan }: Pick<Asked, "plan">): Target[] {
    const all = plan.candidates.map(({ target }) => target);
    if (!plan.limits.failsOver) return all.slice(0, 1);
    const able = all.filter((target) => !this.#learned(plan, target).includes("no-tools"));
    return able.length > 0 ? able : all;
  }

  #learned({ limits }: Plan, target: Target): readonly RemedyName[] {
    return limits.heals ? this.#health.learned(target) : [];
  }

  #untried(asked: Asked): Target[] {
    const tried = new Set(asked.tried.map(({ step }) => step.candidate.target));
    return this.#targets(asked).filter((target) => !tried.has(target) && fits(target, asked.tried));
  }

  #mayRepeat(plan: Plan, { provider }: Target, now: number): boolean {
    return this.#health.mayRepeat(provider, plan.limits.sameProviderShare, now);
  }

  #soonest(target: Target, now: number): Extract<Stands, { is: "out" }> {
    const outs = this.#health
      .order(target)
      .map((key) => this.#health.stands(target, key, now))
      .filter((each) => each.is === "out");
    return outs.toSorted((a, b) => rank(a) - rank(b))[0] as (typeof outs)[0];
  }

  /** An empty answer, else the last that reached a provider, else the last. */
  #end(asked: Asked, why: string): string {
    const failures = asked.tried.map(({ failure }) => failure as Failure);
    const empty = failures.findLast(({ emptyAnswer }) => emptyAnswer !== null);
    const reached = failures.findLast(({ phase }) => phase !== "connect" && phase !== "request");
    const said = empty ?? reached ?? (failures.at(-1) as Failure);
    const waits = said.kind === "rate-limited" || said.kind === "overloaded";
    return `fail ${why} ${said.kind} ${waits ? this.#wait(asked) : said.retryAfterMs}`;
  }

  /** Until the first of all keys may answer: a second at least. */
  #wait(asked: Asked): number {
    const waits = this.#targets(asked).flatMap((target) =>
      target.credentials.map((key) => {
        const stands = this.#health.stands(target, key, asked.now);
        return stands.is === "out" ? stands.until - asked.now : 1_000;
      }),
    );
    return Math.max(1_000, Math.min(...waits));
  }
}

function rank(stands: Stands): number {
  if (stands.is !== "out") return stands.is === "ready" ? -2 : -1;
  return stands.until + (stands.ask ? 0 : 1e12);
}

function soonestOf(options: readonly Option[]): Option | null {
  const asking = options.filter(({ stands }) => stands.is === "out" && stands.ask);
  return asking.toSorted((a, b) => rank(a.stands) - rank(b.stands))[0] ?? null;
}

function isRepeat({ provider }: Target, tried: readonly Tried[]): boolean {
  return tried.some(({ step }) => step.candidate.target.provider === provider);
}

/** After an overflow only a larger stated window will do. */
function fits({ stated }: Target, tried: readonly Tried[]): boolean {
  const small = tried.filter(({ failure }) => failure?.kind === "context-overflow");
  return small.every(({ step }) => {
    const { contextWindow } = step.candidate.target.stated;
    return contextWindow !== null && stated.contextWindow !== null && stated.contextWindow > contextWindow;
  });
}
