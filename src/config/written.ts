// A config as it was written: a tree in which every value knows its place. Includes are merged and variables put in on this tree,
// so that a complaint can always point at the line that somebody wrote.
import type { Position } from "./positions.ts";

/** Text, number, true, false, null. */
export interface WrittenScalar {
  readonly kind: "scalar";
  readonly at: Position | null;
  readonly value: string | number | boolean | null;
}

/** A list. */
export interface WrittenList {
  readonly kind: "list";
  readonly at: Position | null;
  readonly items: readonly Written[];
}

/** An object; `at` of a member is the place of its key. */
export interface WrittenObject {
  readonly kind: "object";
  readonly at: Position | null;
  readonly members: ReadonlyMap<string, Written>;
}

/** A value as it was written. */
export type Written = WrittenScalar | WrittenList | WrittenObject;

/** Keys that could reach an object's prototype; dropped wherever they stand. */
export const DANGEROUS_KEYS: ReadonlySet<string> = new Set(["__proto__", "prototype", "constructor"]);

/** The same value, said to stand elsewhere. */
export function placed(node: Written, at: Position | null): Written {
  return { ...node, at };
}

/** An object with no members. */
export function emptyObject(at: Position | null): WrittenObject {
  return { kind: "object", at, members: new Map() };
}

/** A tree that came from no file: an embedded config. Values that JSON cannot hold become null. */
export function writtenFrom(value: unknown): Written {
  if (Array.isArray(value)) return { kind: "list", at: null, items: value.map(writtenFrom) };
  if (typeof value === "object" && value !== null) {
    const kept = Object.entries(value).filter(([key, item]) => item !== undefined && !DANGEROUS_KEYS.has(key));
    return { kind: "object", at: null, members: new Map(kept.map(([key, item]) => [key, writtenFrom(item)])) };
  }
  const isScalar = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
  return { kind: "scalar", at: null, value: isScalar ? value : null };
}

/** OpenClaw's merge: objects recursively, lists one after the other, anything else: the later wins. */
export function mergeWritten(base: Written, top: Written): Written {
  if (base.kind === "list" && top.kind === "list") return { ...top, items: [...base.items, ...top.items] };
  if (base.kind !== "object" || top.kind !== "object") return top;
  const members = new Map(base.members);
  for (const [key, value] of top.members) {
    const below = members.get(key);
    members.set(key, below === undefined ? value : mergeWritten(below, value));
  }
  return { ...top, members };
}
