// The budget: a short A/B against the floor by processor time, and the ratios that it must not leave. For every change; fails on a clear
// regression only: medians of interleaved rounds, a generous band, and a second series before it says no.
import { readFileSync, writeFileSync } from "node:fs";
import { isPeers } from "./figures.ts";
import { measureLoads, type Measuring } from "./loads.ts";
import { complaints, ratio, type Rounds } from "./rounds.ts";
import { MODELS, type ScenarioName } from "./scenarios.ts";
import { startUpstream } from "./subjects/subject.ts";

const FILE = new URL("budget.json", import.meta.url);
const ROUNDS = 5;

interface Budget {
  readonly about: string;
  /** How far a ratio may be from what it was, as a factor. */
  readonly band: number;
  /** CPU of the product / CPU of the floor, by scenario. */
  readonly ratios: Readonly<Record<string, number>>;
}

/** What to run. */
export interface BudgetOptions {
  readonly entry: string;
  /** Makes what is measured the budget. */
  readonly write: boolean;
  readonly say: (text: string) => void;
}

/** Measures once or twice. The exit code is 1 when an answer was wrong, or when a ratio left its band both times. */
export async function benchBudget({ entry, write, say }: BudgetOptions): Promise<number> {
  const budget = JSON.parse(readFileSync(FILE, "utf8")) as Budget;
  const names = Object.keys(budget.ratios) as ScenarioName[];
  const first = await series(names, entry, say);
  let seen = ratiosOf(names, first);
  let over = write ? [] : beyond(budget, seen);
  let bad = complaints(first).filter((why) => !isPeers(why));
  if (write && bad.length === 0) writeFileSync(FILE, `${JSON.stringify({ ...budget, ratios: seen }, null, 2)}\n`);
  // A machine that stood still for half a second makes a gateway refuse; a wrong answer comes again.
  const again = bad.length > 0 ? names : over;
  if (!write && again.length > 0) {
    say(`${bad.length > 0 ? `BAD: ${bad[0]}` : `beyond the band: ${over.join(", ")}`}; once more`);
    const second = await series(again, entry, say);
    seen = { ...seen, ...ratiosOf(again, second) };
    over = beyond(budget, seen).filter((name) => again.includes(name));
    bad = complaints(second).filter((why) => !isPeers(why));
  }
  const rows = names.map((name) => {
    const was = budget.ratios[name] ?? Number.NaN;
    const words = over.includes(name) ? "**a regression**" : "";
    return `| ${name} | ${was} | ${(was * budget.band).toFixed(2)} | ${seen[name]} | ${words} |`;
  });
  console.log(["| CPU / floor | budget | fails beyond | measured |  |", "|---|---|---|---|---|", ...rows].join("\n"));
  for (const why of bad.slice(0, 10)) say(`BAD: ${why}`);
  return bad.length + over.length === 0 ? 0 : 1;
}

async function series(scenarios: readonly ScenarioName[], entry: string, say: BudgetOptions["say"]): Promise<Rounds> {
  await using upstream = await startUpstream();
  const world = { upstreamUrl: upstream.url, models: MODELS };
  const taken: Measuring["taken"] = {};
  const subjects = ["floor", "edge"] as const;
  const amount = { rounds: ROUNDS, within: undefined, effort: "quick" } as const;
  await measureLoads({ upstream, world, entry, say, taken, scenarios, subjects, ...amount });
  return taken;
}

function ratiosOf(names: readonly ScenarioName[], rounds: Rounds): Record<string, number> {
  const of = (name: string): number => ratio(rounds, [name, "edge", "cpu"], [name, "floor", "cpu"]);
  return Object.fromEntries(names.map((name) => [name, Math.round(of(name) * 100) / 100]));
}

/** A ratio that is not known is not beyond anything: elsewhere than on Linux there is nothing to judge. */
function beyond({ ratios, band }: Budget, seen: Readonly<Record<string, number>>): ScenarioName[] {
  const names = Object.keys(ratios) as ScenarioName[];
  return names.filter((name) => (seen[name] ?? Number.NaN) > (ratios[name] ?? Number.NaN) * band);
}
