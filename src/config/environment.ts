// The environment that a config sees: the process's own, then `.env` files, then the config's `env` block. Changes no process.
import { open } from "node:fs/promises";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { complainAt, type Complaint } from "./complaint.ts";
import type { FileMarks } from "./file-marks.ts";

/** Names to values. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Larger `.env` files are not read. */
const ENV_FILE_BYTES_MAX = 1_048_576;

/** Lays environments over each other: the first that holds a name with a non-empty value wins (OpenClaw: none overrides an earlier one). */
export function layered(layers: readonly Environment[]): Environment {
  const merged: Record<string, string> = Object.create(null);
  for (const layer of layers) {
    for (const [name, value] of Object.entries(layer)) {
      if (value !== undefined && !merged[name]) merged[name] = value;
    }
  }
  return merged;
}

/** A `.env` file and what is wrong with it; a missing one is empty. */
export interface EnvFile {
  readonly values: Environment;
  readonly complaints: readonly Complaint[];
}

const EMPTY: EnvFile = { values: {}, complaints: [] };

function unreadable(file: string, message: string): EnvFile {
  const grievance = { severity: "warning", code: "env_file_unreadable", path: [], message } as const;
  return { values: {}, complaints: [complainAt({ file, line: 1, column: 1 }, grievance)] };
}

/** Reads `<folder>/.env`. */
export async function readEnvFile(folder: string, marks?: FileMarks): Promise<EnvFile> {
  const file = join(folder, ".env");
  try {
    await using handle = await open(file, "r");
    const { size } = await handle.stat();
    if (size > ENV_FILE_BYTES_MAX) {
      marks?.note(file, null);
      return unreadable(file, `is larger than ${ENV_FILE_BYTES_MAX} bytes and was not read`);
    }
    const bytes = await handle.readFile();
    marks?.note(file, bytes);
    return { values: parseEnv(bytes.toString("utf8")), complaints: [] };
  } catch (error) {
    marks?.note(file, null);
    const code = (error as NodeJS.ErrnoException).code ?? "unknown";
    return code === "ENOENT" || code === "ENOTDIR" ? EMPTY : unreadable(file, `could not be read (${code})`);
  }
}
