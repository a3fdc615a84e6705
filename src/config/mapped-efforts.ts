// `thinkingLevelMap`: each reasoning level in the word of one model. A level that it does not have takes the word of the nearest.
import type { ModelConfig } from "./stated.ts";

type LevelMap = NonNullable<ModelConfig["thinkingLevelMap"]>;

/** Least first. */
const LEVELS = ["off", "minimal", "low", "medium", "high", "xhigh", "max"] as const;
type Level = (typeof LEVELS)[number];
const GREATEST: ReadonlySet<Level> = new Set(["xhigh", "max"]);
/** What clients and OpenAI call no reasoning. */
const NONE = "none";

/** Level to word, for the levels that are written; `off` also by its other name. */
export function mappedEfforts(map: LevelMap): Readonly<Record<string, string>> {
  const words: Record<string, string> = {};
  for (const level of LEVELS) {
    if (map[level] === undefined) continue;
    words[level] = wordOf(map, level);
    if (level === "off") words[NONE] = words[level];
  }
  return words;
}

/** The level's own word, else that of the nearest level that the model has: a higher one first, for the two greatest a lower one (OpenClaw 2026.9). */
function wordOf(map: LevelMap, written: Level): string {
  const at = LEVELS.indexOf(written);
  const lower = LEVELS.slice(0, at).reverse();
  const higher = LEVELS.slice(at + 1);
  const others = GREATEST.has(written) ? [...lower, ...higher] : [...higher, ...lower];
  // What the map leaves out is there, but for the greatest, which few models have.
  const able = (level: Level): boolean => (map[level] === undefined ? !GREATEST.has(level) : map[level] !== null);
  const level = [written, ...others].find(able) ?? "off";
  return map[level] ?? (level === "off" ? NONE : level);
}
