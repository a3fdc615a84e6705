// A worker's share of what all workers know: what it finds out goes to the others, what they found out comes in. Letters are gathered for
// a moment while all is well, and go at once when something failed.
import type { Clock, Timer } from "../../core/clock.ts";
import type { Health, HealthNews, ProbeSubject } from "../../routing/health.ts";
import { type MailEntry, OutcomeMail, shifted } from "../../routing/outcome-mail.ts";
import { RateLimiter } from "../../server/rate-limiter.ts";
import { HOST_AHEAD_MS } from "./host-time.ts";
import type { Line } from "./line.ts";
import type { Beginning, PrimaryWords, WorkerWords } from "./words.ts";

/** An instant of the host in this process's time; 0 stays never. */
function here(at: number): number {
  return at === 0 ? 0 : at - HOST_AHEAD_MS;
}

/** How long a letter with nothing but good news may wait. */
const LETTER_MS = 25;

/** The line to the primary. */
export type LineUp = Line<WorkerWords, PrimaryWords>;

/** Tells and hears. */
export class NewsDesk {
  readonly limiter = new RateLimiter();
  readonly #line: () => LineUp;
  readonly #clock: Clock;
  readonly #mail = new OutcomeMail();
  #health: Health | null = null;
  /** What came in before there was anybody to hear it. */
  #early: (() => void)[] = [];
  #timer: Timer | null = null;

  constructor(line: () => LineUp, clock: Clock) {
    this.#line = line;
    this.#clock = clock;
  }

  /** Takes over what the others know already, and then what came in meanwhile. */
  open(health: Health, { mail, probes, guesses }: Pick<Beginning, "mail" | "probes" | "guesses">): void {
    this.#health = health;
    this.absorb(mail);
    for (const subject of probes) this.probing(subject, true);
    this.limiter.restore(
      guesses.map(([client, { failures, lockedUntil }]) => [
        client,
        { failures: failures.map(here), lockedUntil: here(lockedUntil) },
      ]),
    );
    for (const hear of this.#early.splice(0)) hear();
    this.limiter.onGuess = (guess) => this.#line().tell("guess", { ...guess, at: guess.at + HOST_AHEAD_MS });
  }

  /** What health found out here. */
  readonly tell = (news: HealthNews): void => {
    if (news.of === "probe-over") {
      this.send();
      this.#line().tell("probe-over", news.subject);
      return;
    }
    this.#mail.add({ finding: shifted(news, HOST_AHEAD_MS), times: 1 });
    if (news.of === "lesson" || news.record.disposition !== null) this.send();
    else this.#timer ??= this.#clock.timer(LETTER_MS, () => this.send());
  };

  /** What others found out. */
  absorb(entries: readonly MailEntry[]): void {
    if (this.#health === null) this.#early.push(() => this.absorb(entries));
    for (const { finding, times } of entries) {
      const here = shifted(finding, -HOST_AHEAD_MS);
      for (let each = 0; each < times; each += 1) this.#health?.absorb(here);
    }
  }

  /** Somebody else finds out, or has. */
  probing(subject: ProbeSubject, runs: boolean): void {
    if (this.#health === null) this.#early.push(() => this.probing(subject, runs));
    this.#health?.probeElsewhere(subject, runs, this.#clock.now());
  }

  /** May this process find out? Without a primary nobody keeps the others from it. */
  async mayProbe(subject: ProbeSubject): Promise<boolean> {
    this.send();
    return this.#line()
      .ask("probe", subject)
      .catch(() => true);
  }

  /** Sends what waits. */
  send(): void {
    this.#timer?.cancel();
    this.#timer = null;
    const entries = this.#mail.take();
    if (entries.length > 0) this.#line().tell("mail", entries);
  }
}
