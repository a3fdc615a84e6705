// The workers: started, started again when they end, changed together, replaced in turn, led out. One such step at a time.
import type { Handover } from "../../config/handover.ts";
import type { Clock } from "../../core/clock.ts";
import { type Ends, ended, NO_ENDS, restartDelayMs } from "../../core/restart-delay.ts";
import type { WorkersStanding } from "../../server/lobby.ts";
import { isListenFault, type ListenFault } from "../../server/servers.ts";
import type { Log } from "../../telemetry/log.ts";
import type { ReloadMode } from "../running.ts";
import { endWords, type Member } from "./member.ts";
import type { Place } from "./words.ts";

/** Far longer than any step of a change takes a worker that runs. */
const ANSWER_MS = 10_000;

/** What the fleet is made of. */
export interface FleetParts {
  readonly clock: Clock;
  readonly log: Log;
  /** Starts a process for a place of the fleet. */
  readonly enlist: (at: number) => Member;
  /** A process has ended: nobody speaks to it any more. */
  readonly onEnd: (member: Member) => void;
  /** How many serve has changed. */
  readonly onStanding: () => void;
  /** Tells a worker how all of them stand; resolves when it knows. */
  readonly tellStanding: (member: Member) => Promise<unknown>;
  readonly patience: () => Patience;
}

/** How long a worker that nobody needs any more may stay, in milliseconds. */
export interface Patience {
  /** Until it drains; null: as long as its requests take. */
  readonly patienceMs: number | null;
  /** From then on, until it is ended. */
  readonly drainMs: number;
}

/** A configuration for all. */
export interface FleetChange {
  readonly handover: Handover;
  readonly mode: ReloadMode;
  readonly workers: number;
}

/** All workers of one gateway. */
export class Fleet {
  readonly #parts: FleetParts;
  readonly #members = new Set<Member>();
  readonly #ends = new Map<number, Ends>();
  /** Those who were started with settings that have changed since. */
  readonly #outdated = new Set<Member>();
  #wanted = 0;
  #left = false;
  #isBroken = false;
  #isStarting = true;
  /** Ends by a bug that were told of before all were leaving. */
  readonly #excused = new WeakSet<Member>();
  /** The step under way; the next one begins after it. */
  #step: Promise<unknown> = Promise.resolve();
  #rolls = false;

  constructor(parts: FleetParts) {
    this.#parts = parts;
  }

  /** Every process that has not ended. */
  get members(): readonly Member[] {
    return [...this.#members];
  }

  get standing(): Omit<WorkersStanding, "number"> {
    const serving = this.#serving();
    const outdated = serving.filter((member) => this.#outdated.has(member));
    return { wanted: this.#wanted, serving: serving.length, outdated: outdated.length };
  }

  /** Where it listens; null before the first worker does. */
  get place(): Place | null {
    return this.#serving()[0]?.place ?? null;
  }

  /** True until all have served once. */
  get isStarting(): boolean {
    return this.#isStarting;
  }

  /** True when a worker ended by a bug while all were leaving. */
  get isBroken(): boolean {
    return this.#isBroken;
  }

  /** Starts so many; a fault leaves none. */
  start(workers: number): Promise<ListenFault | null> {
    return this.#exclusively(async () => {
      const fault = await this.#grow(workers);
      if (fault !== null) {
        this.#left = true;
        for (const member of this.#members) member.kill();
        await this.#allEnded();
        return fault;
      }
      this.#isStarting = false;
      await this.#told(this.#serving(), this.#parts.tellStanding);
      return null;
    });
  }

  /** Takes a configuration into use in all workers, or in none. */
  change({ handover, mode, workers }: FleetChange): Promise<ListenFault | null> {
    return this.#exclusively(async () => {
      const members = this.#serving();
      // Whoever goes holds its address a little longer.
      const present = this.members.filter(({ place }) => place !== null);
      await this.#told(present, ({ at, line }) => line.ask("make-room", { handover, mode, part: { at, of: workers } }));
      const faults = await this.#told(members, ({ line }) => line.ask("open", null));
      const fault = faults.find((each) => each !== null) ?? null;
      if (fault === null) {
        await this.#told(members, ({ line }) => line.ask("commit", null));
        return null;
      }
      await this.#told(members, ({ line }) => line.ask("make-room-back", null));
      await this.#told(members, ({ line }) => line.ask("go-back", null));
      return fault;
    });
  }

