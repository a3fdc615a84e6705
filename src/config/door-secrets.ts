// Token and password of the gateway's own door: command line, file, environment, in this order; and what is no secret at all.
import { Secret } from "../core/secret.ts";
import { envValue } from "./env-keys.ts";
import type { Environment } from "./environment.ts";
import { formatKeyPath, type KeyPath } from "./key-path.ts";
import type { Said } from "./report.ts";
import type { Config } from "./schema/root.ts";
import type { SecretInput } from "./schema/secret-ref.ts";
import type { SecretBook } from "./secrets.ts";

/** One secret of the door, found or not. */
export interface DoorSecret {
  /** Somebody gave one, good or bad. */
  readonly present: boolean;
  /** Null when nobody gave one or it is refused. */
  readonly secret: Secret | null;
  /** Why it is refused; only worth saying where the mode uses it. */
  readonly problem: string | null;
  /** It was given and is refused. */
  readonly broken: boolean;
  /** The words that name where it came from. */
  readonly from: string;
  /** Where a complaint about it belongs. */
  readonly place: Pick<Said, "path" | "source">;
  /** True when a mode uses this secret. */
  readonly matters: (mode: string) => boolean;
}

/** Both secrets of the door. */
export interface Credentials {
  readonly token: DoorSecret;
  readonly password: DoorSecret;
}

/** Where the secrets may stand. */
export interface DoorSources {
  readonly gateway: Config["gateway"];
  readonly flags: { readonly token: string | null; readonly password: string | null };
  readonly env: Environment;
  readonly book: SecretBook;
}

/** Texts of OpenClaw's examples and of its redacted output: a gateway that starts with one is open to everyone who can read. */
const PLACEHOLDERS: ReadonlySet<string> = new Set([
  "change-me-to-a-long-random-token",
  "change-me-now",
  "change-me-to-a-strong-password",
  "__OPENCLAW_REDACTED__",
]);

const KINDS = {
  token: { variable: "OPENCLAW_GATEWAY_TOKEN", modes: ["token"] },
  password: { variable: "OPENCLAW_GATEWAY_PASSWORD", modes: ["password", "trusted-proxy"] },
} as const;

type Raw = Pick<DoorSecret, "problem" | "from" | "place"> & { readonly value: string | null };

function fromFile(input: SecretInput, path: KeyPath, book: SecretBook): Raw {
  const outcome = book.look(input, path);
  const place = { path };
  if ("problem" in outcome) return { value: null, problem: outcome.problem, from: formatKeyPath(path), place };
  return { value: outcome.values[0] ?? "", problem: null, from: outcome.from, place };
}

const fromOutside = (value: string, source: string): Raw => ({
  value,
  problem: null,
  from: source,
  place: { path: [], source },
});

function rawOf(kind: keyof typeof KINDS, sources: DoorSources): Raw | null {
  const flag = sources.flags[kind];
  if (flag !== null) return fromOutside(flag, `--${kind}`);
  const input = sources.gateway.auth[kind];
  if (input !== undefined) return fromFile(input, ["gateway", "auth", kind], sources.book);
  const { variable } = KINDS[kind];
  const value = envValue(sources.env, variable);
  return value === null ? null : fromOutside(value, variable);
}

/** Why a text is no secret, or null. Never quotes what might be one. */
function refusal(value: string, kind: string): string | null {
  if (value.trim() === "") return `the ${kind} is empty`;
  if (PLACEHOLDERS.has(value.trim())) return `the ${kind} is a placeholder from an example; make up one of your own`;
  return null;
}

function doorSecret(kind: keyof typeof KINDS, sources: DoorSources): DoorSecret {
  const raw = rawOf(kind, sources);
  const modes: readonly string[] = KINDS[kind].modes;
  const matters = (mode: string): boolean => modes.includes(mode);
  const place = raw?.place ?? { path: ["gateway", "auth", kind] };
  if (raw === null) return { present: false, secret: null, problem: null, broken: false, from: "", place, matters };
  const problem = raw.problem ?? refusal(raw.value ?? "", kind);
  const secret = problem === null && raw.value !== null ? new Secret(raw.value) : null;
  return { present: true, secret, problem, broken: problem !== null, from: raw.from, place, matters };
}

/** Finds both secrets; a value on the command line wins over the file, and the file over the environment. */
export function readDoorSecrets(sources: DoorSources): Credentials {
  return { token: doorSecret("token", sources), password: doorSecret("password", sources) };
}
