// What all workers share and the primary keeps: what was found out of providers, who finds out now, who guessed the secret, and what was
// counted. Each worker has a copy of the first three, so that no request waits; here is what a new one begins with.
import type { Clock } from "../../core/clock.ts";
import { ProbeTokens } from "../../core/probe-tokens.ts";
import type { ProbeSubject } from "../../routing/health.ts";
import { OutcomeMail } from "../../routing/outcome-mail.ts";
import { RateLimiter } from "../../server/rate-limiter.ts";
import type { Family } from "../../telemetry/exposition.ts";
import { type Figures, figuresBack, mergedFamilies, retired, ShownSets } from "../../telemetry/merged-families.ts";
import type { Gathering } from "../../telemetry/metrics.ts";
import { HOST_AHEAD_MS } from "./host-time.ts";
import type { Hearers } from "./line.ts";
import type { Member } from "./member.ts";
import type { Beginning, WorkerWords } from "./words.ts";

/** Findings that are kept for workers to come. */
const REMEMBERED_MAX = 4_096;
/** A worker that does not tell its figures within this is shown with those it told before. */
const FIGURES_MS = 1_000;

/** The words that this desk hears. */
type Heard = "mail" | "probe" | "probe-over" | "guess" | "last-figures";

/** Keeps and passes on. */
export class Commons {
  readonly #members: () => readonly Member[];
  readonly #clock: Clock;
  readonly #mail = new OutcomeMail(REMEMBERED_MAX);
  readonly #tokens = new ProbeTokens<ProbeSubject>();
  readonly #limiter = new RateLimiter();
  /** Of workers that have gone. */
  #retired: Figures = [];
  readonly #sets = new ShownSets();

  constructor(members: () => readonly Member[], clock: Clock) {
    this.#members = members;
    this.#clock = clock;
  }

  /** What a worker begins with. */
  get beginning(): Pick<Beginning, "mail" | "probes" | "guesses"> {
    return {
      mail: this.#mail.entries,
      probes: this.#tokens.all().map(({ subject }) => subject),
      guesses: this.#limiter.entries,
    };
  }

  /** The ears for one worker. */
  hearers(member: Member): Pick<Hearers<WorkerWords>, Heard> {
    return {
      mail: (entries) => {
        for (const entry of entries) this.#mail.add(entry);
        for (const other of this.#others(member)) other.line.tell("mail", entries);
      },
      probe: (subject) => this.#probe(subject, member),
      "probe-over": (subject) => {
        if (this.#tokens.free(subject, member.id)) this.#tellProbe(subject, false, member);
      },
      guess: (guess) => {
        this.#limiter.absorb(guess);
        for (const other of this.#others(member)) other.line.tell("guess", guess);
      },
      "last-figures": (figures) => {
        member.figures = figuresBack(figures, HOST_AHEAD_MS);
        return null;
      },
    };
  }

  /** A worker has gone: what it held is free, what it counted stays. */
  bury(member: Member, own: readonly Family[]): void {
    for (const subject of this.#tokens.takeBack(member.id)) this.#tellProbe(subject, false, member);
    this.keep(own, member.figures);
    member.figures = [];
  }

  /** What was counted by somebody who counts no more. */
  keep(own: readonly Family[], last: Figures): void {
    this.#retired = retired(own, [this.#retired, last], this.#sets);
  }

  /** The figures of everybody. */
  readonly gathering: Gathering = {
    families: async (own) => {
      const members = this.#members();
      await Promise.all(members.map((member) => this.#ask(member)));
      return mergedFamilies(own, [this.#retired, ...members.map(({ figures }) => figures)], this.#sets);
    },
    refused: () => this.#sets.refused,
  };

  async #ask(member: Member): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<null>();
    const timer = this.#clock.timer(FIGURES_MS, () => resolve(null));
    const figures = await Promise.race([member.line.ask("figures", null).catch(() => null), late]);
    timer.cancel();
    // Whoever has nothing to tell yet, or has gone meanwhile, has told what counts.
    if (figures !== null && figures.length > 0) member.figures = figuresBack(figures, HOST_AHEAD_MS);
  }

  #probe(subject: ProbeSubject, member: Member): boolean {
    const granted = this.#tokens.take(subject, member.id);
    if (granted) this.#tellProbe(subject, true, member);
    return granted;
  }

  #tellProbe(subject: ProbeSubject, runs: boolean, member: Member): void {
    for (const other of this.#others(member)) other.line.tell("probing", { subject, runs });
  }

  #others(member: Member): readonly Member[] {
    return this.#members().filter((other) => other !== member);
  }
}
