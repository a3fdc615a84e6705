// The keys of one provider: what the file says wins, then the environment (decisions 19 and 26, OpenClaw §3.4).
// A marker is a text in the place of a key that stands for something else; it is never sent.
import { envKeys, envValue, type SourcedKey } from "./env-keys.ts";
import type { Environment } from "./environment.ts";
import { headerProblem } from "./headers.ts";
import type { KeyPath } from "./key-path.ts";
import type { Preset } from "./preset.ts";
import { KEY_VARIABLES, LOCAL_MARKERS } from "./presets.ts";
import type { SecretInput } from "./schema/secret-ref.ts";
import type { SecretBook, SecretLack } from "./secrets.ts";

/** A key that was written and is not there. */
export interface KeyLack {
  readonly path: KeyPath;
  readonly problem: string;
  /** `unusable`: it is there and cannot be sent. `stored-login`: OpenClaw keeps it where we do not look. */
  readonly why: SecretLack["why"] | "unusable" | "stored-login";
}

/** The keys of one provider, in order. */
export interface KeyRing {
  readonly keys: readonly SourcedKey[];
  readonly lacks: readonly KeyLack[];
}

/** Whose keys, and where they may come from. */
export interface KeyPlaces {
  readonly provider: string;
  readonly preset: Preset | null;
  /** `apiKey` as written; undefined when it is not. */
  readonly apiKey: SecretInput | readonly SecretInput[] | undefined;
  readonly path: KeyPath;
  readonly env: Environment;
  readonly book: SecretBook;
}

/** These stand for logins that OpenClaw keeps elsewhere. */
const STORED_LOGIN = /^(oauth:.*|secretref-managed|minimax-oauth|gcp-vertex-credentials)$/;

type KeyOutcome = SourcedKey | KeyLack | null;

function judged(key: SourcedKey, path: KeyPath, env: Environment): KeyOutcome {
  const value = key.value.trim();
  if (value === "" || LOCAL_MARKERS.has(value)) return null;
  if (KEY_VARIABLES.has(value)) {
    const found = envValue(env, value);
    if (found !== null) return { value: found, from: value };
    return { path, problem: `environment variable ${value} is not set`, why: "missing" };
  }
  if (STORED_LOGIN.test(value)) {
    return {
      path,
      problem: `"${value}" stands for a login that OpenClaw stores; write the key itself`,
      why: "stored-login",
    };
  }
  const problem = headerProblem("authorization", value);
  if (problem !== null) return { path, problem: "holds characters that a header cannot carry", why: "unusable" };
  return { value, from: key.from };
}

function writtenKeys({ apiKey, path, env, book }: KeyPlaces): readonly KeyOutcome[] {
  const inputs = Array.isArray(apiKey) ? (apiKey as readonly SecretInput[]) : [apiKey as SecretInput];
  return inputs.flatMap((input, index): readonly KeyOutcome[] => {
    const place = Array.isArray(apiKey) ? [...path, index] : path;
    const outcome = book.look(input, place);
    if ("problem" in outcome) return [{ path: place, ...outcome }];
    return outcome.values.map((value) => judged({ value, from: outcome.from }, place, env));
  });
}

/** The environment's keys; a marker there means the same as in the file. */
function environmentKeys({ provider, preset, path, env }: KeyPlaces): readonly KeyOutcome[] {
  const wanted = { names: preset?.env ?? [], every: preset?.everyKey ?? false, provider };
  return envKeys(env, wanted).map((key) => judged(key, path, env));
}

/** Gathers the keys of a provider. A blank `apiKey` counts as not written. */
export function keyRing(places: KeyPlaces): KeyRing {
  const isWritten = places.apiKey !== undefined && places.apiKey !== "";
  const outcomes = isWritten ? writtenKeys(places) : environmentKeys(places);
  const keys = new Map<string, SourcedKey>();
  for (const outcome of outcomes) {
    if (outcome !== null && "value" in outcome && !keys.has(outcome.value)) keys.set(outcome.value, outcome);
  }
  const lacks = outcomes.filter((outcome): outcome is KeyLack => outcome !== null && "problem" in outcome);
  return { keys: [...keys.values()], lacks };
}
