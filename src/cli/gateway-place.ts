// Where a gateway is, seen from this machine, and what lets us in: from its config, or from a URL.
import type { Loaded } from "../config/load-snapshot.ts";
import type { AuthSettings } from "../core/snapshot.ts";
import { isLoopbackAuthority } from "../server/authority.ts";
import { type Terminal, UsageError } from "./command.ts";
import type { Given } from "./options.ts";

/** What is known of a gateway beforehand. */
export type KnownGateway = Pick<Loaded, "snapshot" | "generatedToken">;

/** What the command line says of it. */
export type Written = Pick<Given, "text">;

/** Where a gateway is and how to be let in. */
export interface GatewayPlace {
  readonly url: URL;
  /** Token or password; null where none is needed or known. */
  readonly secret: string | null;
  /** A certificate to trust beside the usual ones: the gateway's own. */
  readonly certificate: string | null;
}

/** A gateway that nothing but its address is known of. Throws UsageError. */
export function placeAt(written: string): GatewayPlace {
  const url = URL.parse(written);
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new UsageError(`'${written}' is not an http:// or https:// URL`);
  return { url, secret: null, certificate: null };
}

/**
 * The gateway that `--url` names, with the secret that `--token` or `--password` say; null without a URL. What the environment holds is the secret of
 * this machine's gateway and goes to nobody else's server: elsewhere it has to be written. Throws UsageError.
 */
export function placeWritten(given: Written, env: Terminal["env"] = {}): GatewayPlace | null {
  const written = given.text("url");
  if (written === null) return null;
  const place = placeAt(written);
  const secret = isLoopbackAuthority(place.url.host) ? secretWritten(given, env) : secretWritten(given);
  return { ...place, secret };
}

/** What the command line says, or else the environment. */
export function secretWritten(given: Written, env: Terminal["env"] = {}): string | null {
  const { OPENCLAW_GATEWAY_TOKEN: token, OPENCLAW_GATEWAY_PASSWORD: password } = env;
  return given.text("token") ?? given.text("password") ?? token ?? password ?? null;
}

/** The gateway of a config, seen from this machine; `--url`, `--token` and `--password` win. */
export function placeOf(known: KnownGateway, given: Written): GatewayPlace {
  const written = placeWritten(given);
  if (written !== null) return written;
  const { gateway } = known.snapshot;
  const own = placeAt(`${gateway.tls === null ? "http" : "https"}://${hostOf(gateway.hosts)}:${gateway.port}`);
  return { ...own, secret: secretWritten(given) ?? secretOf(known), certificate: gateway.tls?.cert ?? null };
}

/**
 * Where the gateway of a config tells how it is. Its door, unless that asks for client certificates and there is an admin port: whoever
 * looks after a gateway need not be one of its clients.
 */
export function healthPlaceOf(known: KnownGateway, given: Written): GatewayPlace {
  const place = placeOf(known, given);
  const { admin, tls } = known.snapshot.gateway;
  if (given.text("url") !== null || admin === null || tls === null || tls.clientCa === null) return place;
  return { ...place, url: new URL(`http://${hostOf(admin.hosts)}:${admin.port}`), certificate: null };
}

/** A gateway that listens everywhere is reached by loopback; one that listens at one address, there. */
function hostOf(hosts: readonly string[]): string {
  const [first = "127.0.0.1"] = hosts;
  if (hosts.some((host) => host === "127.0.0.1" || host === "0.0.0.0" || host === "::")) return "127.0.0.1";
  return first.includes(":") ? `[${first}]` : first;
}

/** What the gateway asks for; behind a trusted proxy the password is for programs of this machine. A token that was made up just now is not that of a gateway that runs already. */
function secretOf({ snapshot, generatedToken }: KnownGateway): string | null {
  const { mode, token, password }: AuthSettings = snapshot.gateway.auth;
  const secrets = { token, password, none: null, "trusted-proxy": password };
  return generatedToken === null ? (secrets[mode]?.reveal() ?? null) : null;
}
