// This run against an earlier one: which claims became worse by more than the noise of a shared machine.
import { readFileSync } from "node:fs";
import type { Claim } from "./report.ts";

/** Ratios of one run repeat within a tenth; what moves by more than this did move. */
const WORSE = 1.2;
/** Differences near nothing have no ratio: they may move by this much of what is allowed. Where more is better, nothing is near nothing. */
const OF_BOUND = 0.2;

/** Claims of an earlier `--json`. Throws where the file is none. */
export function earlierClaims(path: string): readonly Claim[] {
  const { claims } = JSON.parse(readFileSync(path, "utf8")) as { readonly claims?: readonly Claim[] };
  if (!Array.isArray(claims)) throw new Error(`${path} is no --json of this bench`);
  return claims as readonly Claim[];
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