  /** More workers, or fewer. Those that go let their requests end. */
  resize(workers: number): Promise<ListenFault | null> {
    return this.#exclusively(async () => {
      for (const member of this.#serving()) if (member.at >= workers) this.#retire(member);
      const fault = await this.#grow(workers);
      this.#wanted = workers;
      if (fault !== null) for (const at of this.#missing(workers)) this.#later(at, 0);
      this.#parts.onStanding();
      return fault;
    });
  }

  /**
   * Replaces all that serve now, one after the other: the new one serves before the old one takes nothing new. Goes on by itself, so that
   * another change does not wait for it.
   */
  renew(): void {
    for (const member of this.#serving()) this.#outdated.add(member);
    this.#parts.onStanding();
    if (this.#rolls) return;
    this.#rolls = true;
    void this.#roll().finally(() => (this.#rolls = false));
  }

  /** It goes by itself, because of a bug: its place is filled while its streams end. */
  excuse(member: Member): void {
    const isNew = !member.leaving;
    if (!this.#left) this.#excused.add(member);
    member.leaving = true;
    if (isNew) this.#later(member.at, member.servedMs);
  }

  /** Everybody drains; called again, they end at once. Resolves when all have ended. Whoever has not by `deadlineMs` is ended. */
  async leave(deadlineMs: number): Promise<void> {
    this.#left = true;
    for (const member of this.#members) member.leave();
    const timer = this.#parts.clock.timer(deadlineMs, () => {
      for (const member of this.#members) member.kill();
    });
    await this.#allEnded();
    timer.cancel();
  }

  async #allEnded(): Promise<void> {
    while (this.#members.size > 0) await Promise.all(this.members.map((member) => member.ended));
  }

  #serving(): readonly Member[] {
    return this.members.filter(({ serves }) => serves).toSorted((a, b) => a.at - b.at);
  }

  async #grow(workers: number): Promise<ListenFault | null> {
    this.#wanted = Math.max(this.#wanted, workers);
    const faults = await Promise.all(this.#missing(workers).map((at) => this.#enlist(at)));
    return faults.find((fault) => fault !== null) ?? null;
  }

  /** Places, out of so many, where nobody serves. */
  #missing(workers: number): readonly number[] {
    const taken = new Set(this.#serving().map(({ at }) => at));
    return Array.from({ length: workers }, (_, at) => at).filter((at) => !taken.has(at));
  }

  /** Starts one; resolves when it serves, or with why it does not: then it is no member any more. */
  async #enlist(at: number): Promise<ListenFault | null> {
    const { log, onStanding } = this.#parts;
    const member = this.#begun(at);
    if (isListenFault(member)) return member;
    this.#members.add(member);
    void member.ended.then(({ code, signal }) => this.#onEnd(member, { code, signal }));
    const fault = await member.started;
    if (fault !== null) {
      member.leaving = true;
      member.kill();
      return fault;
    }
    log.info("a worker serves", { worker: at + 1, pid: member.pid });
    if (this.#left) member.leave();
    onStanding();
    return null;
  }

  /** A process for a place, or why the system gives none. */
  #begun(at: number): Member | ListenFault {
    try {
      return this.#parts.enlist(at);
    } catch (error) {
      if (!(error instanceof Error) || !("syscall" in error) || !("code" in error)) throw error;
      const code = String(error.code);
      return { code, message: `a worker could not be started (${code})` };
    }
  }

  #onEnd(member: Member, end: { readonly code: number | null; readonly signal: string | null }): void {
    this.#members.delete(member);
    this.#outdated.delete(member);
    this.#parts.onEnd(member);
    this.#parts.onStanding();
    if (this.#left && end.code !== 0 && end.signal === null && !this.#excused.has(member)) this.#isBroken = true;
    if (member.leaving) return;
    member.leaving = true;
    const { log } = this.#parts;
    // Before it served, whoever started it is told.
    if (member.place === null) return;
    log.error("a worker ended: its streams are lost", { worker: member.at + 1, pid: member.pid, end: endWords(end) });
    this.#later(member.at, member.servedMs);
  }

  async #roll(): Promise<void> {
    for (let ends = NO_ENDS; !this.#left;) {
      const next = this.#serving().find((member) => this.#outdated.has(member));
      if (next === undefined) {
        this.#parts.log.info("every worker is replaced", { workers: this.#wanted });
        return;
      }
      await this.#room();
      const fault = await this.#exclusively(() => this.#replace(next));
      ends = fault === null ? NO_ENDS : ended(ends, 0);
      await this.#pause(restartDelayMs(ends));
    }
  }

  /** Processes that wait for their last request do not pile up, however often the file changes. */
  async #room(): Promise<void> {
    while (!this.#left && this.#members.size > 2 * this.#wanted) {
      await Promise.race(this.members.map((member) => member.ended));
    }
  }

