// Brings what is missing, then runs one task. No dependency, works from Node 20 on, does nothing twice:
// a Node of 24.17 or newer (npm package, no install script), the locked dependencies, the bundle.
//   node .dev/setup.mjs start|build|test|check|<task of tasks.mjs> [arguments…]
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** As in package.json: older ones lack fixes of HTTP. */
const NODE_FLOOR = [24, 17];
const root = join(dirname(fileURLToPath(import.meta.url)), "..");
const runtime = join(root, ".dev/runtime");
const say = (text) => process.stderr.write(`${text}\n`);

/** One step with its name and its time on stderr; a failing step ends the set-up with its output. */
function step(name, command, args, options = {}) {
  const started = Date.now();
  say(`set-up: ${name} …`);
  const done = spawnSync(command, args, { cwd: root, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"], ...options });
  if (done.status !== 0) {
    say(`${done.stdout ?? ""}${done.stderr ?? ""}${done.error ?? ""}`);
    say(`set-up: ${name} failed${done.status === null ? "" : ` with exit code ${done.status}`}`);
    process.exit(1);
  }
  say(`set-up: ${name} done in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

/** npm itself, run by the given Node: under an older Node npm would resolve older majors. */
function npm(node, name, args, cwd) {
  const script = process.env.npm_execpath;
  const found = script !== undefined && /\.c?js$/.test(script) && existsSync(script);
  step(name, found ? node : "npm", found ? [script, ...args] : args, { cwd, env: environment(node) });
}

function environment(node) {
  return { ...process.env, PATH: `${dirname(node)}:${process.env.PATH ?? ""}` };
}

function ensureNode() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major > NODE_FLOOR[0] || (major === NODE_FLOOR[0] && minor >= NODE_FLOOR[1])) return process.execPath;
  const node = join(runtime, `node_modules/node-linux-${process.arch}/bin/node`);
  if (existsSync(node)) return node;
  if (process.platform !== "linux" || !["x64", "arm64"].includes(process.arch)) {
    say(
      `openclaw-edge needs Node ${NODE_FLOOR.join(".")} or newer; this is ${process.version} on ${process.platform}-${process.arch}`,
    );
    process.exit(1);
  }
  npm(
    process.execPath,
    `Node ${NODE_FLOOR[0]} (this machine has ${process.version})`,
    ["ci", "--ignore-scripts"],
    runtime,
  );
  return node;
}

function ensureDependencies(node) {
  const stamp = join(root, "node_modules/.openclaw-edge-lock");
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === lock) return;
  // The bundler is one of those for development, which NODE_ENV=production would leave out.
  npm(node, "dependencies from the lock file", ["ci", "--ignore-scripts", "--include=dev"], root);
  writeFileSync(stamp, lock);
}

/** Newest change below a folder: cheap enough to ask on every start. */
function newest(path) {
  const found = statSync(path);
  if (!found.isDirectory()) return found.mtimeMs;
  return readdirSync(path).reduce((latest, name) => Math.max(latest, newest(join(path, name))), found.mtimeMs);
}

function ensureBuild(node) {
  const bundle = join(root, "dist/cli.mjs");
  const inputs = ["src", "package-lock.json", "package.json", ".dev/build.mjs", ".dev/bundled.mjs", ".dev/lean.mjs"];
  const changed = Math.max(...inputs.map((name) => newest(join(root, name))));
  if (existsSync(bundle) && statSync(bundle).mtimeMs >= changed) return;
  mkdirSync(join(root, "dist"), { recursive: true });
  step("bundle dist/cli.mjs", node, [".dev/build.mjs"], { env: environment(node) });
}

/** Hands the terminal and the signals to the task; the same process where Node can replace itself. */
function become(node, args) {
  const env = environment(node);
  if (typeof process.execve === "function") process.execve(node, [node, ...args], env);
  const child = spawn(node, args, { cwd: process.cwd(), env, stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("exit", (code, signal) => process.exit(code ?? (signal === "SIGINT" ? 130 : 143)));
}

const [task = "start", ...rest] = process.argv.slice(2);
const node = ensureNode();
ensureDependencies(node);
if (task !== "check") ensureBuild(node);
if (task === "start") become(node, [join(root, "dist/cli.mjs"), ...rest]);
else if (task !== "build") become(node, [join(root, ".dev/tasks.mjs"), task, ...rest]);
