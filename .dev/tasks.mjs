// What the npm scripts run once set-up is complete. Each task is a list of commands of the installed tools; the first that fails ends it.
import { spawnSync } from "node:child_process";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const bin = (name) => join(root, "node_modules/.bin", name);

const TASKS = {
  check: [
    [bin("oxfmt"), "--check", "."],
    [bin("oxlint"), "--deny-warnings", "."],
    [bin("tsc"), "-p", "tsconfig.json"],
  ],
  fix: [
    [bin("oxlint"), "--fix", "."],
    [bin("oxfmt"), "."],
  ],
  test: [[bin("vitest"), "run", "--config", "test/vitest.config.ts"]],
  ui: [[bin("vitest"), "run", "--config", "test/ui/vitest.config.ts"]],
  "test:monitoring": [[bin("vitest"), "run", "--config", "test/vitest.config.ts", "test/deploy/monitoring.test.ts"]],
  "test:image": [["deploy/test-image"]],
  "test:package": [["deploy/test-package"]],
  pack: [[process.execPath, ".dev/pack.mjs"]],
  sbom: [[process.execPath, ".dev/sbom.mjs"]],
  schema: [[process.execPath, "src/main.ts", "config", "schema", "--write"]],
  bench: [[process.execPath, "bench/main.ts"]],
  soak: [[process.execPath, "test/soak/main.ts"]],
  fuzz: [[process.execPath, "test/fuzz/main.ts"]],
  faults: [[process.execPath, "test/faults/main.ts"]],
  matrix: [
    [
      "env",
      "MATRIX_TABLE=write",
      bin("vitest"),
      "run",
      "--config",
      "test/vitest.config.ts",
      "test/matrix/matrix.test.ts",
    ],
  ],
  mutation: [[process.execPath, "test/mutation/main.ts"]],
  coverage: [[process.execPath, "test/branches/main.ts"]],
};

// Tests of whole processes take the bundle that set-up has just built.
const env = { ...process.env, EDGE_PROGRAM: process.env.EDGE_PROGRAM ?? "dist/cli.mjs" };

const [name, ...rest] = process.argv.slice(2);
const commands = TASKS[name];
if (commands === undefined) {
  console.error(`unknown task ${name}; one of ${Object.keys(TASKS).join(", ")}`);
  process.exit(2);
}
commands.forEach(([command, ...args], index) => {
  const last = index === commands.length - 1;
  const done = spawnSync(command, last ? [...args, ...rest] : args, { cwd: root, stdio: "inherit", env });
  if (done.status !== 0) process.exit(done.status ?? 1);
});
