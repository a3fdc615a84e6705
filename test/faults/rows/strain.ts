// 3.4, 3.6 and 3.8: doors with settings of their own, and a process that runs short of files, memory and time.
import { createServer, type Server } from "node:net";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import * as does from "../../support/behaviours.ts";
import { chainConfig } from "../../support/edge-config.ts";
import type { Edge, EdgeOptions } from "../../support/edge.ts";
import { REFUSING_URL } from "../../support/provider.ts";
import { RawClient, requestBytes } from "../../support/raw.ts";
import { polled, within } from "../../support/wait.ts";
import { gatewayOf } from "../adapters/openclaw-edge.ts";
import { actorConfig, withEdge, apart, type ApartRow } from "../apart.ts";
import { type Bench, patiently } from "../bench.ts";
import { many, percentile, unless } from "../client.ts";
import { PATIENCE, WELL } from "../names.ts";
import { chatBytes } from "../request.ts";
import type { FlowRow, Measured } from "../row.ts";
import { readSamples, sumOf } from "../samples.ts";

const OUR_DOOR = "it needs a setting of the product's door";
const OUR_PROCESS = "it is about the product's own process";
const CALL = { messages: [{ role: "user", content: "hi" }] };
const CHAT = "/v1/chat/completions";
const MiB = 1_048_576;

interface Strained extends ApartRow {
  readonly more?: object;
  readonly options?: Omit<EdgeOptions, "config">;
  readonly onlyHere?: string;
  readonly play: (edge: Edge, bench: Bench) => Promise<readonly string[] | Measured>;
}

function strained({ more = {}, options = {}, onlyHere = OUR_PROCESS, play, ...row }: Strained): FlowRow {
  const actor = row.id.toLowerCase();
  return apart(row, {
    onlyHere,
    play: (bench) => withEdge({ ...options, config: actorConfig(bench, actor, more) }, (edge) => play(edge, bench)),
  });
}

/** The statuses of guesses, one after the other. */
async function guesses(
  edge: Edge,
  count: number,
  headersOf: (at: number) => Record<string, string>,
): Promise<number[]> {
  const statuses: number[] = [];
  for (let at = 0; at < count; at += 1) {
    const headers = { authorization: `Bearer guess-${at}`, ...headersOf(at) };
    statuses.push((await edge.get("/v1/models", headers)).status);
  }
  return statuses;
}

const LIMIT = { maxAttempts: 10, windowMs: 60_000, lockoutMs: 1_500, exemptLoopback: false };
const LOCKED = { gateway: { auth: { rateLimit: LIMIT } } };
const PROXY = {
  mode: "trusted-proxy",
  trustedProxy: { userHeader: "x-user", requiredHeaders: ["x-proxy"], allowUsers: ["ann"] },
};

/** What callers of mode `trusted-proxy` show, and what they hear. */
const IDENTITIES: readonly (readonly [fields: string, status: number])[] = [
  ["x-user: ann\r\nx-proxy: 1", 200],
  ["x-user: ann", 401],
  ["x-proxy: 1", 401],
  ["x-user: \r\nx-proxy: 1", 401],
  ["x-user: ann\r\nx-user: ann\r\nx-proxy: 1", 401],
  ["x-user: bob\r\nx-proxy: 1", 401],
  ["x-user: ann\r\nx-proxy: ", 401],
];

async function statusOf(edge: Edge, fields: string): Promise<number> {
  using client = await RawClient.connect(edge.url);
  await client.send(`GET /v1/models HTTP/1.1\r\nhost: 127.0.0.1\r\n${fields}\r\n\r\n`);
  return (await client.response()).status;
}

function trusting(id: string, says: string, allowLoopback: boolean, proxy = "127.0.0.1"): FlowRow {
  const trustedProxy = { ...PROXY.trustedProxy, allowLoopback };
  const gateway = { auth: { ...PROXY, trustedProxy }, trustedProxies: [proxy] };
  const isTrusted = allowLoopback && proxy === "127.0.0.1";
  return strained({
    id,
    says,
    wants: isTrusted ? "one allowed identity with the proxy's headers passes, nothing else" : "nobody passes",
    onlyHere: OUR_DOOR,
    more: { gateway },
    options: { env: { OPENCLAW_GATEWAY_TOKEN: null } },
    play: async (edge) => {
      const problems: string[] = [];
      for (const [fields, status] of IDENTITIES) {
        const wanted = isTrusted ? status : 401;
        const seen = await statusOf(edge, fields);
        problems.push(...unless(seen === wanted, `${JSON.stringify(fields)}: ${seen} instead of ${wanted}`));
      }
      return problems;
    },
  });
}

