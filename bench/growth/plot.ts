// One plot of all curves: cost relative to the smallest size over growth relative to the smallest size, both logarithmic. Flat is a level line,
// linear a slope of one. Written as SVG by hand: no library for a dozen lines.

/** One curve of the plot. */
export interface PlotCurve {
  readonly name: string;
  /** Sizes and costs, smallest size first. */
  readonly points: readonly (readonly [size: number, cost: number])[];
}

const WIDTH = 760;
const HEIGHT = 420;
const EDGE = { left: 56, right: 190, top: 34, bottom: 44 };
/** Powers of ten that the axes show; a cost may fall. */
const POWERS = { x: [0, 4], y: [-2, 4] } as const;
const COLOURS = ["#0b6e99", "#c0392b", "#2e8b57", "#8e44ad", "#d68910", "#34495e", "#c2185b"];

/** The SVG. */
export function plotOf(curves: readonly PlotCurve[], title: string): string {
  const marks = [...gridOf("x"), ...gridOf("y")];
  const proportional = `<line x1="${xOf(1)}" y1="${yOf(1)}" x2="${xOf(1e4)}" y2="${yOf(1e4)}" stroke="#bbb" stroke-dasharray="5 4"/>`;
  const lines = curves.flatMap(lineOf);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="12">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#fff"/>`,
    `<text x="${EDGE.left}" y="20" font-size="14">${title}</text>`,
    ...marks,
    proportional,
    text(
      xOf(10 ** 2.6),
      yOf(10 ** 2.75),
      "proportional",
      `fill="#888" transform="rotate(-36 ${xOf(10 ** 2.6)} ${yOf(10 ** 2.75)})"`,
    ),
    ...lines,
    text(WIDTH / 2 - 120, HEIGHT - 8, "growth: multiple of the smallest size"),
    text(16, HEIGHT / 2 + 60, "cost: multiple of the smallest size's", `transform="rotate(-90 16 ${HEIGHT / 2 + 60})"`),
    "</svg>",
    "",
  ].join("\n");
}

function xOf(growth: number): number {
  return Math.round(EDGE.left + partOf("x", growth) * (WIDTH - EDGE.left - EDGE.right));
}

function yOf(cost: number): number {
  return Math.round(HEIGHT - EDGE.bottom - partOf("y", cost) * (HEIGHT - EDGE.top - EDGE.bottom));
}

function partOf(axis: keyof typeof POWERS, value: number): number {
  const [first, last] = POWERS[axis];
  return Math.max(0, (Math.log10(value) - first) / (last - first));
}

function gridOf(axis: "x" | "y"): string[] {
  const [first, last] = POWERS[axis];
  const powers = Array.from({ length: last - first + 1 }, (_, at) => Number(`1e${first + at}`));
  return powers.flatMap((value) => {
    const [x, y] = [xOf(axis === "x" ? value : 1), yOf(axis === "y" ? value : 0)];
    const [toX, toY] = axis === "x" ? [x, yOf(1e4)] : [xOf(1e4), y];
    const line = `<line x1="${x}" y1="${y}" x2="${toX}" y2="${toY}" stroke="#eee"/>`;
    const label = `${value}`;
    return [line, axis === "x" ? text(x - 8, y + 16, label) : text(x - 8, y + 4, label, `text-anchor="end"`)];
  });
}

function lineOf({ name, points }: PlotCurve, at: number): string[] {
  const colour = COLOURS[at % COLOURS.length] ?? "#000";
  // What was not measured is not drawn.
  const known = points.filter(([, cost]) => Number.isFinite(cost));
  const [[firstSize, firstCost] = [1, 1]] = known;
  const places = known.map(([size, cost]) => [xOf(size / firstSize), yOf(cost / firstCost)] as const);
  const legendY = EDGE.top + 20 * (at + 1);
  const legendX = WIDTH - EDGE.right + 24;
  return [
    `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${places.map((place) => place.join(",")).join(" ")}"/>`,
    ...places.map(([x, y]) => `<circle cx="${x}" cy="${y}" r="3" fill="${colour}"/>`),
    `<line x1="${legendX - 18}" y1="${legendY - 4}" x2="${legendX - 4}" y2="${legendY - 4}" stroke="${colour}" stroke-width="3"/>`,
    text(legendX, legendY, name),
  ];
}

function text(x: number, y: number, words: string, more = ""): string {
  return `<text x="${x}" y="${y}" ${more}>${words}</text>`;
}
