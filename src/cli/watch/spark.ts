// The course of a figure as a line of block characters, as wide as there is room.

const BLOCKS = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;

/** What a course is drawn with. */
export interface SparkSize {
  /** Characters. */
  readonly width: number;
  /** The figure that fills a character, unless the course goes higher. */
  readonly floor: number;
}

/** The newest step stands at the right. A character shows the highest of its steps; a gap is a blank, nothing at all the lowest block. */
export function spark(course: readonly (number | null)[], { width, floor }: SparkSize): string {
  const perCharacter = Math.max(1, Math.ceil(course.length / width));
  const first = course.length % perCharacter;
  const highs: (number | null)[] = first === 0 ? [] : [highest(course.slice(0, first))];
  for (let at = first; at < course.length; at += perCharacter) highs.push(highest(course.slice(at, at + perCharacter)));
  const top = Math.max(floor, highest(highs) ?? 0);
  return highs.map((high) => blockOf(high, top)).join("");
}

function highest(values: readonly (number | null)[]): number | null {
  return values.reduce<number | null>((high, value) => (value === null ? high : Math.max(high ?? 0, value)), null);
}

function blockOf(value: number | null, top: number): string {
  if (value === null) return " ";
  const level = top === 0 ? 0 : Math.round((value / top) * (BLOCKS.length - 1));
  return BLOCKS[level] ?? BLOCKS[0];
}
