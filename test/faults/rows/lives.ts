// 3.8: how a process leaves, what a crash does, and who may stop reading what it says. Decision 30: SIGTERM 0, second signal 143.
import { readdirSync, statSync } from "node:fs";
import * as does from "../../support/behaviours.ts";
import { chainConfig } from "../../support/edge-config.ts";
import type { Edge } from "../../support/edge.ts";
import { RawClient } from "../../support/raw.ts";
import { readChat } from "../../support/sse.ts";
import { until } from "../../support/script.ts";
import { polled, within } from "../../support/wait.ts";
import { gatewayOf } from "../adapters/openclaw-edge.ts";
import { actorConfig, apart, type ApartRow, withEdge } from "../apart.ts";
import type { Bench } from "../bench.ts";
import { unless } from "../client.ts";
import { KEY_CANARY, PATIENCE } from "../names.ts";
import { chatBytes } from "../request.ts";
import type { FlowRow, Measured } from "../row.ts";
import { readSamples, sumOf } from "../samples.ts";

const OUR_LIFE = "it is about the product's own process";

/** A row with a process of its own in front of a provider of the bench. */
interface Life extends ApartRow {
  readonly more?: object;
  readonly env?: Readonly<Record<string, string>>;
  readonly play: (edge: Edge, bench: Bench, actor: string) => Promise<readonly string[] | Measured>;
}

function life({ more = {}, env = {}, play, ...row }: Life): FlowRow {
  const actor = row.id.toLowerCase();
  return apart(row, {
    onlyHere: OUR_LIFE,
    play: (bench) => withEdge({ config: actorConfig(bench, actor, more), env }, (edge) => play(edge, bench, actor)),
  });
}

/** A client in the middle of a stream. */
async function streaming(edge: Edge): Promise<RawClient> {
  const client = await RawClient.connect(edge.url);
  await client.send(chatBytes(gatewayOf(edge), "main", { shape: "stream", body: { model: "openclaw" } }));
  await client.until((bytes) => bytes.includes("delta"), "content");
  return client;
}

async function isListening(edge: Edge): Promise<boolean> {
  return RawClient.connect(edge.url).then(
    (client) => {
      client.close();
      return true;
    },
    () => false,
  );
}

const drained = (edge: Edge): Promise<unknown> => edge.logged(({ msg }) => msg === "draining", "the drain");

/** A module that waits in the process for a signal, and then does what a bug would. */
const bugOn = (what: string): string =>
  `--import=data:text/javascript,${encodeURIComponent(`process.on("SIGUSR2", () => setImmediate(() => { ${what} }));`)}`;

function crash(id: string, says: string, bug: string): FlowRow {
  return life({
    id,
    says,
    wants: "one line without the secret; the stream finishes; exit code 1",
    env: { NODE_OPTIONS: bugOn(bug) },
    play: async (edge, bench, actor) => {
      bench.on(actor, does.answer({ paceMs: 60 }));
      const client = await streaming(edge);
      edge.child.signal("SIGUSR2");
      const { body } = await client.response();
      client.close();
      const code = await edge.child.exited;
      const told = edge.logs.filter(({ msg }) => String(msg).endsWith("the process ends")).length;
      const { dones, errors } = readChat(body);
      return [
        ...unless(dones === 1 && errors.length === 0, "the stream was cut"),
        ...unless(code === 1, `exit code ${code}`),
        ...unless(told === 1, `told ${told} times`),
      ];
    },
  });
}

/** What is wrong with the rest of a stream, and with the end of the process behind it. */
async function endsWell(client: RawClient, edge: Edge): Promise<readonly string[]> {
  const { body, complete } = await client.response();
  client.close();
  const { dones, errors } = readChat(body);
  const code = await edge.child.exited;
  return [
    ...unless(complete && dones === 1 && errors.length === 0, "the stream was cut"),
    ...unless(code === 0, `exit code ${code}`),
  ];
}

/** Lines of the log that the product counts as lost; the picture of its metrics is a second old at most. */
async function linesDropped(edge: Edge): Promise<number> {
  const text = await (await edge.get("/api/diagnostics/prometheus")).text();
  return sumOf(readSamples(text), "openclaw_edge_log_lines_dropped_total");
}

