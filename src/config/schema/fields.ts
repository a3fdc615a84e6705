// Field kinds that several subtrees of the schema share. No key of the file stands here.
import { z } from "../zod.ts";

/** Marks a key, in the generated JSON Schema, that OpenClaw has and a proxy has no use for. */
export const IGNORED = "x-ignored";
/** Marks a value, in the generated JSON Schema, that no message may show. */
export const SECRET = "x-secret";

/** A key of OpenClaw that a proxy has no use for: any value is accepted, none is read, the user is told once. */
export function ignored(description: string) {
  return z
    .unknown()
    .optional()
    .meta({ description, [IGNORED]: true });
}

/** Several keys of OpenClaw that share one reason for being ignored. */
export function ignoredKeys<const K extends string>(keys: readonly K[], description: string) {
  const field = ignored(description);
  return Object.fromEntries(keys.map((key) => [key, field])) as Record<K, typeof field>;
}

const UNSET_VARIABLE = /\$\{[A-Z_][A-Z0-9_]*\}/;

/** Text with at least one character. */
export const text = z.string().min(1);
/** A whole number above zero: counts, tokens, bytes. */
export const count = z.int().positive();
/** A whole number from zero up. */
export const countOrZero = z.int().nonnegative();
/** A duration in seconds above zero; fractions are allowed. */
export const seconds = z.number().positive();
/** A duration in seconds where zero switches the clock off. */
export const secondsOrOff = z.number().nonnegative();
/** A part of the whole, 0 to 1. */
export const share = z.number().min(0).max(1);
/** Any JSON value. */
export const anyJson = z.json().meta({ id: "Json" });
/** Free-form parameters that pass through to a provider. */
export const params = z.record(z.string(), anyJson);
/** An http or https URL. A text with an unset `${VAR}` passes here: whether that matters is decided where the URL is used. */
export const httpUrl = text.refine(
  (url) => UNSET_VARIABLE.test(url) || (URL.canParse(url) && /^https?:$/.test(new URL(url).protocol)),
  "must be an http:// or https:// URL",
);
