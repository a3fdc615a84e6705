// Where secrets stand in the open and where references lead nowhere, as OpenClaw's audit tells it. Quotes no value.
import { isJsonObject } from "../core/json.ts";
import { formatKeyPath, type KeyPath, liesIn } from "./key-path.ts";
import { KEY_VARIABLES, LOCAL_MARKERS } from "./presets.ts";
import { providerKeys } from "./provider-keys.ts";
import type { ReadConfig } from "./read-result.ts";
import { isSecretAt } from "./schema-view.ts";
import { secretRef } from "./schema/secret-ref.ts";
import { membersOf, refsIn } from "./secret-refs.ts";
import { lookUpSecrets } from "./secrets.ts";

/** OpenClaw's codes. */
export type FindingCode = "PLAINTEXT_FOUND" | "REF_UNRESOLVED" | "REF_SHADOWED" | "LEGACY_RESIDUE";

/** One thing that was found. */
export interface Finding {
  readonly code: FindingCode;
  readonly severity: "error" | "warn";
  readonly file: string;
  readonly jsonPath: string;
  readonly message: string;
  readonly provider?: string;
}

/** Everything that was found in a config. */
export interface Audited {
  readonly findings: readonly Finding[];
  readonly refsChecked: number;
  readonly skippedExecRefs: number;
}

/** Names of headers and variables whose values are secrets; the others are only kept from being shown. */
const SECRET_NAME = /authorization|cookie|token|secret|key|password|passphrase/i;
/** Parts of a path behind which names are free. */
const FREE_NAMES = new Set(["headers", "env"]);

/** Audits a config that was read. Commands are run only with `allowExec`. */
export async function auditSecrets(read: ReadConfig, { allowExec }: { readonly allowExec: boolean }): Promise<Audited> {
  const refs = [...refsIn(read.config, [], read.foreign)];
  const skipped = allowExec ? [] : refs.filter(({ ref }) => ref.source === "exec");
  const asked = skipped.length === 0 ? read : { ...read, config: withoutExec(read.config) as ReadConfig["config"] };
  const book = await lookUpSecrets(asked);
  const checked = refs.filter((each) => !skipped.includes(each));
  const lost = checked.flatMap(({ path, ref }) => {
    const outcome = book.look(ref, path);
    return "problem" in outcome ? [unresolved(read, path, outcome.problem)] : [];
  });
  const unset = read.unresolved.map(({ path, variable }) => {
    return unresolved(read, path, `environment variable ${variable} is not set`);
  });
  const variables = read.references.filter(({ path }) => !liesIn(read.foreign, path));
  const shadowed = providerKeys(asked, book).flatMap((keys) => shadowedBy(keys, read));
  return {
    findings: [...plaintexts(read), ...unset, ...lost, ...shadowed],
    refsChecked: checked.length + variables.length,
    skippedExecRefs: skipped.length,
  };
}

/** Names of `.env` files that hold keys in the open. */
export function openVariables(file: string, names: readonly string[]): readonly Finding[] {
  const secret = names.filter(
    (name) => KEY_VARIABLES.has(name) || /(?:_KEY|_KEYS|_TOKEN|_SECRET|PASSWORD)$/.test(name),
  );
  return secret.map((name) => ({
    code: "PLAINTEXT_FOUND",
    severity: "warn",
    file,
    jsonPath: `$env.${name}`,
    message: `${name} stands in the open in a .env file`,
  }));
}

function finding(read: ReadConfig, path: KeyPath, rest: Pick<Finding, "code" | "severity" | "message">): Finding {
  const [root, , id] = path;
  const isProvider = root === "models" && typeof id === "string";
  const file = read.positions.at(path)?.file ?? read.files[0] ?? "";
  return { ...rest, file, jsonPath: formatKeyPath(path), ...(isProvider && { provider: id }) };
}

function unresolved(read: ReadConfig, path: KeyPath, message: string): Finding {
  return finding(read, path, { code: "REF_UNRESOLVED", severity: "error", message });
}

/** Texts in places of secrets that nobody put there by `${VAR}` and that stand for nothing else. */
function plaintexts(read: ReadConfig): readonly Finding[] {
  const filled = new Set(read.references.map(({ path }) => formatKeyPath(path)));
  const message = "a secret stands in the open; write ${VAR} or a reference";
  return textsIn(read.written, [])
    .filter(({ path, text }) => isOpenSecret(path, text) && !filled.has(formatKeyPath(path)))
    .map(({ path }) => finding(read, path, { code: "PLAINTEXT_FOUND", severity: "warn", message }));
}

function isOpenSecret(path: KeyPath, text: string): boolean {
  if (text.trim() === "" || LOCAL_MARKERS.has(text) || KEY_VARIABLES.has(text) || !isSecretAt(path)) return false;
  const free = path.findIndex((part) => FREE_NAMES.has(String(part)));
  return free < 0 || path.slice(free + 1).some((part) => SECRET_NAME.test(String(part)));
}

function shadowedBy({ provider, keys, variables, place }: ReturnType<typeof providerKeys>[number], read: ReadConfig) {
  const isWritten = keys.some(({ from }) => from.startsWith(place));
  const idle = variables.filter((name) => isWritten && (read.env[name] ?? "") !== "");
  const message = (name: string): string => `${name} is set and not used: ${place} wins`;
  return idle.map((name): Finding => {
    const path = ["models", "providers", provider, "apiKey"];
    return finding(read, path, { code: "REF_SHADOWED", severity: "warn", message: message(name) });
  });
}

function textsIn(value: unknown, path: KeyPath): { readonly path: KeyPath; readonly text: string }[] {
  if (typeof value === "string") return [{ path, text: value }];
  if (Array.isArray(value)) return value.flatMap((each: unknown, at) => textsIn(each, [...path, at]));
  if (!isJsonObject(value) || secretRef.safeParse(value).success) return [];
  return membersOf(value, path).flatMap(([key, each]) => textsIn(each, [...path, key]));
}

/** The same config without references that would run a command. */
function withoutExec(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutExec);
  if (!isJsonObject(value)) return value;
  if (secretRef.safeParse(value).data?.source === "exec") return "";
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutExec(each)]));
}
