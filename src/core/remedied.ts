// A target with remedies: as if their flags were written. Pure; what is asked for again and again is made once.
import { type RemedyName, REMEDIES } from "./remedy.ts";
import type { Compat, Target } from "./snapshot.ts";

/** By the target and the names of the remedies; lives as long as the target does. */
const MADE = new WeakMap<Target, Map<string, Target>>();

/** The target with the flags of these remedies over its own; the target itself without any. */
export function remedied(target: Target, remedies: readonly RemedyName[]): Target {
  if (remedies.length === 0) return target;
  let byNames = MADE.get(target);
  if (byNames === undefined) MADE.set(target, (byNames = new Map()));
  const names = remedies.join(" ");
  const known = byNames.get(names);
  if (known !== undefined) return known;
  const compat = remedies.reduce((flags, name) => merged(flags, REMEDIES[name].flags), target.compat);
  const asksUsage = target.asksUsage && compat.supportsUsageInStreaming !== false;
  const stated = compat.supportsTools === false ? { ...target.stated, tools: false } : target.stated;
  const made = { ...target, compat, asksUsage, stated };
  byNames.set(names, made);
  return made;
}

/** Lists of what is to be left out grow, all other flags are replaced. */
function merged(written: Compat, added: Compat): Compat {
  const both = { ...written, ...added };
  const { dropFields, unsupportedToolSchemaKeywords } = added;
  return {
    ...both,
    ...(dropFields && { dropFields: union(written.dropFields, dropFields) }),
    ...(unsupportedToolSchemaKeywords && {
      unsupportedToolSchemaKeywords: union(written.unsupportedToolSchemaKeywords, unsupportedToolSchemaKeywords),
    }),
  };
}

function union(some: readonly string[] = [], more: readonly string[]): readonly string[] {
  return [...new Set([...some, ...more])];
}
