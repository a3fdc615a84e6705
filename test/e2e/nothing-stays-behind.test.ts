// A storm of requests in which providers and clients do everything wrong that they can, by a seed; then nothing is under way any more,
// and the next request is answered. Inside the test's own process, because only there can be counted what nobody shows.
import { expect, it } from "vitest";
import { dispositionOf } from "../../src/core/failure.ts";
import * as play from "../support/behaviours.ts";
import { chainConfig } from "../support/edge-config.ts";
import { House } from "../support/house.ts";
import { startProvider } from "../support/provider.ts";
import type { RawClient } from "../support/raw.ts";
import { seeded } from "../support/rechunk.ts";
import { polled } from "../support/wait.ts";
import { COMPLETE, HOLD, head, raw, repeat, RESET, wait, write } from "../support/script.ts";

const SEEDS = [1, 2];
const REQUESTS = 200;
const AT_ONCE = 30;
const AGENTS = 12;
const DAY_MS = 86_400_000;
const SSE = [["content-type", "text/event-stream"]] as const;
const QUICK = { commitSeconds: 0.3, wholeSeconds: 0.4, idleSeconds: 0.3, connectSeconds: 0.3 };

type Random = () => number;

function oneOf<T>(random: Random, all: readonly T[]): T {
  return all[Math.floor(random() * all.length)] as T;
}

/** TABLE: what a provider may do. */
const PROVIDERS: readonly ((random: Random) => play.Behaviour)[] = [
  () => play.answer(),
  () => play.answer({ paceMs: 5 }),
  (random) => play.answer({ headMs: random() * 80 }),
  () => play.answer({ pieces: (bytes) => Array.from(bytes, (_, at) => bytes.subarray(at, at + 1)) }),
  () => play.encoded("gzip"),
  () => play.encoded("zstd"),
  () => play.silent(),
  () => play.silentAfterHead(),
  (random) => play.stallAfter(Math.floor(random() * 5)),
  (random) => play.stallAfter(3, { commentMs: random() * 50 }),
  (random) => play.drop(oneOf(random, ["fin", "reset"])),
  (random) => play.dropWhenReused(oneOf(random, ["fin", "reset"])),
  (random) => play.cutAfter(Math.floor(random() * 900), oneOf(random, ["fin", "reset"])),
  (random) => play.cutAfterDone(oneOf(random, ["fin", "reset"])),
  () => play.badChunkSize(3),
  () => play.longBody(),
  () => play.interim(103),
  () => play.surplus(),
  () => play.thenClose("fin"),
  () => play.afterDone(),
  () => play.errorFirst(),
  () => play.errorAfter(3),
  () => play.errorIn200(),
  () => play.nothing("no-events"),
  () => play.oldHttp(),
  () => play.flood(2_000_000),
  (random) => play.status(oneOf(random, [400, 404, 413, 429, 500, 503, 529])),
  () => () => [head(429, [["retry-after", "1"]]), write('{"error":'), HOLD],
  () => () => [head(503), write('{"error":'), RESET],
  (random) => (request) => [wait(random() * 60), ...play.answer()(request), HOLD],
  () => (request) => [
    head(200, SSE),
    ...play.streamEvents(request).map(write),
    repeat([write("x".repeat(65_536))], 40),
  ],
  () => (request) => [...play.answer()(request), COMPLETE, raw("HTTP/1.1 ")],
];

/** What a client may do once its request is sent. */
type Leaving = (client: RawClient, random: Random) => Promise<void>;

/** An answer that passes for something else. */
class Lie extends Error {}

