// Soaks: `npm run soak -- <name or L1…L8> [--minutes N] [--entry src/main.ts]`; without a name it lists them. Progress goes to stderr, the table to
// stdout; the exit code is 1 when a figure misses its bound.
import { parseArgs } from "node:util";
import { reaches, type Soak, type SoakFigure } from "./soak.ts";
import { SOAKS } from "./soaks.ts";

const SECONDS_PER_MINUTE = 60;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { minutes: { type: "string" }, entry: { type: "string", default: "dist/cli.mjs" } },
});

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}

function list(): number {
  const rows = Object.entries<Soak>(SOAKS);
  for (const [name, { what, minutes }] of rows) console.log(`${name.padEnd(12)} ${minutes} min  ${what}`);
  return 0;
}

function rowOf(figure: SoakFigure): string {
  const { what, value, unit, atMost, atLeast } = figure;
  const bounds = [atLeast === undefined ? "" : `≥ ${atLeast}`, atMost === undefined ? "" : `≤ ${atMost}`]
    .join(" ")
    .trim();
  const rounded = Number.isInteger(value) ? value : value.toFixed(2);
  return `| ${what} | ${bounds === "" ? "–" : `${bounds} ${unit}`} | ${rounded} ${unit} | ${reaches(figure) ? "" : "**missed**"} |`;
}

async function run(name: keyof typeof SOAKS): Promise<number> {
  const soak: Soak = SOAKS[name];
  const minutes = Number(values.minutes ?? soak.minutes);
  const figures = await soak.run({ entry: values.entry, seconds: minutes * SECONDS_PER_MINUTE, say });
  const head = [
    `### ${name}: ${soak.what}; ${minutes} minutes`,
    "",
    "| figure | must | seen |  |",
    "|---|---|---|---|",
  ];
  console.log([...head, ...figures.map(rowOf)].join("\n"));
  return figures.every(reaches) ? 0 : 1;
}

const NAMES = Object.keys(SOAKS) as (keyof typeof SOAKS)[];
const [asked] = positionals;
const name = NAMES.find((each) => each === asked || SOAKS[each].what.startsWith(`${asked}:`));
if (asked === undefined) process.exitCode = list();
else if (name !== undefined) process.exitCode = await run(name);
else {
  say(`no soak ${asked}; there are ${NAMES.join(", ")}`);
  process.exitCode = 2;
}
