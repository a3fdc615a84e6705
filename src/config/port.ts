// Which port to listen on: `--port` > OPENCLAW_GATEWAY_PORT > `gateway.port`, whose default is OpenClaw's 18789.
import { complainAt, type Complaint } from "./complaint.ts";
import type { Environment } from "./environment.ts";

/** Who may name the port. */
export interface PortSources {
  /** `--port` as typed, or null. */
  readonly argument: string | null;
  readonly env: Environment;
  /** `gateway.port` with its default. */
  readonly configured: number;
}

const PORT_MAX = 65_535;
const VARIABLE = "OPENCLAW_GATEWAY_PORT";

/** The port (0 takes a free one), or a complaint naming the source that is no port. */
export function choosePort(sources: PortSources): number | Complaint {
  const variable = sources.env[VARIABLE]?.trim() || null;
  const [source, text] = sources.argument === null ? [VARIABLE, variable] : ["--port", sources.argument.trim()];
  if (text === null) return sources.configured;
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= PORT_MAX) return port;
  const message = `must be a port from 0 to ${PORT_MAX}, not ${JSON.stringify(text)}`;
  return { ...complainAt(null, { code: "wrong_value", path: [], message }), path: source };
}
