// Requests under way, summed by where they are: a hang is seen while it hangs.
import type { Running } from "../../core/call.ts";
import type { TargetNames } from "../target-names.ts";

/** Requests of one agent at one target. */
export interface UnderWay {
  readonly agent: string;
  /** Null: not sent to anybody yet. */
  readonly target: string | null;
  readonly count: number;
  /** Those whose answer has not begun. */
  readonly awaited: number;
  /** Age of the oldest one in milliseconds. */
  readonly oldestMs: number;
}

/** Groups of several processes as those of one. */
export function joinedGroups(all: readonly UnderWay[]): UnderWay[] {
  const groups = new Map<string, UnderWay>();
  for (const each of all) {
    const key = JSON.stringify([each.agent, each.target]);
    const known = groups.get(key);
    const count = each.count + (known?.count ?? 0);
    const awaited = each.awaited + (known?.awaited ?? 0);
    groups.set(key, { ...each, count, awaited, oldestMs: Math.max(each.oldestMs, known?.oldestMs ?? 0) });
  }
  return [...groups.values()].toSorted((a, b) => b.oldestMs - a.oldestMs);
}

/** The groups, the one with the oldest request first. */
export function underWay(running: readonly Running[], names: TargetNames, now: number): UnderWay[] {
  const groups = new Map<string, { -readonly [Key in keyof UnderWay]: UnderWay[Key] }>();
  for (const { request, attempt } of running) {
    const { agent, startedAt } = request;
    const target = attempt === null ? null : names.of(attempt.target).id;
    const key = JSON.stringify([agent, target]);
    const group = groups.get(key) ?? { agent, target, count: 0, awaited: 0, oldestMs: 0 };
    group.count += 1;
    if (attempt === null || attempt.committedAt === null) group.awaited += 1;
    group.oldestMs = Math.max(group.oldestMs, Math.round(now - startedAt));
    groups.set(key, group);
  }
  return [...groups.values()].toSorted((a, b) => b.oldestMs - a.oldestMs);
}
