// Every branch of what must not have an untested one (auth, redaction, egress guard) is taken by unit tests of its own area, or this fails.
// Counted by V8 over the sources; the areas are those of mutation testing, which says how well the tests look (test/mutation/areas.ts).
import { spawnSync } from "node:child_process";
import { globSync } from "node:fs";
import { join } from "node:path";
import { AREAS, type Area } from "../mutation/areas.ts";

const root = new URL("../..", import.meta.url).pathname;
const areas = Object.values<Area>(AREAS).filter(({ everyBranch }) => everyBranch === true);
// Vitest takes names of files here, and no patterns.
const tests = globSync(
  areas.flatMap((area) => area.tests),
  { cwd: root },
).filter((path) => path.endsWith(".test.ts"));
const include = areas.flatMap(({ mutate }) => mutate.map((glob) => `--coverage.include=${glob}`));

const { status } = spawnSync(
  process.execPath,
  [
    join(root, "node_modules/vitest/vitest.mjs"),
    "run",
    "--config=test/vitest.config.ts",
    "--reporter=dot",
    "--coverage.enabled",
    "--coverage.provider=v8",
    "--coverage.reporter=text",
    `--coverage.reportsDirectory=${join(root, ".cache/coverage")}`,
    "--coverage.thresholds.branches=100",
    "--coverage.thresholds.functions=100",
    "--coverage.thresholds.perFile",
    ...include,
    ...tests,
  ],
  { cwd: root, stdio: "inherit" },
);
process.exitCode = status ?? 1;
