// Everybody side by side on this machine, in interleaved rounds: the product in its ways of running, and who it is compared with.
import { writeFileSync } from "node:fs";
import { compared, type Earlier, earlierRun, unlike, worseThan } from "./compare.ts";
import { isPeers } from "./figures.ts";
import { measureLoads, type Measuring, note, roundsOf, type Taken, takenLoads, wordsOf } from "./loads.ts";
import { MEMORY_MODEL, memoryOf, OPEN_STREAMS } from "./memory.ts";
import { type Claim, claimsOf, claimsTable, plainTable, scenarioTable } from "./report.ts";
import { complaints, type Rounds } from "./rounds.ts";
import { type Effort, MODELS, type ScenarioName, SCENARIOS } from "./scenarios.ts";
import { startUp } from "./start-up.ts";
import type { EdgeWorld } from "./subjects/edge.ts";
import { type Field, startField, type SubjectName } from "./subjects/index.ts";
import { startUpstream } from "./subjects/subject.ts";

/** What to run. */
export interface SideBySideOptions {
  /** The product's program. */
  readonly entry: string;
  readonly machine: string;
  readonly effort: Exclude<Effort, "warm">;
  readonly rounds: number;
  /** Seconds in which all is to be over; fewer rounds are run where they do not fit. Undefined: as long as it takes. */
  readonly within: number | undefined;
  /** Undefined: all. */
  readonly only: readonly string[] | undefined;
  /** Where every single figure goes. */
  readonly json: string | undefined;
  /** An earlier `--json`. */
  readonly compare: string | undefined;
  readonly say: (text: string) => void;
}

/** In the order of starting. */
const EVERYBODY: Measuring["subjects"] = [
  "direct",
  "nginx",
  "floor",
  "edge",
  "edge full",
  "edge untold",
  "edge traced",
  "edge x2",
  "portkey",
];
/** Whose memory is looked at: quickly, those that a claim is about. */
const REMEMBERED: Readonly<Record<SideBySideOptions["effort"], readonly SubjectName[]>> = {
  quick: ["floor", "edge"],
  full: ["nginx", "floor", "edge", "edge full", "portkey"],
};
const STARTS: Readonly<Record<SideBySideOptions["effort"], number>> = { quick: 5, full: 15 };
/** What memory and start-up take when asked for quickly, with room. */
const SECONDS_BEHIND_LOADS = 20;
const MEMORY_ROUNDS: Readonly<Record<SideBySideOptions["effort"], number>> = { quick: 1, full: 3 };

/** Runs, prints and writes. The exit code is 1 when one answer was wrong, or a claim became worse than in the file compared with. */
export async function benchSideBySide(options: SideBySideOptions): Promise<number> {
  const before = options.compare === undefined ? null : earlierRun(options.compare);
  const startedAt = performance.now();
  const taken: Taken = {};
  const missing = await measure(options, taken);
  const seconds = (performance.now() - startedAt) / 1000;
  const claims = claimsOf(taken);
  const { machine, effort, json, say } = options;
  const rounds = roundsOf(taken);
  const made = `${machine}; ${new Date().toISOString().slice(0, 10)}, ${effort}, ${rounds} ${rounds === 1 ? "round" : "rounds"}, ${seconds.toFixed(0)} s`;
  const without = Object.entries(missing).map(([name, why]) => `Without ${name}: ${why}.`);
  console.log([made, ...without, claimsTable(claims), ...tablesOf(taken)].join("\n\n"));
  if (json !== undefined)
    writeFileSync(json, JSON.stringify({ machine, effort, rounds, seconds, missing, claims, results: taken }, null, 2));
  const isWorse = before !== null && tellWorse(before, claims, options);
  return complainOf(taken, say) || isWorse ? 1 : 0;
}

/** Says what became worse than in an earlier run; whether anything did. */
function tellWorse(before: Earlier, claims: readonly Claim[], options: SideBySideOptions): boolean {
  const { say } = options;
  const caution = unlike(before, options);
  if (caution !== null) say(caution);
  const worse = worseThan(before.claims, claims);
  for (const line of worse) say(`worse: ${line}`);
  say(`${worse.length} of ${compared(before.claims, claims)} figures that both runs have became worse by a fifth`);
  return worse.length > 0;
}

async function measure(options: SideBySideOptions, taken: Taken): Promise<Field["missing"]> {
  const { entry, effort, only, say } = options;
  const wanted = (name: string): boolean => only?.includes(name) ?? true;
  await using upstream = await startUpstream();
  const world: EdgeWorld = { upstreamUrl: upstream.url, models: [...MODELS, MEMORY_MODEL] };
  const measuring: Measuring = {
    ...options,
    within: options.within === undefined ? undefined : options.within - SECONDS_BEHIND_LOADS,
    upstream,
    world,
    taken,
    subjects: EVERYBODY,
    scenarios: (Object.keys(SCENARIOS) as ScenarioName[]).filter(wanted),
  };
  const missing = await measureLoads(measuring);
  for (let round = 1; wanted("memory") && round <= MEMORY_ROUNDS[effort]; round += 1) await measureMemory(measuring);
  for (let start = 1; wanted("start") && start <= STARTS[effort]; start += 1) {
    const { bare, edge } = await startUp(world, entry);
    note(taken, ["start", "bare"], bare);
    note(taken, ["start", "edge"], edge);
    say(`start ${start} of ${STARTS[effort]}: ${wordsOf(edge)}; bare Node ${wordsOf(bare)}`);
  }
  return missing;
}

/** One subject at a time, in a process that nobody has asked anything yet. */
async function measureMemory(measuring: Measuring): Promise<void> {
  for (const name of REMEMBERED[measuring.effort]) {
    await using field = await startField({ ...measuring, names: [name] });
    const subject = field.subjects.find((one) => one.name === name);
    if (subject === undefined) continue;
    const run = await memoryOf(subject);
    note(measuring.taken, ["memory", name], run);
    measuring.say(`memory ${name}: ${wordsOf(run)}`);
  }
}

function tablesOf(taken: Rounds): string[] {
  return [
    ...takenLoads(taken).map((name) => scenarioTable(name, SCENARIOS[name], taken)),
    ...(taken["memory"] === undefined ? [] : [plainTable("memory", `MiB; ${OPEN_STREAMS} streams open`, taken)]),
    ...(taken["start"] === undefined ? [] : [plainTable("start", "ms, and MiB at listening", taken)]),
  ];
}

/** Whether an answer was wrong. What a peer gets wrong is told, and is its own affair. */
function complainOf(taken: Rounds, say: (text: string) => void): boolean {
  const all = complaints(taken);
  const ours = all.filter((why) => !isPeers(why));
  if (ours.length > 0) say(`\n${ours.length} BAD RESULTS: THE FIGURES ABOVE MEAN NOTHING`);
  for (const why of [...ours, ...all.filter(isPeers)].slice(0, 20)) say(`  ${why}`);
  return ours.length > 0;
}
