// `npm run mutation -- [area…]`: changes the product's lines one by one and asks the tests of the area whether they notice.
// Names of files behind a single area restrict it to them: `npm run mutation -- failover src/routing/health.ts`; nothing is asked of the score then.
// Ends with 1 when an area stays below 85 %, or leaves a branch untaken where every branch is asked for. Slow (minutes an area); without names all areas run, one behind the other.
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, matchesGlob } from "node:path";
import { AREAS, areaOf } from "./areas.ts";

const root = new URL("../..", import.meta.url).pathname;
const SCORE_MIN = 85;
/** Sequences of the failover model for each mutant; enough to reach every way of failing over. */
const MODEL_RUNS = "150";

/** What Stryker is told about an area. */
function settingsOf(name: string, only: readonly string[]): object {
  return {
    testRunner: "vitest",
    plugins: ["@stryker-mutator/vitest-runner"],
    vitest: { configFile: "test/mutation/vitest.config.ts" },
    mutate: only.length === 0 ? areaOf(name).mutate : only,
    coverageAnalysis: "perTest",
    ignoreStatic: true,
    // On a busy machine a slow answer is not an endless loop, and must not pass for a mutant that was noticed.
    timeoutMS: 30_000,
    concurrency: Number(process.env["MUTATION_WORKERS"] ?? 2),
    reporters: ["clear-text", "json", "progress-append-only"],
    jsonReporter: { fileName: `.cache/mutation/${name}.report.json` },
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    thresholds: { high: 95, low: SCORE_MIN, break: only.length === 0 ? SCORE_MIN : null },
    // Names no file on purpose: Stryker rewrites a tsconfig by an interface that TypeScript 7 does not have.
    tsconfigFile: "none.json",
    ignorePatterns: [".cache", "dist", "coverage"],
    tempDirName: `.cache/stryker-${name}`,
    cleanTempDir: "always",
  };
}

/** What is read of Stryker's report: the state of each mutant, by file. */
interface Report {
  readonly files: Readonly<Record<string, { readonly mutants: readonly Mutant[] }>>;
}
interface Mutant {
  readonly status: string;
  readonly location: { readonly start: { readonly line: number } };
}

/** Places of code that no test of the area reaches: `file:line`. */
function untaken(name: string): readonly string[] {
  const report = JSON.parse(readFileSync(join(root, `.cache/mutation/${name}.report.json`), "utf8")) as Report;
  const places = Object.entries(report.files).flatMap(([file, { mutants }]) =>
    mutants.filter(({ status }) => status === "NoCoverage").map(({ location }) => `${file}:${location.start.line}`),
  );
  return [...new Set(places)];
}

/** True when the area reaches what is asked of it. */
function judged(name: string, only: readonly string[]): boolean {
  const folder = join(root, ".cache/mutation");
  mkdirSync(folder, { recursive: true });
  const settings = join(folder, `${name}.json`);
  writeFileSync(settings, JSON.stringify(settingsOf(name, only)));
  const env = { ...process.env, MUTATION_AREA: name, EDGE_FUZZ_RUNS: MODEL_RUNS };
  const stryker = join(root, "node_modules/.bin/stryker");
  const { status } = spawnSync(stryker, ["run", settings], { cwd: root, env, stdio: "inherit" });
  if (status !== 0 || only.length > 0 || areaOf(name).everyBranch !== true) return status === 0;
  const places = untaken(name);
  if (places.length > 0) process.stderr.write(`${name}: no test comes to ${places.join(", ")}\n`);
  return places.length === 0;
}

const args = process.argv.slice(2);
const files = args.filter((arg) => arg.endsWith(".ts"));
const asked = args.filter((arg) => !arg.endsWith(".ts"));
const unknown = asked.filter((name) => !Object.hasOwn(AREAS, name));
if (unknown.length > 0) refuse(`no area ${unknown.join(", ")}; there are ${Object.keys(AREAS).join(", ")}`);
const strange = files.filter((file) => asked.length !== 1 || !isOf(file, asked[0] ?? ""));
if (strange.length > 0) refuse(`${strange.join(", ")}: files go behind the one area that they are of`);
const failed = (asked.length > 0 ? asked : Object.keys(AREAS)).filter((name) => !judged(name, files));
if (failed.length > 0) {
  process.stderr.write(`below ${SCORE_MIN} %, or with a branch that no test takes: ${failed.join(", ")}\n`);
  process.exitCode = 1;
}

function isOf(file: string, name: string): boolean {
  return areaOf(name).mutate.some((pattern) => matchesGlob(file, pattern));
}

function refuse(why: string): never {
  process.stderr.write(`${why}\n`);
  process.exit(2);
}
