// The row of figures: what is now in large, how it went in ten minutes below it. Pointing at a course reads it.
import { course, el, find, svg, write } from "./draw.js";
import { dollars, duration, longTime, number, percent, plural } from "./format.js";

const HEIGHT = 40;
const unitless = (text) => [text, ""];

/** Each tile: how to read its figure, its courses (the second one is the tail) and the line below. */
const TILES = [
  {
    name: "In flight",
    now: ({ inFlight }) => inFlight.now,
    courses: ({ inFlight }) => [inFlight.course],
    show: (value) => unitless(number(value)),
    note: ({ inFlight }) => `high of ${number(Math.max(...inFlight.course))}`,
  },
  {
    name: "Requests",
    unit: "/s",
    now: ({ perSecond }) => perSecond.now,
    courses: ({ perSecond }) => [perSecond.course],
    show: (value) => [number(value), "/s"],
    note: ({ errors }) => `${number(errors.ended)} in the last minute`,
  },
  {
    name: "Errors",
    tone: ({ errors }) => (errors.now >= 0.05 ? "bad" : errors.now > 0 ? "warn" : null),
    now: ({ errors }) => errors.now,
    courses: ({ errors }) => [errors.course],
    floor: 0.1,
    ink: "bad",
    show: (value) => unitless(percent(value)),
    note: ({ errors }) => (errors.ended === 0 ? "no request" : `${number(errors.failed)} of ${number(errors.ended)}`),
  },
  {
    name: "First token",
    now: ({ ttft }) => ttft.p50,
    courses: ({ ttft }) => [ttft.course50, ttft.course95],
    show: duration,
    note: ({ ttft }) => (ttft.p95 === null ? "no stream yet" : `p50 · p95 ${duration(ttft.p95).join(" ")}`),
  },
  {
    name: "Overhead p95",
    now: ({ overhead }) => overhead.now,
    courses: ({ overhead }) => [overhead.course],
    show: duration,
    note: () => "added by the gateway",
  },
  {
    name: "Tokens out",
    now: ({ tokens }) => tokens.out,
    courses: ({ tokens }) => [tokens.course],
    show: (value) => [number(value), "/s"],
    note: ({ tokens }) => `${number(tokens.in)}/s in`,
  },
  {
    name: "Cost",
    now: ({ cost }) => cost.now,
    courses: ({ cost }) => [cost.course],
    show: (value) => (value === null ? unitless("–") : [dollars(value), "/h"]),
    note: ({ cost }) => (cost.now === null ? "no prices known" : "pace of ten minutes"),
  },
];

/** Draws all tiles into their list; the returned function brings new figures. */
export function makeTiles() {
  const drawn = TILES.map((tile) => makeTile(tile));
  find("#tiles").append(...drawn.map(({ element }) => element));
  return (gauges) => drawn.forEach(({ update }) => update(gauges));
}

function makeTile(tile) {
  const value = el("span", { class: "figure" });
  const unit = el("span", { class: "unit" });
  const note = el("p", { class: "note" });
  const lines = [svg("path", { class: "line" }), svg("path", { class: "line tail" })];
  const area = svg("path", { class: "area" });
  const mark = svg("line", { class: "mark", y1: 0, y2: HEIGHT, hidden: true });
  const chart = svg(
    "svg",
    { class: "course", preserveAspectRatio: "none", role: "img" },
    area,
    lines[1],
    lines[0],
    mark,
  );
  const big = el("p", { class: "big" }, value, unit);
  const element = el("li", { class: "tile" }, el("h3", {}, tile.name), big, note, chart);
  let latest = null;
  let pointed = null;
  const paint = () => {
    const courses = tile.courses(latest);
    const isPointed = pointed !== null;
    const [text, of] = tile.show(isPointed ? courses[0][pointed] : tile.now(latest));
    write(value, text);
    write(unit, of);
    const ago = longTime((courses[0].length - 1 - (pointed ?? 0)) * latest.stepMs);
    write(note, isPointed ? `${ago} ago` : tile.note(latest));
    mark.toggleAttribute("hidden", !isPointed);
    for (const end of ["x1", "x2"]) mark.setAttribute(end, pointed ?? 0);
  };
  chart.addEventListener("pointermove", (event) => {
    const { left, width } = chart.getBoundingClientRect();
    const steps = tile.courses(latest)[0].length;
    pointed = Math.min(steps - 1, Math.max(0, Math.round(((event.clientX - left) / width) * (steps - 1))));
    paint();
  });
  chart.addEventListener("pointerleave", () => {
    pointed = null;
    paint();
  });
  return { element, update };

  function update(gauges) {
    latest = gauges;
    const courses = tile.courses(gauges);
    const top = Math.max(tile.floor ?? 0, ...courses.flat());
    chart.setAttribute("viewBox", `0 0 ${courses[0].length - 1} ${HEIGHT}`);
    courses.forEach((values, index) => lines[index].setAttribute("d", course(values, { top, height: HEIGHT }).line));
    area.setAttribute("d", course(courses[0], { top, height: HEIGHT }).area);
    element.dataset.tone = tile.tone?.(gauges) ?? "";
    // A course of nothings is no alarm.
    if (tile.ink !== undefined)
      element.classList.toggle(
        tile.ink,
        courses[0].some((each) => each > 0),
      );
    const [text, of] = tile.show(tile.now(gauges));
    const [high, highOf] = tile.show(top);
    const told = courses.flat().some((each) => each !== null);
    const range = told ? `ten minutes, at most ${high} ${highOf}` : "nothing in ten minutes";
    chart.setAttribute("aria-label", `${tile.name}: ${text} ${of}; ${range}`);
    paint();
  }
}

/** The sum of the picture in words, for who does not see it. */
export function summary({ gauges, chains }) {
  const out = chains.flatMap(({ links }) => links).filter(({ state }) => state !== "ready");
  const trouble = out.length === 0 ? "all targets ready" : `${plural(out.length, "target")} not ready`;
  return `${number(gauges.inFlight.now)} in flight, ${number(gauges.perSecond.now)} requests a second, ${trouble}`;
}
