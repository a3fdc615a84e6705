// The chain of each agent as a row of targets in the order in which they are asked, with how each stands and what share it carries.
import { el, find, icon, write } from "./draw.js";
import { longTime, number, percent, plural, span, words } from "./format.js";

/** How a state looks: a shape beside the colour, and a word. */
const STATES = {
  ready: { icon: "ready", tone: "ok", word: "ready" },
  cooling: { icon: "cooling", tone: "warn", word: "cooling" },
  open: { icon: "open", tone: "bad", word: "circuit open" },
  "half-open": { icon: "probe", tone: "warn", word: "probing" },
  ramping: { icon: "ramp", tone: "warn", word: "ramping up" },
  unavailable: { icon: "open", tone: "off", word: "unavailable" },
};

const cards = new Map();
const announced = new Map();

/** Brings the chains up to date; cards are made once per agent and chain. */
export function updateChains(chains) {
  const list = find("#chains");
  const seen = new Set();
  for (const chain of chains) {
    const key = `${chain.agent}\n${chain.links.map(({ target }) => target).join("\n")}`;
    seen.add(key);
    if (!cards.has(key)) cards.set(key, makeCard(chain));
    const card = cards.get(key);
    if (card.element.parentNode === null) list.append(card.element);
    card.update(chain);
  }
  for (const [key, card] of cards) {
    if (seen.has(key)) continue;
    card.element.remove();
    cards.delete(key);
  }
  announce(chains);
}

function makeCard({ agent, name, isDefault, links }) {
  const drawn = links.map((link, index) => makeLink(link, index));
  const bar = el("div", { class: "shares", "aria-hidden": "true" });
  const parts = links.map((_link, index) => el("i", { class: `hue${index % 5}` }));
  const elsewhere = el("i", { class: "hue-other" });
  bar.append(...parts, elsewhere);
  const sum = el("p", { class: "note" });
  const title = el("h3", {}, name ?? agent, isDefault ? el("span", { class: "tag" }, "default") : null);
  const head = el("header", {}, title, el("code", {}, `openclaw/${agent}`), sum);
  const row = el("ol", { class: "links" }, ...drawn.map(({ element }) => element));
  if (links.length === 0) row.append(el("li", { class: "note" }, "no usable target"));
  return { element: el("li", { class: "card chain" }, head, bar, row), update };

  function update(chain) {
    chain.links.forEach((link, index) => {
      drawn[index].update(link);
      widen(parts[index], link.served);
    });
    widen(elsewhere, chain.elsewhere);
    const served = chain.links.reduce((all, link) => all + link.served, chain.elsewhere);
    bar.classList.toggle("idle", served === 0);
    const other = chain.elsewhere === 0 ? "" : `, ${number(chain.elsewhere)} by targets outside the chain`;
    write(sum, served === 0 ? "no answer in ten minutes" : `${plural(served, "answer")} in ten minutes${other}`);
  }
}

/** A part of the bar; one of nothing takes no gap either. */
function widen(part, share) {
  part.hidden = share === 0;
  part.style.flexGrow = String(share);
}

function makeLink({ target, api, local }, index) {
  const state = el("span", { class: "state" });
  const share = el("span", { class: "share" });
  const clock = el("span", { class: "countdown" }, el("i"));
  const facts = el("p", { class: "facts" });
  const slash = target.indexOf("/");
  const name = el(
    "p",
    { class: "target" },
    el("span", {}, target.slice(0, slash + 1)),
    el("wbr"),
    target.slice(slash + 1),
  );
  const top = el("p", { class: "top" }, state, share);
  const element = el(
    "li",
    { class: `link hue${index % 5}`, title: `${api}${local ? ", local" : ""}` },
    name,
    top,
    clock,
    facts,
  );
  let longest = 0;
  return { element, update };

  function update(link) {
    const look = STATES[link.state];
    if (element.dataset.state !== link.state) {
      element.dataset.state = link.state;
      element.dataset.tone = look.tone;
      state.replaceChildren(icon(look.icon), el("span"));
    }
    const { recoversInMs, reason } = link;
    longest = recoversInMs > 0 ? Math.max(longest, recoversInMs) : 0;
    const why = reason === null || reason === "breaker" ? "" : ` · ${words(reason)}`;
    const wait = recoversInMs > 0 ? ` ${longTime(recoversInMs)}` : "";
    write(state.lastChild, `${look.word}${wait}${why}`);
    write(share, percent(link.share));
    clock.classList.toggle("runs", recoversInMs > 0);
    clock.firstChild.style.width = longest === 0 ? "0" : `${(recoversInMs / longest) * 100}%`;
    write(facts, factsOf(link));
  }
}

function factsOf({ running, waitMs, failed, attempts, keys, keysReady, lastFailure, lastFailureAgoMs, state }) {
  const facts = [];
  if (running > 0) facts.push(`${number(running)} running`);
  if (waitMs !== null) facts.push(`answers in ${span(waitMs)}`);
  if (failed > 0) facts.push(`${number(failed)} of ${plural(attempts, "try", "tries")} failed`);
  if (keys > 1) facts.push(keysReady === keys ? `${keys} keys` : `${keysReady} of ${keys} keys ready`);
  if (lastFailure !== null && state !== "cooling")
    facts.push(`${words(lastFailure)} ${longTime(lastFailureAgoMs)} ago`);
  if (attempts === 0 && running === 0) facts.unshift("not used in ten minutes");
  // Lines break between facts, not within them.
  return facts.map((fact) => fact.replaceAll(" ", "\u00a0")).join(" · ");
}

/** Says only what changed, and nothing about how things stand at first. */
function announce(chains) {
  const news = [];
  const targets = new Map(chains.flatMap(({ links }) => links).map((link) => [link.target, link]));
  for (const [target, { state, reason }] of targets) {
    const before = announced.get(target);
    announced.set(target, state);
    if (before === undefined || before === state) continue;
    news.push(`${target} is ${STATES[state].word}${reason === null ? "" : `, ${words(reason)}`}`);
  }
  if (news.length > 0) write(find("#news"), news.join(". "));
}
