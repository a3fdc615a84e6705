// The head of every answer, whoever gives it: the request id, what browsers must not do, and whether the connection lives on.
import type { GatewaySettings } from "../core/snapshot.ts";
import { corsHeaders } from "./cors.ts";
import { once } from "./once.ts";
import type { Visit } from "./visit.ts";

/** OpenClaw §1.1: on every response. */
const SECURITY: readonly string[] = [
  "x-content-type-options",
  "nosniff",
  "referrer-policy",
  "no-referrer",
  "permissions-policy",
  "camera=(), microphone=(self), geolocation=()",
];

/** The security headers of a configuration, flat. */
export const securityHeaders = once((gateway: GatewaySettings): readonly string[] => {
  const { strictTransportSecurity: policy } = gateway;
  return policy === null ? SECURITY : [...SECURITY, "strict-transport-security", policy];
});

/** Writes status line and headers: `own`, flat, and what the door adds. A request id that `own` names is not named twice. */
export function writeHead(visit: Visit, status: number, own: readonly string[]): void {
  const { gateway } = visit.snapshot;
  const head = securityHeaders(gateway).concat(own);
  if (!own.includes("x-request-id")) head.push("x-request-id", visit.requestId);
  if (visit.requestIdField !== null) head.push(visit.requestIdField, visit.requestId);
  for (const each of corsHeaders(gateway, visit.headers)) head.push(each);
  if (endsConnection(visit)) visit.outgoing.shouldKeepAlive = false;
  visit.outgoing.writeHead(status, head);
}

/**
 * While the process goes, where a reload asks for new connections, and behind an `Upgrade` that we ignore: what follows on such a
 * connection is not surely HTTP/1.1.
 */
function endsConnection({ lobby, headers, incoming }: Visit): boolean {
  return lobby.isGoing || lobby.isCrowded || headers.upgrade !== undefined || lobby.isOutdated(incoming.socket);
}
