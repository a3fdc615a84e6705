// Which generation of OpenClaw wrote a file, where the same keys mean two things.
import { valueAt } from "./key-path.ts";
import type { Config } from "./schema/root.ts";

/** Keys that no release before 2026.6 knows. */
const MARKS = [
  ["agents", "entries"],
  ["agents", "ownership"],
  ["meta", "migrations"],
] as const;

/** True for a file that only newer releases can have written; a file that says nothing is read as it always was. */
export function isNewer(config: Config): boolean {
  return MARKS.some((path) => valueAt(config, path) !== undefined);
}
