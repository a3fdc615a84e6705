// Plays rows and tells what came of each. vitest and `npm run faults` both call it.
import { WaitedInVain, within } from "../support/wait.ts";
import { OPENCLAW_EDGE } from "./adapters/openclaw-edge.ts";
import { Bench, type Over } from "./bench.ts";
import { checkAnswer, seenOf } from "./check.ts";
import { unless } from "./client.ts";
import { checkLeaks, checkLog, checkMetrics, checkTraces, freed, leaksIn } from "./evidence.ts";
import type { Adapter } from "./gateway.ts";
import { WELL } from "./names.ts";
import { judgeAny, seenOfAny } from "./judge-any.ts";
import type { LetterRow } from "./letter.ts";
import { playLetter } from "./play-letter.ts";
import {
  actorOf,
  type FlowRow,
  isFlow,
  isLetter,
  isRequest,
  type Outcome,
  type RequestRow,
  type Row,
  type Shape,
} from "./row.ts";
import { readSamples, type Sample } from "./samples.ts";
import { mockScriptOf, scriptOf } from "./script-of.ts";

/** What came of one row. */
export interface Result {
  readonly row: Row;
  /** What the client saw, by shape. */
  readonly seen: readonly string[];
  /** A sentence per demand that was not met; none for a green row. */
  readonly problems: readonly string[];
  /** Of one request of the row, or of the whole row when it is several. */
  readonly ms: number;
  /** Why the row cannot be said to this gateway; it was not played then. */
  readonly inexpressible?: string;
}

/** What came of all. */
export interface Played {
  readonly results: readonly Result[];
  /** What is wrong with everything that was written meanwhile. */
  readonly leaks: readonly string[];
}

/** How to play. */
export interface Playing {
  readonly over?: Over;
  /** Told of every row when it is over; its metrics are looked at only when all of its bench are. */
  readonly tell?: (result: Result) => void;
  /** Default the product. */
  readonly adapter?: Adapter;
}

/** Longer takes no row, on the slowest machine, in milliseconds. */
const ROW_MS_MAX = 120_000;
/** The same for gateways of which some rows wait in vain. */
const ROW_MS_MAX_OF_OTHERS = 60_000;
/** Rows that run side by side. */
const AT_ONCE = 6;
/** Rows with processes of their own that do. */
const APART_AT_ONCE = 3;
/** Rows that share a process: each is several series in its metrics, and those are bounded. */
const SHARED_MAX = 75;

/** Plays rows: those of one request side by side, then flows one after the other. Each row has its own targets, so processes are shared. */
export async function playRows(all: readonly Row[], playing: Playing = {}): Promise<Played> {
  const { over = "wire", tell = silent, adapter = OPENCLAW_EDGE } = playing;
  const rows = all.filter((row) => adapter.inexpressible(row) === null);
  const unsaid = all.flatMap((row): Result[] => {
    const inexpressible = adapter.inexpressible(row);
    return inexpressible === null ? [] : [{ row, seen: [], problems: [], ms: 0, inexpressible }];
  });
  const flows = over === "wire" ? rows.filter(isFlow) : [];
  const groups = [
    ...slicesOf(rows.filter(isRequest)),
    over === "wire" ? rows.filter(isLetter) : [],
    ...slicesOf(flows.filter(({ config }) => config === undefined)),
    ...flows.filter(({ config }) => config !== undefined).map((row) => [row]),
  ];
  const played: Played[] = [];
  for (const group of groups.filter(({ length }) => length > 0)) {
    played.push(await playGroup(group, { over, tell, adapter }));
  }
  const results = [...played.flatMap((each) => each.results), ...unsaid];
  return { results, leaks: played.flatMap(({ leaks }) => leaks) };
}

/** True for a row that the mock can play from its configuration. */
export function isForTheMock(row: Row): boolean {
  return isRequest(row) && row.shapes.every((shape) => mockScriptOf(row, shape) !== null);
}

function silent(): void {}

function slicesOf<R extends Row>(rows: readonly R[]): R[][] {
  const slices: R[][] = [];
  for (let at = 0; at < rows.length; at += SHARED_MAX) slices.push(rows.slice(at, at + SHARED_MAX));
  return slices;
}

async function playGroup(rows: readonly Row[], { over, tell, adapter }: Required<Playing>): Promise<Played> {
  const [first] = rows;
  const fragment = first !== undefined && isFlow(first) ? first.config : undefined;
  const bench = await Bench.start(rows, { over, adapter, ...(fragment !== undefined && { more: fragment }) });
  try {
    const results = await playOn(bench, rows, tell);
    if (!adapter.own)
      return { results, leaks: leaksIn(bench.written, bench, "the log").filter((leak) => !isMatterOfTaste(leak)) };
    const metrics = await bench.settledMetrics();
    const samples = readSamples(metrics);
    return { results: results.map((result) => counted(result, samples)), leaks: checkTraces(bench, metrics) };
  } finally {
    await bench.stop();
  }
}

/** Whether a stack may stand in a log is everybody's own affair. */
function isMatterOfTaste(leak: string): boolean {
  return leak.startsWith("a stack");
}

