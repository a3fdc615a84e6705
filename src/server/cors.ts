// Cross-origin calls from browsers: none, unless `edge.cors.allowOrigins` names the page's origin exactly. Never a wildcard.
import type { IncomingHttpHeaders } from "node:http";
import type { GatewaySettings } from "../core/snapshot.ts";
import { gateOf } from "./gate.ts";

const EXPOSED =
  "x-request-id, x-openclaw-served-by, x-openclaw-attempts, x-openclaw-adjusted, server-timing, retry-after";
const PREFLIGHT_MAX_AGE_S = 600;
const HEADER_NAMES = /^[A-Za-z0-9-]+(?: ?, ?[A-Za-z0-9-]+){0,63}$/;
const NONE: readonly string[] = [];
const VARY: readonly string[] = ["vary", "origin"];

/** What an answer says to a browser, flat; nothing when no origin is configured. Errors say it too, or the page could not read them. */
export function corsHeaders(gateway: GatewaySettings, headers: IncomingHttpHeaders): readonly string[] {
  if (gateway.corsAllowOrigins.length === 0) return NONE;
  const { origin } = headers;
  if (origin === undefined || !gateOf(gateway).allowOrigins.has(origin)) return VARY;
  return [...VARY, "access-control-allow-origin", origin, "access-control-expose-headers", EXPOSED];
}

/** True for a browser's question whether a page may call (Fetch standard, CORS-preflight), from a page that may. */
export function isAllowedPreflight(gateway: GatewaySettings, headers: IncomingHttpHeaders): boolean {
  const { origin } = headers;
  if (origin === undefined || headers["access-control-request-method"] === undefined) return false;
  return gateOf(gateway).allowOrigins.has(origin);
}

/** The yes to a preflight, flat; the header names are those that the browser asks for. */
export function preflightHeaders(methods: readonly string[], headers: IncomingHttpHeaders): readonly string[] {
  const asked = headers["access-control-request-headers"] ?? "";
  const permitted = ["access-control-allow-methods", methods.join(", ")];
  permitted.push("access-control-max-age", String(PREFLIGHT_MAX_AGE_S));
  if (HEADER_NAMES.test(asked)) permitted.push("access-control-allow-headers", asked);
  return permitted;
}
