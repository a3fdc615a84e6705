// The chain of each agent as the page draws it: who is asked in which order, how each stands now, and who carried the last ten minutes.
import type { Agent, Snapshot, Target } from "../../core/snapshot.ts";
import type { NotReady } from "../../core/standing.ts";
import type { TargetNames } from "../target-names.ts";
import type { TargetFigures, TargetTally } from "./target-tally.ts";

/** How a target stands. */
export interface TargetState {
  readonly state: "ready" | "cooling" | "open" | "half-open" | "ramping" | "unavailable";
  readonly reason: string | null;
  /** Milliseconds until it may be preferred again; 0 where that is no matter of time. */
  readonly recoversInMs: number;
  readonly keys: number;
  /** Keys that do not cool. */
  readonly keysReady: number;
}

/** One link of a chain. */
export interface ChainLink extends TargetState {
  readonly target: string;
  readonly api: string;
  readonly local: boolean;
  /** Attempts under way. */
  readonly running: number;
  readonly attempts: number;
  readonly failed: number;
  readonly served: number;
  /** Part of the agent's answers that came from here, 0 to 1; null where there were none. */
  readonly share: number | null;
  readonly waitMs: number | null;
  readonly lastFailure: string | null;
  readonly lastFailureAgoMs: number | null;
}

/** One agent. */
export interface AgentChain {
  readonly agent: string;
  readonly name: string | null;
  readonly isDefault: boolean;
  readonly links: readonly ChainLink[];
  /** Answers by targets outside the chain: named by the client, for images, for embeddings. */
  readonly elsewhere: number;
}

/** What chains are drawn from. */
export interface ChainSources {
  readonly snapshot: Snapshot;
  readonly notReady: readonly NotReady[];
  readonly tally: TargetTally;
  readonly names: TargetNames;
}

/** All chains, the default agent's first. */
export function chainsOf(sources: ChainSources, now: number): AgentChain[] {
  const { agents, defaultAgent } = sources.snapshot;
  const inOrder = [...agents.values()].toSorted(
    (a, b) => Number(b.id === defaultAgent) - Number(a.id === defaultAgent),
  );
  return inOrder.map((agent) => chainOf(agent, sources, now));
}

function chainOf({ id, name, chain }: Agent, sources: ChainSources, now: number): AgentChain {
  const { tally, snapshot } = sources;
  const members = new Set(chain.map((target) => target.id));
  const servedBy = (target: string): number => tally.read(id, target, now)?.served ?? 0;
  const all = tally.targetsOf(id);
  const elsewhere = sum(all.filter((target) => !members.has(target)).map(servedBy));
  const total = sum(all.map(servedBy));
  const links = chain.map((target) => linkOf(target, { agent: id, total, sources }, now));
  return { agent: id, name, isDefault: id === snapshot.defaultAgent, links, elsewhere };
}

interface LinkContext {
  readonly agent: string;
  /** Answers of the agent. */
  readonly total: number;
  readonly sources: ChainSources;
}

function linkOf(target: Target, { agent, total, sources }: LinkContext, now: number): ChainLink {
  const { tally, names, notReady } = sources;
  const { lastFailureAt, ...figures } = tally.read(agent, target.id, now) ?? NOTHING;
  return {
    target: names.of(target).id,
    api: target.api,
    local: target.local,
    ...stateOf(target, notReady, now),
    running: tally.running(target.id),
    ...figures,
    share: total === 0 ? null : figures.served / total,
    lastFailureAgoMs: lastFailureAt === null ? null : Math.round(now - lastFailureAt),
  };
}

const NOTHING: TargetFigures = {
  attempts: 0,
  failed: 0,
  served: 0,
  waitMs: null,
  lastFailure: null,
  lastFailureAt: null,
};

/** A target is out while it is broken or cools itself, or while every one of its keys cools. */
export function stateOf(target: Target, notReady: readonly NotReady[], now: number): TargetState {
  const keys = target.credentials.length;
  if (target.unavailable !== null) {
    return { state: "unavailable", reason: target.unavailable, recoversInMs: 0, keys, keysReady: 0 };
  }
  const ofKeys = target.credentials.map(({ id }) => latest(notReady.filter((each) => isKeyOf(each, id, target))));
  const cooling = ofKeys.filter((each) => each !== null);
  const own = latest(notReady.filter((each) => each.target === target.id && each.credential === null));
  const allCool = keys > 0 && cooling.length === keys;
  const soonest = allCool ? cooling.reduce((a, b) => (b.until < a.until ? b : a)) : null;
  const worst = latest([own, soonest].filter((each) => each !== null));
  const keysReady = keys - cooling.length;
  if (worst === null) return { state: "ready", reason: null, recoversInMs: 0, keys, keysReady };
  const { state, reason, until } = worst;
  return { state, reason, recoversInMs: Math.max(0, Math.round(until - now)), keys, keysReady };
}

function isKeyOf({ provider, target, credential }: NotReady, id: string, of: Target): boolean {
  return credential === id && provider === of.provider && (target === null || target === of.id);
}

function latest(lines: readonly NotReady[]): NotReady | null {
  return lines.reduce<NotReady | null>((a, b) => (a === null || b.until > a.until ? b : a), null);
}

function sum(figures: readonly number[]): number {
  return figures.reduce((all, each) => all + each, 0);
}
