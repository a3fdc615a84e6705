// Through which proxy requests to a provider leave (OpenClaw §2.5): the provider's own, those of the environment where the provider asks
// for them, or the one of the whole process. Decided at load; the environment means nothing on the request path.
import { AddressList, addressKind } from "../core/ip-address.ts";
import { Secret } from "../core/secret.ts";
import type { Transport, TransportProxy, TransportTls } from "../core/snapshot.ts";
import { isLoopback } from "./address.ts";
import { envValue } from "./env-keys.ts";
import type { Environment } from "./environment.ts";
import { isNewer } from "./generation.ts";
import type { Report } from "./report.ts";
import type { Config } from "./schema/root.ts";

/** The proxy for requests to a URL, or null for a direct connection. */
export type ChooseProxy = (url: URL) => TransportProxy | null;

/** What is known of a proxy besides its address. */
export interface ProxyTrust {
  readonly allow: Transport["allow"];
  readonly tls: TransportTls | null;
}

/** Operators point at proxies of their own networks by variables and by the process-wide key; metadata services are never among them. */
const ANYWHERE: Transport["allow"] = { loopback: true, privateNetwork: true };

const direct: ChooseProxy = () => null;

/** A proxy from its URL, or what is wrong with it; never quotes it: it may hold a password. */
export function proxyOf(text: string, { allow, tls }: ProxyTrust): TransportProxy | string {
  const url = URL.parse(text.includes("://") ? text : `http://${text}`);
  if (url === null || !/^https?:$/.test(url.protocol)) return "is no http:// or https:// URL";
  const kind = addressKind(url.hostname.replace(/^\[|\]$/g, ""));
  if (kind === "metadata" || kind === "reserved") return "is an address that no proxy has";
  if (kind === "private" && !allow.privateNetwork) {
    return "is a private address: write request.allowPrivateNetwork: true for a proxy on your own network";
  }
  if (isLoopback(url.hostname) && !allow.loopback) return "is this machine, and request.allowPrivateNetwork is false";
  return { origin: url.origin, authorization: basicOf(url), allow, tls };
}

/** `Authorization` of the credentials in a URL, null without any (RFC 7617); the parts are UTF-8 behind their percent signs. */
export function basicOf({ username, password }: URL): Secret | null {
  if (username === "" && password === "") return null;
  const pair = `${decoded(username)}:${decoded(password)}`;
  return new Secret(`Basic ${Buffer.from(pair).toString("base64")}`);
}

/** Both ways to look for such credentials in a text: as sent, and as written. */
export function secretsOfBasic(authorization: Secret | null): readonly string[] {
  const sent = authorization?.reveal().replace(/^Basic /, "");
  if (sent === undefined) return [];
  const pair = Buffer.from(sent, "base64").toString("utf8");
  return [sent, pair.slice(pair.indexOf(":") + 1)];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** One proxy for everything. */
export function always(proxy: TransportProxy): ChooseProxy {
  return () => proxy;
}

/** The root key `proxy` with its default, which newer releases have changed. A proxy that cannot be one is refused: nothing may go around it. */
export function settledProxy(config: Config, report: Report): Config["proxy"] {
  const { proxyUrl, tls } = config.proxy;
  const { enabled = isNewer(config) && proxyUrl !== undefined } = config.proxy;
  const proxy = proxyAt({ enabled, proxyUrl });
  if (typeof proxy === "string") report({ code: "proxy_url", path: ["proxy", "proxyUrl"], message: proxy });
  if (enabled && tls?.caFile !== undefined) {
    const message = "is not read: name the file in NODE_EXTRA_CA_CERTS before the start";
    report({ severity: "warning", code: "proxy_authority", path: ["proxy", "tls", "caFile"], message });
  }
  return { ...config.proxy, enabled };
}

/** The proxy that the root key means, or what is wrong with it; null for none. */
function proxyAt({ enabled, proxyUrl }: Config["proxy"]): TransportProxy | string | null {
  return enabled === true && proxyUrl !== undefined ? proxyOf(proxyUrl, { allow: ANYWHERE, tls: null }) : null;
}

/** The process-wide proxy: for all but this machine's own servers, which no proxy could reach. */
export function processProxy(settled: Config["proxy"]): ChooseProxy {
  const proxy = proxyAt(settled);
  if (proxy === null || typeof proxy === "string") return direct;
  return ({ hostname }) => (isLoopback(hostname) ? null : proxy);
}

/** Scheme of the provider to the variables that name its proxy; lower case wins, as everywhere. */
const VARIABLES = {
  "http:": ["http_proxy", "HTTP_PROXY"],
  "https:": ["https_proxy", "HTTPS_PROXY"],
} as const;

/** The proxies of the environment, or the variable that cannot be used and why. */
export function environmentProxies(
  env: Environment,
  tls: TransportTls | null,
): ChooseProxy | { readonly problem: string } {
  const found = new Map<string, TransportProxy>();
  for (const [scheme, names] of Object.entries(VARIABLES)) {
    const name = names.find((each) => envValue(env, each) !== null);
    if (name === undefined) continue;
    const proxy = proxyOf(envValue(env, name) ?? "", { allow: ANYWHERE, tls });
    if (typeof proxy === "string") return { problem: `environment variable ${name} ${proxy}` };
    found.set(scheme, proxy);
  }
  const isDirect = bypassOf(envValue(env, "no_proxy") ?? envValue(env, "NO_PROXY") ?? "");
  return (url) => (isDirect(url) ? null : (found.get(url.protocol) ?? null));
}

const DEFAULT_PORTS: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

/** NO_PROXY: names (and everything below them), addresses and ranges, each with a port or without; `*` is everything. */
function bypassOf(list: string): (url: URL) => boolean {
  const entries = list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== "");
  if (entries.includes("*")) return () => true;
  const ranges = new AddressList(entries.filter((entry) => new AddressList([entry]).invalid.length === 0));
  const names = entries.map((entry) => {
    const parts = /^\[?([^\]]+?)\]?(?::(\d+))?$/.exec(entry);
    return { name: (parts?.[1] ?? entry).replace(/^\*?\./, ""), port: parts?.[2] ?? null };
  });
  return ({ hostname, port, protocol }) => {
    const host = hostname.toLowerCase().replace(/^\[|\]$/g, "");
    if (ranges.has(host)) return true;
    const asked = port === "" ? DEFAULT_PORTS[protocol] : port;
    return names.some((entry) => {
      const isNamed = host === entry.name || host.endsWith(`.${entry.name}`);
      return isNamed && (entry.port === null || entry.port === asked);
    });
  };
}
