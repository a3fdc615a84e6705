// Loads against subjects, in interleaved rounds: all are alive all the time and take turns, in reverse order every other round, so that a change
// of the machine hits all alike. The first pass is a warm-up and not counted.
import type { Rounds, Run } from "./rounds.ts";
import { type Effort, type Scenario, type ScenarioName, SCENARIOS } from "./scenarios.ts";
import type { EdgeWorld } from "./subjects/edge.ts";
import { type Field, startField, type SubjectName } from "./subjects/index.ts";
import type { Subject } from "./subjects/subject.ts";

/** Rounds that grow. */
export type Taken = Record<string, Record<string, Run[]>>;

/** What to measure, against whom, and where it goes. */
export interface Measuring {
  readonly upstream: Subject;
  readonly world: EdgeWorld;
  /** The product's program. */
  readonly entry: string;
  readonly scenarios: readonly ScenarioName[];
  /** In the order of starting; a scenario asks those of them that stand in its row. */
  readonly subjects: readonly ("direct" | SubjectName)[];
  readonly effort: Exclude<Effort, "warm">;
  readonly rounds: number;
  /** Seconds from now in which all rounds fit; undefined: as long as it takes. The first round is run in any case. */
  readonly within: number | undefined;
  readonly taken: Taken;
  readonly say: (text: string) => void;
}

/** Runs all rounds; answers who could not be had, and why. */
export async function measureLoads(measuring: Measuring): Promise<Field["missing"]> {
  const { scenarios, rounds, say, subjects } = measuring;
  const asked = new Set<string>(scenarios.flatMap((name) => SCENARIOS[name].subjects));
  const names = subjects.filter((name) => name !== "direct").filter((name) => asked.has(name));
  await using field = await startField({ ...measuring, names });
  const endMs = performance.now() + (measuring.within ?? Number.POSITIVE_INFINITY) * 1000;
  let lastMs = 0;
  for (let round = 0; round <= rounds; round += 1) {
    const startedMs = performance.now();
    if (round > 1 && startedMs + lastMs > endMs) {
      say(`no time for round ${round} of ${rounds}: the one before took ${(lastMs / 1000).toFixed(0)} s`);
      break;
    }
    say(round === 0 ? "warm-up" : `round ${round} of ${rounds}`);
    for (const name of round === 0 ? warmUpOf(scenarios) : scenarios) await oneRound(measuring, field, { name, round });
    lastMs = performance.now() - startedMs;
  }
  return field.missing;
}

function warmUpOf(scenarios: readonly ScenarioName[]): readonly ScenarioName[] {
  const needsWhole = scenarios.some((name) => (SCENARIOS[name] as Scenario).isWarmedByWhole === true);
  return needsWhole && !scenarios.includes("whole") ? ["whole", ...scenarios] : scenarios;
}

/** How many rounds of loads there were: fewer than asked for where time was short. */
export function roundsOf(taken: Rounds): number {
  const runs = takenLoads(taken).flatMap((name) => Object.values(taken[name] ?? {}).map(({ length }) => length));
  return Math.max(0, ...runs);
}

async function oneRound(
  { taken, effort, say, subjects: wanted }: Measuring,
  { subjects }: Field,
  { name, round }: { readonly name: ScenarioName; readonly round: number },
): Promise<void> {
  const scenario: Scenario = SCENARIOS[name];
  const asked = new Set<string>(scenario.subjects.filter((subject) => wanted.includes(subject)));
  const running = subjects.filter((subject) => asked.has(subject.name));
  for (const subject of round % 2 === 0 ? running.toReversed() : running) {
    const run = await scenario.run(subject, round === 0 ? "warm" : effort);
    say(`  ${name} ${subject.name}: ${wordsOf(run)}`);
    if (round > 0) note(taken, [name, subject.name], run);
  }
}

/** Keeps a run. */
export function note(taken: Taken, [scenario, subject]: readonly [string, string], run: Run): void {
  const subjects = (taken[scenario] ??= {});
  (subjects[subject] ??= []).push(run);
}

/** A run in one line. */
export function wordsOf({ figures, bad }: Run): string {
  const words = Object.entries(figures).map(([name, value]) => `${name} ${value.toFixed(1)}`);
  return words.join(", ") + (bad.length > 0 ? `, ${bad.length} BAD: ${bad[0]}` : "");
}

/** Loads of the report for which something was taken. */
export function takenLoads(taken: Rounds): ScenarioName[] {
  return (Object.keys(SCENARIOS) as ScenarioName[]).filter((name) => taken[name] !== undefined);
}
