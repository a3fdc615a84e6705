// Where the keys of each provider come from, for commands that tell it. The look-up is the compiler's own.
import type { SourcedKey } from "./env-keys.ts";
import { type KeyLack, keyRing } from "./key-ring.ts";
import { formatKeyPath } from "./key-path.ts";
import { KEY_VARIABLES, LOCAL_MARKERS } from "./presets.ts";
import { providerSources } from "./provider-sources.ts";
import type { ReadConfig } from "./read-result.ts";
import type { SecretBook } from "./secrets.ts";

/** The keys of one provider. Holds secrets: for masking and counting only. */
export interface ProviderKeys {
  readonly provider: string;
  /** True when the file has an entry for it. */
  readonly written: boolean;
  /** The key path of its `apiKey`. */
  readonly place: string;
  readonly keys: readonly SourcedKey[];
  readonly lacks: readonly KeyLack[];
  /** A text in the place of a key that stands for something else, such as `ollama-local` or `OPENAI_API_KEY`; null when there is none. */
  readonly marker: string | null;
  /** Variables that may hold its key, first one first. */
  readonly variables: readonly string[];
}

/** Every provider of the file and of the built-in table that counts for it. */
export function providerKeys({ config, env }: ReadConfig, book: SecretBook): readonly ProviderKeys[] {
  return providerSources(config, () => undefined).map(({ id, path, written, preset }) => {
    const apiKey = written?.apiKey;
    const place = [...path, "apiKey"];
    const { keys, lacks } = keyRing({ provider: id, preset, apiKey, path: place, env, book });
    const isMarker = typeof apiKey === "string" && (LOCAL_MARKERS.has(apiKey) || KEY_VARIABLES.has(apiKey));
    return {
      provider: id,
      written: written !== null,
      place: formatKeyPath(place),
      keys,
      lacks,
      marker: isMarker ? apiKey : null,
      variables: preset?.env ?? [],
    };
  });
}