/** A server that takes connections and never says a word. */
async function mute(): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer((socket) => socket.on("error", () => socket.destroy()).resume()).listen(0, "127.0.0.1");
  await once(server, "listening");
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}`, server };
}

async function connected(edge: Edge, count: number): Promise<RawClient[]> {
  return Promise.all(Array.from({ length: count }, () => RawClient.connect(edge.url)));
}

async function isHealthy(edge: Edge): Promise<boolean> {
  return fetch(`${edge.url}/healthz`).then(
    ({ status }) => status === 200,
    () => false,
  );
}

async function isAnswered(edge: Edge): Promise<boolean> {
  return edge.post(CHAT, CALL).then(
    ({ status }) => status === 200,
    () => false,
  );
}

/** Slow heads and bodies beside requests that must not feel them; all of them must be ended by their clocks. */
async function slowloris(edge: Edge, bench: Bench, beginning: string): Promise<Measured> {
  bench.on("c42", does.answer());
  bench.on("c43", does.answer());
  const clients = await connected(edge, 40);
  for (const client of clients) if (beginning !== "") await client.send(beginning);
  const startedAt = performance.now();
  const drip = setInterval(() => {
    for (const client of clients) if (beginning !== "" && client.ending === "open") void client.send("x");
  }, 1_000);
  try {
    const times = (await many(bench, 20, WELL)).map(({ ms }) => ms);
    await within(Promise.all(clients.map((client) => client.ended())), "slow clients to be ended", 100_000);
    const seconds = (performance.now() - startedAt) / 1_000;
    const p95 = percentile(times, 0.95);
    const seen = `the last was ended after ${seconds.toFixed(0)} s; p95 of others ${p95.toFixed(0)} ms`;
    return { seen, problems: unless(seconds < 85 && p95 < 1_500 * PATIENCE, seen) };
  } finally {
    clearInterval(drip);
    for (const client of clients) client.close();
  }
}

/** A collector that is no help, calls that make spans for it, and what must be counted of that. */
interface Exporting extends Pick<FlowRow, "id" | "says" | "wants"> {
  readonly calls: number;
  readonly counts: Readonly<Record<string, string>>;
  readonly collector: typeof mute;
}

function exporting({ calls, counts, collector: open, ...row }: Exporting): FlowRow {
  const actor = row.id.toLowerCase();
  const isTold = async (edge: Edge): Promise<boolean> => {
    const text = await (await edge.get("/api/diagnostics/prometheus")).text();
    return sumOf(readSamples(text), "openclaw_telemetry_exporter_total", counts) > 0;
  };
  const play = async (edge: Edge): Promise<Measured> => {
    const statuses = new Set<number>();
    for (let left = calls; left > 0; left -= 50) {
      const some = await Promise.all(Array.from({ length: 50 }, () => edge.post(CHAT, CALL)));
      for (const { status } of some) statuses.add(status);
    }
    await polled(() => isTold(edge), `a count of exports: ${JSON.stringify(counts)}`);
    const startedAt = performance.now();
    edge.child.signal("SIGTERM");
    const code = await within(edge.child.exited, "the end", 2_000 * PATIENCE);
    return {
      seen: `gone after ${(performance.now() - startedAt).toFixed(0)} ms`,
      problems: [
        ...unless(statuses.size === 1 && statuses.has(200), `statuses ${[...statuses].join(", ")}`),
        ...unless(code === 0, `exit code ${code}`),
      ],
    };
  };
  return apart(row, {
    onlyHere: OUR_PROCESS,
    play: async (bench) => {
      const collector = await open();
      bench.on(actor, does.answer());
      const otel = { enabled: true, endpoint: collector.url, flushIntervalMs: 1_000 };
      const config = actorConfig(bench, actor, { diagnostics: { otel } });
      try {
        return await withEdge({ config }, play);
      } finally {
        collector.server.close();
      }
    },
  });
}

const STALL = `const t = Date.now(); while (Date.now() - t < 900);`;
const STALLS = `--import=data:text/javascript,${encodeURIComponent(
  `process.on("SIGUSR2", () => { let n = 0; const go = () => { ${STALL} if (++n < 8) setTimeout(go, 5); }; go(); });`,
)}`;

/** The rows. */
export const STRAIN: readonly FlowRow[] = [
  strained({
    id: "A11",
    says: "somebody guesses 25 tokens",
    wants: "429 with Retry-After from the eleventh on, also for the right one; after the lockout it is let in",
    more: LOCKED,
    onlyHere: OUR_DOOR,
    play: async (edge) => {
      const statuses = await guesses(edge, 25, () => ({}));
      const locked = await edge.get("/v1/models");
      const wait = Number(locked.headers.get("retry-after"));
      await polled(async () => (await edge.get("/v1/models")).status === 200, "the lockout to end");
      return [
        ...unless(statuses.indexOf(429) === 10 && statuses[0] === 401, `429 at guess ${statuses.indexOf(429) + 1}`),
        ...unless(locked.status === 429 && wait >= 1, `${locked.status}, Retry-After ${wait}`),
      ];
    },
  }),
  strained({
    id: "A12",
    says: "somebody guesses under another address in X-Forwarded-For each time",
    wants: "the same bucket for all",
    more: LOCKED,
    onlyHere: OUR_DOOR,
    play: async (edge) => {
      const statuses = await guesses(edge, 25, (at) => ({
        "x-forwarded-for": `203.0.113.${at}`,
        "x-real-ip": `10.0.0.${at}`,
      }));
      return unless(statuses.indexOf(429) === 10, `429 at guess ${statuses.indexOf(429) + 1}`);
    },
  }),
  strained({
    id: "A12b",
    says: "somebody guesses under another address each time, and the proxy in front is trusted",
    wants: "a bucket for each address; the addresses that a client itself writes to the left of it count for nothing",
    more: { gateway: { ...LOCKED.gateway, trustedProxies: ["127.0.0.1"] } },
    onlyHere: OUR_DOOR,
    play: async (edge) => {
      const each = await guesses(edge, 25, (at) => ({ "x-forwarded-for": `203.0.113.${at}` }));
      const one = await guesses(edge, 25, (at) => ({ "x-forwarded-for": `203.0.113.${at}, 198.51.100.7` }));
      return [
        ...unless(!each.includes(429), `429 at guess ${each.indexOf(429) + 1} of different addresses`),
        ...unless(one.indexOf(429) === 10, `429 at guess ${one.indexOf(429) + 1} of one address`),
      ];
    },
  }),
  trusting("P20", "mode trusted-proxy, the peer is loopback and the file does not allow that", false),
  trusting("P20b", "mode trusted-proxy, and the peer is none of the proxies of the file", true, "192.0.2.1"),
  trusting("P21", "mode trusted-proxy with identities missing, empty, doubled and unknown", true),
  {
    id: "X04",
    says: "HTTP_PROXY and HTTPS_PROXY stand in the environment",
    wants: "nobody goes through them",
    actors: [],
    apart: true,
    onlyHere: OUR_PROCESS,
    play: async (bench) => {
      const proxy = await mute();
      const asked: unknown[] = [];
      proxy.server.on("connection", (socket) => asked.push(socket));
      const env = Object.fromEntries(
        ["HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy", "ALL_PROXY"].map((name) => [name, proxy.url]),
      );
      bench.on("x04", does.answer());
      try {
        return await withEdge({ config: actorConfig(bench, "x04"), env }, async (edge) => {
          const { status } = await edge.post(CHAT, CALL);
          return [...unless(status === 200, `status ${status}`), ...unless(asked.length === 0, "the proxy was asked")];
        });
      } finally {
        proxy.server.close();
      }
    },
  },
  strained({
    id: "C42",
    says: "40 clients send their heads a letter a second",
    wants: "ended by the head clock; others do not feel them",
    slow: true,
    play: (edge, bench) => slowloris(edge, bench, `POST ${CHAT} HTTP/1.1\r\nhost: 127.0.0.1\r\nx-slow: `),
  }),
  strained({
    id: "C42b",
    says: "40 clients send their bodies a letter a second",
    wants: "ended by the body clock; others do not feel them",
    slow: true,
    more: { edge: { timeouts: { bodySeconds: 10 } } },
    play: (edge, bench) => {
      const headers = { ...edge.headers(), "content-length": "5000" };
      return slowloris(edge, bench, requestBytes({ path: CHAT, headers, body: "{" }).toString());
    },
  }),
  strained({
    id: "C43",
    says: "40 clients connect and say nothing",
    wants: "ended; others do not feel them",
    slow: true,
    play: (edge, bench) => slowloris(edge, bench, ""),
  }),
  {
    id: "P17",
    slow: true,
    says: "the file has 3000 providers",
    wants: "it starts, answers from the last of them, and dials nobody else",
    actors: [],
    apart: true,
    onlyHere: "it is about the product's own file",
    play: async (bench) => {
      const nobody = await mute();
      const dialled: unknown[] = [];
      nobody.server.on("connection", (socket) => dialled.push(socket));
      const names = Array.from({ length: 3_000 }, (_, at) => `p17-${at}`);
      const urls = names.map((name, at) => [name, at === 2_999 ? bench.healthy.url : nobody.url] as const);
      const config = chainConfig(Object.fromEntries(urls), {
        agents: { defaults: { model: { primary: "p17-2999/m" } } },
      });
      const startedAt = performance.now();
      try {
        return await withEdge({ config }, async (edge) => {
          const ms = performance.now() - startedAt;
          const seen = `ready after ${ms.toFixed(0)} ms`;
          const { status } = await edge.post(CHAT, CALL);
          return {
            seen,
            problems: [
              ...unless(status === 200, `status ${status}`),
              ...unless(ms < 10_000 * PATIENCE, seen),
              ...unless(dialled.length === 0, `${dialled.length} connections to others`),
            ],
          };
        });
      } finally {
        nobody.server.close();
      }
    },
  },
  strained({
    id: "P18",
    says: "400 clients connect and wait; the process may open 160 files",
    wants: "health and calls are answered; it lives",
    options: { openFiles: 160 },
    play: async (edge, bench) => {
      bench.on("p18", does.answer());
      const clients = await connected(edge, 400);
      await polled(() => isHealthy(edge), "health");
      await polled(() => isAnswered(edge), "an answer");
      for (const client of clients) client.close();
      return unless(edge.child.code === null && (await isAnswered(edge)), "it does not recover");
    },
  }),
  strained({
    id: "P18b",
    says: "100 calls hang; the process may open 160 files",
    wants: "health is answered; the calls above the cap hear 503 or are ended; then it recovers",
    options: { openFiles: 160 },
    play: async (edge, bench) => {
      bench.on("p18b", does.silent());
      const clients = await connected(edge, 100);
      const bytes = chatBytes(gatewayOf(edge), "main", { body: { model: "openclaw" } });
      await Promise.all(clients.map((client) => client.send(bytes)));
      await polled(() => isHealthy(edge), "health");
      const heads = clients.map((client) => client.received.toString("latin1", 0, 12));
      const told = heads.filter((head) => head === "HTTP/1.1 503").length;
      for (const client of clients) client.close();
      bench.on("p18b", does.answer());
      await polled(() => isAnswered(edge), "an answer");
      const logged = edge.child.lines.some((line) => line.includes("EMFILE"));
      return { seen: `${told} heard 503`, problems: unless(!logged && edge.child.code === null, "EMFILE") };
    },
  }),
  strained({
    id: "X20",
    says: "200 clients keep idle connections; the process may open 160 files",
    wants: "as many as the open-file limit allows; the others are ended",
    options: { openFiles: 160 },
    play: async (edge) => {
      const clients = await connected(edge, 200);
      await polled(() => isHealthy(edge), "health");
      await polled(
        async () => clients.filter(({ ending }) => ending === "open").length <= 56,
        "the others to be ended",
      );
      const open = clients.filter(({ ending }) => ending === "open").length;
      for (const client of clients) client.close();
      return { seen: `${open} of 200 stay`, problems: [] };
    },
  }),
  exporting({
    id: "P19",
    says: "the collector of telemetry takes connections and never answers",
    wants: "requests do not feel it; exports that find no room are counted; the exit is not delayed by more than 2 s",
    calls: 2_400,
    counts: { signal: "traces", status: "dropped" },
    collector: mute,
  }),
  exporting({
    id: "P19b",
    says: "nobody listens where the collector of telemetry should be",
    wants: "requests do not feel it; exports that fail are counted; the exit is not delayed by more than 2 s",
    calls: 50,
    counts: { signal: "traces", status: "failure" },
    collector: async () => ({ url: REFUSING_URL.replace("/v1", ""), server: createServer() }),
  }),
  strained({
    id: "P23",
    says: "twelve bodies of 4 MiB come at once",
    wants: "small requests meanwhile have a p95 below 2 s",
    play: async (edge, bench) => {
      bench.on("p23", does.answer());
      const big = { messages: [{ role: "user", content: "x".repeat(4 * MiB) }] };
      const bigs = Array.from({ length: 12 }, () => edge.post(CHAT, big).then(({ status }) => status));
      const times: number[] = [];
      for (let turn = 0; turn < 20; turn += 1) {
        const startedAt = performance.now();
        await edge.post(CHAT, CALL);
        times.push(performance.now() - startedAt);
      }
      const statuses = await Promise.all(bigs);
      const p95 = percentile(times, 0.95);
      const seen = `p95 ${p95.toFixed(0)} ms`;
      return {
        seen,
        problems: [
          ...unless(p95 < 2_000 * PATIENCE, seen),
          ...unless(
            statuses.every((each) => each === 200),
            `${statuses}`,
          ),
        ],
      };
    },
  }),
  strained({
    id: "P26",
    says: "forty bodies of 15 MiB come at once to a heap of 256 MiB",
    wants: "200, or 503 gateway_overloaded with Retry-After; never out of memory",
    options: { env: { NODE_OPTIONS: "--max-old-space-size=256" } },
    play: async (edge, bench) => {
      bench.on("p26", does.answer());
      const body = Buffer.from(JSON.stringify({ messages: [{ role: "user", content: "x".repeat(15 * MiB) }] }));
      const bytes = requestBytes({ path: CHAT, headers: edge.headers(), body });
      const ask = async (): Promise<string> => {
        using client = await RawClient.connect(edge.url);
        await client.send(bytes);
        const { status, headers } = await patiently(client);
        return status === 503 && headers["retry-after"] === undefined ? "503 without a wait" : String(status);
      };
      const statuses = await within(Promise.all(Array.from({ length: 40 }, ask)), "40 answers", 100_000);
      const count = (status: string): number => statuses.filter((each) => each === status).length;
      // The last of the storm may still be in its ears: turned away once more is not dead.
      const alive = await polled(() => isAnswered(edge), "an answer behind them").then(
        () => edge.child.code === null,
        () => false,
      );
      const seen = `${count("200")} answered, ${count("503")} turned away`;
      const isRight = count("200") + count("503") === 40 && count("200") > 0 && alive;
      return { seen, problems: unless(isRight, `${[...new Set(statuses)].join(", ")}; alive: ${alive}`) };
    },
  }),
  strained({
    id: "X41",
    says: "the event loop stalls for seconds",
    wants: "new calls hear 503 with Retry-After; a stream goes on; health answers; then calls are taken again",
    slow: true,
    options: { env: { NODE_OPTIONS: STALLS } },
    play: async (edge, bench) => {
      bench.on("x41", does.answer({ texts: Array.from({ length: 60 }, () => "x "), paceMs: 250 }));
      const stream = edge.post(CHAT, { ...CALL, stream: true }).then((response) => response.text());
      await sleep(500);
      edge.child.signal("SIGUSR2");
      let shed: Response | null = null;
      bench.on("x41", does.answer());
      await polled(
        async () => {
          const response = await edge.post(CHAT, CALL);
          if (response.status === 503) shed = response;
          return shed !== null;
        },
        "a call to be turned away",
        30_000,
      );
      const wait = Number((shed as Response | null)?.headers.get("retry-after"));
      const healthy = await isHealthy(edge);
      const text = await stream;
      await polled(() => isAnswered(edge), "calls to be taken again", 30_000);
      return [
        ...unless(wait >= 1 && healthy, `Retry-After ${wait}; healthy: ${healthy}`),
        ...unless(text.includes("[DONE]"), "the stream was cut"),
      ];
    },
  }),
];