/** The same with what the metrics say of it. */
function counted(result: Result, samples: readonly Sample[]): Result {
  const { row, seen, problems, ms } = result;
  return !isRequest(row) ? result : { row, seen, problems: [...problems, ...checkMetrics(row, samples)], ms };
}

async function playOn(bench: Bench, rows: readonly Row[], tell: (result: Result) => void): Promise<Result[]> {
  const results: Result[] = [];
  const done = (result: Result): void => {
    results.push(result);
    tell(result);
  };
  const flows = rows.filter(isFlow);
  await sideBySide(rows.filter(isRequest), AT_ONCE, async (row) => done(await playRequests(row, bench)));
  await sideBySide(rows.filter(isLetter), AT_ONCE, async (row) => done(await playOne(row, bench)));
  const apart = flows.filter((row) => row.apart === true);
  await sideBySide(apart, APART_AT_ONCE, async (row) => done(await playFlow(row, bench)));
  const inTurn = flows.filter((row) => row.apart !== true);
  for (const row of inTurn.toSorted((a, b) => Number(a.quiet ?? false) - Number(b.quiet ?? false))) {
    done(await playFlow(row, bench));
  }
  return results;
}

/** So many of them at once, in order. */
async function sideBySide<R>(rows: readonly R[], atOnce: number, play: (row: R) => Promise<void>): Promise<void> {
  const queue = [...rows];
  const worker = async (): Promise<void> => {
    for (let row = queue.shift(); row !== undefined; row = queue.shift()) await play(row);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}

async function playOne(row: LetterRow, bench: Bench): Promise<Result> {
  const startedAt = performance.now();
  const seen: string[] = [];
  const problems = await guarded(async () => {
    const played = await playLetter(row, bench);
    seen.push(played.seen);
    const after = await bench.ask(WELL, "whole");
    return [...played.problems, ...unless(after.status === 200, `the next request got ${after.status}`)];
  });
  return { row, seen, problems, ms: performance.now() - startedAt };
}

async function playRequests(row: RequestRow, bench: Bench): Promise<Result> {
  const seen: string[] = [];
  const problems: string[] = [];
  const startedAt = performance.now();
  for (const shape of row.shapes) {
    const found = await guarded(() => playRequest(row, shape, { bench, seen }));
    problems.push(...found.map((problem) => (row.shapes.length > 1 ? `${shape}: ${problem}` : problem)));
  }
  return { row, seen, problems, ms: (performance.now() - startedAt) / row.shapes.length };
}

interface Place {
  readonly bench: Bench;
  readonly seen: string[];
}

async function playRequest(row: RequestRow, shape: Shape, { bench, seen }: Place): Promise<readonly string[]> {
  const actor = actorOf(row, shape);
  const script = scriptOf(row, shape);
  if (row.provider !== null) bench.on(actor, () => script);
  const outcome = await bench.ask(actor, shape, { body: row.body ?? {}, api: row.api ?? "chat" });
  if (!bench.adapter.own) return playAny(row, outcome, { bench, seen });
  seen.push(seenOf(row, outcome));
  const problems = [
    ...checkAnswer(row, outcome),
    ...checkLeaks(outcome, bench),
    ...(await checkLog(row, outcome, bench)),
  ];
  await freed(row, outcome);
  // ALIVE: the next healthy request works, whatever the row did.
  const after = await bench.ask(WELL, "whole");
  return after.status === 200 ? problems : [...problems, `the next request got ${after.status}`];
}

/** What is owed by a gateway that is not ours. */
async function playAny(row: RequestRow, outcome: Outcome, { bench, seen }: Place): Promise<readonly string[]> {
  seen.push(seenOfAny(row, outcome));
  const letGo = await freed(row, outcome).then(
    () => [],
    () => ["the provider is not let go"],
  );
  const after = await bench.ask(WELL, "whole");
  return [
    ...judgeAny(row, outcome),
    ...checkLeaks(outcome, bench),
    ...letGo,
    ...unless(after.status === 200, `the next request got ${after.status}`),
  ];
}

async function playFlow(row: FlowRow, bench: Bench): Promise<Result> {
  const startedAt = performance.now();
  const seen: string[] = [];
  const play = async (): Promise<readonly string[]> => {
    const found = await row.play(bench);
    if (!("seen" in found)) return found;
    seen.push(found.seen);
    return found.problems;
  };
  const problems = await guarded(play, bench.adapter.own ? ROW_MS_MAX : ROW_MS_MAX_OF_OTHERS);
  return { row, seen, problems, ms: performance.now() - startedAt };
}

async function guarded(of: () => Promise<readonly string[]>, msMax = ROW_MS_MAX): Promise<readonly string[]> {
  try {
    return await within(of(), "the row to be over", msMax);
  } catch (error) {
    // To wait in vain is what a row may see of a gateway; anything else is a fault of the bench.
    if (error instanceof WaitedInVain) return [error.message];
    if (error instanceof SyntaxError) return [`what came is no JSON: ${error.message}`];
    return [`threw: ${error instanceof Error ? error.message : String(error)}`];
  }
}
