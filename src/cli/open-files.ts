// How many file descriptors the process has open and may have, where the system tells (Linux).
import { readdirSync, readFileSync } from "node:fs";

const LIMITS = "/proc/self/limits";

/** Null where nobody knows. The reading itself opens one, which is not counted. */
export function openFiles(): number | null {
  try {
    return readdirSync("/proc/self/fd").length - 1;
  } catch {
    return null;
  }
}

/** How many there may be (`ulimit -n`); Infinity where there is no limit, null where nobody knows. */
export function openFilesMax(): number | null {
  try {
    const written = /^Max open files\s+(\S+)/m.exec(readFileSync(LIMITS, "utf8"))?.[1];
    if (written === undefined) return null;
    return written === "unlimited" ? Infinity : Number(written);
  } catch {
    return null;
  }
}
