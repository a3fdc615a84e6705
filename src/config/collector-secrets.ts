// What a collector lets us in by, so that it can be taken out of texts: its own words of refusal may repeat it.
import type { OtlpSettings } from "../core/telemetry-settings.ts";
import { basicOf, secretsOfBasic } from "./egress-proxy.ts";

/** Headers that may hold secrets, and credentials written into URLs. */
export interface CollectorSecrets {
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** As sent, and as written. */
  readonly credentials: readonly string[];
}

/** Looks all of it up; nothing where nothing is exported. */
export function collectorSecrets(otlp: OtlpSettings | null): CollectorSecrets {
  const { traces = null, metrics = null, logs = null } = otlp ?? {};
  const signals = [traces, metrics, logs].filter((signal) => signal !== null);
  return {
    headers: signals.flatMap(({ headers }) => Object.entries(headers.reveal())),
    credentials: signals.flatMap(({ url }) => secretsOfBasic(basicOf(new URL(url)))),
  };
}
