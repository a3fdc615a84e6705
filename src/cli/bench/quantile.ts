// Quantiles of figures, as every report of a load prints them.

/** The q-quantile (nearest rank) of unsorted figures; NaN of none. */
export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? Number.NaN;
}
