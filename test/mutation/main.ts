// `npm run mutation -- [area…]`: changes the product's lines one by one and asks the tests of the area whether they notice.
// Ends with 1 when an area stays below 85 %. Slow (minutes an area); without names all areas run, one behind the other.
import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { AREAS, areaOf } from "./areas.ts";

const root = new URL("../..", import.meta.url).pathname;
const SCORE_MIN = 85;
/** Sequences of the failover model for each mutant; enough to reach every way of failing over. */
const MODEL_RUNS = "150";

/** What Stryker is told about an area. */
function settingsOf(name: string): object {
  return {
    testRunner: "vitest",
    plugins: ["@stryker-mutator/vitest-runner"],
    vitest: { configFile: "test/mutation/vitest.config.ts" },
    mutate: areaOf(name).mutate,
    coverageAnalysis: "perTest",
    ignoreStatic: true,
    // On a busy machine a slow answer is not an endless loop, and must not pass for a mutant that was noticed.
    timeoutMS: 30_000,
    concurrency: Number(process.env["MUTATION_WORKERS"] ?? 2),
    reporters: ["clear-text", "json", "progress-append-only"],
    jsonReporter: { fileName: `.cache/mutation/${name}.report.json` },
    clearTextReporter: { allowColor: false, logTests: false, reportTests: false },
    thresholds: { high: 95, low: SCORE_MIN, break: SCORE_MIN },
    // Names no file on purpose: Stryker rewrites a tsconfig by an interface that TypeScript 7 does not have.
    tsconfigFile: "none.json",
    ignorePatterns: [".cache", "dist", "coverage"],
    tempDirName: `.cache/stryker-${name}`,
    cleanTempDir: "always",
  };
}

/** True when the area reaches its score. */
function judged(name: string): boolean {
  const folder = join(root, ".cache/mutation");
  mkdirSync(folder, { recursive: true });
  const settings = join(folder, `${name}.json`);
  writeFileSync(settings, JSON.stringify(settingsOf(name)));
  const env = { ...process.env, MUTATION_AREA: name, EDGE_FUZZ_RUNS: MODEL_RUNS };
  return (
    spawnSync(join(root, "node_modules/.bin/stryker"), ["run", settings], { cwd: root, env, stdio: "inherit" })
      .status === 0
  );
}

const asked = process.argv.slice(2);
const failed = (asked.length > 0 ? asked : Object.keys(AREAS)).filter((name) => !judged(name));
if (failed.length > 0) {
  process.stderr.write(`below ${SCORE_MIN} %: ${failed.join(", ")}\n`);
  process.exitCode = 1;
}
