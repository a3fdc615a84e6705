// Looks up all SecretRefs of a file once, at load, into memory; a request never waits for a secret (OpenClaw §2.2).
// Nothing is reported here: who cannot do without a secret says so, with the key's place in the file.
import { hash } from "node:crypto";
import { parseJson, type Json } from "../core/json.ts";
import { envValue, splitKeys } from "./env-keys.ts";
import type { Environment } from "./environment.ts";
import type { FileMarks } from "./file-marks.ts";
import { atPointer } from "./json-pointer.ts";
import { formatKeyPath, type KeyPath } from "./key-path.ts";
import type { ReadConfig } from "./read-result.ts";
import type { Config } from "./schema/root.ts";
import type { SecretInput, SecretRef } from "./schema/secret-ref.ts";
import type { SecretProviderConfig } from "./schema/secrets.ts";
import type { SecretFile } from "./secret-file.ts";
import { type OpenPlace, openPlaces } from "./secret-places.ts";
import type { ExecAnswer } from "./secret-protocol.ts";
import { aliasOf, keyOfRef, placeOf, refsOf } from "./secret-refs.ts";

/** One or several values and the words that name their source. */
export interface SecretFound {
  readonly values: readonly string[];
  readonly from: string;
}

/** Why there is no value. `unfilled`: a `${VAR}`, which is reported with all others of the file. */
export interface SecretLack {
  readonly problem: string;
  readonly why: "missing" | "unfilled";
}

/** What a secret turned out to be. */
export type SecretOutcome = SecretFound | SecretLack;

type FilePlace = Extract<SecretProviderConfig, { source: "file" }>;

const missing = (problem: string): SecretLack => ({ problem, why: "missing" });

/** What was found in a config, and what the places said. */
export interface BookEntries {
  readonly outcomes: ReadonlyMap<string, SecretOutcome>;
  /** Key paths that hold each reference. */
  readonly places: ReadonlyMap<string, readonly string[]>;
  /** Key paths of texts that are a `${VAR}` which may not be read, to the reason. */
  readonly barred: ReadonlyMap<string, string>;
  /** Key paths of texts with a `${VAR}` that is not set, to its name. */
  readonly unfilled: ReadonlyMap<string, string>;
  readonly warnings: readonly string[];
}

/** All secrets of a config, looked up. */
export class SecretBook {
  readonly #entries: BookEntries;

  constructor(entries: BookEntries) {
    this.#entries = entries;
  }

  /** Everything in it, secrets included: for another process of ours. */
  get entries(): BookEntries {
    return this.#entries;
  }

  /** What the operator should hear about the files where secrets lie. */
  get warnings(): readonly string[] {
    return this.#entries.warnings;
  }

  /** The secret that the config has at `path`. */
  look(input: SecretInput, path: KeyPath): SecretOutcome {
    const place = formatKeyPath(path);
    if (typeof input !== "string")
      return this.#entries.outcomes.get(keyOfRef(input)) ?? missing(`${keyOfRef(input)} was not looked up`);
    const barred = this.#entries.barred.get(place);
    if (barred !== undefined) return missing(barred);
    const variable = this.#entries.unfilled.get(place);
    if (variable === undefined) return { values: [input], from: place };
    return { problem: `environment variable ${variable} is not set`, why: "unfilled" };
  }

  /** True when the text at `path` holds a `${VAR}` that is not set: reported with all others, and nothing else is to be said of it. */
  isUnfilled(path: KeyPath): boolean {
    return this.#entries.unfilled.has(formatKeyPath(path));
  }

