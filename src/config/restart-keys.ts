// TABLE: keys whose change a running process cannot follow. Everything that is not here is swapped, or moves the listener.
import { isDeepStrictEqual } from "node:util";
import type { Traits } from "./changed-keys.ts";
import { valueAt } from "./key-path.ts";

/** Keys (with everything below them) that are read once, at the start. */
export const RESTART_KEYS = [
  "edge.workers",
  "logging.consoleStyle",
  "logging.file",
  "logging.maxFileBytes",
  "diagnostics.otel",
  "plugins.entries.diagnostics-otel",
] as const;

/** Those of these keys that differ between what the process was started with and what the file has now. */
export function keysNeedingRestart(started: Traits, now: Traits): readonly string[] {
  const [before, after] = [started.tree.reveal(), now.tree.reveal()];
  return RESTART_KEYS.filter((key) => {
    const path = key.split(".");
    return !isDeepStrictEqual(valueAt(before, path), valueAt(after, path));
  });
}
