// Rounds become a report: medians of the rounds, medians of the ratios within each round, as Markdown and as JSON.
import type { Run, Scenario } from "./scenarios.ts";

/** All rounds: scenario name, subject name, one run per round. */
export type Rounds = Readonly<Record<string, Readonly<Record<string, readonly Run[]>>>>;

/** The middle of the figures that are known; NaN when none is. */
export function median(values: readonly number[]): number {
  const sorted = values.filter(Number.isFinite).toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  return (lower + upper) / 2;
}

function figure(run: Run | undefined, name: string): number {
  return run?.figures[name] ?? Number.NaN;
}

function medianOf(runs: readonly Run[], name: string): number {
  return median(runs.map((run) => figure(run, name)));
}

/** Two subjects are compared within a round, because the neighbours of a shared machine change from round to round. */
function paired(runs: readonly Run[], others: readonly Run[], compare: (index: number) => number): number {
  return median(runs.slice(0, others.length).map((_, index) => compare(index)));
}

function shown(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (Math.abs(value) >= 100) return value.toFixed(0);
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}

/** One scenario as a Markdown table: a row per subject, microseconds unless the head says otherwise. */
export function table(scenario: Scenario, subjects: Rounds[string]): string {
  const { direct = [], floor = [] } = subjects;
  const added = scenario.added.map((name) => `added ${name}`);
  const columns = [
    ...scenario.columns.map((name) => (name === "cpu" ? `cpu/${scenario.unit}` : name)),
    "cpu / floor",
    ...added,
    "bad",
  ];
  const rows = Object.entries(subjects).map(([subject, runs]) => {
    const ratio = paired(runs, floor, (at) => figure(runs[at], "cpu") / figure(floor[at], "cpu"));
    const cells = [
      ...scenario.columns.map((name) => shown(medianOf(runs, name))),
      subject === "direct" ? "–" : shown(ratio),
      ...scenario.added.map((name) =>
        subject === "direct"
          ? "–"
          : shown(paired(runs, direct, (at) => figure(runs[at], name) - figure(direct[at], name))),
      ),
      String(runs.reduce((sum, { bad }) => sum + bad.length, 0)),
    ];
    return `| ${[subject, ...cells].join(" | ")} |`;
  });
  const head = [`| ${["", ...columns].join(" | ")} |`, `|${"---|".repeat(columns.length + 1)}`];
  return [`### ${scenario.name}: ${scenario.what}`, "", ...head, ...rows].join("\n");
}

/** Every reason not to believe the figures. */
export function complaints(rounds: Rounds): string[] {
  return Object.entries(rounds).flatMap(([scenario, subjects]) =>
    Object.entries(subjects).flatMap(([subject, runs]) =>
      runs.flatMap(({ bad }, round) => bad.map((why) => `${scenario}, ${subject}, round ${round + 1}: ${why}`)),
    ),
  );
}
