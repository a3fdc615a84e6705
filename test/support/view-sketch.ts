// What the failover policy sees, in a few words: how targets and keys stand, and a history to go with it.
import type { Because } from "../../src/core/events.ts";
import type { Failure } from "../../src/core/failure.ts";
import type { Plan } from "../../src/core/plan.ts";
import type { OutReason, Standing } from "../../src/core/standing.ts";
import type { AttemptStep, Tried } from "../../src/core/step.ts";
import type { View } from "../../src/routing/decide.ts";

/** `ready`, `probe`, or `rate_limit until 30000`, with `?` where one request may find out. */
export type StandingWords = string;

/** Standings by target (`a`) or by key (`a#2`); who is not named is ready. */
export type Standings = Readonly<Record<string, StandingWords>>;

/** A view on standings; everything else is as free as can be, but nothing is hedged. */
export function aView(standings: Standings = {}, more: Partial<View> = {}): View {
  return {
    now: 1_000,
    over: null,
    standing: ({ id }, credential) => standingOf(standings[credential.id] ?? standings[id] ?? "ready"),
    order: ({ credentials }) => credentials,
    isFull: () => false,
    mayRepeat: () => true,
    mayHedge: false,
    learned: () => [],
    lacks: () => false,
    helpful: (_step, remedies) => remedies,
    ...more,
  };
}

function standingOf(words: StandingWords): Standing {
  if (words === "ready" || words === "probe") return { is: words };
  const [reason, , until] = words.replace("?", "").split(" ");
  return { is: "out", reason: reason as OutReason, until: Number(until), mayProbe: words.endsWith("?") };
}

const PLAIN = { remedies: [], probe: false, repeat: false, commitMsMax: null, skipped: [] };

/** One attempt of a history: `a#1`, why, how it failed (null while it runs), and what else matters of it. */
export type Past = readonly [
  key: `${string}#${number}`,
  because: Because,
  failure: Failure | null,
  more?: Partial<Omit<Tried, "step">> & { readonly step?: Partial<AttemptStep> },
];

/** The history: every attempt began at 0, and those that failed did so at 500. */
export function aHistory(plan: Plan, past: readonly Past[]): Tried[] {
  return past.map(([key, because, failure, more]) => {
    const candidate = plan.candidates.find(({ target }) => target.id === key.split("#")[0]);
    const credential = candidate?.target.credentials[Number(key.split("#")[1]) - 1];
    if (candidate === undefined || credential === undefined) throw new Error(`no ${key} in the plan`);
    const step = { do: "attempt", candidate, credential, because, ...PLAIN, ...more?.step } as const;
    return { startedAt: 0, endedAt: failure === null ? null : 500, failure, ...more, step };
  });
}
