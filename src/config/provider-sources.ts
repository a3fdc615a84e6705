// Which providers exist: those of the file, laid over the built-in table unless `models.mode` is `replace`.
import type { KeyPath } from "./key-path.ts";
import { nearest } from "./nearest.ts";
import { PRESETS } from "./presets.ts";
import { providerIdOf } from "./provider-id.ts";
import type { ProviderSource } from "./provider-frame.ts";
import type { Report } from "./report.ts";
import type { Config } from "./schema/root.ts";

type Extras = Config["edge"]["providers"][string];

const PROVIDERS: KeyPath = ["models", "providers"];
const EXTRAS: KeyPath = ["edge", "providers"];
const ADJUST: KeyPath = ["edge", "compat", "adjust"];

interface Entry<T> {
  readonly key: string;
  readonly value: T;
}

/** By normalised id; two spellings of one provider are an error. */
function byId<T>(record: Readonly<Record<string, T>>, path: KeyPath, report: Report): ReadonlyMap<string, Entry<T>> {
  const entries = new Map<string, Entry<T>>();
  for (const [key, value] of Object.entries(record)) {
    const id = providerIdOf(key);
    const other = entries.get(id);
    if (other === undefined) entries.set(id, { key, value });
    else report({ code: "duplicate", path: [...path, key], message: `is the same provider as "${other.key}"` });
  }
  return entries;
}

function checkExtras(extras: ReadonlyMap<string, Entry<Extras>>, known: ReadonlySet<string>, report: Report): void {
  for (const [id, { key }] of extras) {
    if (known.has(id)) continue;
    const message = `there is no provider "${key}"`;
    report({ code: "unknown_provider", path: [...EXTRAS, key], message, suggestion: nearest(id, known) });
  }
}

/** A remedy of a model whose provider nobody knows would never be used. */
function checkAdjusted(adjust: Readonly<Record<string, unknown>>, known: ReadonlySet<string>, report: Report): void {
  for (const key of Object.keys(adjust)) {
    const provider = key.split("/")[0] ?? "";
    const id = providerIdOf(provider);
    if (key.includes("/") && known.has(id)) continue;
    const message = `names no provider that is configured: written as "provider/model"`;
    report({ code: "unknown_provider", path: [...ADJUST, key], message, suggestion: nearest(id, known) });
  }
}

/** Every provider that a request may name, those of the file first. */
export function providerSources(config: Config, report: Report): readonly ProviderSource[] {
  const written = byId(config.models.providers, PROVIDERS, report);
  const extras = byId(config.edge.providers, EXTRAS, report);
  const builtIn = config.models.mode === "replace" ? [] : [...PRESETS.keys()];
  const ids = new Set([...written.keys(), ...builtIn]);
  checkExtras(extras, ids, report);
  checkAdjusted(config.edge.compat.adjust, ids, report);
  return [...ids].map((id) => {
    const entry = written.get(id);
    return {
      id,
      path: entry === undefined ? PROVIDERS : [...PROVIDERS, entry.key],
      written: entry?.value ?? null,
      preset: PRESETS.get(id) ?? null,
      extras: extras.get(id)?.value ?? null,
    };
  });
}
