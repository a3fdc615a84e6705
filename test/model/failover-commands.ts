// What can happen to the world: requests alone and in herds, answers and failures of every kind, cancels, reloads, time.
import * as fc from "fast-check";
import type { FailureDetails } from "../../src/core/failure.ts";
import type { Plan, PlanLimits } from "../../src/core/plan.ts";
import type { RemedyName } from "../../src/core/remedy.ts";
import type { Credential, Target } from "../../src/core/snapshot.ts";
import { aLimits } from "../support/plan-sketch.ts";
import { aCredential, aTarget } from "../support/snapshot.ts";
import { type FailoverWorld, type Running, USELESS } from "./failover-world.ts";
import { type Kind, MEANINGS } from "./meaning.ts";

/** What changes by a reload: the objects, and perhaps a key. */
export interface Config {
  generation: number;
  targets: ReadonlyMap<string, Target>;
}

type Real = FailoverWorld;
type Command = fc.Command<Config, Real>;

/** A config; its first key of provider `a` is of this edition. */
export function aConfig(generation: number, edition = 0): Config {
  const keyed = (id: string, fingerprint = id): Credential => ({ ...aCredential(id), fingerprint });
  const ofA = [keyed("a#1", `a#1.${edition}`), keyed("a#2")];
  const window = (contextWindow: number | null) => ({ ...aTarget("x/m").stated, contextWindow });
  // What was learned of a target belongs to the edition that it was learned under.
  const revision = `r${edition}`;
  const targets = [
    aTarget("a/m", { revision, credentials: ofA, stated: window(8) }),
    aTarget("a/n", { revision, credentials: ofA, stated: window(32) }),
    aTarget("b/m", { revision, stated: window(16) }),
    aTarget("c/m", {
      revision,
      credentials: [keyed("c#1"), keyed("c#2"), keyed("c#3")],
      rotation: "lru",
      inflightMax: 4,
    }),
    aTarget("d/m", { revision, stated: window(64) }),
  ];
  return { generation, targets: new Map(targets.map((target) => [target.id, target])) };
}

const TARGETS = ["a/m", "a/n", "b/m", "c/m", "d/m"];
const CHAINS = [
  ["a/m", "b/m"],
  ["b/m"],
  ["a/m"],
  ["a/m", "a/n", "b/m", "c/m", "d/m"],
  ["c/m", "a/n"],
  ["d/m", "c/m", "b/m"],
];

/** What is asked of a chain, and how often at once. */
export interface AskSketch {
  readonly chain: readonly string[];
  readonly limits: Partial<PlanLimits>;
  readonly count: number;
}

/** The plan of such a request under a config. */
export function planOf({ targets }: Config, { chain, limits }: AskSketch): Plan {
  const candidates = chain.map((id, position) => ({
    position,
    target: targets.get(id) as Target,
    dialect: "openai-chat" as const,
    path: "/v1/chat/completions",
    request: "patch" as const,
    response: "relay" as const,
  }));
  return { agent: "main", requested: "openclaw/main", candidates, refused: [], limits: aLimits(limits) };
}

abstract class Happening implements Command {
  check(): boolean {
    return true;
  }
  abstract run(config: Config, world: Real): void;
  abstract toString(): string;
}

