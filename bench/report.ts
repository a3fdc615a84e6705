// Rounds as Markdown: the claims with their bounds, then one table per load.
import { type Figure, FIGURES, standing } from "./figures.ts";
import { medianOf, ratio, type Rounds, within } from "./rounds.ts";
import type { Scenario } from "./scenarios.ts";

/** Figures as people read them. */
export function shown(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return "–";
  if (Math.abs(value) >= 100 || Number.isInteger(value)) return value.toFixed(0);
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2);
}

/** A table of Markdown. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** A claim with its value. */
export interface Claim extends Pick<Figure, "what" | "unit" | "must" | "aim" | "better"> {
  readonly value: number | null;
  readonly standing: ReturnType<typeof standing>;
}

/** All claims. */
export function claimsOf(rounds: Rounds): Claim[] {
  return FIGURES.map((figure) => {
    const { what, unit, must, aim, better } = figure;
    const value = figure.of(rounds);
    const known = Number.isFinite(value) ? value : null;
    return { what, unit, must, aim, better, value: known, standing: standing(figure, value) };
  });
}

/** The table of claims. */
export function claimsTable(claims: readonly Claim[]): string {
  const rows = claims.map(({ what, unit, must, aim, better, value, standing: how }) => {
    const sign = better === "less" ? "≤" : "≥";
    const bound = (of: number | null): string => (of === null ? "–" : `${sign} ${of} ${unit}`.trimEnd());
    const measured = value === null ? "–" : `${shown(value)} ${unit}`.trimEnd();
    return [what, bound(must), bound(aim), measured, how === "missed" ? "**missed**" : how];
  });
  return tableOf(["figure", "must", "aim", "measured", ""], rows);
}

/** One load: a row per subject, microseconds unless the head says otherwise. */
export function scenarioTable(name: string, scenario: Scenario, rounds: Rounds): string {
  const { unit, columns, added, what } = scenario;
  const asked = rounds[name] ?? {};
  const rows = Object.entries(asked).map(([subject, runs]): readonly string[] => {
    const cpuTo = (base: string): string =>
      subject === "direct" ? "–" : shown(ratio(rounds, [name, subject, "cpu"], [name, base, "cpu"]));
    const addedTo = (figure: string): string =>
      subject === "direct"
        ? "–"
        : shown(
            within(
              rounds,
              [
                [name, subject, figure],
                [name, "direct", figure],
              ],
              (own = 0, direct = 0) => own - direct,
            ),
          );
    const measured = columns.map((figure) => shown(medianOf(rounds, [name, subject, figure])));
    const bad = runs.reduce((sum, run) => sum + run.bad.length, 0);
    return [subject].concat(measured, cpuTo("nginx"), cpuTo("floor"), added.map(addedTo), String(bad));
  });
  const heads = columns.map((figure) => (figure === "cpu" ? `cpu/${unit}` : figure));
  const head = ["", ...heads, "cpu / nginx", "cpu / floor", ...added.map((figure) => `added ${figure}`), "bad"];
  return [`### ${name}: ${what}`, "", tableOf(head, rows)].join("\n");
}

/** Memory or start-up: the medians as they are. */
export function plainTable(name: string, what: string, rounds: Rounds): string {
  const subjects = Object.entries(rounds[name] ?? {});
  const columns = [...new Set(subjects.flatMap(([, runs]) => runs.flatMap(({ figures }) => Object.keys(figures))))];
  const rows = subjects.map(([subject]) =>
    [subject].concat(columns.map((figure) => shown(medianOf(rounds, [name, subject, figure])))),
  );
  return [`### ${name}: ${what}`, "", tableOf(["", ...columns], rows)].join("\n");
}
