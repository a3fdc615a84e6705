// Looks up all SecretRefs of a file once, at load, into memory; a request never waits for a secret (OpenClaw §2.2).
// Nothing is reported here: who cannot do without a secret says so, with the key's place in the file.
import { parseJson, type Json } from "../core/json.ts";
import { envValue, splitKeys } from "./env-keys.ts";
import type { Environment } from "./environment.ts";
import { atPointer } from "./json-pointer.ts";
import { formatKeyPath, type KeyPath } from "./key-path.ts";
import type { ReadConfig } from "./read-result.ts";
import type { Config } from "./schema/root.ts";
import type { SecretInput, SecretRef } from "./schema/secret-ref.ts";
import type { SecretProviderConfig } from "./schema/secrets.ts";
import { readSecretFile, type SecretFile } from "./secret-file.ts";

/** One or several values and the words that name their source. */
export interface SecretFound {
  readonly values: readonly string[];
  readonly from: string;
}

/** Why there is no value. `unfilled`: a `${VAR}`, which is reported with all others of the file. */
export interface SecretLack {
  readonly problem: string;
  readonly why: "missing" | "unfilled" | "not-implemented";
}

/** What a secret turned out to be. */
export type SecretOutcome = SecretFound | SecretLack;

type FilePlace = Extract<SecretProviderConfig, { source: "file" }>;

const missing = (problem: string): SecretLack => ({ problem, why: "missing" });
const keyOf = (ref: SecretRef): string => `${ref.source}:${ref.provider}:${ref.id}`;

/** What was found in a config, and what the places said. */
interface BookEntries {
  readonly outcomes: ReadonlyMap<string, SecretOutcome>;
  /** Key paths of texts with a `${VAR}` that is not set, to its name. */
  readonly unfilled: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

/** All secrets of a config, looked up. */
export class SecretBook {
  readonly #outcomes: ReadonlyMap<string, SecretOutcome>;
  readonly #unfilled: ReadonlyMap<string, string>;
  /** What the operator should hear about the files where secrets lie. */
  readonly warnings: readonly string[];

  constructor({ outcomes, unfilled, warnings }: BookEntries) {
    this.#outcomes = outcomes;
    this.#unfilled = unfilled;
    this.warnings = warnings;
  }

  /** The secret that the config has at `path`. */
  look(input: SecretInput, path: KeyPath): SecretOutcome {
    const place = formatKeyPath(path);
    if (typeof input !== "string")
      return this.#outcomes.get(keyOf(input)) ?? missing(`${keyOf(input)} was not looked up`);
    const variable = this.#unfilled.get(place);
    if (variable === undefined) return { values: [input], from: place };
    return { problem: `environment variable ${variable} is not set`, why: "unfilled" };
  }

  /** Every value behind a reference, for redaction. */
  values(): readonly string[] {
    return [...this.#outcomes.values()].flatMap((outcome) => ("values" in outcome ? outcome.values : []));
  }
}

function isRef(value: object): value is SecretRef {
  const keys = Object.keys(value);
  return keys.length === 3 && "source" in value && "provider" in value && "id" in value;
}

/** Free-form parameters may look like a reference and are none. */
function refsIn(value: unknown, found: Map<string, SecretRef>): void {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value) && isRef(value)) found.set(keyOf(value), value);
  else for (const [key, member] of Object.entries(value)) if (key !== "params") refsIn(member, found);
}

function envOutcome(ref: SecretRef, place: SecretProviderConfig | undefined, env: Environment): SecretOutcome {
  if (place === undefined && ref.provider !== "default")
    return missing(`there is no secrets.providers.${ref.provider}`);
  if (place?.source === "env" && place.allowlist !== undefined && !place.allowlist.includes(ref.id)) {
    return missing(`${ref.id} is not in secrets.providers.${ref.provider}.allowlist`);
  }
  const value = envValue(env, ref.id);
  if (value === null) return missing(`environment variable ${ref.id} is not set`);
  return { values: ref.id.endsWith("_KEYS") ? splitKeys(value) : [value], from: ref.id };
}

function listed(value: Json | undefined): readonly string[] | null {
  const list = Array.isArray(value) ? (value as readonly Json[]) : [value];
  const texts = list.filter((entry): entry is string => typeof entry === "string" && entry.trim() !== "");
  return texts.length > 0 && texts.length === list.length ? texts : null;
}

/** One trailing newline is the editor's, not the secret's. */
function singleValue(text: string, path: string): SecretOutcome {
  const value = text.replace(/\r?\n$/, "");
  return value === "" ? missing(`${path} is empty`) : { values: [value], from: path };
}

function fileOutcome(ref: SecretRef, place: FilePlace, file: SecretFile): SecretOutcome {
  if ("problem" in file) return missing(file.problem);
  if (place.mode === "singleValue") {
    return ref.id === "value"
      ? singleValue(file.text, place.path)
      : missing(`${place.path} holds one value, whose id is "value"`);
  }
  const tree = parseJson(file.text);
  if (tree === undefined) return missing(`${place.path} is not JSON`);
  const values = ref.id === "value" ? null : listed(atPointer(tree, ref.id));
  return values === null
    ? missing(`${place.path} has no text at ${ref.id}`)
    : { values, from: `${place.path}#${ref.id}` };
}

/** Where references lead, read once. */
interface Places {
  readonly providers: Config["secrets"]["providers"];
  readonly env: Environment;
  readonly files: ReadonlyMap<string, SecretFile>;
}

function outcomeOf(ref: SecretRef, places: Places): SecretOutcome {
  const place = places.providers[ref.provider];
  const where = `secrets.providers.${ref.provider}`;
  if (place !== undefined && place.source !== ref.source)
    return missing(`${where} is for ${place.source}, not ${ref.source}`);
  if (ref.source === "env") return envOutcome(ref, place, places.env);
  if (place === undefined) return missing(`there is no ${where}`);
  const file = places.files.get(ref.provider);
  if (place.source === "file" && file !== undefined) return fileOutcome(ref, place, file);
  return { problem: "secrets from a command are not implemented yet", why: "not-implemented" };
}

async function readPlaces(
  providers: Config["secrets"]["providers"],
  refs: readonly SecretRef[],
): Promise<ReadonlyMap<string, SecretFile>> {
  const wanted = new Set(refs.filter((ref) => ref.source === "file").map((ref) => ref.provider));
  const reads = [...wanted].map(async (alias): Promise<[string, SecretFile] | null> => {
    const place = providers[alias];
    return place?.source === "file" ? [alias, await readSecretFile({ ...place, bytesMax: place.maxBytes })] : null;
  });
  return new Map((await Promise.all(reads)).filter((entry) => entry !== null));
}

/** Looks up every reference under `models`, `agents` and `gateway`; each file is read once. Never rejects. */
export async function lookUpSecrets({ config, env, unresolved }: ReadConfig): Promise<SecretBook> {
  const found = new Map<string, SecretRef>();
  for (const part of [config.models.providers, config.agents, config.gateway.auth]) refsIn(part, found);
  const refs = [...found.values()];
  const { providers } = config.secrets;
  const places: Places = { providers, env, files: await readPlaces(providers, refs) };
  const warned = [...places.files.values()].map((file) => ("text" in file ? file.warning : null));
  return new SecretBook({
    outcomes: new Map(refs.map((ref) => [keyOf(ref), outcomeOf(ref, places)])),
    unfilled: new Map(unresolved.map(({ path, variable }) => [formatKeyPath(path), variable])),
    warnings: warned.filter((warning) => warning !== null),
  });
}
