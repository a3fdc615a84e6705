// The claims: what is measured against what, where it stops being honest to call it fast (`must`), and what we are after (`aim`).
import { complaints, type Place, ratio, type Rounds, within } from "./rounds.ts";

/** One claim. */
export interface Figure {
  readonly what: string;
  readonly unit: string;
  /** Whether a small or a big figure is the good one. */
  readonly better: "less" | "more";
  readonly must: number;
  /** Null where there is nothing to be had beyond `must`. */
  readonly aim: number | null;
  /** NaN where something was not measured. */
  readonly of: (rounds: Rounds) => number;
}

const LESS = { better: "less", unit: "x" } as const;
const MORE = { better: "more", unit: "x" } as const;

function against(scenario: string, figure: string, base: string): Figure["of"] {
  return (rounds) => ratio(rounds, [scenario, "edge", figure], [scenario, base, figure]);
}

/** What the proxy adds to the way without one, as a multiple of what nginx adds. */
function addedAgainstNginx(scenario: string, figure: string): Figure["of"] {
  const places = ["edge", "nginx", "direct"].map((subject): Place => [scenario, subject, figure]);
  const compare = (edge = Number.NaN, nginx = Number.NaN, direct = Number.NaN): number =>
    // Where noise makes nginx faster than nothing at all there is no multiple of what it adds.
    nginx > direct ? (edge - direct) / (nginx - direct) : Number.NaN;
  return (rounds) => within(rounds, places, compare);
}

function difference(place: Place, base: Place): Figure["of"] {
  return (rounds) => within(rounds, [place, base], (figure = Number.NaN, of = Number.NaN) => figure - of);
}

/** All claims, in the order of the report. */
export const FIGURES: readonly Figure[] = [
  { what: "CPU per request, 1 KB whole / nginx", ...LESS, must: 3.4, aim: 2.6, of: against("whole", "cpu", "nginx") },
  { what: "CPU per request, 1 KB whole / floor", ...LESS, must: 1.45, aim: 1.15, of: against("whole", "cpu", "floor") },
  {
    what: "CPU per short stream (5 events) / floor",
    ...LESS,
    must: 1.45,
    aim: 1.15,
    of: against("short", "cpu", "floor"),
  },
  {
    what: "capacity of one core (1 s / CPU per request) / nginx",
    ...MORE,
    must: 0.29,
    aim: 0.38,
    of: (rounds) => ratio(rounds, ["whole", "nginx", "cpu"], ["whole", "edge", "cpu"]),
  },
  {
    what: "capacity of one core / Portkey",
    ...MORE,
    must: 20,
    aim: null,
    of: (rounds) => ratio(rounds, ["whole", "portkey", "cpu"], ["whole", "edge", "cpu"]),
  },
  {
    what: "added latency p50, one connection / nginx's",
    ...LESS,
    must: 2.8,
    aim: 2,
    of: addedAgainstNginx("single", "p50"),
  },
  {
    what: "added time to first event p50, 250 paced streams / nginx's",
    ...LESS,
    must: 1.6,
    aim: 1.1,
    of: addedAgainstNginx("paced", "first p50"),
  },
  { what: "CPU per event, paced / nginx", ...LESS, must: 2, aim: 1.6, of: against("paced", "cpu", "nginx") },
  { what: "CPU per event, burst / nginx", ...LESS, must: 2.2, aim: 1.5, of: against("burst", "cpu", "nginx") },
  {
    what: "translated event, on top of a relayed one",
    better: "less",
    unit: "us",
    must: 3,
    aim: 2,
    of: difference(["translated", "edge", "cpu"], ["burst", "edge", "cpu"]),
  },
  {
    what: "CPU per request, 41 KB with 50 tools / floor",
    ...LESS,
    must: 0.8,
    aim: 0.65,
    of: against("tools", "cpu", "floor"),
  },
  { what: "CPU per request, 1 MB / floor", ...LESS, must: 0.5, aim: 0.42, of: against("mb1", "cpu", "floor") },
  {
    what: "memory at listening, on top of bare Node",
    better: "less",
    unit: "MiB",
    must: 22,
    aim: 11,
    of: difference(["start", "edge", "listening"], ["start", "bare", "listening"]),
  },
  {
    what: "memory per 1000 open streams / floor",
    ...LESS,
    must: 1.25,
    aim: 1,
    of: against("memory", "per 1000 streams", "floor"),
  },
  { what: "start to listening, wall", better: "less", unit: "ms", must: 150, aim: null, of: wallOfStart },
  {
    what: "start to listening, CPU / bare Node",
    ...LESS,
    must: 2,
    aim: 1.6,
    of: (rounds) => ratio(rounds, ["start", "edge", "cpu"], ["start", "bare", "cpu"]),
  },
  {
    what: "2 workers / 1, requests per second",
    ...MORE,
    must: 1.3,
    aim: 1.5,
    of: (rounds) => ratio(rounds, ["whole", "edge x2", "req/s"], ["whole", "edge", "req/s"]),
  },
  {
    what: "all telemetry on, CPU per request on top of no line, no spans, no metrics to be had",
    better: "less",
    unit: "%",
    must: 12,
    aim: 7,
    of: (rounds) => (ratio(rounds, ["whole", "edge traced", "cpu"], ["whole", "edge untold", "cpu"]) - 1) * 100,
  },
  {
    what: "wrong, cut, lost or reordered answers",
    better: "less",
    unit: "",
    must: 0,
    aim: 0,
    of: (rounds) => complaints(rounds).filter((why) => !isPeers(why)).length,
  },
];

function wallOfStart(rounds: Rounds): number {
  return within(rounds, [["start", "edge", "wall"]], (wall = Number.NaN) => wall);
}

/** What a peer answers wrongly is its own result, not ours. */
export function isPeers(complaint: string): boolean {
  return complaint.includes(", portkey,");
}

/** How a claim fares. */
export type Standing = "aim" | "must" | "missed" | "not measured";

/** Judges a figure. */
export function standing({ better, must, aim }: Figure, value: number): Standing {
  if (!Number.isFinite(value)) return "not measured";
  const reaches = (bound: number): boolean => (better === "less" ? value <= bound : value >= bound);
  if (aim !== null && reaches(aim)) return "aim";
  return reaches(must) ? "must" : "missed";
}
