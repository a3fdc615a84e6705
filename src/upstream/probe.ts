// Asks a server on this host for its models, at start-up, to find local model servers that nobody configured.
import { Client } from "undici";
import { isJsonObject, type Json, parseJson } from "../core/json.ts";
import { guardedConnector } from "./connector.ts";
import { LOOPBACK_ONLY } from "./guard.ts";
import { systemLookup } from "./name-cache.ts";

const BODY_BYTES_MAX = 1_048_576;

/** The ids of `{ data: [{ id }] }` or a bare list of such entries; null for anything else. */
function modelIds(body: Json | undefined): string[] | null {
  const list = isJsonObject(body) ? body["data"] : body;
  if (!Array.isArray(list)) return null;
  const ids = list.map((entry: Json) => (isJsonObject(entry) ? entry["id"] : null));
  return ids.every((id) => typeof id === "string") ? ids : null;
}

/** A client for one question to a server on this host. */
function loopbackClient(origin: string, timeoutMs: number): Client {
  return new Client(origin, {
    maxResponseSize: BODY_BYTES_MAX,
    connect: guardedConnector({
      policy: LOOPBACK_ONLY,
      connectTimeoutMs: timeoutMs,
      tls: null,
      resolve: systemLookup,
    }),
  });
}

async function ask({ origin, pathname, search }: URL, timeoutMs: number): Promise<string[] | null> {
  const client = loopbackClient(origin, timeoutMs);
  try {
    const answer = await client.request({
      method: "GET",
      path: `${pathname}${search}`,
      headers: { accept: "application/json", "accept-encoding": "identity" },
      signal: AbortSignal.timeout(timeoutMs),
    });
    return answer.statusCode === 200 ? modelIds(parseJson(await answer.body.text())) : null;
  } finally {
    await client.destroy();
  }
}

/**
 * The model ids that a server on this host lists at `url` (GET, `/v1/models` and the like), or null: nobody there, not
 * 200, no such list, more than 1 MiB, later than `timeoutMs`. Addresses other than loopback are never dialled.
 */
export async function probeModels(url: string, timeoutMs: number): Promise<string[] | null> {
  const target = URL.parse(url);
  if (target === null) return null;
  // Whatever goes wrong means the same: there is no model server to be used.
  return await ask(target, timeoutMs).catch(() => null);
}
