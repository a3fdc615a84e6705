// What is known of targets, keys and providers, derived from the list of attempts: how they stand, what is under way, what may be repeated.
import type { AttemptRef } from "../../src/core/events.ts";
import type { RemedyName } from "../../src/core/remedy.ts";
import type { Credential, Target } from "../../src/core/snapshot.ts";
import { BreakerModel, type Fact } from "./breaker-model.ts";
import { meaningOf } from "./meaning.ts";
import { LOOKS, WindowModel } from "./window-model.ts";

/** How a target with a key stands; `ask` when one request may find out all the same. */
export type Stands =
  | { readonly is: "ready" | "probe" }
  | { readonly is: "out"; readonly reason: string; readonly until: number; readonly ask: boolean };

interface Started {
  readonly ref: AttemptRef;
  /** Known to have ended, or committed: a probe that has found out. */
  knows: boolean;
  ended: boolean;
}

type Out = Extract<Stands, { is: "out" }>;

/** A map whose entries are made when they are asked for. */
class Made<Entry> extends Map<string, Entry> {
  readonly #make: () => Entry;
  constructor(make: () => Entry) {
    super();
    this.#make = make;
  }
  of(key: string): Entry {
    const entry = this.get(key) ?? this.#make();
    this.set(key, entry);
    return entry;
  }
}

/** The model of health. */
export class HealthModel {
  readonly breakers = new Made(() => new BreakerModel());
  readonly windows = new Made(() => new WindowModel());
  readonly #running = new Set<Started>();
  readonly #all: Started[] = [];
  readonly #lastProbe = new Map<string, number>();
  readonly #lastUse = new Map<string, number>();
  readonly #lastGood = new Map<string, string>();
  readonly #lessons = new Map<string, { readonly revision: string; readonly remedies: readonly RemedyName[] }>();

  starts(ref: AttemptRef): void {
    const started = { ref, knows: false, ended: false };
    this.#running.add(started);
    this.#all.push(started);
    this.#lastUse.set(ref.credential.fingerprint, ref.startedAt);
    if (!ref.probe) return;
    this.#lastProbe.set(ref.target.id, ref.startedAt);
    this.#lastProbe.set(ref.credential.fingerprint, ref.startedAt);
  }

  commits(ref: AttemptRef, lot: number): void {
    this.#started(ref).knows = true;
    this.#answers(ref, { was: "committed", at: ref.committedAt ?? 0, lot });
  }

  ends(ref: AttemptRef, lot: number): void {
    const started = this.#started(ref);
    started.ended = true;
    this.#running.delete(started);
    const at = ref.endedAt ?? 0;
    if (ref.outcome === "completed") this.#answers(ref, { was: "completed", at, lot });
    if (ref.outcome === "failed") this.#fails(ref, at, lot);
  }

  /** A served request: whoever complained of a need on the way to another that met it, lacks it. */
  served(attempts: readonly AttemptRef[], winner: AttemptRef | null): void {
    for (const { target, failure } of attempts) {
      const lacks = failure?.remedies.includes("no-tools") === true;
      if (winner !== null && lacks && target.id !== winner.target.id) this.#learns(target, ["no-tools"]);
    }
  }

  /** What a target was shown to take, under this config of it. */
  learned({ id, revision }: Target): readonly RemedyName[] {
    const lesson = this.#lessons.get(id);
    return lesson?.revision === revision ? lesson.remedies : [];
  }

