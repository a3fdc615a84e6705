// The program: gives the process to the command that its arguments name. The only file that touches process.argv.
import { readFileSync } from "node:fs";
import { enableCompileCache } from "node:module";
import { homedir } from "node:os";
import { join } from "node:path";
import { EXIT } from "./cli/command.ts";
import { runCommand } from "./cli/index.ts";
import { nodeFault } from "./cli/node-floor.ts";

/** Written in by the bundler; from source the version is read where it stands. */
declare const OPENCLAW_EDGE_VERSION: string | undefined;

function versionOf(): string {
  if (typeof OPENCLAW_EDGE_VERSION === "string") return OPENCLAW_EDGE_VERSION;
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

// Before anything that an old Node does not have: Node 20 has no cache of code, and would end with a stack instead of these words.
const fault = nodeFault(process.versions.node);
if (fault !== null) {
  process.stderr.write(`openclaw-edge: ${fault}\n`);
  process.exit(EXIT.config);
}

// Beside the code and nowhere else, so that it belongs to whoever owns the code; where that is read-only, starts stay as they are.
if (typeof OPENCLAW_EDGE_VERSION === "string") enableCompileCache(join(import.meta.dirname, ".compile-cache"));

// Node would open its inspector, which lets whoever reaches it run code here.
process.on("SIGUSR1", () => undefined);

// Whoever reads our complaints may have gone. Unheard, that event would be an exception, which is complained of, and so on for ever.
process.stderr.on("error", () => undefined);

process.exitCode = await runCommand(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  home: homedir(),
  version: versionOf(),
  program: import.meta.filename,
  stdout: process.stdout,
  stderr: process.stderr,
});
process.exit();
