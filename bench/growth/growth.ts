// Growth curves: what a request or an event costs when something grows. Tables go to stdout, the plot beside this file's README.
import { writeFileSync } from "node:fs";
import { startEdge } from "../../test/support/edge.ts";
import { shown, tableOf } from "../report.ts";
import { medianOf, type Rounds, type Run } from "../rounds.ts";
import { defaultConfig, subjectOf } from "../subjects/edge.ts";
import { startUpstream, type Subject } from "../subjects/subject.ts";
import { type Curve, CURVES } from "./curves.ts";
import { plotOf } from "./plot.ts";
import { isWorseThanLinear, shapeOf, shapeWords } from "./shape.ts";

const PLOT = new URL("../growth.svg", import.meta.url);

/** What to run. */
export interface GrowthOptions {
  readonly entry: string;
  readonly machine: string;
  readonly rounds: number;
  readonly only: readonly string[] | undefined;
  readonly json: string | undefined;
  readonly say: (text: string) => void;
}

type Name = keyof typeof CURVES;

/** Runs all curves. The exit code is 1 when an answer was wrong, or when something grew by more than its size. */
export async function benchGrowth({ entry, machine, rounds, only, json, say }: GrowthOptions): Promise<number> {
  const names = (Object.keys(CURVES) as Name[]).filter((name) => only?.includes(name) ?? true);
  const taken: Record<string, Record<string, Run[]>> = {};
  await using upstream = await startUpstream();
  for (const name of names) {
    say(`${name}`);
    taken[name] = await curveOf(CURVES[name], { upstreamUrl: upstream.url, entry, rounds, say });
  }
  const points = (name: Name): (readonly [number, number])[] =>
    CURVES[name].sizes.map((size) => [size, medianOf(taken, [name, String(size), "cpu"])] as const);
  const made = `${machine}; ${new Date().toISOString().slice(0, 10)}, ${rounds} ${rounds === 1 ? "round" : "rounds"}, ${(performance.now() / 1000).toFixed(0)} s`;
  const tables = names.map((name) => `${curveTable(name, taken)}\n\n${shapeWords(shapeOf(points(name)))}`);
  console.log([made, ...tables].join("\n\n"));
  const curves = names.map((name) => ({ name: `${name} (per ${CURVES[name].per})`, points: points(name) }));
  if (only === undefined) writeFileSync(PLOT, plotOf(curves, "CPU of one request or event while something grows"));
  if (json !== undefined) writeFileSync(json, JSON.stringify({ machine, rounds, results: taken }, null, 2));
  const bad = Object.values(taken).flatMap((sizes) =>
    Object.values(sizes).flatMap((runs) => runs.flatMap((run) => run.bad)),
  );
  for (const why of bad.slice(0, 10)) say(`BAD: ${why}`);
  const steep = names.filter((name) => isWorseThanLinear(shapeOf(points(name))));
  for (const name of steep) say(`more than linear: ${name}`);
  return bad.length + steep.length === 0 ? 0 : 1;
}

interface CurveWorld {
  readonly upstreamUrl: string;
  readonly entry: string;
  readonly rounds: number;
  readonly say: (text: string) => void;
}

/** A process per size where the config grows, else one for all. Up and down in turns, the first pass not counted. */
async function curveOf(curve: Curve, world: CurveWorld): Promise<Record<string, Run[]>> {
  await using stack = new AsyncDisposableStack();
  const taken: Record<string, Run[]> = Object.fromEntries(curve.sizes.map((size) => [String(size), []]));
  const shared = curve.config === undefined ? stack.use(await started(curve, 0, world)) : null;
  const subjects = new Map<number, Subject>();
  for (const size of curve.sizes) subjects.set(size, shared ?? stack.use(await started(curve, size, world)));
  for (let round = 0; round <= world.rounds; round += 1) {
    for (const size of round % 2 === 0 ? curve.sizes : curve.sizes.toReversed()) {
      const subject = subjects.get(size);
      if (subject === undefined) continue;
      const run = await curve.run(subject, size);
      if (round > 0) taken[String(size)]?.push(run);
      world.say(`  ${size}: ${shown(run.figures["cpu"])} us${run.bad.length > 0 ? `, BAD: ${run.bad[0]}` : ""}`);
    }
  }
  return taken;
}

async function started({ config, models }: Curve, size: number, { upstreamUrl, entry }: CurveWorld): Promise<Subject> {
  const world = { upstreamUrl, models };
  const edge = await startEdge({ config: config?.(world, size) ?? defaultConfig(world), entry });
  return subjectOf("edge", edge);
}

function curveTable(name: Name, taken: Rounds): string {
  const { grows, per, sizes } = CURVES[name];
  const at = (size: number, figure: string): number => medianOf(taken, [name, String(size), figure]);
  const rowOf = (label: string, figure: string): string[] =>
    [label].concat(sizes.map((size) => shown(at(size, figure))));
  const rows = [rowOf(`CPU us / ${per}`, "cpu"), rowOf("resident MiB", "MiB")];
  return [`### ${name}`, "", tableOf([grows, ...sizes.map(String)], rows)].join("\n");
}
