// This run against an earlier one: which claims became worse by more than the noise of a shared machine.
import { readFileSync } from "node:fs";
import type { Claim } from "./report.ts";
import { WrongUse } from "./wrong-use.ts";

/** Ratios of one run repeat within a tenth; what moves by more than this did move. */
const WORSE = 1.2;
/** Differences near nothing have no ratio: they may move by this much of what is allowed. Where more is better, nothing is near nothing. */
const OF_BOUND = 0.2;

/** An earlier `--json`, as far as it is compared. */
export interface Earlier {
  readonly machine: string;
  readonly effort: string;
  readonly claims: readonly Claim[];
}

/** Reads one. Throws a sentence where the file is none. */
export function earlierRun(path: string): Earlier {
  const { machine = "unknown", effort = "unknown", claims } = parsed(path);
  if (!Array.isArray(claims)) throw new WrongUse(`--compare: ${path} is no --json of this bench`);
  return { machine, effort, claims };
}

function parsed(path: string): Partial<Earlier> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, "utf8"));
    return typeof value === "object" && value !== null ? value : {};
  } catch (error) {
    throw new WrongUse(`--compare: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

/** What to say of a comparison of two runs that were not made alike; null where they were. */
export function unlike(before: Omit<Earlier, "claims">, now: Pick<Earlier, "machine" | "effort">): string | null {
  if (before.machine !== now.machine)
    return `compared with a run on another machine (${before.machine}): ratios differ from one to the other`;
  if (before.effort !== now.effort) return `compared with a run of other length (${before.effort})`;
  return null;
}

/** How many claims both runs have a figure for. */
export function compared(before: readonly Claim[], now: readonly Claim[]): number {
  const known = new Set(before.filter(({ value }) => value !== null).map(({ what }) => what));
  return now.filter(({ what, value }) => value !== null && known.has(what)).length;
}

/** What became worse, one line each. */
export function worseThan(before: readonly Claim[], now: readonly Claim[]): string[] {
  return now.flatMap((claim) => {
    const was = before.find(({ what }) => what === claim.what)?.value ?? null;
    const { value, better, what, unit, must } = claim;
    // Who could not be had, or was not asked for, is no regression.
    if (was === null || value === null) return [];
    const [small, big] = better === "less" ? [was, value] : [value, was];
    const isWorse = big > small * WORSE && (better === "more" || big - small > must * OF_BOUND);
    return isWorse ? [`${what}: ${value.toFixed(2)} ${unit}, was ${was.toFixed(2)}`] : [];
  });
}
