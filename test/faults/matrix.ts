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

/** A file, and words of the title that a test in it has. */
export type Place = readonly [file: string, words: string];

/** Numbers whose test needs an injected clock or resolver, looks at source, or says what their rows cannot: all of it, and where. */
export const ELSEWHERE: Readonly<Record<string, readonly Place[]>> = {
  M02: [["test/e2e/canaries.test.ts", "are in no answer, metric, span, log record, picture or line at level"]],
  P01: [
    ["test/unit/server/lifecycle.test.ts", "goes in order: not ready, no new connections, streams end, done"],
    ["test/unit/config/defaults.test.ts", "drains on a bind to"],
  ],
  P16: [["test/faults/rows/files.ts", "the stream keeps the old one"]],
  P27: [
    ["test/unit/config/secrets.test.ts", "finds the one value of a file, without the editor's newline"],
    ["test/e2e/reload.test.ts", "a secret that is rotated in its file goes out with the next request"],
    ["test/e2e/reload.test.ts", "a variable in the .env file of its folder"],
  ],
  U03: [["test/unit/upstream/name-cache.test.ts", "a failure"]],
  U69: [
    ["test/unit/upstream/client.test.ts", "a second answer on an idle connection never reaches the next request (U69)"],
    ["test/unit/upstream/client.test.ts", "a second answer glued to the first never reaches the next request (U69)"],
  ],
  X02: [
    ["test/unit/upstream/connector.test.ts", "refuses a name that changes to a forbidden address (rebinding, X02)"],
  ],
  X03: [["test/unit/upstream/connector.test.ts", "dials only the allowed ones of mixed addresses (X03)"]],
  X10: [["test/unit/server/constant-time.test.ts", "X10"]],
  X11: [
    ["test/unit/core/ip-address.test.ts", "an IPv4 client counts alone"],
    ["test/unit/core/ip-address.test.ts", "also when mapped"],
    ["test/unit/core/ip-address.test.ts", "an IPv6 client counts by its /64"],
    ["test/unit/server/rate-limiter.test.ts", "stays bounded under ten thousand and one clients"],
  ],
  X13: [
    ["test/unit/config/secrets.test.ts", "is readable by everybody"],
    ["test/unit/config/secrets.test.ts", "is too large"],
    ["test/unit/config/secrets.test.ts", "is a pipe that nobody writes to"],
    ["test/unit/config/secrets.test.ts", "a mount that its reader cannot have written"],
    ["test/unit/config/secret-exec.test.ts", "takes too long"],
    ["test/e2e/reload.test.ts", "a secret that is rotated in its file goes out with the next request"],
  ],
  X14: [
    ["test/unit/core/secret.test.ts", "says that something is hidden"],
    ["test/unit/core/secret.test.ts", "does not show it"],
  ],
  X31: [
    ["test/unit/routing/breaker.test.ts", "content for a probe lets load return"],
    ["test/unit/routing/breaker.test.ts", "seconds and answers double it together"],
  ],
  X41: [["test/unit/server/body.test.ts", "takes no call while the process is strained"]],
  // That nobody below the roof asks another clock is a law of the house (architecture.test.ts).
  X42: [["test/unit/core/clock.test.ts", "does not jump with the wall (X42)"]],
};

/** True for a row of this number or a variant of it: `U13` and `U13b`, not `U130`. */
export function isOf(number: string, id: string): boolean {
  return id.startsWith(number) && !/^\d/.test(id.slice(number.length));
}
