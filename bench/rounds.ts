// What was measured, and the arithmetic between a measurement and a claim: medians of rounds, and medians of what was compared within each round,
// because the neighbours of a shared machine change from round to round.

/** Figures of one run, by name; microseconds unless the name says otherwise. */
export type Figures = Readonly<Record<string, number>>;

/** One load against one subject. */
export interface Run {
  readonly figures: Figures;
  /** Every answer that was wrong, cut, lost or out of order, with the reason; must be empty. */
  readonly bad: readonly string[];
}

/** All rounds: scenario name, subject name, one run per round. */
export type Rounds = Readonly<Record<string, Readonly<Record<string, readonly Run[]>>>>;

/** The middle of the figures that are known; NaN when none is. */
export function median(values: readonly number[]): number {
  const sorted = values.filter(Number.isFinite).toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.floor((sorted.length - 1) / 2)] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** Where a figure is: `["whole", "edge", "cpu"]`. */
export type Place = readonly [scenario: string, subject: string, figure: string];

/** One figure of every round. */
export function seriesOf(rounds: Rounds, [scenario, subject, figure]: Place): readonly number[] {
  return (rounds[scenario]?.[subject] ?? []).map(({ figures }) => figures[figure] ?? Number.NaN);
}

/** The median of the rounds. */
export function medianOf(rounds: Rounds, place: Place): number {
  return median(seriesOf(rounds, place));
}

/** Compares figures of the same round; the median of that. NaN where one of them was not measured. */
export function within(
  rounds: Rounds,
  places: readonly Place[],
  compare: (...figures: readonly number[]) => number,
): number {
  const series = places.map((place) => seriesOf(rounds, place));
  const count = Math.min(...series.map(({ length }) => length));
  const compared = Array.from({ length: count }, (_, round) => compare(...series.map((of) => of[round] ?? Number.NaN)));
  return median(compared);
}

/** How often one figure is the other. */
export function ratio(rounds: Rounds, place: Place, base: Place): number {
  return within(rounds, [place, base], (figure = Number.NaN, of = Number.NaN) => figure / of);
}

/** Every reason not to believe the figures. */
export function complaints(rounds: Rounds): string[] {
  return Object.entries(rounds).flatMap(([scenario, subjects]) =>
    Object.entries(subjects).flatMap(([subject, runs]) =>
      runs.flatMap(({ bad }, round) => bad.map((why) => `${scenario}, ${subject}, round ${round + 1}: ${why}`)),
    ),
  );
}
