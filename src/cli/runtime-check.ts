// What the runtime was told that a door to the outside cannot live with: a lax HTTP parser, or an inspector that others can reach.
// Whoever reaches an inspector runs code in the process; a lax parser and a strict one in front of it see different requests.
import { isLoopbackAuthority } from "../server/authority.ts";

/** How the runtime was started. */
export interface Runtime {
  /** `v24.14.1`. */
  readonly version: string;
  readonly execArgv: readonly string[];
  /** `NODE_OPTIONS`, if set. */
  readonly nodeOptions: string | undefined;
  /** Where the inspector listens (`node:inspector`), if it does. */
  readonly inspectorUrl: string | undefined;
}

const LAX_PARSER = /(?:^|\s)--insecure[-_]http[-_]parser\b/;

/**
 * By major: the minor and patch that carry the fixes of HTTP parsing and of header names that end the process (Node's security releases of
 * March 2026). Majors that came later have them from the start; earlier ones cannot run the program.
 */
const FLOORS: Readonly<Record<number, readonly [minor: number, patch: number]>> = { 24: [14, 1], 25: [8, 2] };
const MAJOR_MIN = 24;

/** Why no gateway may be served like this; null when one may. */
export function runtimeFault({ version, execArgv, nodeOptions = "", inspectorUrl }: Runtime): string | null {
  if (isBelowFloor(version))
    return `refusing to serve on Node ${version}, which lacks security fixes: install a newer one`;
  if (LAX_PARSER.test([...execArgv, nodeOptions].join(" "))) {
    return "refusing to serve with --insecure-http-parser: take it out of the command line and of NODE_OPTIONS";
  }
  if (inspectorUrl === undefined || isLoopbackAuthority(new URL(inspectorUrl).hostname)) return null;
  return "refusing to serve while an inspector listens on an address that others can reach: --inspect takes 127.0.0.1";
}

function isBelowFloor(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version
    .replace(/^v/, "")
    .split(".")
    .map((part) => Number.parseInt(part, 10));
  const [floorMinor, floorPatch] = FLOORS[major] ?? [0, 0];
  return major < MAJOR_MIN || minor < floorMinor || (minor === floorMinor && patch < floorPatch);
}
