// The straight line through samples: whether something grows, when every single sample jumps.

/** A value at a time. */
export interface Point {
  readonly seconds: number;
  readonly value: number;
}

/** Growth per ten minutes by least squares; NaN for fewer than two times. */
export function slopePerTenMinutes(points: readonly Point[]): number {
  const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
  const at = meanOf(points.map(({ seconds }) => seconds));
  const level = meanOf(points.map(({ value }) => value));
  const covariance = points.reduce((sum, { seconds, value }) => sum + (seconds - at) * (value - level), 0);
  const variance = points.reduce((sum, { seconds }) => sum + (seconds - at) ** 2, 0);
  return variance === 0 ? Number.NaN : (covariance / variance) * 600;
}
