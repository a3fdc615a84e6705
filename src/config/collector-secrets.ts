// What a collector lets us in by, so that it can be taken out of texts: its own words of refusal may repeat it.
import type { OtlpSettings } from "../core/telemetry-settings.ts";
import { headersOfVariable } from "./compile-telemetry.ts";
import { basicOf, secretsOfBasic } from "./egress-proxy.ts";
import type { Environment } from "./environment.ts";

/** Headers that may hold secrets, and credentials written into URLs. */
export interface CollectorSecrets {
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** As sent, and as written. */
  readonly credentials: readonly string[];
}

/** The SDK reads headers of single signals by itself. */
const SIGNAL_HEADERS = ["TRACES", "METRICS", "LOGS"].map((signal) => `OTEL_EXPORTER_OTLP_${signal}_HEADERS`);

/** Looks all of it up; nothing where nothing is exported. */
export function collectorSecrets(otlp: OtlpSettings | null, env: Environment): CollectorSecrets {
  if (otlp === null) return { headers: [], credentials: [] };
  const ofSignals = SIGNAL_HEADERS.flatMap((name) => Object.entries(headersOfVariable(env, name)));
  const urls = [otlp.traces, otlp.metrics, otlp.logs].flatMap((signal) => (signal === null ? [] : new URL(signal.url)));
  return {
    headers: [...Object.entries(otlp.headers.reveal()), ...ofSignals],
    credentials: urls.flatMap((url) => secretsOfBasic(basicOf(url))),
  };
}