class Ask extends Happening {
  readonly #sketch: AskSketch;
  constructor(sketch: AskSketch) {
    super();
    this.#sketch = sketch;
  }
  run(config: Config, world: Real): void {
    for (let each = 0; each < this.#sketch.count; each += 1) world.ask(planOf(config, this.#sketch));
  }
  toString(): string {
    const { chain, limits, count } = this.#sketch;
    return `${count} × [${chain.join(" ")}] ${JSON.stringify(limits)}`;
  }
}

type Ends = "commits" | "completes" | { readonly kind: Kind; readonly details: FailureDetails };

interface SettleSketch {
  readonly which: number;
  readonly all: "one" | "target" | "every";
  readonly ends: Ends;
  /** Whether all end before one of their requests goes on. */
  readonly together: boolean;
}

/** One attempt under way, or all at its target, or all there are. */
class Settle extends Happening {
  readonly #sketch: SettleSketch;
  constructor(sketch: SettleSketch) {
    super();
    this.#sketch = sketch;
  }
  run(_config: Config, world: Real): void {
    const { which, all, ends, together } = this.#sketch;
    const { running } = world;
    const one = running[which % running.length];
    if (one === undefined) return;
    const meant = {
      one: [one],
      target: running.filter(({ ref }) => ref.target.id === one.ref.target.id),
      every: running,
    }[all];
    if (together && typeof ends !== "string") world.failTogether(meant, ends.kind, ends.details);
    else for (const each of meant) settle(world, each, ends);
  }
  toString(): string {
    const { which, all, ends, together } = this.#sketch;
    const words = typeof ends === "string" ? ends : `${ends.kind} ${JSON.stringify(ends.details)}`;
    return `${all} (${which}) ${words}${together ? " together" : ""}`;
  }
}

/** An attempt that is still under way: another one's end may have ended it. */
function settle(world: Real, running: Running, ends: Ends): void {
  const { outcome, committedAt } = running.ref;
  if (outcome !== null) return;
  if (ends === "completes") world.complete(running);
  else if (ends !== "commits") world.fail(running, ends.kind, ends.details);
  else if (committedAt === null) world.commit(running);
}

interface OutageSketch {
  readonly id: string;
  readonly kind: Kind;
  readonly count: number;
  readonly late: boolean;
}

/** A target that fails so often in a row, before the commit or after it. */
class Outage extends Happening {
  readonly #sketch: OutageSketch;
  constructor(sketch: OutageSketch) {
    super();
    this.#sketch = sketch;
  }
  run(config: Config, world: Real): void {
    const { id, kind, count, late } = this.#sketch;
    const only = { chain: [id], limits: { attemptsMax: 1 }, count };
    for (let each = 0; each < count; each += 1) {
      world.ask(planOf(config, only));
      const last = world.running.at(-1);
      if (last === undefined || last.sim !== world.sims.at(-1)) return;
      if (late) world.commit(last);
      world.fail(last, kind);
    }
  }
  toString(): string {
    const { id, kind, count, late } = this.#sketch;
    return `${id}: ${count} × ${kind}${late ? " after the commit" : ""}`;
  }
}

class Cancel extends Happening {
  readonly #which: number;
  readonly #kind: "client-closed" | "draining";
  constructor(which: number, kind: "client-closed" | "draining") {
    super();
    this.#which = which;
    this.#kind = kind;
  }
  run(_config: Config, world: Real): void {
    const { open } = world;
    const sim = open[this.#which % open.length];
    if (sim !== undefined) world.cancel(sim, this.#kind);
  }
  toString(): string {
    return `${this.#kind} (${this.#which})`;
  }
}

class Pass extends Happening {
  readonly #ms: number;
  readonly #lot: number;
  constructor(ms: number, lot: number) {
    super();
    this.#ms = ms;
    this.#lot = lot;
  }
  run(_config: Config, world: Real): void {
    world.advance(this.#ms);
    world.lot = this.#lot;
  }
  toString(): string {
    return `${this.#ms} ms pass, lot ${this.#lot}`;
  }
}

/** Other objects with the same names; perhaps another key. */
class Reload extends Happening {
  readonly #edition: number;
  constructor(edition: number) {
    super();
    this.#edition = edition;
  }
  run(config: Config): void {
    Object.assign(config, aConfig(config.generation + 1, this.#edition));
  }
  toString(): string {
    return `reload with key ${this.#edition}`;
  }
}

const pick = fc.nat({ max: 60 });
const hedge = fc.constantFrom(null, null, null, { afterMs: 300, share: 0.5 }, { afterMs: 2_000, share: 0.1 });
const limits = fc.record({
  heals: fc.constantFrom(true, true, true, false),
  attemptsMax: fc.constantFrom(1, 2, 3, 5, 5, 5),
  deadlineAt: fc.constantFrom(5_000, 60_000, 900_000),
  failsOver: fc.constantFrom(true, true, true, true, false),
  rotations: fc.constantFrom({ rate_limit: 1, overloaded: 1 }, { rate_limit: 0, overloaded: 2 }, {}),
  overloadedBackoffMs: fc.constantFrom(0, 0, 700),
  hedge,
});
const details = fc.record(
  {
    retryAfterMs: fc.constantFrom(null, 1_000, 2_500, 45_000, 3_600_000),
    phase: fc.constantFrom("connect", "headers", "headers", "request"),
    replaySafe: fc.constantFrom(true, false),
    emptyAnswer: fc.constantFrom(null, null, new Uint8Array(1)),
    remedies: fc.subarray<RemedyName>(["system-role", "string-content", "no-tools", USELESS], { minLength: 1 }),
  },
  { requiredKeys: [] },
);

/** A failure as a boundary would make it: only some say when to come back, only one may be replayed, only one may be sent. */
const failures = fc.tuple(fc.constantFrom(...(Object.keys(MEANINGS) as Kind[])), details).map(([kind, told]) => {
  const waits = kind === "rate-limited" || kind === "overloaded" || kind === "auth";
  const own: FailureDetails = {
    ...(told.phase !== undefined && { phase: told.phase }),
    ...(waits && { retryAfterMs: told.retryAfterMs ?? null }),
    ...(kind === "stream-broken" && { replaySafe: told.replaySafe ?? false }),
    ...(kind === "empty-answer" && { emptyAnswer: told.emptyAnswer ?? null }),
    ...(kind === "rejected-by-provider" && { remedies: told.remedies ?? [] }),
  };
  return { kind, details: own };
});
const faults = fc
  .constantFrom<Kind>("server-error", "connect-failed", "overloaded")
  .map((kind) => ({ kind, details: {} }));
/** Complaints of shape, as servers make them of all requests alike. */
const complaints = fc
  .constantFrom<readonly RemedyName[]>(["system-role"], ["string-content"], ["no-tools"], ["system-role", USELESS])
  .map((remedies) => ({ kind: "rejected-by-provider" as const, details: { remedies } }));
const ends = fc.oneof(
  { weight: 2, arbitrary: fc.constant<Ends>("commits") },
  { weight: 3, arbitrary: fc.constant<Ends>("completes") },
  { weight: 5, arbitrary: failures },
  { weight: 4, arbitrary: faults },
  { weight: 4, arbitrary: complaints },
);
const outages = fc.record({
  id: fc.constantFrom(...TARGETS),
  kind: fc.constantFrom<Kind>("server-error", "server-error", "connect-failed", "bad-payload"),
  count: fc.constantFrom(1, 4, 5, 6, 12),
  late: fc.constantFrom(false, false, true),
});
const all = fc.constantFrom<"one" | "target" | "every">("one", "one", "one", "target", "target", "every");
/** Mostly the seconds in which breakers open and load returns. */
const times = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0, 1, 300, 999, 1_000, 1_001, 1_500, 2_000, 3_000, 5_000) },
  { weight: 1, arbitrary: fc.constantFrom(10_000, 30_000, 60_000, 300_000, 5 * 3_600_000, 25 * 3_600_000) },
);
const counts = fc.oneof(
  { weight: 6, arbitrary: fc.constant(1) },
  { weight: 2, arbitrary: fc.integer({ min: 2, max: 8 }) },
  { weight: 1, arbitrary: fc.constant(25) },
);

/** The commands; most of a sequence is requests and what becomes of them. */
export const failoverCommands: fc.Arbitrary<Command>[] = [
  fc.record({ chain: fc.constantFrom(...CHAINS), limits, count: counts }).map((sketch) => new Ask(sketch)),
  fc.record({ which: pick, all, ends, together: fc.boolean() }).map((of) => new Settle(of)),
  fc.record({ which: pick, all, ends, together: fc.boolean() }).map((of) => new Settle(of)),
  fc
    .tuple(pick, fc.constantFrom<"client-closed" | "draining">("client-closed", "client-closed", "draining"))
    .map((of) => new Cancel(...of)),
  fc.tuple(times, fc.constantFrom(0, 0.5, 1)).map((of) => new Pass(...of)),
  outages.map((sketch) => new Outage(sketch)),
  fc.nat({ max: 2 }).map((edition) => new Reload(edition)),
];
