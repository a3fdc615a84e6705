// A config as it may be shown: every secret replaced, whatever key or text it stands in. Says nothing about where secrets lie.
import { isJsonObject } from "../core/json.ts";
import type { KeyPath } from "./key-path.ts";
import type { ReadConfig } from "./read-result.ts";
import { isSecretAt } from "./schema-view.ts";
import { REDACTED, secretRef } from "./schema/secret-ref.ts";

/** The effective config: includes, variables and defaults filled in. `secrets` are values to be taken out of all other texts. */
export function shownConfig({ config }: ReadConfig, secrets: readonly string[]): unknown {
  return shown(config, [], secrets);
}

function shown(value: unknown, path: KeyPath, secrets: readonly string[]): unknown {
  if (typeof value === "string") return isSecretAt(path) ? REDACTED : withoutSecrets(value, secrets);
  if (Array.isArray(value)) return value.map((each: unknown, at) => shown(each, [...path, at], secrets));
  // A reference names a place and is no secret.
  if (!isJsonObject(value) || secretRef.safeParse(value).success) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, shown(each, [...path, key], secrets)]));
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
