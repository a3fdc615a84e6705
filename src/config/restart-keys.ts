// TABLE: keys of the file that no snapshot holds and that a running process cannot follow.
import { isDeepStrictEqual } from "node:util";
import type { Traits } from "./changed-keys.ts";
import { valueAt } from "./key-path.ts";

/** Keys (with everything below them) that are read once, at the start. */
export const RESTART_KEYS = ["edge.workers"] as const;

/** Those of these keys that differ between what the process was started with and what the file has now. */
export function keysNeedingRestart(started: Traits, now: Traits): readonly string[] {
  const [before, after] = [started.tree.reveal(), now.tree.reveal()];
  return RESTART_KEYS.filter((key) => {
    const path = key.split(".");
    return !isDeepStrictEqual(valueAt(before, path), valueAt(after, path));
  });
}
