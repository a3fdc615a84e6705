// The last requests, newest first, with a filter; each opens into its waterfall. Rows are made once and moved by nobody.
import { el, find, icon, write } from "./draw.js";
import { dollars, NOTHING, percent, plural, span, timeOfDay, tokens, words } from "./format.js";
import { glance, waterfall } from "./waterfall.js";

const ROWS_MAX = 200;

/** What the buttons let through. */
const KINDS = {
  all: () => true,
  failed: ({ outcome }) => outcome === "failed",
  "failed over": ({ attempts }) => attempts.some((attempt) => attempt.because !== "first"),
  cancelled: ({ outcome }) => outcome === "cancelled",
  refused: ({ outcome }) => outcome === "refused",
};
const OUTCOMES = {
  completed: { icon: "ready", tone: "ok" },
  failed: { icon: "open", tone: "bad" },
  cancelled: { icon: "cancelled", tone: "off" },
  refused: { icon: "refused", tone: "warn" },
};

/** Newest first. */
let drawn = [];
let kind = "all";
let sought = [];

/** Makes filter and buttons work. */
export function makeRequests() {
  const buttons = Object.keys(KINDS).map((name) => {
    const choose = () => {
      kind = name;
      for (const each of buttons) each.setAttribute("aria-pressed", String(each.dataset.kind === kind));
      sift();
    };
    return el(
      "button",
      { type: "button", "data-kind": name, "aria-pressed": String(name === kind), onclick: choose },
      name,
    );
  });
  find("#kinds").append(...buttons);
  const box = find("#filter");
  box.addEventListener("input", () => {
    sought = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    sift();
  });
  document.addEventListener("keydown", (event) => {
    const isTyping = event.target.closest?.("input, textarea") !== null;
    if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      box.focus();
    } else if (event.key === "Escape" && event.target === box) {
      box.value = "";
      box.dispatchEvent(new Event("input"));
    }
  });
}

/** Adds what came, oldest first; `fresh` begins anew. */
export function addRequests(rows, { fresh }) {
  const list = find("#requests");
  if (fresh) {
    list.replaceChildren();
    drawn = [];
  }
  for (const row of rows) {
    const made = makeRow(row, !fresh);
    drawn.unshift(made);
    list.prepend(made.element);
    sieve(made);
  }
  for (const old of drawn.splice(ROWS_MAX)) old.element.remove();
  if (rows.length > 0 || fresh) tell();
}

/** Requests under way, above the list, by where they are. */
export function showRunning(groups) {
  const list = find("#running");
  list.hidden = groups.length === 0;
  const items = groups.map(({ agent, target, count, awaited, oldestMs }) =>
    el(
      "li",
      { "data-doing": awaited === count ? "awaited" : "answers" },
      el("i", { class: "spinner" }),
      el("b", {}, number(count)),
      el("span", {}, `${agent} → ${target ?? "…"}`),
      el("small", {}, `${awaited > 0 ? `${number(awaited)} awaited · ` : ""}oldest ${span(oldestMs)}`),
    ),
  );
  list.replaceChildren(...items);
}

function sift() {
  for (const each of drawn) sieve(each);
  tell();
}

function sieve({ element, row, text }) {
  element.hidden = !KINDS[kind](row) || !sought.every((word) => text.includes(word));
}

function tell() {
  const shown = drawn.filter(({ element }) => !element.hidden).length;
  find("#empty").hidden = drawn.length > 0;
  find("#legend").hidden = drawn.length === 0;
  find("#nothing").hidden = shown > 0 || drawn.length === 0;
  const all =
    shown === drawn.length ? plural(shown, "request") : `${number(shown)} of ${plural(drawn.length, "request")}`;
  write(find("#count"), drawn.length === 0 ? "" : all);
}

function makeRow(row, isNew) {
  const look = OUTCOMES[row.outcome];
  const who = whoOf(row);
  const hops = row.attempts.length - 1;
  const [at = NOTHING, why = null] = servedBy(row);
  const body = el("div", { class: "detail", hidden: true });
  const open = el(
    "button",
    { type: "button", class: "row", "aria-expanded": "false" },
    el("time", { datetime: new Date(row.wall).toISOString() }, timeOfDay(row.wall)),
    el("span", { class: "status", "data-tone": look.tone }, icon(look.icon), String(row.status)),
    el(
      "span",
      { class: "route" },
      el("b", {}, who),
      el("span", { class: "served" }, `→ ${at}`),
      why && el("small", {}, `· ${why}`),
      hops > 0 ? el("span", { class: "tag" }, plural(hops, "hop")) : null,
    ),
    glance(row),
    cell("ttft", "first token", row.stream ? span(row.ttftMs) : NOTHING),
    cell("took", "took", span(row.ms)),
    cell("tokens", "tokens", tokens(row)),
  );
  const element = el("li", { class: isNew ? "new" : "", "data-outcome": row.outcome }, open, body);
  open.addEventListener("click", () => {
    const isOpen = open.getAttribute("aria-expanded") === "true";
    open.setAttribute("aria-expanded", String(!isOpen));
    body.hidden = isOpen;
    if (body.childElementCount === 0) body.append(...detail(row));
  });
  const text = [
    row.id,
    row.traceId,
    who,
    row.operation,
    row.served,
    row.status,
    row.outcome,
    row.kind,
    row.reason,
    row.finish,
  ]
    .concat(row.attempts.flatMap(({ target, kind, reason, credential }) => [target, kind, reason, credential]))
    .join(" ")
    .toLowerCase();
  return { element, row, text };
}

/** The agent, and what was asked for where that is not the agent. */
function whoOf({ agent, requested, operation }) {
  if (agent === null) return operation;
  return requested === `openclaw/${agent}` ? agent : `${agent} · ${requested}`;
}

/** Who answered, and what went wrong there: of several failed attempts, the last one that failed as the request did. */
function servedBy({ served, kind, attempts }) {
  const by = served ?? (kind && attempts.findLast((attempt) => attempt.kind === kind)?.target);
  return [by, words(kind)].filter(Boolean);
}

function cell(name, label, text) {
  return el("span", { class: `cell ${name}` }, el("span", { class: "label" }, `${label} `), text);
}

function detail(row) {
  const facts = [
    ["request", row.id],
    ["trace", row.traceId],
    ["operation", `${row.operation}${row.stream ? ", streamed" : ""}`],
    ["outcome", row.kind === null ? row.outcome : `${row.outcome}: ${words(row.kind)}`],
    ["finish", row.finish],
    ["first token", row.stream && row.ttftMs !== null ? span(row.ttftMs) : null],
    ["our overhead", row.overheadMs === null ? null : overhead(row)],
    ["tokens, in → out", USAGE[row.usage]?.(row) ?? null],
    ["cost", row.usd === null ? null : dollars(row.usd)],
  ];
  const told = facts.filter(([, text]) => text !== null);
  const list = told.map(([name, text]) => el("div", {}, el("dt", {}, name), el("dd", {}, text)));
  return [waterfall(row), el("dl", {}, ...list)];
}

/** What is known of an answer's tokens; nothing where there was no answer. */
const USAGE = {
  complete: tokens,
  partial: (row) => `${tokens(row)} · partial: it was cut`,
  absent: () => "not told",
};

function overhead({ overheadMs, ms }) {
  return `${span(overheadMs)}${ms > 0 ? ` (${percent(overheadMs / ms)})` : ""}`;
}
