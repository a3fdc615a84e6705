// What the runtime was told that a door to the outside cannot live with: a lax HTTP parser, or an inspector that others can reach.
// Whoever reaches an inspector runs code in the process; a lax parser and a strict one in front of it see different requests.
import { isLoopbackAuthority } from "../server/authority.ts";

/** How the runtime was started. */
export interface Runtime {
  readonly execArgv: readonly string[];
  /** `NODE_OPTIONS`, if set. */
  readonly nodeOptions: string | undefined;
  /** Where the inspector listens (`node:inspector`), if it does. */
  readonly inspectorUrl: string | undefined;
}

const LAX_PARSER = /(?:^|\s)--insecure[-_]http[-_]parser\b/;

/** Why no gateway may be served like this; null when one may. */
export function runtimeFault({ execArgv, nodeOptions = "", inspectorUrl }: Runtime): string | null {
  if (LAX_PARSER.test([...execArgv, nodeOptions].join(" "))) {
    return "refusing to serve with --insecure-http-parser: take it out of the command line and of NODE_OPTIONS";
  }
  if (inspectorUrl === undefined || isLoopbackAuthority(new URL(inspectorUrl).hostname)) return null;
  return "refusing to serve while an inspector listens on an address that others can reach: --inspect takes 127.0.0.1";
}
