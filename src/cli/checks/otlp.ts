// The collector of traces, metrics and logs: can it be reached? Sends nothing to it.
import { type Check, type Finding, ok, warn } from "./finding.ts";
import { lookAt } from "./wire.ts";

const TIMEOUT_MS = 3000;
const FIX = "start the collector, or switch diagnostics.otel.enabled off; requests do not wait for it";

/** One line per collector; nothing is asked where nothing is exported. */
export const otlp: Check = async ({ loaded }) => {
  if (loaded === null) return [];
  const { otlp: settings } = loaded.snapshot.telemetry;
  if (settings === null) return [ok("otlp", "off")];
  const { traces, metrics, logs } = settings;
  const urls = [traces, metrics, logs].flatMap((signal) => (signal === null ? [] : [URL.parse(signal.url)]));
  const origins = new Set(urls.map((url) => url?.origin ?? null));
  return Promise.all([...origins].map(collector));
};

/** A written URL may hold a key, so only its origin is shown. */
async function collector(origin: string | null): Promise<Finding> {
  if (origin === null) return warn("otlp", "an endpoint is no URL", "correct the endpoints in diagnostics.otel");
  const look = await lookAt({ origin, tls: null, timeoutMs: TIMEOUT_MS });
  if (!("step" in look)) return ok("otlp", `${origin} can be reached`);
  return warn("otlp", `${origin}: the ${look.step} fails (${look.problem})`, FIX);
}
