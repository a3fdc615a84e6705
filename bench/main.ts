// The bench. See README.md for what the figures mean.
//   node bench/main.ts [--quick] [--rounds N] [--only whole,paced] [--entry src/main.ts] [--json FILE] [--compare FILE]
//   node bench/main.ts failover | growth | budget [--quick] [--entry src/main.ts] [--json FILE]
import { existsSync } from "node:fs";
import { availableParallelism, cpus, release, type } from "node:os";
import { parseArgs } from "node:util";
import { benchBudget } from "./budget.ts";
import { benchFailover } from "./failover/failover.ts";
import { CURVES } from "./growth/curves.ts";
import { benchGrowth } from "./growth/growth.ts";
import { SCENARIOS } from "./scenarios.ts";
import { benchSideBySide } from "./side-by-side.ts";

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: "boolean", default: false },
    failover: { type: "boolean", default: false },
    rounds: { type: "string" },
    only: { type: "string" },
    entry: { type: "string", default: "dist/cli.mjs" },
    json: { type: "string" },
    compare: { type: "string" },
    write: { type: "boolean", default: false },
  },
});

const { entry, json, compare, quick } = options;
const machine = `${cpus()[0]?.model ?? "unknown processor"}, ${availableParallelism()} cores, ${type()} ${release()}, Node ${process.version}`;

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** How many rounds were asked for. Throws for what is no such number. */
function roundsOr(usual: number): number {
  const { rounds } = options;
  if (rounds === undefined) return usual;
  if (!/^[1-9]\d*$/.test(rounds)) throw new Error(`--rounds: '${rounds}' is no number of rounds`);
  return Number(rounds);
}

/** The rows that were asked for. Throws for one that is not there. */
function onlyOf(names: readonly string[]): readonly string[] | undefined {
  const only = options.only?.split(",");
  const strange = only?.find((name) => !names.includes(name));
  if (strange !== undefined) throw new Error(`--only: there is no '${strange}'; there are ${names.join(", ")}`);
  return only;
}

const BENCHES = {
  "side-by-side": async () => {
    const rounds = roundsOr(quick ? 2 : 5);
    const only = onlyOf([...Object.keys(SCENARIOS), "memory", "start"]);
    return benchSideBySide({ entry, machine, effort: quick ? "quick" : "full", rounds, only, json, compare, say });
  },
  budget: async () => benchBudget({ entry, write: options.write, say }),
  growth: async () => {
    const rounds = roundsOr(quick ? 1 : 3);
    return benchGrowth({ entry, machine, rounds, only: onlyOf(Object.keys(CURVES)), json, say });
  },
  failover: async () => benchFailover({ entry, machine, json }),
} as const satisfies Record<string, () => Promise<number>>;

async function main(): Promise<number> {
  const [name = options.failover ? "failover" : "side-by-side"] = positionals;
  if (!Object.hasOwn(BENCHES, name)) throw new Error(`no such bench; there are ${Object.keys(BENCHES).join(", ")}`);
  if (!existsSync(new URL(`../${entry}`, import.meta.url))) throw new Error(`${entry} is missing; npm run build`);
  return BENCHES[name as keyof typeof BENCHES]();
}

process.exitCode = await main();
