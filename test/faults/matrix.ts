// TABLE: every number of the matrix, and where those are that another test plays better than a process can.
// What a number means stands in its rows; a number without a row and without a place here fails matrix.test.ts.

/** Numbers by letter, first to last. */
const RANGES = [
  ["U", 1, 74],
  ["H", 1, 5],
  ["A", 1, 12],
  ["X", 1, 5],
  ["X", 10, 11],
  ["X", 13, 14],
  ["C", 1, 43],
  ["X", 20, 21],
  ["B", 1, 16],
  ["X", 30, 32],
  ["P", 1, 27],
  ["P", 98, 99],
  ["X", 40, 46],
  ["M", 1, 5],
] as const;

/** All numbers, `U01` to `M05`. */
export const NUMBERS: readonly string[] = RANGES.flatMap(([letter, from, to]) =>
  Array.from({ length: to - from + 1 }, (_, at) => `${letter}${String(from + at).padStart(2, "0")}`),
);

/** Numbers whose test needs an injected clock or resolver, or looks at source: the file that holds it and a title in it. */
export const ELSEWHERE: Readonly<Record<string, readonly [file: string, title: string]>> = {
  P16: ["test/faults/rows/files.ts", "the new one serves; the stream keeps the old one"],
  X02: ["test/unit/upstream/connector.test.ts", ""],
  X03: ["test/unit/upstream/connector.test.ts", ""],
  X10: ["test/unit/server/auth.test.ts", ""],
  X11: ["test/unit/server/rate-limiter.test.ts", ""],
  X13: ["test/unit/config/secrets.test.ts", ""],
  X14: ["test/unit/core/secret.test.ts", ""],
  X42: ["test/unit/routing/window.test.ts", ""],
};

/** True for a row of this number or a variant of it: `U13` and `U13b`, not `U130`. */
export function isOf(number: string, id: string): boolean {
  return id.startsWith(number) && !/^\d/.test(id.slice(number.length));
}
