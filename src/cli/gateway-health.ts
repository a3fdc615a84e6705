// What the running gateway knows of its providers: asked of `/readyz` on this machine, with the config's own credential.
import { isJsonObject, type JsonObject } from "../core/json.ts";
import type { LearnedRemedies } from "../core/remedy.ts";
import type { NotReadyLine } from "../server/health.ts";
import { EXIT } from "./command.ts";
import { askGateway, isUnreached } from "./gateway-client.ts";
import { type KnownGateway, healthPlaceOf } from "./gateway-place.ts";

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

/** A busy gateway takes its time; where nobody listens, that is known at once. */
const ANSWER_MS = 1_000;
const NO_OPTIONS = { text: () => null };

/** A readiness document, or null: nobody is there, or somebody who does not talk to us and why. */
export interface Readiness {
  readonly told: JsonObject | null;
  readonly refusal: string | null;
}

/** Asks the gateway of this config how ready it is, with the config's own credential. */
export async function askReadiness(known: KnownGateway): Promise<Readiness> {
  const answer = await askGateway(healthPlaceOf(known, NO_OPTIONS), { path: "/readyz", timeoutMs: ANSWER_MS });
  if (isUnreached(answer)) return { told: null, refusal: answer.exit === EXIT.refused ? answer.problem : null };
  const { body } = answer;
  // Everything else may listen there.
  return { told: isJsonObject(body) && "ready" in body ? body : null, refusal: null };
}

/** Where the gateway of this config listens for its own machine. */
export function gatewayPlace(known: KnownGateway): string {
  return healthPlaceOf(known, NO_OPTIONS).url.host;
}

/** Asks the gateway of this config; never rejects. */
export async function gatewayHealth(known: KnownGateway): Promise<Heard> {
  const { snapshot } = known;
  const place = gatewayPlace(known);
  const { told, refusal } = await askReadiness(known);
  if (told === null) return { health: null, note: `${refusal ?? `no running gateway at ${place}`}: health unknown` };
  const { revision, notReady, learned } = told;
  if (!Array.isArray(notReady)) {
    return { health: null, note: `the gateway at ${place} tells its health only to its own token: health unknown` };
  }
  const health = {
    gateway: place,
    revision: String(revision),
    notReady: notReady as unknown as readonly NotReadyLine[],
    learned: Array.isArray(learned) ? (learned as unknown as readonly LearnedRemedies[]) : [],
  };
  const stale = health.revision === snapshot.revision ? "" : ", which runs with another revision of this config";
  return { health, note: `gateway at ${place}${stale}` };
}
