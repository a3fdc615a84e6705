// Outcomes on their way to other processes, or kept for one that is still to come: what went well again and again is one entry with a
// number, so that a busy gateway writes short letters. Pure; the order between failures and what went well stays.
import type { HealthNews } from "./health.ts";
import type { OutcomeRecord } from "./outcome.ts";

/** What is exchanged of health, probes apart. */
export type Finding = Exclude<HealthNews, { of: "probe-over" }>;

/** One entry of a letter: a finding, so many times. */
export interface MailEntry {
  readonly finding: Finding;
  readonly times: number;
}

/** An entry that more may be added to. */
interface OpenEntry {
  finding: Finding;
  times: number;
}

/** Gathers findings; the oldest go when there are too many. */
export class OutcomeMail {
  readonly #max: number;
  #entries: OpenEntry[] = [];
  /** What outcomes that went well can be added to: entries behind the last finding of another kind. */
  readonly #open = new Map<string, OpenEntry>();

  constructor(max = Number.POSITIVE_INFINITY) {
    this.#max = max;
  }

  get entries(): readonly MailEntry[] {
    return this.#entries;
  }

  add({ finding, times }: MailEntry): void {
    const key = keyOf(finding);
    const known = key === null ? undefined : this.#open.get(key);
    if (known !== undefined) {
      // The later of two shows more: it may have begun after a window had opened.
      known.finding = finding;
      known.times += times;
      return;
    }
    const entry = { finding, times };
    if (key === null) this.#open.clear();
    else this.#open.set(key, entry);
    this.#entries.push(entry);
    if (this.#entries.length > this.#max) this.#forget();
  }

  /** Everything gathered; from now on anew. */
  take(): readonly MailEntry[] {
    const entries = this.#entries;
    this.#entries = [];
    this.#open.clear();
    return entries;
  }

  #forget(): void {
    this.#entries = this.#entries.slice(this.#entries.length - Math.ceil(this.#max / 2));
    this.#open.clear();
  }
}

/** What counts as the same again; null for what is told one by one. */
function keyOf(finding: Finding): string | null {
  if (finding.of === "lesson" || !isPlain(finding.record)) return null;
  const { target, fingerprint, was } = finding.record;
  return `${was} ${fingerprint} ${target}`;
}

function isPlain({ disposition, learns, probe }: OutcomeRecord): boolean {
  return disposition === null && learns === null && !probe;
}

/** A finding whose instants are told by a clock that is ahead by so many milliseconds. */
export function shifted(finding: Finding, ms: number): Finding {
  if (finding.of === "lesson") return { ...finding, at: finding.at + ms };
  const { record } = finding;
  return { ...finding, record: { ...record, at: record.at + ms, startedAt: record.startedAt + ms } };
}
