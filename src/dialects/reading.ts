// Narrowing unknown JSON: each returns what was asked for or null, and never throws.
import { numberOf } from "../core/exact-integers.ts";
import { isJsonObject, type Json, type JsonObject } from "../core/json.ts";

/** A non-empty string, else null. */
export function asText(value: Json | undefined): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** A finite number, else null. */
export function asNumber(value: Json | undefined): number | null {
  const number = numberOf(value);
  return number !== null && Number.isFinite(number) ? number : null;
}

/** No count of an answer comes near this; so sums of a few stay exact. */
const COUNT_MAX = 1e12;

/** A count that makes sense: whole, not negative, not absurd; else null. */
export function asCount(value: Json | undefined): number | null {
  return Number.isInteger(value) && Number(value) >= 0 && Number(value) <= COUNT_MAX ? Number(value) : null;
}

/** An object, else null. */
export function asObject(value: Json | undefined): JsonObject | null {
  return isJsonObject(value) ? value : null;
}

/** A list, else an empty one. */
export function asList(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
