// All soaks: a name for the command line, and what runs.
import type { Soak } from "./soak.ts";
import { steady } from "./steady.ts";

/** One row each. */
export const SOAKS = {
  steady,
} as const satisfies Record<string, Soak>;
