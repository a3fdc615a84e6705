// Whether an exporter may run: OpenClaw has them as plugins, which a file allows and switches on (OpenClaw §6.1, §6.2). Here they are
// built in and may run unless the file says otherwise.
import type { Config } from "./schema/root.ts";

/** The plugins that mean something to a proxy. */
export type Exporter = "diagnostics-otel" | "diagnostics-prometheus";

/** False for one that is switched off, or that a written `plugins.allow` leaves out. */
export function mayRun(exporter: Exporter, { allow, entries }: Config["plugins"]): boolean {
  return entries[exporter]?.enabled !== false && (allow === undefined || allow.includes(exporter));
}
