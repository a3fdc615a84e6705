// The bench. See README.md for what the figures mean, and `--help` for what may be asked.
import { existsSync } from "node:fs";
import { availableParallelism, cpus, release, type } from "node:os";
import { parseArgs } from "node:util";
import { benchBudget } from "./budget.ts";
import { benchFailover } from "./failover/failover.ts";
import { CURVES } from "./growth/curves.ts";
import { benchGrowth } from "./growth/growth.ts";
import { benchProfile, PROFILED } from "./profile/profile.ts";
import { SCENARIOS } from "./scenarios.ts";
import { benchSideBySide } from "./side-by-side.ts";
import { saying, WrongUse } from "./wrong-use.ts";

const HELP = `npm run bench -- [side-by-side|growth|failover|budget|profile] [options]
  --quick         under three minutes; figures to look at, not to quote
  --rounds N      how often each load is run against each subject
  --only A,B      some of the loads, curves or profiles
  --json FILE     every single figure
  --compare FILE  an earlier --json of the side-by-side bench; fails where a claim became worse by a fifth
  --write         budget: makes what is measured the budget
  --entry FILE    the program; dist/cli.mjs, for a profile src/main.ts`;

const OPTIONS = {
  help: { type: "boolean", short: "h", default: false },
  quick: { type: "boolean", default: false },
  failover: { type: "boolean", default: false },
  rounds: { type: "string" },
  only: { type: "string" },
  entry: { type: "string" },
  json: { type: "string" },
  compare: { type: "string" },
  write: { type: "boolean", default: false },
} as const;

/** The command line. Throws for options that there are not. */
function asked() {
  return parseArgs({ allowPositionals: true, options: OPTIONS });
}

interface Options extends Omit<ReturnType<typeof asked>["values"], "entry"> {
  /** The product's program. */
  readonly entry: string;
}

const machine = `${cpus()[0]?.model ?? "unknown processor"}, ${availableParallelism()} cores, ${type()} ${release()}, Node ${process.version}`;

/** Under three minutes, with room for a last round that takes longer than the one before it. */
const QUICK_SECONDS = 175;

/** Progress, with the seconds since the start. */
function say(text: string): void {
  process.stderr.write(`${(performance.now() / 1000).toFixed(0).padStart(5)} s  ${text}\n`);
}

/** How many rounds were asked for. Throws for what is no such number. */
function roundsOr(usual: number, { rounds }: Options): number {
  if (rounds === undefined) return usual;
  if (!/^[1-9]\d*$/.test(rounds)) throw new WrongUse(`--rounds: '${rounds}' is no number of rounds`);
  return Number(rounds);
}

/** The rows that were asked for. Throws for one that is not there. */
function onlyOf(names: readonly string[], options: Options): readonly string[] | undefined {
  const only = options.only?.split(",");
  const strange = only?.find((name) => !names.includes(name));
  if (strange !== undefined) throw new WrongUse(`--only: there is no '${strange}'; there are ${names.join(", ")}`);
  return only;
}

const BENCHES = {
  "side-by-side": async (options) => {
    const { entry, json, compare, quick } = options;
    const rounds = roundsOr(quick ? 2 : 5, options);
    const only = onlyOf([...Object.keys(SCENARIOS), "memory", "start"], options);
    const within = quick && options.rounds === undefined ? QUICK_SECONDS : undefined;
    const effort = quick ? "quick" : "full";
    return benchSideBySide({ entry, machine, effort, rounds, within, only, json, compare, say });
  },
  budget: async ({ entry, write }) => benchBudget({ entry, write, say }),
  growth: async (options) => {
    const { entry, json, quick } = options;
    const rounds = roundsOr(quick ? 1 : 3, options);
    return benchGrowth({ entry, machine, rounds, only: onlyOf(Object.keys(CURVES), options), json, say });
  },
  profile: async (options) => {
    const { entry, json } = options;
    return benchProfile({ entry, machine, only: onlyOf(Object.keys(PROFILED), options), json, say });
  },
  failover: async ({ entry, json }) => benchFailover({ entry, machine, json }),
} as const satisfies Record<string, (options: Options) => Promise<number>>;

async function main(): Promise<number> {
  const { values, positionals } = asked();
  if (values.help) {
    console.log(HELP);
    return 0;
  }
  const { compare, failover } = values;
  const [name = failover ? "failover" : "side-by-side", more] = positionals;
  if (!Object.hasOwn(BENCHES, name) || more !== undefined)
    throw new WrongUse(`there is no '${more ?? name}'; there are ${Object.keys(BENCHES).join(", ")}`);
  if (compare !== undefined && name !== "side-by-side") throw new WrongUse(`--compare: ${name} compares nothing`);
  // The bundle as it ships has no names of functions to show.
  const { entry = name === "profile" ? "src/main.ts" : "dist/cli.mjs" } = values;
  if (!existsSync(new URL(`../${entry}`, import.meta.url))) throw new WrongUse(`${entry} is missing; npm run build`);
  return BENCHES[name as keyof typeof BENCHES]({ ...values, entry });
}

process.exitCode = await saying(main);
