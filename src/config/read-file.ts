// Reads a config: file, includes, environment, schema. Everything that is wrong comes back at once, each with its place.
// Decides nothing about providers or agents; that is compile's.
import { createHash } from "node:crypto";
import { realpath } from "node:fs/promises";
import { delimiter, dirname, isAbsolute } from "node:path";
import { complainAt, type Complaint } from "./complaint.ts";
import { layered, readEnvFile, type Environment } from "./environment.ts";
import { CONFIG_BYTES_MAX, isRefused, readTextFile, realFolders, type ReadFile } from "./include-file.ts";
import { FileMarks } from "./file-marks.ts";
import { Includer } from "./include.ts";
import { readJson5 } from "./json5.ts";
import { judge } from "./judge.ts";
import type { ReadResult } from "./read-result.ts";
import { configEnv } from "./settle.ts";
import { writtenFrom, type Written } from "./written.ts";

/** What to read, and the process's surroundings. */
export interface ReadRequest {
  /** Absolute path of the config. */
  readonly path: string;
  /** The process's environment. */
  readonly env: Environment;
  /** Folder of the first `.env` file. */
  readonly cwd: string;
  /** Folder of the second `.env` file. */
  readonly stateDir: string;
  /** Hears what every file gave. */
  readonly marks?: FileMarks;
}

const HASH_DIGITS = 12;

function revisionOf(texts: readonly string[]): string {
  const hash = createHash("sha256");
  for (const text of texts) hash.update(`${Buffer.byteLength(text)}\n`).update(text);
  return hash.digest("hex").slice(0, HASH_DIGITS);
}

/** Folders besides the config's own that includes may come from; entries that are not absolute are left out. */
function includeRoots(env: Environment): readonly string[] {
  const listed = (env["OPENCLAW_INCLUDE_ROOTS"] ?? "").split(delimiter);
  return listed.filter((folder) => isAbsolute(folder));
}

/** Names of OpenClaw's predecessors have no effect; OpenClaw says so once, too. */
function legacyNames(env: Environment): Complaint[] {
  const names = Object.keys(env).filter((name) => /^(?:CLAWDBOT|MOLTBOT)_/.test(name));
  if (names.length === 0) return [];
  const message = `variables of older versions have no effect, use OPENCLAW_ instead: ${names.toSorted().join(", ")}`;
  return [complainAt(null, { severity: "warning", code: "legacy_env", path: [], message })];
}

/** The tree of a file with its includes. */
interface Expanded {
  readonly root: Written;
  readonly texts: readonly string[];
  readonly files: readonly string[];
  readonly complaints: readonly Complaint[];
}

async function expand(main: ReadFile, env: Environment, marks: FileMarks): Promise<Expanded> {
  const folder = dirname(main.file);
  const named = [folder, ...includeRoots(env)];
  const folders = { named, real: await realFolders(named) };
  const { root, complaints } = readJson5({ text: main.text, file: main.file, path: [] });
  const includer = new Includer({ folders, bytes: main.bytes, marks });
  const real = await realpath(main.file).catch(() => main.file);
  const expanded = await includer.expand(root, { path: [], folder, files: [real] });
  return {
    root: expanded,
    texts: [main.text, ...includer.files.map((file) => file.text)],
    files: [main.file, ...includer.files.map((file) => file.file)],
    complaints: [...complaints, ...includer.complaints],
  };
}

/**
 * Reads the config at `path`. Errors are complaints; a file that is not there gives the one complaint `file_missing`.
 * A file with a syntax error is not checked further: what follows from half a file helps nobody.
 */
export async function readConfig(request: ReadRequest): Promise<ReadResult> {
  const { path, marks = new FileMarks() } = request;
  const main = await readTextFile(path, { bytesMax: CONFIG_BYTES_MAX, named: true, seen: { marks, as: path } });
  if (isRefused(main)) {
    marks.note(path, null);
    // About the file itself: no line of it is to blame.
    return { ok: false, complaints: [{ ...complainAt(null, { ...main, path: [] }), file: path }], files: [] };
  }
  const { root, texts, files, complaints } = await expand(main, request.env, marks);
  if (complaints.some((complaint) => complaint.code === "syntax")) return { ok: false, complaints, files };
  const dotEnv = await Promise.all(
    [...new Set([request.cwd, request.stateDir])].map((folder) => readEnvFile(folder, marks)),
  );
  const env = layered([request.env, ...dotEnv.map((file) => file.values), configEnv(root)]);
  const found = [...legacyNames(request.env), ...dotEnv.flatMap((file) => file.complaints), ...complaints];
  return judge({ root, env, files, revision: revisionOf(texts), complaints: found });
}

/** Judges a config that lies in memory, as the embedded default does. Its complaints have no place. */
export function parseConfigTree(tree: unknown, env: Environment = {}): ReadResult {
  const root = writtenFrom(tree);
  const revision = revisionOf([JSON.stringify(tree) ?? ""]);
  return judge({ root, env: layered([env, configEnv(root)]), files: [], revision, complaints: [] });
}
