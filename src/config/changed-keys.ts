// Which keys differ between two readings of a configuration: key paths, never values.
import { formatKeyPath, type KeyPath } from "./key-path.ts";
import type { Secret } from "../core/secret.ts";

/** What two readings are compared by. */
export interface Traits {
  /** The file as it was written, variables filled in: it may hold secrets. */
  readonly tree: Secret<unknown>;
  /** What the tree does not show, by the words to report it with: resolved references, `.env` files, certificates. Hashes only. */
  readonly outside: ReadonlyMap<string, string>;
}

/** Key paths that differ, each at the highest level where one side has nothing, in the order of the files. */
export function changedKeys(before: Traits, after: Traits): readonly string[] {
  const found = new Set<string>();
  compare([before.tree.reveal(), after.tree.reveal()], [], (path) => found.add(formatKeyPath(path)));
  for (const place of new Set([...before.outside.keys(), ...after.outside.keys()])) {
    if (before.outside.get(place) !== after.outside.get(place)) found.add(place);
  }
  return [...found];
}

type Pair = readonly [unknown, unknown];

function compare([before, after]: Pair, path: KeyPath, tell: (path: KeyPath) => void): void {
  if (Object.is(before, after)) return;
  if (Array.isArray(before) && Array.isArray(after)) {
    const count = Math.max(before.length, after.length);
    for (let at = 0; at < count; at += 1) compare([before[at], after[at]], [...path, at], tell);
  } else if (isTree(before) && isTree(after)) {
    const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
    for (const key of keys) compare([before[key], after[key]], [...path, key], tell);
  } else tell(path);
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
