// The collector of traces and metrics: can it be reached? Sends nothing to it.
import { type Check, ok, warn } from "./finding.ts";
import { lookAt } from "./wire.ts";

const TIMEOUT_MS = 3000;
const DEFAULT = "http://localhost:4318";

/** One line; nothing is asked where nothing is exported. */
export const otlp: Check = async ({ loaded, terminal }) => {
  if (loaded === null) return [];
  const { enabled, otel } = loaded.read.reveal().config.diagnostics;
  if (!enabled || !otel.enabled) return [ok("otlp", "off")];
  const written = terminal.env["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? otel.endpoint ?? DEFAULT;
  const url = URL.parse(written);
  if (url === null)
    return [warn("otlp", "the endpoint is no URL", "correct OTEL_EXPORTER_OTLP_ENDPOINT or diagnostics.otel.endpoint")];
  const look = await lookAt({ origin: url.origin, tls: null, timeoutMs: TIMEOUT_MS });
  if (!("step" in look)) return [ok("otlp", `${url.origin} can be reached`)];
  const fix = "start the collector, or switch diagnostics.otel.enabled off; requests do not wait for it";
  return [warn("otlp", `${url.origin}: the ${look.step} fails (${look.problem})`, fix)];
};
