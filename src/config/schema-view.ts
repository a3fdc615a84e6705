// Looks into the schema along a path that somebody wrote: which keys exist here, is this value secret, is this key ignored?
// Reads the schema's own objects, so that no second list of keys can go stale.
import { z } from "./zod.ts";
import type { KeyPath } from "./key-path.ts";
import { IGNORED, SECRET } from "./schema/fields.ts";
import { configSchema } from "./schema/root.ts";

/** A schema without its wrappers, and the marks that it or a wrapper bears. */
interface Bare {
  readonly schema: z.ZodType;
  readonly marks: Readonly<Record<string, unknown>>;
}

function isWrapper(schema: z.ZodType): schema is z.ZodOptional | z.ZodDefault | z.ZodPrefault {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault;
}

/** The alternatives behind a schema: wrappers taken off, unions taken apart. */
function bare(schema: z.ZodType, outer: Readonly<Record<string, unknown>> = {}): Bare[] {
  const marks = { ...schema.meta(), ...outer };
  if (isWrapper(schema)) return bare(schema.unwrap() as z.ZodType, marks);
  if (schema instanceof z.ZodUnion) return schema.options.flatMap((option) => bare(option as z.ZodType, marks));
  return [{ schema, marks }];
}

function child(schema: z.ZodType, part: string | number): z.ZodType | null {
  if (schema instanceof z.ZodArray) return schema.element as z.ZodType;
  if (schema instanceof z.ZodRecord) return schema.valueType as z.ZodType;
  if (!(schema instanceof z.ZodObject)) return null;
  const known = Object.hasOwn(schema.shape, part) ? schema.shape[part] : schema.def.catchall;
  return known instanceof z.ZodType && !(known instanceof z.ZodNever) ? known : null;
}

function step(here: readonly Bare[], part: string | number): Bare[] {
  return here.flatMap(({ schema }) => {
    const next = child(schema, part);
    return next === null ? [] : bare(next);
  });
}

function at(path: KeyPath): Bare[] {
  return path.reduce<Bare[]>(step, bare(configSchema));
}

/** Keys that the object at `path` may have by name. */
export function keysAt(path: KeyPath): string[] {
  return at(path).flatMap(({ schema }) => (schema instanceof z.ZodObject ? Object.keys(schema.shape) : []));
}

const SECRET_NAME = /(?:key|keys|token|secret|password|passphrase|authorization|authheader|credential)$/i;

/** True where names are free and each has keys of its own: a provider called `monkey` is no key. */
function namesThings(path: KeyPath): boolean {
  const records = at(path).filter(({ schema }) => schema instanceof z.ZodRecord);
  const values = records.flatMap(({ schema }) => bare((schema as z.ZodRecord).valueType as z.ZodType));
  return values.length > 0 && values.every(({ schema }) => schema instanceof z.ZodObject);
}

/** True when no message may show the value at `path`: the schema says so, or a key around it sounds like it. */
export function isSecretAt(path: KeyPath): boolean {
  // The last part is the value's own name, also where something with keys belongs: a key may stand one level too high.
  const last = path.length - 1;
  const named = path.some((part, i) => {
    return typeof part === "string" && SECRET_NAME.test(part) && (i === last || !namesThings(path.slice(0, i)));
  });
  return named || path.some((_part, i) => at(path.slice(0, i + 1)).some(({ marks }) => marks[SECRET] === true));
}

/** The paths of a tree whose keys are OpenClaw's and mean nothing to a proxy, outermost first; nothing below them is looked at. */
export function ignoredPaths(tree: unknown): KeyPath[] {
  const walk = (value: unknown, here: readonly Bare[], path: KeyPath): KeyPath[] => {
    if (here.some(({ marks }) => marks[IGNORED] === true)) return [path];
    return entriesOf(value).flatMap(([part, inner]) => walk(inner, step(here, part), [...path, part]));
  };
  return walk(tree, bare(configSchema), []);
}

function entriesOf(value: unknown): [string | number, unknown][] {
  if (Array.isArray(value)) return [...value.entries()];
  return typeof value === "object" && value !== null ? Object.entries(value) : [];
}

/** Every key of the schema that holds a value (a secret in any form is one) rather than further keys; `*` for free names and list positions. */
export function leafPatterns(): string[] {
  const found = new Set<string>();
  const walk = (schema: z.ZodType, path: readonly string[]): void => {
    for (const alternative of bare(schema)) {
      if (alternative.marks[IGNORED] === true) continue;
      const inner = alternative.marks[SECRET] === true ? [] : children(alternative.schema);
      if (inner.length === 0) found.add(path.join("."));
      for (const [part, next] of inner) walk(next, [...path, part]);
    }
  };
  walk(configSchema, []);
  return [...found];
}

function children(schema: z.ZodType): [string, z.ZodType][] {
  if (schema instanceof z.ZodArray) return [["*", schema.element as z.ZodType]];
  if (schema instanceof z.ZodRecord) return [["*", schema.valueType as z.ZodType]];
  if (!(schema instanceof z.ZodObject)) return [];
  return Object.entries(schema.shape).map(([key, value]) => [key, value as z.ZodType]);
}