  async #replace(member: Member): Promise<ListenFault | null> {
    if (this.#left || !member.serves) return null;
    const { log, onStanding } = this.#parts;
    const fault = await this.#enlist(member.at);
    if (fault === null) {
      this.#retire(member);
      onStanding();
    } else if (!this.#left) {
      log.error("a worker cannot be replaced: it serves on as it is", {
        worker: member.at + 1,
        reason: fault.message,
      });
    }
    return fault;
  }

  /** One that stands still does not hear that its time is over. */
  #retire(member: Member): void {
    const { clock, patience } = this.#parts;
    const { patienceMs, drainMs } = patience();
    member.retire(patienceMs);
    if (patienceMs === null) return;
    const late = clock.timer(patienceMs + drainMs, () => member.kill());
    void member.ended.then(() => late.cancel());
  }

  #pause(ms: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (ms === 0) resolve();
    else this.#parts.clock.timer(ms, resolve);
    return promise;
  }

  /** Starts one for the place of one that served so long; later each time, so that one that cannot live does not keep the machine busy. */
  #later(at: number, servedMs: number): void {
    const ends = ended(this.#ends.get(at) ?? NO_ENDS, servedMs);
    this.#ends.set(at, ends);
    this.#parts.clock.timer(restartDelayMs(ends), () => void this.#exclusively(() => this.#startAgain(at)));
  }

  async #startAgain(at: number): Promise<void> {
    if (this.#left || at >= this.#wanted || this.#serving().some((member) => member.at === at)) return;
    const fault = await this.#enlist(at);
    if (fault === null || this.#left) return;
    this.#parts.log.error("a worker cannot start again", { worker: at + 1, reason: fault.message });
    this.#later(at, 0);
  }

  /** The answers of those who live to give one: whoever ends meanwhile is started again with the configuration that holds then. */
  async #told<T>(members: readonly Member[], ask: (member: Member) => Promise<T>): Promise<T[]> {
    const answers = await Promise.allSettled(members.map((member) => this.#answerOf(member, ask(member))));
    return answers.flatMap((answer) => (answer.status === "fulfilled" ? [answer.value] : []));
  }

  /** Whoever says nothing stands still: it would hold up this change and all to come. */
  async #answerOf<T>(member: Member, asked: Promise<T>): Promise<T> {
    const { clock, log } = this.#parts;
    const timer = clock.timer(ANSWER_MS, () => {
      log.error("a worker does not answer: it is ended", { worker: member.at + 1, pid: member.pid });
      member.kill();
    });
    return asked.finally(() => timer.cancel());
  }

  #exclusively<T>(step: () => Promise<T>): Promise<T> {
    const done = this.#step.then(step);
    this.#step = done.catch(() => undefined);
    return done;
  }
}
