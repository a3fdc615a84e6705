// What the running gateway knows of its providers: asked of `/readyz` on this machine, with the config's own credential.
import { type RequestOptions, request } from "node:http";
import { request as requestOverTls } from "node:https";
import type { Loaded } from "../config/load-snapshot.ts";
import type { LearnedRemedies } from "../core/remedy.ts";
import type { AuthSettings, GatewaySettings } from "../core/snapshot.ts";
import type { NotReadyLine } from "../server/health.ts";

/** What a gateway told. */
export interface GatewayHealth {
  /** `127.0.0.1:18789`. */
  readonly gateway: string;
  /** Of the config that it runs with. */
  readonly revision: string;
  readonly notReady: readonly NotReadyLine[];
  readonly learned: readonly LearnedRemedies[];
}

/** What was learned, or null and why not. */
export interface Heard {
  readonly health: GatewayHealth | null;
  readonly note: string;
}

/** What is known of the gateway beforehand. */
export type Known = Pick<Loaded, "snapshot" | "generatedToken">;

/** On one machine an answer comes within this, or nobody listens. */
const ANSWER_MS = 200;
const HOST = "127.0.0.1";

/** The readiness document of the gateway of this config, as its own credential may read it; null when none answers. */
export async function askReadiness({
  snapshot,
  generatedToken,
}: Known): Promise<Readonly<Record<string, unknown>> | null> {
  const { gateway } = snapshot;
  // A token that was made up just now is not the one of a gateway that runs already.
  const secret = generatedToken === null ? secretOf(gateway.auth) : null;
  return documentOf(await readyz(gateway, secret).catch(() => ""));
}

/** Where the gateway of this config listens for its own machine. */
export function gatewayPlace({ snapshot }: Known): string {
  return `${HOST}:${snapshot.gateway.port}`;
}

/** Asks the gateway of this config; never rejects. */
export async function gatewayHealth(known: Known): Promise<Heard> {
  const { snapshot } = known;
  const place = gatewayPlace(known);
  const told = await askReadiness(known);
  if (told === null) return { health: null, note: `no running gateway at ${place}: health unknown` };
  const { revision, notReady, learned } = told;
  if (!Array.isArray(notReady)) {
    return { health: null, note: `the gateway at ${place} tells its health only to its own token: health unknown` };
  }
  const health = {
    gateway: place,
    revision: String(revision),
    notReady: notReady as readonly NotReadyLine[],
    learned: Array.isArray(learned) ? (learned as readonly LearnedRemedies[]) : [],
  };
  const stale = health.revision === snapshot.revision ? "" : ", which runs with another revision of this config";
  return { health, note: `gateway at ${place}${stale}` };
}

function secretOf({ mode, token, password }: AuthSettings): string | null {
  const secrets = { token, password, none: null, "trusted-proxy": null };
  return secrets[mode]?.reveal() ?? null;
}

/** The text of `/readyz`, whatever its status. */
async function readyz({ port, tls }: GatewaySettings, secret: string | null): Promise<string> {
  const options: RequestOptions = {
    host: HOST,
    port,
    path: "/readyz",
    agent: false,
    signal: AbortSignal.timeout(ANSWER_MS),
    headers: { host: `localhost:${port}`, ...(secret !== null && { authorization: `Bearer ${secret}` }) },
  };
  // Our own certificate is for a name, not for this address: who holds its key is who we mean.
  const own = tls && { ca: tls.cert, allowPartialTrustChain: true, checkServerIdentity: () => undefined };
  const asking = own === null ? request(options) : requestOverTls({ ...options, ...own });
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  asking.on("error", reject);
  asking.once("response", (response) => {
    response
      .setEncoding("utf8")
      .toArray()
      .then((chunks) => resolve(chunks.join("")), reject);
  });
  asking.end();
  return promise;
}

/** The document of a gateway like ours; null for everything else that may listen there. */
function documentOf(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const tree: unknown = JSON.parse(text);
    return typeof tree === "object" && tree !== null && "ready" in tree ? { ...tree } : null;
  } catch {
    return null;
  }
}
