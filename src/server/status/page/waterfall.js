// Where the time of one request went: a bar per attempt, in the phases that the attempt came through.
import { el } from "./draw.js";
import { span, words } from "./format.js";

/** The phases between an attempt's instants, in order. */
const PHASES = [
  { from: "start", until: "opened", name: "connect", kind: "connect" },
  { from: "opened", until: "firstByte", name: "wait for the first byte", kind: "wait" },
  { from: "firstByte", until: "commit", name: "judge", kind: "judge" },
  { from: "commit", until: "end", name: "answer", kind: "answer" },
];

/** The phases of an attempt with their times. */
export function phasesOf(attempt) {
  const phases = [];
  let at = attempt.start;
  for (const { until, name, kind } of PHASES) {
    const end = attempt[until];
    if (end === null) continue;
    const isLast = until === "end";
    const isCut = isLast && attempt.commit === null;
    phases.push({ name: isCut ? "wait" : name, kind: isCut ? "lost" : kind, from: at, until: Math.max(at, end) });
    at = Math.max(at, end);
  }
  return phases;
}

/** The small bar of a row. */
export function glance(row) {
  const bar = el("span", { class: "glance", "aria-hidden": "true" });
  for (const attempt of row.attempts) bar.append(...segments(attempt, row.ms));
  return bar;
}

/** The large one, with a line per attempt, and a legend of its own times. */
export function waterfall(row) {
  const list = el("ol", { class: "waterfall" });
  if (row.bodyMs > 0 && row.attempts.length > 0) {
    list.append(
      line(row, { name: "request read", note: span(row.bodyMs), parts: [part("read", 0, row.bodyMs, row.ms)] }),
    );
  }
  for (const attempt of row.attempts) {
    const failure = attempt.kind === null ? "" : ` · ${words(attempt.kind)}`;
    const status = attempt.status === null ? "" : ` · ${attempt.status}`;
    const why = attempt.because === "first" ? "" : ` (${words(attempt.because)}${attempt.probe ? ", probe" : ""})`;
    const note = `${span(attempt.end - attempt.start)}${status}${failure}`;
    list.append(line(row, { name: `${attempt.target}${why}`, note, parts: segments(attempt, row.ms), attempt }));
  }
  return list;
}

function line(_row, { name, note, parts, attempt }) {
  const detail = attempt === undefined ? null : phasesOf(attempt).filter(({ from, until }) => until - from >= 0.05);
  const told = detail?.map((phase) => `${phase.name} ${span(phase.until - phase.from)}`).join(", ") ?? "";
  return el(
    "li",
    { "data-outcome": attempt?.outcome ?? null },
    el("span", { class: "who" }, name, attempt === undefined ? null : el("small", {}, attempt.credential)),
    el("span", { class: "track", "aria-hidden": "true" }, ...parts),
    el("span", { class: "took" }, note, told === "" ? null : el("small", {}, told)),
  );
}

function segments(attempt, whole) {
  const failed = attempt.outcome === "failed" ? " failed" : attempt.outcome === "cancelled" ? " cancelled" : "";
  return phasesOf(attempt).map(({ kind, from, until }) => part(`${kind}${failed}`, from, until, whole));
}

function part(look, from, until, whole) {
  const element = el("i", { class: look });
  element.style.left = `${(from / (whole || 1)) * 100}%`;
  element.style.width = `${((until - from) / (whole || 1)) * 100}%`;
  return element;
}