/** A process whose requests fill several lines of the log with the long words of five providers, none of which is to blame. */
function talkative({ id, play, ...row }: Pick<Life, "id" | "says" | "wants" | "play">): FlowRow {
  const actor = id.toLowerCase();
  const words = { error: { message: "this is going to take a while ".repeat(40) } };
  return apart(
    { id, ...row },
    {
      onlyHere: OUR_LIFE,
      play: (bench) => {
        bench.on(actor, does.status(409, words));
        const models = [{ id: actor }];
        const entry = { url: bench.failing.url, more: { models } };
        const names = ["a", "b", "c", "d", "e"];
        const chain = chainConfig(Object.fromEntries(names.map((name) => [name, entry])));
        const [primary, ...fallbacks] = names.map((name) => `${name}/${actor}`);
        const config = { ...chain, agents: { defaults: { model: { primary, fallbacks } } } };
        return withEdge({ config }, (edge) => play(edge, bench, actor));
      },
    },
  );
}

/** The rows. */
export const LIVES: readonly FlowRow[] = [
  life({
    id: "P01",
    says: "SIGTERM comes in the middle of a stream",
    wants: "no new connection, the stream completes, exit code 0",
    play: async (edge, bench, actor) => {
      bench.on(actor, does.answer({ paceMs: 60 }));
      const client = await streaming(edge);
      edge.child.signal("SIGTERM");
      await drained(edge);
      const refused = !(await isListening(edge));
      const ends = await endsWell(client, edge);
      return [...unless(refused, "it takes new connections"), ...ends];
    },
  }),
  life({
    id: "P01b",
    says: "SIGTERM comes in the middle of a stream, where the listener is to stay open for three seconds",
    wants:
      "not ready at once; calls are taken and told to close; then no new connection; the stream completes, exit code 0",
    more: { edge: { drain: { preStopSeconds: 3 } } },
    play: async (edge, bench, actor) => {
      const go = Promise.withResolvers<void>();
      const later: does.Behaviour = (request) => {
        const steps = [...does.answer()(request)];
        // The head, the role and the first words.
        return [...steps.slice(0, 3), until(go.promise), ...steps.slice(3)];
      };
      bench.on(actor, (request) => (request.stream ? later : does.answer())(request));
      const client = await streaming(edge);
      edge.child.signal("SIGTERM");
      await drained(edge);
      const ready = await fetch(`${edge.url}/readyz`);
      const call = await edge.post("/v1/chat/completions", CALL);
      const closes = [ready, call].every(({ headers }) => headers.get("connection") === "close");
      await polled(async () => !(await isListening(edge)), "the listener to close");
      go.resolve();
      const ends = await endsWell(client, edge);
      return [
        ...unless(ready.status === 503, `/readyz answers ${ready.status}`),
        ...unless(call.status === 200, `a call behind SIGTERM hears ${call.status}`),
        ...unless(closes, "an answer does not say that its connection closes"),
        ...ends,
      ];
    },
  }),
  life({
    id: "P02",
    says: "SIGTERM comes while clients keep idle connections",
    wants: "exit code 0 within 5 s",
    play: async (edge) => {
      const clients = await Promise.all(Array.from({ length: 5 }, () => RawClient.connect(edge.url)));
      for (const client of clients.slice(1)) {
        await client.send("GET /healthz HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n");
        await client.response();
      }
      const startedAt = performance.now();
      edge.child.signal("SIGTERM");
      const code = await within(edge.child.exited, "the end", 5_000 * PATIENCE);
      for (const client of clients) client.close();
      return {
        seen: `gone after ${(performance.now() - startedAt).toFixed(0)} ms`,
        problems: unless(code === 0, `${code}`),
      };
    },
  }),
  life({
    id: "P03",
    says: "a second SIGTERM comes",
    wants: "the stream gets the error event, not [DONE]; exit code 143 within a second",
    play: async (edge, bench, actor) => {
      bench.on(actor, does.stallAfter(3));
      const client = await streaming(edge);
      edge.child.signal("SIGTERM");
      await drained(edge);
      const startedAt = performance.now();
      edge.child.signal("SIGTERM");
      const { errors, dones } = readChat((await client.response()).body);
      client.close();
      const code = await within(edge.child.exited, "the end", 1_000 * PATIENCE);
      const said = errors.length === 1 && errors[0]?.["code"] === "draining" && dones === 0;
      return {
        seen: `gone after ${(performance.now() - startedAt).toFixed(0)} ms`,
        problems: [...unless(said, `${errors.length} error events`), ...unless(code === 143, `exit code ${code}`)],
      };
    },
  }),
  life({
    id: "P04",
    says: "a stream outlives the deadline of the drain",
    wants: "the error event at 25 s, then exit code 0",
    slow: true,
    play: async (edge, bench, actor) => {
      bench.on(actor, does.answer({ texts: Array.from({ length: 400 }, () => "x "), paceMs: 100 }));
      const client = await streaming(edge);
      const startedAt = performance.now();
      edge.child.signal("SIGTERM");
      const code = await within(edge.child.exited, "the end", 60_000);
      const seconds = (performance.now() - startedAt) / 1_000;
      const { errors, dones } = readChat((await client.response()).body);
      client.close();
      const said = errors.length === 1 && dones === 0;
      const seen = `gone after ${seconds.toFixed(1)} s`;
      return {
        seen,
        problems: [
          ...unless(said && code === 0, `exit code ${code}`),
          ...unless(seconds >= 24.5 && seconds < 40, seen),
        ],
      };
    },
  }),
  life({
    id: "P25",
    says: "whoever read its output has gone",
    wants: "it answers, counts the lines that nobody took, and leaves when it is told",
    play: async (edge, bench, actor) => {
      bench.on(actor, does.answer());
      edge.child.output("close");
      const statuses: number[] = [];
      for (let turn = 0; turn < 30; turn += 1) statuses.push((await edge.post("/v1/chat/completions", CALL)).status);
      await polled(async () => (await linesDropped(edge)) >= statuses.length, "the count of lost lines");
      edge.child.signal("SIGTERM");
      const code = await edge.child.exited;
      return [
        ...unless(
          statuses.every((status) => status === 200),
          `${statuses}`,
        ),
        ...unless(code === 0, `exit code ${code}`),
      ];
    },
  }),
  talkative({
    id: "P25b",
    says: "whoever reads its output stands still",
    wants: "no request waits for it; lines that find no room are counted, and told when the reader goes on",
    play: async (edge) => {
      edge.child.output("stand-still");
      const statuses = new Set<number>();
      const asked = async (): Promise<number> => {
        const all = Array.from({ length: 40 }, () => edge.post("/v1/chat/completions", CALL));
        for (const { status } of await within(Promise.all(all), "the answers", 60_000)) statuses.add(status);
        return linesDropped(edge);
      };
      let dropped = 0;
      for (let turn = 0; turn < 60 && dropped === 0; turn += 1) dropped = await asked();
      const health = await edge.get("/healthz");
      edge.child.output("read-on");
      await edge.child.line(/log lines were lost: nobody took them/);
      // Turned away on a strained machine is answered, too: what must not happen is that they wait.
      const good = [...statuses].every((status) => status === 502 || status === 503) && health.status === 200;
      return {
        seen: `${dropped} lines were lost`,
        problems: [
          ...unless(good, `statuses ${[...statuses].join(", ")}; health ${health.status}`),
          ...unless(dropped > 0, "no lost line is counted"),
        ],
      };
    },
  }),
  crash("X40", "an exception is caught by nobody", `throw new Error("bug with ${KEY_CANARY}-x40")`),
  crash("X40b", "a rejection is handled by nobody", `Promise.reject(new Error("bug with ${KEY_CANARY}-x40b"))`),
  {
    id: "X46",
    says: "no file can be written, the user is nobody, HOME is not set",
    wants: "it starts, answers, writes nothing, and leaves with exit code 0",
    actors: [],
    apart: true,
    onlyHere: OUR_LIFE,
    play: (bench) => {
      const config = actorConfig(bench, "x46");
      // The runtime's own rights stand for a root that is mounted read-only: every attempt to write fails, wherever it goes.
      const env = { HOME: null, OPENCLAW_STATE_DIR: null, NODE_OPTIONS: "--permission --allow-fs-read=*" };
      return withEdge({ config, env, confined: true }, async (edge) => {
        bench.on("x46", does.answer());
        const uid = statSync(`/proc/${edge.child.pid}`).uid;
        const { status } = await edge.post("/v1/chat/completions", CALL);
        const files = readdirSync(edge.configPath.slice(0, edge.configPath.lastIndexOf("/")));
        edge.child.signal("SIGTERM");
        const code = await edge.child.exited;
        return {
          seen: `${status} as user ${uid}`,
          problems: [
            ...unless(status === 200, `status ${status}`),
            ...unless(files.length === 1, `it wrote ${files.join(", ")}`),
            ...unless(code === 0, `exit code ${code}`),
          ],
        };
      });
    },
  },
];

const CALL = { messages: [{ role: "user", content: "hi" }] };
