// The bench. See README.md for what the figures mean.
//   node bench/main.ts [--quick] [--rounds N] [--only whole,paced] [--entry src/main.ts] [--json FILE] [--compare FILE]
//   node bench/main.ts failover | growth | budget [--quick] [--entry src/main.ts] [--json FILE]
import { existsSync } from "node:fs";
import { availableParallelism, cpus, release } from "node:os";
import { parseArgs } from "node:util";
import { benchBudget } from "./budget.ts";
import { benchFailover } from "./failover/failover.ts";
import { benchGrowth } from "./growth/growth.ts";
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
const machine = `${cpus()[0]?.model ?? "unknown processor"}, ${availableParallelism()} cores, Linux ${release()}, Node ${process.version}`;

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

const BENCHES = {
  "side-by-side": async () => {
    const rounds = Number(options.rounds ?? (quick ? 2 : 5));
    const only = options.only?.split(",");
    return benchSideBySide({ entry, machine, effort: quick ? "quick" : "full", rounds, only, json, compare, say });
  },
  budget: async () => benchBudget({ entry, write: options.write, say }),
  growth: async () => {
    const rounds = Number(options.rounds ?? (quick ? 1 : 3));
    return benchGrowth({ entry, machine, rounds, only: options.only?.split(","), json, say });
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
