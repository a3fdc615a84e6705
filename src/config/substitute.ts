// `${VAR}` in texts of the config. Pure: the environment comes in, unset variables come out as values.
import type { Environment } from "./environment.ts";
import type { KeyPath } from "./key-path.ts";

/** A `${VAR}` that was written. */
export interface EnvReference {
  readonly path: KeyPath;
  readonly variable: string;
  /** The text is this reference and nothing else: OpenClaw treats such a field as a SecretRef of source `env`. */
  readonly whole: boolean;
  /** The variable has a value that is not empty. */
  readonly set: boolean;
}

/** Upper-case names only; a second `$` in front makes it plain text. */
const REFERENCE = /\$?\$\{([A-Z_][A-Z0-9_]*)\}/g;
/** True for texts that hold any `${`; such values of the `env` block are not applied. */
export const holdsReference = (value: string): boolean => value.includes("${");

/** A text with its variables put in, and what it referred to. An unset variable stays as written. */
export interface Substituted {
  readonly text: string;
  readonly references: readonly EnvReference[];
}

/** Puts variables into one text. */
export function substitute(written: string, env: Environment, path: KeyPath): Substituted {
  if (!holdsReference(written)) return { text: written, references: [] };
  const references: EnvReference[] = [];
  const text = written.replaceAll(REFERENCE, (match: string, variable: string) => {
    if (match.startsWith("$$")) return match.slice(1);
    const value = env[variable];
    const set = value !== undefined && value !== "";
    references.push({ path, variable, whole: match === written, set });
    return set ? value : match;
  });
  return { text, references };
}
