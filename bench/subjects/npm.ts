// npm, run with the Node that runs the bench, for a peer that is no dependency of the product. Its folder belongs to this user alone.
import { spawn } from "node:child_process";
import { existsSync, lstatSync, mkdirSync } from "node:fs";
import { tmpdir, userInfo } from "node:os";
import { delimiter, dirname, join } from "node:path";

/** How npm ended: the code (null when it was killed or never started) and the lines that it said. */
export interface NpmResult {
  readonly code: number | null;
  readonly said: readonly string[];
}

/** A folder for programs that the bench compares with; outside the repository, kept from run to run. Throws when it is somebody else's. */
export function peerFolder(name: string): string {
  const { uid } = userInfo();
  const parent = join(tmpdir(), `openclaw-edge-bench-${uid}`);
  mkdirSync(parent, { recursive: true, mode: 0o700 });
  // The name is easy to guess, and what lies in the folder is executed: a folder that another user made first is refused.
  const found = lstatSync(parent);
  if (!found.isDirectory() || (uid >= 0 && found.uid !== uid)) throw new Error(`${parent} belongs to somebody else`);
  const folder = join(parent, name);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return folder;
}

/** Runs npm in a folder. `--prefix` keeps it there, whatever project the bench itself was started from. */
export async function npm(folder: string, args: readonly string[], patienceMs: number): Promise<NpmResult> {
  const script = process.env["npm_execpath"];
  const known = script !== undefined && /\.c?js$/.test(script) && existsSync(script);
  const [command, before] = known ? [process.execPath, [script]] : ["npm", []];
  const env = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${process.env["PATH"] ?? ""}` };
  const stdio: ["ignore", "pipe", "pipe"] = ["ignore", "pipe", "pipe"];
  const options = { cwd: folder, env, stdio, timeout: patienceMs };
  const child = spawn(command, [...before, ...args, "--prefix", folder], options);
  const said: string[] = [];
  const { promise, resolve } = Promise.withResolvers<number | null>();
  for (const stream of [child.stdout, child.stderr]) stream.on("data", (bytes: Buffer) => said.push(bytes.toString()));
  child.on("error", (error) => {
    said.push(error.message);
    resolve(null);
  });
  child.on("close", resolve);
  return { code: await promise, said: said.join("").split("\n") };
}
