// Keys of a provider in the environment, in order of precedence (OpenClaw §3.4):
// OPENCLAW_LIVE_<P>_KEY alone, else <P>_API_KEYS, the provider's own variables, <P>_API_KEY_1 and so on.
import type { Environment } from "./environment.ts";

/** A key and the words that name its source. */
export interface SourcedKey {
  readonly value: string;
  readonly from: string;
}

/** Whose keys are looked for. */
export interface EnvKeyNames {
  /** The provider's own variables, first one first. */
  readonly names: readonly string[];
  /** All of `names` count, not only the first that is set. */
  readonly every: boolean;
  /** Provider id: it gives the prefix of the lists when no name does. */
  readonly provider: string;
}

const KEY_END = "_API_KEY";

/** The variable's value without surrounding space; null when it is not set or blank. */
export function envValue(env: Environment, name: string): string | null {
  const value = env[name]?.trim();
  return value === undefined || value === "" ? null : value;
}

/** Several keys in one text: comma, semicolon or white space between them. */
export function splitKeys(text: string): readonly string[] {
  return text.split(/[\s,;]+/).filter((part) => part !== "");
}

/** `OPENAI` of `OPENAI_API_KEY`; for a provider without such a variable its id in capitals. */
function prefixesOf({ names, provider }: EnvKeyNames): readonly string[] {
  const named = names.filter((name) => name.endsWith(KEY_END)).map((name) => name.slice(0, -KEY_END.length));
  const own = provider.toUpperCase().replace(/[^A-Z0-9]+/g, "_");
  return [...new Set(named.length === 0 ? [own] : named)];
}

function numbered(env: Environment, prefix: string): readonly string[] {
  const start = `${prefix}${KEY_END}_`;
  return Object.keys(env)
    .filter((name) => name.startsWith(start) && /^\d+$/.test(name.slice(start.length)))
    .sort((a, b) => Number(a.slice(start.length)) - Number(b.slice(start.length)));
}

function sourced(env: Environment, name: string): readonly SourcedKey[] {
  const value = envValue(env, name);
  return value === null ? [] : [{ value, from: name }];
}

function unique(keys: readonly SourcedKey[]): readonly SourcedKey[] {
  return [...new Map(keys.toReversed().map((key) => [key.value, key])).values()].reverse();
}

/** All keys that the environment has for a provider, without doubles; empty when there is none. */
export function envKeys(env: Environment, wanted: EnvKeyNames): readonly SourcedKey[] {
  const prefixes = prefixesOf(wanted);
  const live = prefixes.flatMap((prefix) => sourced(env, `OPENCLAW_LIVE_${prefix}_KEY`))[0];
  if (live !== undefined) return [live];
  const lists = prefixes
    .map((prefix) => `${prefix}${KEY_END}S`)
    .flatMap((name) => splitKeys(env[name] ?? "").map((value) => ({ value, from: name })));
  const names = wanted.names.length === 0 ? prefixes.map((prefix) => prefix + KEY_END) : wanted.names;
  const found = names.flatMap((name) => sourced(env, name));
  const own = wanted.every ? found : found.slice(0, 1);
  const more = prefixes.flatMap((prefix) => numbered(env, prefix)).flatMap((name) => sourced(env, name));
  return unique([...lists, ...own, ...more]);
}