  /** Every value behind a reference, for redaction. */
  values(): readonly string[] {
    return [...this.#entries.outcomes.values()].flatMap((outcome) => ("values" in outcome ? outcome.values : []));
  }

  /** Key paths of all references, each with a hash of what it led to, so that a rotated secret can be told by its place. */
  marks(): ReadonlyMap<string, string> {
    const { outcomes, places } = this.#entries;
    return new Map(
      [...outcomes].flatMap(([key, outcome]) => {
        const mark = hash("sha256", JSON.stringify("values" in outcome ? outcome.values : null));
        return (places.get(key) ?? []).map((place) => [place, mark] as const);
      }),
    );
  }
}

function notListed(variable: string, alias: string): string {
  return `${variable} is not in secrets.providers.${alias}.allowlist`;
}

function envOutcome(ref: SecretRef, place: SecretProviderConfig | undefined, env: Environment): SecretOutcome {
  if (place === undefined && ref.provider !== "default")
    return missing(`there is no secrets.providers.${ref.provider}`);
  if (place?.source === "env" && place.allowlist !== undefined && !place.allowlist.includes(ref.id)) {
    return missing(notListed(ref.id, ref.provider));
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

function programOutcome(ref: SecretRef, answer: ExecAnswer | undefined, command: string): SecretOutcome {
  if (answer === undefined) return missing(`${command} was not asked for ${ref.id}`);
  if ("problem" in answer) return missing(answer.problem);
  const values = listed(answer.value);
  return values === null ? missing(`${command} gives no text for ${ref.id}`) : { values, from: `${command} ${ref.id}` };
}

const STORE_REMEDY = "put it in the environment, in a file, or with a command, and refer to it there";

/** Where references lead, opened once. */
interface Places {
  readonly secrets: Config["secrets"];
  readonly env: Environment;
  readonly open: ReadonlyMap<string, OpenPlace>;
}

function outcomeOf(ref: SecretRef, { secrets, env, open }: Places): SecretOutcome {
  const alias = aliasOf(ref, secrets);
  const place = placeOf(alias, secrets);
  const where = `secrets.providers.${alias}`;
  if (place !== undefined && place.source !== ref.source)
    return missing(`${where} is for ${place.source}, not ${ref.source}`);
  if (ref.source === "env") return envOutcome({ ...ref, provider: alias }, place, env);
  if (ref.source === "store")
    return missing(`${ref.id} lies in OpenClaw's own store, which is not read: ${STORE_REMEDY}`);
  const opened = open.get(alias);
  if (place === undefined || opened === undefined) return missing(`there is no ${where}`);
  if ("problem" in opened) return missing(opened.problem);
  if (place.source === "exec") {
    return programOutcome(ref, "answers" in opened ? opened.answers.get(ref.id) : undefined, place.command ?? where);
  }
  return place.source === "file" && "text" in opened
    ? fileOutcome(ref, place, opened)
    : missing(`${where} gave nothing`);
}

function wantedOf(refs: readonly SecretRef[], secrets: Config["secrets"]): ReadonlyMap<string, ReadonlySet<string>> {
  const wanted = new Map<string, Set<string>>();
  for (const ref of refs) {
    const alias = aliasOf(ref, secrets);
    // A reference of another source than its place's is told so; nothing is opened for it.
    if (placeOf(alias, secrets)?.source !== ref.source) continue;
    wanted.set(alias, (wanted.get(alias) ?? new Set()).add(ref.id));
  }
  return wanted;
}

/** `${VAR}` as a whole text is a reference to the default place of source `env`, whose list holds for it, too (OpenClaw §2.2). */
function barredIn({ config, references }: ReadConfig): ReadonlyMap<string, string> {
  const alias = aliasOf({ source: "env", provider: "default" }, config.secrets);
  const place = placeOf(alias, config.secrets);
  const list = place?.source === "env" ? place.allowlist : undefined;
  if (list === undefined) return new Map();
  const barred = references.filter(({ whole, variable }) => whole && !list.includes(variable));
  return new Map(barred.map(({ path, variable }) => [formatKeyPath(path), notListed(variable, alias)]));
}

/** Looks up every reference under `models`, `agents` and `gateway`; each file is read and each program asked once. Never rejects. */
export async function lookUpSecrets(read: ReadConfig, marks: FileMarks | null = null): Promise<SecretBook> {
  const { config, env, unresolved } = read;
  const found = refsOf(read);
  const refs = [...found.values()].map(({ ref }) => ref);
  const { secrets } = config;
  const open = await openPlaces({ secrets, wanted: wantedOf(refs, secrets), env, marks });
  const warned = [...open.values()].map((place) => ("warning" in place ? place.warning : null));
  const places: Places = { secrets, env, open };
  return new SecretBook({
    outcomes: new Map([...found].map(([key, { ref }]) => [key, outcomeOf(ref, places)])),
    places: new Map([...found].map(([key, placed]) => [key, placed.places])),
    unfilled: new Map(unresolved.map(({ path, variable }) => [formatKeyPath(path), variable])),
    barred: barredIn(read),
    warnings: warned.filter((warning) => warning !== null),
  });
}
