// The program: gives the process to the command that its arguments name. The only file that touches process.argv.
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { runCommand } from "./cli/index.ts";

/** Written in by the bundler; from source the version is read where it stands. */
declare const OPENCLAW_EDGE_VERSION: string | undefined;

function versionOf(): string {
  if (typeof OPENCLAW_EDGE_VERSION === "string") return OPENCLAW_EDGE_VERSION;
  const text = readFileSync(new URL("../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}

process.exitCode = await runCommand(process.argv.slice(2), {
  env: process.env,
  cwd: process.cwd(),
  home: homedir(),
  version: versionOf(),
  stdout: process.stdout,
  stderr: process.stderr,
});
process.exit();
