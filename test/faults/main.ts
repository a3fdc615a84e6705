// `npm run faults`: plays the rows against the product and prints what each saw; exits 1 when a row is red.
//   U13 B07     only these rows, and those that share their number (U13b); slow ones, too
//   --slow      the slow rows as well
//   --stream, --whole   requests of one shape only
//   --mock      over the mock inside the product: rows that need no socket
//   --script    prints the scripts of the chosen rows as JSON, for `params.script` of a mock model, and plays nothing
//   --against portkey   another gateway (adapters/index.ts); it is fetched when it is not there yet
//   --write     puts the table of results into README.md
import { readFileSync, writeFileSync } from "node:fs";
import { ADAPTERS } from "./adapters/index.ts";
import { actorOf, isFlow, isLetter, type Row, type Shape } from "./row.ts";
import { ROWS } from "./rows/index.ts";
import { isForTheMock, type Played, playRows } from "./runner.ts";
import { mockScriptOf } from "./script-of.ts";
import { inOrder, lineOf, summary, table } from "./table.ts";

const OPTIONS = ["--slow", "--stream", "--whole", "--mock", "--script", "--write", "--against"];

const args = process.argv.slice(2);
const unknown = args.find((arg) => arg.startsWith("-") && !OPTIONS.includes(arg));
if (unknown !== undefined) refuse(`unknown option ${unknown}; one of ${OPTIONS.join(", ")}`);
const against = args.includes("--against") ? (args[args.indexOf("--against") + 1] ?? "") : "openclaw-edge";
if (!isAdapter(against)) refuse(`--against takes one of ${Object.keys(ADAPTERS).join(", ")}`);
const adapter = ADAPTERS[against];
const ids = args.filter((arg, at) => !arg.startsWith("-") && args[at - 1] !== "--against");
const rows = chosen();
if (rows.length === 0) refuse(`no such row: ${ids.join(" ")}`);

if (args.includes("--script")) printScripts();
else report(await playRows(rows, { over: args.includes("--mock") ? "mock" : "wire", tell: progress, adapter }));

function isAdapter(name: string): name is keyof typeof ADAPTERS {
  return Object.hasOwn(ADAPTERS, name);
}

function refuse(why: string): never {
  process.stderr.write(`${why}\n`);
  process.exit(2);
}

function chosen(): Row[] {
  const named = ROWS.filter((row) =>
    ids.length === 0 ? row.slow !== true || args.includes("--slow") : isNamed(row.id),
  );
  const shaped = named.flatMap((row) => inShape(row));
  return args.includes("--mock") ? shaped.filter(isForTheMock) : shaped;
}

/** `U13` is U13 and U13b, not U130; `U24-301` is itself. */
function isNamed(id: string): boolean {
  return ids.some((asked) => {
    const rest = id.toUpperCase().startsWith(asked.toUpperCase()) ? id.slice(asked.length) : null;
    return rest !== null && !/^\d/.test(rest);
  });
}

function inShape(row: Row): Row[] {
  const only: Shape | null = args.includes("--stream") ? "stream" : args.includes("--whole") ? "whole" : null;
  if (only === null || isFlow(row) || isLetter(row)) return [row];
  return row.shapes.includes(only) ? [{ ...row, shapes: [only] }] : [];
}

function printScripts(): void {
  const scripts = rows.flatMap((row) => {
    if (isFlow(row) || isLetter(row)) return [];
    return row.shapes.map((shape) => [actorOf(row, shape), mockScriptOf(row, shape)] as const);
  });
  process.stdout.write(`${JSON.stringify(Object.fromEntries(scripts), null, 2)}\n`);
}

function progress({ row, problems }: { readonly row: Row; readonly problems: readonly string[] }): void {
  if (problems.length > 0) process.stderr.write(`RED ${row.id}\n`);
  else if (process.stderr.isTTY) process.stderr.write(".");
}

function report({ results, leaks }: Played): void {
  const red = results.filter(({ problems }) => problems.length > 0);
  for (const result of inOrder(results)) process.stdout.write(`${lineOf(result)}\n`);
  for (const leak of leaks) process.stdout.write(`RED ${leak}\n`);
  const played = results.filter(({ inexpressible }) => inexpressible === undefined);
  const flows = played.filter(({ row }) => isFlow(row)).length;
  const unsaid = results.length - played.length;
  process.stdout.write(
    `${adapter.title}: ${played.length} rows, ${flows} of them of several requests: ${red.length} red, `,
  );
  if (unsaid > 0) process.stdout.write(`${unsaid} n/a, `);
  process.stdout.write(`${leaks.length} complaints about what was written\n`);
  if (args.includes("--write")) writeTable({ results, leaks });
  process.exit(red.length > 0 || leaks.length > 0 ? 1 : 0);
}

/** Each gateway has a place of its own in the file. */
function writeTable({ results }: Played): void {
  const path = new URL("README.md", import.meta.url).pathname;
  const [opening, closing] = [`<!-- results: ${against} -->`, `<!-- end: ${against} -->`];
  const text = readFileSync(path, "utf8");
  const [before, behind] = [text.indexOf(opening), text.indexOf(closing)];
  if (before < 0 || behind < before) throw new Error(`README.md has no place for the results of ${against}`);
  const section = `${opening}\n\n${summary(adapter.title, results)}\n\n${table(results)}\n`;
  writeFileSync(path, `${text.slice(0, before)}${section}${text.slice(behind)}`);
}
