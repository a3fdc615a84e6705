// The failover bench: a provider that fails in seven ways in front of a healthy one, and how long until the right answer is there. This
// product and Portkey get the same faults in the same minute; what OpenClaw did is printed beside them. See README.md for what it means.
import { writeFileSync } from "node:fs";
import { FAILURES_IN_ROW_MAX } from "../../src/routing/breaker.ts";
import { ask, type Ask } from "./failover-client.ts";
import { type Asks, asksOf, HEALTHY, type Rig, RUNS, startRig, targetsOf } from "./failover-rig.ts";
import { type Cells, cell, failoverTable, type Shot, SUBJECTS } from "./failover-table.ts";
import { FAULT_NAMES, FAULTS, type Fault, type FaultName, type Shape, SHAPES, TIMEOUT_MS } from "./faults.ts";
import { OBSERVED } from "./openclaw-observed.ts";

const WARM_UPS = 40;

/** What to run. */
export interface FailoverOptions {
  /** The product's program. */
  readonly entry: string;
  /** The machine, for the report. */
  readonly machine: string;
  /** Where every single figure goes; undefined for nowhere. */
  readonly json: string | undefined;
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Connections are made and code is compiled before anything is timed. Whoever fails without a fault is named: nothing else about it counts. */
async function warmUp(rig: Rig): Promise<string[]> {
  const complaints = new Set<string>();
  for (const shape of SHAPES) {
    for (const [subject, one] of Object.entries(asksOf(rig, shape, HEALTHY)) as [keyof Asks, Ask | null][]) {
      const shots = await inTurn(Array<string>(WARM_UPS).fill(HEALTHY), async (target) => shotAt(rig, target, one));
      for (const { bad } of shots) if (bad !== null) complaints.add(`without a fault, ${subject}, ${shape}: ${bad}`);
    }
  }
  return [...complaints];
}

/** Sends a request for one target; no shot where the subject is missing. */
type Shoot = (target: string) => Promise<Shot[]>;

/** One request per target, one after the other, so that nothing competes with what is timed. */
async function inTurn(targets: readonly string[], shoot: Shoot): Promise<Shot[]> {
  const shots: Shot[] = [];
  for (const target of targets) shots.push(...(await shoot(target)));
  return shots;
}

/** The same side by side, for requests that do nothing but wait: the bench stays short. */
async function together(targets: readonly string[], shoot: Shoot): Promise<Shot[]> {
  const shots = await Promise.all(targets.map(shoot));
  return shots.flat();
}

/** All columns of one row; every run has a target that no subject has met before. */
async function cellsOf(rig: Rig, fault: FaultName, shape: Shape): Promise<Cells> {
  const { waits = false }: Fault = FAULTS[fault];
  const targets = targetsOf(fault, shape);
  const through = (subject: keyof Asks): Shoot => {
    return async (target) => shotAt(rig, target, asksOf(rig, shape, target)[subject]);
  };
  const inRow = waits ? together : inTurn;
  const direct = await inTurn(targets, through("direct"));
  const first = await inRow(targets, through("edge"));
  const again = await inRow(targets, through("edge"));
  const unshown: Shot[] = [];
  for (let failures = 2; failures < FAILURES_IN_ROW_MAX; failures += 1)
    unshown.push(...(await inRow(targets, through("edge"))));
  const known = await inTurn(targets, through("edge"));
  const portkey = await inRow(targets, through("portkey"));
  const shots = { direct, first, again, known, portkey };
  const shown = Object.entries(shots).map(([subject, some]) => `${subject} ${cell(some)}`);
  say(`  ${fault} ${shape}: ${shown.join(", ")}`);
  return { fault, shape, shots, unshown };
}

async function shotAt(rig: Rig, target: string, one: Ask | null): Promise<Shot[]> {
  if (one === null) return [];
  const before = rig.failing.requestsFor(target).length;
  const verdict = await ask(one);
  return [{ ...verdict, tries: rig.failing.requestsFor(target).length - before }];
}

/** What the product answered wrongly; and a first request that never met the fault, for then nothing was measured. */
function complaintsOf(rows: readonly Cells[]): string[] {
  return rows.flatMap(({ fault, shape, shots: { direct, first, again, known, portkey }, unshown }) => {
    const wrong = [...direct, ...first, ...again, ...unshown, ...known].flatMap(({ bad }) => bad ?? []);
    const unmet = [...first, ...portkey].filter(({ tries }) => tries === 0).map(() => "the fault was not met");
    return [...wrong, ...unmet].map((why) => `${fault}, ${shape}: ${why}`);
  });
}

/** Runs everything and prints the table. The exit code is 1 when this product gave one wrong answer, or a fault was not met. */
export async function benchFailover({ entry, machine, json }: FailoverOptions): Promise<number> {
  const startedAt = performance.now();
  await using rig = await startRig(entry, say);
  const { withoutPortkey } = rig;
  if (withoutPortkey !== null) say(`no Portkey: ${withoutPortkey}`);
  say("warm-up");
  const unfit = await warmUp(rig);
  say(`${RUNS} runs of every cell`);
  const rows: Cells[] = [];
  for (const fault of FAULT_NAMES) for (const shape of SHAPES) rows.push(await cellsOf(rig, fault, shape));
  const seconds = (performance.now() - startedAt) / 1000;
  const notes = [
    `A time is the median of ${RUNS} right answers; bold is what came instead of one. Tries: how often the failing provider was asked.`,
    `The last column was observed on OpenClaw 2026.5.4 on another machine, not measured by this run.`,
    ...(withoutPortkey === null ? [] : [`Portkey could not be measured here: ${withoutPortkey}`]),
  ];
  const what = "### failover: time to the right answer, complete";
  console.log([`${machine}; ${seconds.toFixed(0)} s`, what, failoverTable(rows), notes.join("\n")].join("\n\n"));
  if (json !== undefined) {
    const report = { machine, runs: RUNS, timeoutMs: TIMEOUT_MS, seconds, subjects: SUBJECTS, withoutPortkey, rows };
    writeFileSync(json, JSON.stringify({ ...report, openclaw: OBSERVED }, null, 2));
  }
  const bad = [...unfit, ...complaintsOf(rows)];
  for (const why of bad.slice(0, 20)) say(`  BAD: ${why}`);
  return bad.length === 0 ? 0 : 1;
}
