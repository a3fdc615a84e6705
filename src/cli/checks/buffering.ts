// Does something in front of the gateway hold streams back? One real streamed request through it: parts that were written one by one
// and come all at once were held.
import { once } from "node:events";
import { type IncomingMessage, request } from "node:http";
import { request as requestOverTls } from "node:https";
import { bearer } from "../bearer.ts";
import { fail, type Finding, ok, warn } from "./finding.ts";

/** Where clients come in, and how. */
export interface FrontDoor {
  readonly url: URL;
  /** A name that they can ask for. */
  readonly model: string;
  readonly secret: string | null;
}

/** When the parts of an answer came, in milliseconds since the request. */
interface Arrivals {
  readonly status: number;
  readonly at: readonly number[];
}

const TIMEOUT_MS = 60_000;
/** A shorter answer tells nothing: it would have come at once anyway. */
const TELLING_MS = 400;
/** The part of the whole time in which everything came, when it was held. */
const BURST_SHARE = 0.1;
const PROMPT = "Count from 1 to 40 in words, one number a line.";
const FIX = "nginx: proxy_buffering off; other proxies: switch response buffering and compression off for /v1";

/** One line; costs one short answer. */
export async function buffering(door: FrontDoor): Promise<Finding> {
  const arrivals = await arrivalsOf(door).catch(
    (error: unknown) => (error as NodeJS.ErrnoException).code ?? String(error),
  );
  const where = door.url.origin;
  if (typeof arrivals === "string") return fail("buffering", `${where} cannot be reached (${arrivals})`, "check --url");
  const { status, at } = arrivals;
  if (status !== 200)
    return fail("buffering", `${where} answered ${status}`, "--url is the address that clients use, with its token");
  const [first = 0] = at;
  const last = at.at(-1) ?? 0;
  if (last < TELLING_MS || at.length === 0)
    return ok("buffering", `${where}: the answer was there after ${Math.round(last)} ms, too soon to tell`);
  const words = `${where}: first part after ${Math.round(first)} ms, last after ${Math.round(last)} ms, ${at.length} parts`;
  return last - first < last * BURST_SHARE
    ? warn("buffering", `${words}: streams are held back`, FIX)
    : ok("buffering", words);
}

async function arrivalsOf({ url, model, secret }: FrontDoor): Promise<Arrivals> {
  const at = new URL(`${url.pathname.replace(/\/+$/, "")}/v1/chat/completions`, url);
  const asking = (at.protocol === "https:" ? requestOverTls : request)(at, {
    method: "POST",
    agent: false,
    signal: AbortSignal.timeout(TIMEOUT_MS),
    headers: { "content-type": "application/json", ...bearer(secret) },
  });
  const startedAt = performance.now();
  asking.end(JSON.stringify({ model, stream: true, messages: [{ role: "user", content: PROMPT }] }));
  const [response] = (await once(asking, "response")) as [IncomingMessage];
  const arrivals: number[] = [];
  for await (const _part of response) arrivals.push(performance.now() - startedAt);
  return { status: response.statusCode ?? 0, at: arrivals };
}
