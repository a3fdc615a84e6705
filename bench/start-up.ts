// Start-up: from the moment of starting the program to the line that says it listens, beside a Node that does nothing but listen.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Child, type ChildOptions } from "../test/support/child.ts";
import { EDGE_TOKEN } from "../test/support/edge.ts";
import { cpuMicros, residentMiB } from "./proc.ts";
import type { Run } from "./rounds.ts";
import { EDGE_KINDS, type EdgeWorld } from "./subjects/edge.ts";

/**
 * Bare Node: one http server, nothing else loaded, nothing answered. A program in a file, and an ES module, as the product is. (Who imports
 * `node:http` so gets Node's own fetch with it, since its names are among the exports: 12 MiB and 30 ms more than `require` in a CommonJS
 * program takes, and than the product's bundle takes, which asks `process.getBuiltinModule`.)
 */
const BARE = `import { createServer } from "node:http";
const server = createServer().listen(0, "127.0.0.1", () => console.log(\`http://127.0.0.1:\${server.address().port}\`));`;

const root = new URL("..", import.meta.url).pathname;

/** One start each of the product and of bare Node. Milliseconds, and MiB at listening. */
export async function startUp(world: EdgeWorld, entry: string): Promise<{ readonly edge: Run; readonly bare: Run }> {
  const home = mkdtempSync(join(tmpdir(), "openclaw-edge-bench-start-"));
  try {
    const config = join(home, "openclaw.json");
    writeFileSync(config, JSON.stringify(EDGE_KINDS.edge(world)));
    const path = process.env["PATH"] ?? "";
    const env = { PATH: path, HOME: home, OPENCLAW_STATE_DIR: home, OPENCLAW_GATEWAY_TOKEN: EDGE_TOKEN, NO_COLOR: "1" };
    const program = join(home, "bare.mjs");
    writeFileSync(program, BARE);
    const bare = await once({ args: [program], env, cwd: home });
    const args = [resolve(root, entry), "serve", "--config", config, "--port", "0"];
    return { bare, edge: await once({ args, env, cwd: home }) };
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

async function once(options: ChildOptions): Promise<Run> {
  const startedAt = performance.now();
  const child = Child.start(options);
  await child.line(/https?:\/\/127\.0\.0\.1:\d+/);
  const wall = performance.now() - startedAt;
  const cpu = (cpuMicros(child.pid) ?? Number.NaN) / 1000;
  const listening = residentMiB(child.pid) ?? Number.NaN;
  // Told to stop and not killed: what Node compiled is kept for the next start as it leaves, as it is wherever the product is restarted.
  await child.stop("SIGTERM");
  return { figures: { wall, cpu, listening }, bad: [] };
}