const napping = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
/** The one that looks at what it gets: an answer that is whole or says that it is not, never both and never neither. */
const toTheEnd: Leaving = async (client) => {
  const { body, complete, status, headers } = await client.response();
  const text = body.toString();
  const isStream = headers["content-type"]?.startsWith("text/event-stream") === true;
  const ends = isStream ? /\[DONE\]|event: response\.completed|event: message_stop/.test(text) : status === 200;
  const fails = /"error":\{|event: (?:error|response\.failed)/.test(text);
  if (!complete || ends === fails) throw new Lie(`${status}, ${complete ? "complete" : "cut"}: …${text.slice(-500)}`);
};

/** TABLE: what a client may do. */
const CLIENTS: readonly Leaving[] = [
  toTheEnd,
  toTheEnd,
  toTheEnd,
  async (client) => client.close(),
  async (client, random) => {
    await napping(random() * 120);
    client.reset();
  },
  async (client, random) => {
    await napping(random() * 400);
    client.close();
  },
  async (client) => {
    await client.until((bytes) => bytes.length > 0, "a byte").catch(() => {});
    client.reset();
  },
  async (client, random) => {
    client.pause();
    await napping(random() * 500);
    client.resume();
    await client.response();
  },
  async (client, random) => {
    client.pause();
    await napping(random() * 300);
    client.close();
  },
  async (client) => {
    client.finish();
    await client.ended();
  },
  async (client) => {
    await client.send("\r\nthis is no request\r\n\r\n");
    await client.ended();
  },
];

/** One request of the storm; what the client sees of it is other tests' concern. */
async function ask(house: House, random: Random): Promise<void> {
  using client = await house.connect();
  const path = oneOf(random, ["/v1/chat/completions", "/v1/responses", "/v1/messages"]);
  const input = path === "/v1/responses" ? { input: "hi", messages: undefined } : { max_tokens: 9 };
  const model = `openclaw/x${Math.floor(random() * AGENTS)}`;
  const bytes = house.chat({ model, stream: random() < 0.7, ...input }, path);
  const fate = random();
  if (fate < 0.06) await client.send(bytes.subarray(0, bytes.length - Math.ceil(random() * 40)));
  else if (fate < 0.14) await client.send(Buffer.concat([bytes, bytes]));
  else await client.send(bytes);
  if (fate < 0.06) client.close();
  else await oneOf(random, CLIENTS)(client, random).catch(unlessLie);
}

/** Some are cut before they have an answer. */
function unlessLie(error: unknown): void {
  if (error instanceof Lie) throw error;
}

async function storm(house: House, random: Random): Promise<void> {
  let left = REQUESTS;
  const one = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      await ask(house, random);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
}

/** A key that is refused a day later may be tried again a second after that, unless somebody still holds the place of the one who tries. */
function heldBack({ snapshot, health }: House): string[] {
  const at = performance.now() + DAY_MS;
  const held: string[] = [];
  const refusal = {
    probe: false,
    afterCommit: false,
    was: "failed",
    statedMs: null,
    learns: null,
    at,
    startedAt: at,
  } as const;
  for (const target of snapshot.targets.values()) {
    const { id, provider, cooldowns: settings } = target;
    if (health.isFull(target)) held.push(`${id} is full`);
    if (!health.mayRepeat(provider, 0, at)) held.push(`${provider} counts repeats under way`);
    for (const credential of target.credentials) {
      const whose = { provider, target: id, credential: credential.id, fingerprint: credential.fingerprint, settings };
      health.fold({ ...refusal, ...whose, disposition: dispositionOf("auth") });
      const standing = health.standing(target, credential, at + 2_000);
      if (standing.is !== "out" || !standing.mayProbe) held.push(`the probe of ${id} with ${credential.id}`);
    }
  }
  return held;
}

/** Many small chains, so that what one has to suffer leaves others whole: two keys, hedges, pauses, an early head, quick clocks. */
function stormConfig(url: string): object {
  const names = Array.from({ length: 3 * AGENTS }, (_, index) => `p${index}`);
  const twoKeys = { url, more: { apiKey: ["sk-upstream-one", "sk-upstream-two"] } };
  const base = chainConfig(Object.fromEntries(names.map((name, index) => [name, index % 3 === 0 ? twoKeys : url])));
  const list = Array.from({ length: AGENTS }, (_, index) => {
    const [primary, ...fallbacks] = names.slice(3 * index, 3 * index + 3).map((name) => `${name}/m`);
    return { id: `x${index}`, model: { primary, fallbacks } };
  });
  return {
    ...base,
    agents: { defaults: { model: { primary: "p0/m" } }, list },
    auth: { cooldowns: { overloadedBackoffMs: 20 } },
    edge: {
      hedge: { afterMs: 40, share: 0.5 },
      failover: { sameProviderShare: 1 },
      stream: { headersAfterSeconds: 0.2, keepAliveSeconds: 0.1 },
      // Clients share their loop with the product here: one that is slow to read must not be taken for one that does not.
      timeouts: { ...QUICK, writeIdleSeconds: 5, deadlineSeconds: 1.5 },
    },
  };
}

async function isAnswered(house: House): Promise<boolean> {
  using client = await house.connect();
  await client.send(house.chat({ model: "openclaw/x0" }));
  const { status, body } = await client.response();
  return status === 200 && body.includes("[DONE]");
}

it.each(SEEDS)(
  "after a storm of the seed %i nothing is under way, and what comes then is answered",
  async (seed) => {
    const random = seeded(seed);
    await using provider = await startProvider();
    provider.on("m", (request) => oneOf(random, PROVIDERS)(random)(request));
    await using house = await House.open(stormConfig(provider.url));
    await storm(house, random);
    await house.idle();
    expect(house.bugs).toEqual([]);
    provider.on("m", play.answer());
    // What cools is asked by one request a second.
    await polled(() => isAnswered(house), "an answer");
    await house.idle();
    await house.http.close();
    await provider.idle();
    expect(heldBack(house)).toEqual([]);
  },
  30_000,
);
