// Finds the SecretRefs of a config, with the places where they stand.
import { formatKeyPath, type KeyPath } from "./key-path.ts";
import type { ReadConfig } from "./read-result.ts";
import type { Config } from "./schema/root.ts";
import type { SecretRef } from "./schema/secret-ref.ts";
import type { SecretProviderConfig } from "./schema/secrets.ts";

/** One reference, and every key path that holds it. */
export interface PlacedRef {
  readonly ref: SecretRef;
  readonly places: readonly string[];
}

/** Identity of a reference. */
export function keyOfRef({ source, provider, id }: SecretRef): string {
  return `${source}:${provider}:${id}`;
}

/** The alias that a reference means: where nobody defines `default`, `secrets.defaults` says who stands in for it. */
export function aliasOf(
  { source, provider }: Pick<SecretRef, "source" | "provider">,
  secrets: Config["secrets"],
): string {
  if (provider !== "default" || placeOf(provider, secrets) !== undefined) return provider;
  return secrets.defaults[source] ?? provider;
}

/** The place that is called so. An alias such as `constructor` is no place unless somebody wrote one. */
export function placeOf(alias: string, { providers }: Config["secrets"]): SecretProviderConfig | undefined {
  return Object.hasOwn(providers, alias) ? providers[alias] : undefined;
}

/** The parts of a config that may hold references, by root key. */
const ROOTS = [
  { path: ["models", "providers"], of: (config: Config): unknown => config.models.providers },
  { path: ["agents"], of: (config: Config): unknown => config.agents },
  { path: ["memory"], of: (config: Config): unknown => config.memory },
  { path: ["gateway", "auth"], of: (config: Config): unknown => config.gateway.auth },
] as const;

/** All references, each once, by identity. */
export function refsOf({ config, foreign }: Pick<ReadConfig, "config" | "foreign">): ReadonlyMap<string, PlacedRef> {
  const found = new Map<string, { readonly ref: SecretRef; readonly places: string[] }>();
  for (const root of ROOTS) {
    for (const { ref, path } of refsIn(root.of(config), root.path, foreign)) {
      const key = keyOfRef(ref);
      const known = found.get(key) ?? { ref, places: [] };
      known.places.push(formatKeyPath(path));
      found.set(key, known);
    }
  }
  return found;
}

/** Names that people choose stand here: one of them may be `params`. */
function namesFreely(path: KeyPath): boolean {
  const last = path.at(-1);
  return last === "headers" || (path.length === 2 && last === "providers");
}

/** The members in which references may stand: free-form parameters may look like one and are none. */
export function membersOf(value: object, path: KeyPath): [string, unknown][] {
  return Object.entries(value).filter(([key]) => key !== "params" || namesFreely(path));
}

/** A reference, and where it stands. */
interface FoundRef {
  readonly ref: SecretRef;
  readonly path: KeyPath;
}

/** The references of a part of a config, without those of OpenClaw's own parts: they are left to OpenClaw. */
export function* refsIn(value: unknown, path: KeyPath, foreign: ReadonlySet<string>): Generator<FoundRef, void> {
  if (typeof value !== "object" || value === null || foreign.has(formatKeyPath(path))) return;
  if (isRef(value)) {
    yield { ref: value, path };
    return;
  }
  const members: Iterable<[string | number, unknown]> = Array.isArray(value) ? value.entries() : membersOf(value, path);
  for (const [key, member] of members) yield* refsIn(member, [...path, key], foreign);
}

function isRef(value: object): value is SecretRef {
  return Object.keys(value).length === 3 && "source" in value && "provider" in value && "id" in value;
}
