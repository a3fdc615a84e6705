// The status page's document, asked of a gateway with its credential. Texts of another process are made fit for a terminal here.
import { isJsonObject, type Json } from "../../core/json.ts";
import type { Feed } from "../../server/status/feed.ts";
import { EXIT } from "../command.ts";
import { askGateway, type GatewayPlace, isUnreached } from "../gateway-client.ts";

/** No picture: why, and whether it is worth asking again. */
export interface Unseen {
  readonly problem: string;
  readonly exit: number;
  /** True when the gateway answered and asking again would bring the same. */
  readonly isFinal: boolean;
}

/** True when there is no picture. */
export function isUnseen(seen: Feed | Unseen): seen is Unseen {
  return "problem" in seen;
}

/** Controls and marks that turn text round: nothing that a gateway says may move the cursor. */
const CONTROLS = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Asks once; never rejects for what the other side does. */
export async function askFeed(place: GatewayPlace, timeoutMs: number): Promise<Feed | Unseen> {
  const answer = await askGateway(place, { path: "/status.json", timeoutMs });
  if (isUnreached(answer)) return { ...answer, isFinal: false };
  const { status, body } = answer;
  if (status === 200 && isFeed(body)) return JSON.parse(JSON.stringify(body), harmless) as Feed;
  const final = status < 500 || status === 200;
  const exit = status === 401 || status === 403 ? EXIT.refused : EXIT.failed;
  return { problem: `${place.url.origin}/status.json: ${wordsOf(status, body)}`, exit, isFinal: final };
}

function isFeed(body: Json | undefined): boolean {
  if (!isJsonObject(body)) return false;
  return isJsonObject(body["gauges"]) && ["chains", "running", "rows"].every((name) => Array.isArray(body[name]));
}

function harmless(_name: string, value: unknown): unknown {
  return typeof value === "string" ? value.replaceAll(CONTROLS, "") : value;
}

/** What went wrong, for people. */
function wordsOf(status: number, body: Json | undefined): string {
  if (status === 200) return "what answers there is no gateway of this kind";
  if (status === 404) return "status 404; a gateway's page may be switched off (edge.statusPage.enabled)";
  const error = isJsonObject(body) && isJsonObject(body["error"]) ? body["error"] : {};
  const message = error["message"];
  return typeof message === "string" ? `status ${status}: ${harmless("", message)}` : `status ${status}`;
}
