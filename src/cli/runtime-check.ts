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
/** A file of flags, which may hold that one; nothing tells afterwards what was in it. With or without the words of an experiment. */
const FLAGS_FILE = /(?:^|\s)--(?:experimental[-_])?(?:default[-_])?config[-_]file\b/;
/** Node takes them out of `NODE_OPTIONS` (https://nodejs.org/api/cli.html#node_optionsoptions). */
const QUOTING = /["\\]/g;

/** Why no gateway may be served like this; null when one may. */
export function runtimeFault({ execArgv, nodeOptions = "", inspectorUrl }: Runtime): string | null {
  const flags = [...execArgv, nodeOptions.replaceAll(QUOTING, "")].join(" ");
  if (LAX_PARSER.test(flags)) {
    return "refusing to serve with --insecure-http-parser: take it out of the command line and of NODE_OPTIONS";
  }
  if (FLAGS_FILE.test(flags)) {
    return "refusing to serve with flags of a configuration file of Node: write them on the command line or in NODE_OPTIONS";
  }
  if (inspectorUrl === undefined || isLoopbackAuthority(new URL(inspectorUrl).hostname)) return null;
  return "refusing to serve while an inspector listens on an address that others can reach: --inspect takes 127.0.0.1";
}
