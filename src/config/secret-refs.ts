// Finds the SecretRefs of a config, with the places where they stand.
import { formatKeyPath, type KeyPath } from "./key-path.ts";
import type { Config } from "./schema/root.ts";
import type { SecretRef } from "./schema/secret-ref.ts";

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
  if (provider !== "default" || secrets.providers[provider] !== undefined) return provider;
  return secrets.defaults[source] ?? provider;
}

/** The parts of a config that may hold references, by root key. */
const ROOTS = [
  { path: ["models", "providers"], of: (config: Config): unknown => config.models.providers },
  { path: ["agents"], of: (config: Config): unknown => config.agents },
  { path: ["gateway", "auth"], of: (config: Config): unknown => config.gateway.auth },
] as const;

/** All references, each once, by identity. */
export function refsOf(config: Config): ReadonlyMap<string, PlacedRef> {
  const found = new Map<string, { readonly ref: SecretRef; readonly places: string[] }>();
  const note = (ref: SecretRef, path: KeyPath): void => {
    const key = keyOfRef(ref);
    const known = found.get(key) ?? { ref, places: [] };
    known.places.push(formatKeyPath(path));
    found.set(key, known);
  };
  for (const { path, of } of ROOTS) walk(of(config), path, note);
  return found;
}

/** Free-form parameters may look like a reference and are none. */
function walk(value: unknown, path: KeyPath, note: (ref: SecretRef, path: KeyPath) => void): void {
  if (typeof value !== "object" || value === null) return;
  if (Array.isArray(value)) for (const [at, item] of value.entries()) walk(item, [...path, at], note);
  else if (isRef(value)) note(value, path);
  else for (const [key, member] of Object.entries(value)) if (key !== "params") walk(member, [...path, key], note);
}

function isRef(value: object): value is SecretRef {
  return Object.keys(value).length === 3 && "source" in value && "provider" in value && "id" in value;
}
