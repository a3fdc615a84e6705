// Ways into the lists of a request: messages and tools, changed one by one. What is not shaped as expected is left as it is, for the
// provider to judge.
import { isJsonObject, type Json, type JsonObject } from "../core/json.ts";
import type { Draft } from "./draft.ts";

/** Replaces the objects of a top-level list that `change` gives a new value for; true when there was one. */
export function changeEach(draft: Draft, key: string, change: (entry: JsonObject) => JsonObject): boolean {
  const list = listAt(draft, key);
  const changed = eachObject(list, change);
  if (changed === list) return false;
  draft.set(key, changed);
  return true;
}

/** The list with its objects changed; the same list where `change` gave every object back. */
export function eachObject(list: readonly Json[], change: (entry: JsonObject) => JsonObject): readonly Json[] {
  const changed = list.map((entry) => (isJsonObject(entry) ? change(entry) : entry));
  return changed.every((entry, index) => entry === list[index]) ? list : changed;
}

/** A top-level list; empty when it is none. */
export function listAt(draft: Draft, key: string): readonly Json[] {
  return listOf(draft.get(key));
}

/** A list; empty when it is none. */
export function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

/** An object; empty when it is none. */
export function objectOf(value: Json | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** A text; empty when it is none. */
export function textOf(value: Json | undefined): string {
  return typeof value === "string" ? value : "";
}

/** A row of a table; undefined where it has none of that name. */
export function rowOf<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** An object without some of its keys. */
export function without(object: JsonObject, ...keys: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(object).filter(([key]) => !keys.includes(key)));
}
