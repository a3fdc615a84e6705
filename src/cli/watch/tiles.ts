// The row of figures: what is now, how ten minutes went, and a note; as many beside each other as there is room for.
import { dollars, duration, number, percent } from "../../server/status/page/format.js";
import type { Gauges } from "../../telemetry/live/gauges.ts";
import type { Paint } from "../paint.ts";
import type { Look } from "./look.ts";
import { spark } from "./spark.ts";

/** How a figure is read from the gauges. */
interface Tile {
  readonly name: string;
  readonly figure: (gauges: Gauges) => string;
  readonly course: (gauges: Gauges) => readonly (number | null)[];
  readonly note: (gauges: Gauges) => string;
  readonly tone?: (gauges: Gauges) => keyof Paint | null;
  /** The figure that fills the height of the course at least. */
  readonly floor?: number;
}

const BAD_SHARE = 0.05;

const TILES: readonly Tile[] = [
  {
    name: "In flight",
    figure: ({ inFlight }) => number(inFlight.now),
    course: ({ inFlight }) => inFlight.course,
    note: ({ inFlight }) => `high of ${number(Math.max(...inFlight.course.map((each) => each ?? 0)))}`,
  },
  {
    name: "Requests",
    figure: ({ perSecond }) => `${number(perSecond.now)} /s`,
    course: ({ perSecond }) => perSecond.course,
    note: ({ errors }) => `${number(errors.ended)} a minute`,
  },
  {
    name: "Errors",
    figure: ({ errors }) => percent(errors.now),
    course: ({ errors }) => errors.course,
    note: ({ errors }) => (errors.ended === 0 ? "no request" : `${number(errors.failed)} of ${number(errors.ended)}`),
    tone: ({ errors: { now } }) => (now === null || now === 0 ? null : now >= BAD_SHARE ? "bad" : "warn"),
    floor: 0.1,
  },
  {
    name: "First token",
    figure: ({ ttft }) => duration(ttft.p50).join(" "),
    course: ({ ttft }) => ttft.course50,
    note: ({ ttft }) => (ttft.p95 === null ? "no stream yet" : `p95 ${duration(ttft.p95).join(" ")}`),
  },
  {
    name: "Overhead p95",
    figure: ({ overhead }) => duration(overhead.now).join(" "),
    course: ({ overhead }) => overhead.course,
    note: () => "added by us",
  },
  {
    name: "Tokens out",
    figure: ({ tokens }) => `${number(tokens.out)} /s`,
    course: ({ tokens }) => tokens.course,
    note: ({ tokens }) => `${number(tokens.in)} /s in`,
  },
  {
    name: "Cost",
    figure: ({ cost }) => (cost.now === null ? "–" : `${dollars(cost.now)} /h`),
    course: ({ cost }) => cost.course,
    note: ({ cost }) => (cost.now === null ? "no prices" : "by ten minutes"),
  },
];

const GAP = 2;
/** Below this a tile says nothing. */
const WIDTH_MIN = 13;
const WIDTH_MAX = 26;

/** Name, figure, course and note of each tile. */
export function tileLines(gauges: Gauges, look: Look): string[] {
  const perRow = Math.min(TILES.length, Math.max(1, Math.floor((look.width + GAP) / (WIDTH_MIN + GAP))));
  const width = Math.min(WIDTH_MAX, Math.floor((look.width + GAP) / perRow) - GAP);
  const lines: string[] = [];
  for (let at = 0; at < TILES.length; at += perRow) {
    lines.push(...rowOf(TILES.slice(at, at + perRow), gauges, { ...look, width }));
  }
  return lines;
}

function rowOf(tiles: readonly Tile[], gauges: Gauges, { width, paint }: Look): string[] {
  const across = (text: (tile: Tile) => readonly [plain: string, paint: (text: string) => string]): string =>
    tiles
      .map((tile) => {
        const [plain, colour] = text(tile);
        return colour(plain.slice(0, width).padEnd(width));
      })
      .join(" ".repeat(GAP));
  return [
    across(({ name }) => [name, paint.dim]),
    across(({ figure, tone }) => [figure(gauges), paint[tone?.(gauges) ?? "bold"]]),
    across(({ course, floor = 0 }) => [spark(course(gauges), { width, floor }), String]),
    across(({ note }) => [note(gauges), paint.dim]),
  ];
}
