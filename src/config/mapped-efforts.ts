// `thinkingLevelMap`: each reasoning level in the word of one model. A level that it does not have takes the word of the nearest.
import type { ModelConfig } from "./stated.ts";

type LevelMap = NonNullable<ModelConfig["thinkingLevelMap"]>;

/** Least first. */
const LEVELS = ["off", "minimal", "low", "medium", "high", "xhigh", "max"] as const;
/** What clients and OpenAI call no reasoning. */
const NONE = "none";

/** Level to word, for the levels that are written; `off` also by its other name. */
export function mappedEfforts(map: LevelMap): Readonly<Record<string, string>> {
  const words: Record<string, string> = {};
  for (const [at, level] of LEVELS.entries()) {
    if (map[level] === undefined) continue;
    words[level] = wordOf(map, at);
    if (level === "off") words[NONE] = words[level];
  }
  return words;
}

/** The level's own word, else that of the next lower one, and for what has no lower one that of the next higher. */
function wordOf(map: LevelMap, at: number): string {
  // To think less than asked is one thing, not to think at all another.
  const lower = LEVELS.slice(1, at).reverse();
  const able = [...LEVELS.slice(at, at + 1), ...lower, ...LEVELS.slice(at + 1)];
  const level = able.find((each) => map[each] !== null) ?? "medium";
  return map[level] ?? (level === "off" ? NONE : level);
}