  #learns(target: Target, remedies: readonly RemedyName[]): void {
    const known = this.learned(target);
    const fresh = remedies.filter((name) => !known.includes(name));
    if (fresh.length > 0) this.#lessons.set(target.id, { revision: target.revision, remedies: [...known, ...fresh] });
  }

  stands(target: Target, key: Credential, now: number): Stands {
    const { fingerprint } = key;
    const breaker = this.breakers.of(target.id).at(now);
    const ways = [
      this.#brokenWay(target, breaker, now),
      this.#window(`model ${target.id}`, target.id, now),
      this.#window(`key ${fingerprint} on ${target.id}`, target.id, now),
      this.#window(`key ${fingerprint}`, fingerprint, now),
    ].filter((each) => each !== null);
    if (ways.length === 0) return { is: breaker === "half-open" ? "probe" : "ready" };
    const latest = Math.max(...ways.map(({ until }) => until));
    const way = ways.find(({ until }) => until === latest) as Out;
    return { ...way, ask: ways.every(({ ask }) => ask) && this.#mayLook(target.id, 1_000, now) };
  }

  /** The keys of a target in the order in which they are worth a try. */
  order({ credentials, rotation, provider }: Target): readonly Credential[] {
    const rank = ({ fingerprint }: Credential): number => {
      if (rotation === "lru") return this.#lastUse.get(fingerprint) ?? -1;
      return this.#lastGood.get(provider) === fingerprint ? 0 : 1;
    };
    return credentials.toSorted((a, b) => rank(a) - rank(b));
  }

  isFull({ provider, inflightMax }: Target): boolean {
    return this.running(({ target }) => target.provider === provider) >= inflightMax;
  }

  mayRepeat(provider: string, share: number, now: number): boolean {
    if (this.running((ref) => ref.repeat && ref.target.provider === provider) < 3) return true;
    const from = (Math.floor(now / 1_000) - 9) * 1_000;
    const recent = this.#all.filter(({ ref }) => ref.target.provider === provider && ref.startedAt >= from);
    const repeats = recent.filter(({ ref }) => ref.repeat).length;
    return repeats + 1 <= share * (recent.length - repeats);
  }

  /** Attempts under way that are such. */
  running(such: (ref: AttemptRef) => boolean): number {
    let count = 0;
    for (const { ref } of this.#running) if (such(ref)) count += 1;
    return count;
  }

  /** Probes under way that have not found out, at a target or with a key. */
  probing(where: string): number {
    let count = 0;
    for (const { ref, knows } of this.#running) {
      if (ref.probe && !knows && (ref.target.id === where || ref.credential.fingerprint === where)) count += 1;
    }
    return count;
  }

  /** Requests at once that the target's ramp allows. */
  allowed(target: Target, now: number): number {
    const [state, count] = this.breakers.of(target.id).at(now).split(" ");
    return state === "ramp" ? Number(count) : Number.POSITIVE_INFINITY;
  }

  #brokenWay({ id }: Target, breaker: string, now: number): Out | null {
    const [state, , until] = breaker.split(" ");
    const soon = { is: "out", until: now + 1_000, ask: false } as const;
    if (state === "open")
      return { is: "out", reason: "breaker", until: Number(until), ask: this.#mayLook(id, 1_000, now) };
    if (state === "half-open") return this.probing(id) > 0 ? { ...soon, reason: "probing" } : null;
    if (state !== "ramp") return null;
    const inflight = this.running(({ target }) => target.id === id);
    return inflight < Number(breaker.split(" ")[1]) ? null : { ...soon, reason: "ramping" };
  }

  #window(name: string, where: string, now: number): Out | null {
    const window = this.windows.get(name);
    if (window === undefined || !window.isCooling(now)) return null;
    const ask = !window.mustWait(now) && this.#mayLook(where, LOOKS[window.lane], now);
    return { is: "out", reason: window.reason, until: window.until, ask };
  }

  #mayLook(where: string, everyMs: number, now: number): boolean {
    return this.probing(where) === 0 && now - (this.#lastProbe.get(where) ?? Number.NEGATIVE_INFINITY) >= everyMs;
  }

  #answers(ref: AttemptRef, fact: Pick<Fact, "at" | "lot"> & { readonly was: "committed" | "completed" }): void {
    const { target, credential, startedAt, probe, remedies } = ref;
    this.#learns(target, remedies);
    this.#lastGood.set(target.provider, credential.fingerprint);
    for (const name of namesOf(ref)) this.windows.get(name)?.answers(startedAt);
    this.breakers.of(target.id).tell({ ...fact, startedAt, late: false, probe, dial: false });
  }

  #fails(ref: AttemptRef, at: number, lot: number): void {
    const { target, failure, startedAt, probe, committedAt, because, remedies } = ref;
    if (failure === null || failure.phase === "request") return;
    if (failure.replaySafe && because !== "replay") return;
    // It got further: what it complains of now is something else.
    if (failure.remedies.length > 0 && failure.remedies.every((name) => !remedies.includes(name)))
      this.#learns(target, remedies);
    const { counts, cools, reason, dial } = meaningOf(failure.kind);
    if (cools !== null) {
      const [scope, lane] = cools;
      const [model, onModel, key] = namesOf(ref);
      const name = { model, "key on model": onModel, key }[scope] as string;
      this.windows.of(name).fails({ at, startedAt, lane, reason, statedMs: failure.retryAfterMs });
    }
    const was = counts ? "broken" : "alive";
    this.breakers.of(target.id).tell({ at, startedAt, was, late: committedAt !== null, probe, dial, lot });
  }

  #started(of: AttemptRef): Started {
    for (const each of this.#running) if (each.ref === of) return each;
    throw new Error("an attempt ended or committed that is not under way");
  }
}

/** The windows that bear on an attempt: of the model, of the key on it, of the key. */
function namesOf({ target, credential }: AttemptRef): readonly string[] {
  const { fingerprint } = credential;
  return [`model ${target.id}`, `key ${fingerprint} on ${target.id}`, `key ${fingerprint}`];
}
