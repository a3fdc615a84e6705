// A config as it may be shown: every secret replaced, whatever key or text it stands in. Says nothing about where secrets lie.
import { isJsonObject, type JsonObject } from "../core/json.ts";
import { formatKeyPath, type KeyPath } from "./key-path.ts";
import type { ReadConfig } from "./read-result.ts";
import { isSecretAt } from "./schema-view.ts";
import { REDACTED, secretRef } from "./schema/secret-ref.ts";

/** The effective config: includes, variables and defaults filled in. `secrets` are values to be taken out of all other texts. */
export function shownConfig({ config, foreign }: ReadConfig, secrets: readonly string[]): unknown {
  return shown(config, [], { secrets, foreign });
}

/** What is to be hidden. */
interface Hidden {
  readonly secrets: readonly string[];
  /** Paths of the parts that are OpenClaw's alone: nobody here knows which of their texts are secrets. */
  readonly foreign: ReadonlySet<string>;
}

function shown(value: unknown, path: KeyPath, hidden: Hidden): unknown {
  if (hidden.foreign.has(formatKeyPath(path))) return withoutTexts(value);
  if (typeof value === "string") return isSecretAt(path) ? REDACTED : withoutSecrets(value, hidden.secrets);
  if (Array.isArray(value)) return value.map((each: unknown, at) => shown(each, [...path, at], hidden));
  if (!isJsonObject(value) || isReference(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shown(each, [...path, key], hidden)]));
}

function withoutTexts(value: unknown): unknown {
  if (typeof value === "string") return REDACTED;
  if (Array.isArray(value)) return value.map(withoutTexts);
  if (!isJsonObject(value) || isReference(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, withoutTexts(each)]));
}

/** A reference names a place and is no secret. */
function isReference(value: JsonObject): boolean {
  return secretRef.safeParse(value).success;
}

function withoutSecrets(text: string, secrets: readonly string[]): string {
  const cleaned = secrets.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text);
  return /^https?:\/\//.test(cleaned) ? withoutQuery(cleaned) : cleaned;
}

/** The query of an address may hold a key, and so may what stands before its host. */
function withoutQuery(text: string): string {
  return text.replace(/\/\/[^/?#@]*@/, `//${REDACTED}@`).replace(/=[^&#]*/g, (part, at: number) => {
    return at > text.indexOf("?") && text.includes("?") ? `=${REDACTED}` : part;
  });
}
