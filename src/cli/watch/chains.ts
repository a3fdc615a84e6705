// The chain of each agent: its targets in the order in which they are asked, how each stands, its countdown, and the share it carries.
import { longTime, number, percent, plural, span, words } from "../../server/status/page/format.js";
import type { AgentChain, ChainLink } from "../../telemetry/live/chains.ts";
import type { Paint } from "../paint.ts";
import { table } from "../table.ts";
import type { Look } from "./look.ts";

/** How a state looks: a shape beside the colour, and a word. */
const STATES = {
  ready: { sign: "●", tone: "good", word: "ready" },
  cooling: { sign: "◔", tone: "warn", word: "cooling" },
  open: { sign: "✗", tone: "bad", word: "circuit open" },
  "half-open": { sign: "?", tone: "warn", word: "probing" },
  ramping: { sign: "↗", tone: "warn", word: "ramping up" },
  unavailable: { sign: "✗", tone: "dim", word: "unavailable" },
} as const satisfies Record<ChainLink["state"], { sign: string; tone: keyof Paint; word: string }>;

/** Each agent's line with its targets below; the columns of all agents stand under each other. */
export function chainLines(chains: readonly AgentChain[], { paint }: Look): string[] {
  const rows = chains.flatMap(({ links }) => links.map((link, at) => cellsOf(link, at, paint)));
  const drawn = table([], rows, paint).split("\n");
  let next = 0;
  return chains.flatMap((chain) => {
    const from = next;
    next += chain.links.length;
    const below = chain.links.length === 0 ? [`  ${paint.dim("no usable target")}`] : drawn.slice(from, next);
    return [titleOf(chain, paint), ...below];
  });
}

function titleOf({ agent, name, isDefault, links, elsewhere }: AgentChain, paint: Paint): string {
  const served = links.reduce((all, link) => all + link.served, elsewhere);
  const other = elsewhere === 0 ? "" : `, ${number(elsewhere)} by targets outside the chain`;
  const sum = served === 0 ? "no answer in ten minutes" : `${plural(served, "answer")} in ten minutes${other}`;
  const called = [name, isDefault ? "default" : null].filter((each) => each !== null).join(", ");
  return `${paint.bold(`openclaw/${agent}`)}${called === "" ? "" : ` (${called})`}  ${paint.dim(sum)}`;
}

function cellsOf(link: ChainLink, at: number, paint: Paint): string[] {
  const share = percent(link.share).padStart(5);
  return [`  ${at + 1}`, link.target, stateWords(link, paint), share, paint.dim(factsOf(link))];
}

function stateWords({ state, reason, recoversInMs }: ChainLink, paint: Paint): string {
  const { sign, tone, word } = STATES[state];
  const wait = recoversInMs > 0 ? ` ${longTime(recoversInMs)}` : "";
  const why = reason === null || reason === "breaker" ? "" : ` · ${words(reason)}`;
  return paint[tone](`${sign} ${word}${wait}${why}`);
}

function factsOf(link: ChainLink): string {
  const { running, waitMs, failed, attempts, keys, keysReady, lastFailure, lastFailureAgoMs, state } = link;
  const isIdle = attempts === 0 && running === 0;
  const facts = [
    isIdle ? "not used in ten minutes" : null,
    running > 0 ? `${number(running)} running` : null,
    waitMs === null ? null : `answers in ${span(waitMs)}`,
    failed > 0 ? `${number(failed)} of ${plural(attempts, "try", "tries")} failed` : null,
    keys > 1 ? (keysReady === keys ? `${keys} keys` : `${keysReady} of ${keys} keys ready`) : null,
    lastFailure === null || state === "cooling" ? null : `${words(lastFailure)} ${longTime(lastFailureAgoMs ?? 0)} ago`,
  ];
  return facts.filter((fact) => fact !== null).join(" · ");
}
