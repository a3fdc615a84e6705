// The runs of the failover bench become a table: a median where every answer was right, and else what came instead, never a mixture.
import { FAULT_NAMES, FAULTS, type FaultName, type Shape, SHAPES } from "./faults.ts";
import type { Verdict } from "./failover-client.ts";
import { OBSERVED, OPENCLAW } from "./openclaw-observed.ts";
import { median } from "../rounds.ts";

/** The measured columns, in order. */
export const SUBJECTS = {
  direct: "healthy provider, direct",
  first: "this proxy, first request",
  again: "this proxy, second request",
  known: "this proxy, sixth request",
  portkey: "Portkey 1.15.2",
} as const;

/** Who was asked. */
export type SubjectName = keyof typeof SUBJECTS;

/** One request, and how often the failing provider was asked on its behalf. */
export interface Shot extends Verdict {
  readonly tries: number;
}

/** The shots of one row of the table; a subject that could not be measured has none. */
export interface Cells {
  readonly fault: FaultName;
  readonly shape: Shape;
  readonly shots: Readonly<Record<SubjectName, readonly Shot[]>>;
  /** The requests between the second and the one that finds the breaker open: judged, not printed. */
  readonly unshown: readonly Shot[];
}

/** Milliseconds as a reader wants them: `0.84 ms`, `12.3 ms`, `2.03 s`. */
export function shownMs(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(2)} s`;
  return `${ms.toFixed(ms >= 100 ? 0 : ms >= 10 ? 1 : 2)} ms`;
}

/** One cell: the median of the right answers; every kind of wrong one in bold with its median and its count. */
export function cell(shots: readonly Shot[]): string {
  if (shots.length === 0) return "not measured";
  const kinds = Map.groupBy(shots, ({ bad }) => bad);
  const parts = [...kinds].map(([bad, some]) => {
    const count = some.length === shots.length ? "" : ` (${some.length} of ${shots.length})`;
    const ms = shownMs(median(some.map((shot) => shot.ms)));
    return bad === null ? `${ms}${count}` : `**${bad}** at ${ms}${count}`;
  });
  return parts.join("; ");
}

/** How often the failing provider was asked, beside the time: `, 1 try`, `, 0–2 tries`. */
function triesOf(shots: readonly Shot[]): string {
  if (shots.length === 0) return "";
  const all = shots.map(({ tries }) => tries);
  const [least, most] = [Math.min(...all), Math.max(...all)];
  return `, ${least === most ? "" : `${least}–`}${most} ${most === 1 ? "try" : "tries"}`;
}

/** The table in Markdown, in the order of the faults. */
export function failoverTable(rows: readonly Cells[]): string {
  const names = Object.keys(SUBJECTS) as SubjectName[];
  const head = ["fault of the first provider", "client", ...names.map((name) => SUBJECTS[name]), OPENCLAW];
  const lines = FAULT_NAMES.flatMap((fault) => SHAPES.map((shape) => ({ fault, shape }))).flatMap(
    ({ fault, shape }) => {
      const row = rows.find((cells) => cells.fault === fault && cells.shape === shape);
      if (row === undefined) return [];
      const measured = names.map((name) => cell(row.shots[name]) + (name === "direct" ? "" : triesOf(row.shots[name])));
      return [line([FAULTS[fault].what, shape, ...measured, OBSERVED[fault][shape].shown])];
    },
  );
  return [line(head), `|${"---|".repeat(head.length)}`, ...lines].join("\n");
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}
