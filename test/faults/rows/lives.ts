// 3.8: how a process leaves, what a crash does, and who may stop reading what it says. Decision 30: SIGTERM 0, second signal 143.
import { chmodSync } from "node:fs";
import * as does from "../../support/behaviours.ts";
import type { Edge } from "../../support/edge.ts";
import { RawClient } from "../../support/raw.ts";
import { readChat } from "../../support/sse.ts";
import { within } from "../../support/wait.ts";
import { gatewayOf } from "../adapters/openclaw-edge.ts";
import { actorConfig, apart, type ApartRow, withEdge } from "../apart.ts";
import type { Bench } from "../bench.ts";
import { unless } from "../client.ts";
import { KEY_CANARY, PATIENCE } from "../names.ts";
import { chatBytes } from "../request.ts";
import type { FlowRow, Measured } from "../row.ts";

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

/** The rows. */
export const LIVES: readonly FlowRow[] = [
  life({
    id: "P01",
    says: "SIGTERM comes in the middle of a stream",
    wants: "not ready, no new connection, the stream completes, exit code 0",
    play: async (edge, bench, actor) => {
      bench.on(actor, does.answer({ paceMs: 60 }));
      const client = await streaming(edge);
      edge.child.signal("SIGTERM");
      await drained(edge);
      const refused = await fetch(`${edge.url}/readyz`).then(
        ({ status }) => status === 503,
        () => true,
      );
      const { body, complete } = await client.response();
      client.close();
      const { dones, errors } = readChat(body);
      const code = await edge.child.exited;
      return [
        ...unless(refused, "it is still ready"),
        ...unless(complete && dones === 1 && errors.length === 0, "the stream was cut"),
        ...unless(code === 0, `exit code ${code}`),
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
    wants: "the stream gets the error event, not [DONE]; exit code 143",
    play: async (edge, bench, actor) => {
      bench.on(actor, does.stallAfter(3));
      const client = await streaming(edge);
      edge.child.signal("SIGTERM");
      await drained(edge);
      edge.child.signal("SIGTERM");
      const { errors, dones } = readChat((await client.response()).body);
      client.close();
      const code = await edge.child.exited;
      const said = errors.length === 1 && errors[0]?.["code"] === "draining" && dones === 0;
      return [...unless(said, `${errors.length} error events`), ...unless(code === 143, `exit code ${code}`)];
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
    wants: "it answers, and leaves when it is told",
    play: async (edge, bench, actor) => {
      bench.on(actor, does.answer());
      edge.child.output("close");
      const statuses: number[] = [];
      for (let turn = 0; turn < 30; turn += 1) statuses.push((await edge.post("/v1/chat/completions", CALL)).status);
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
  life({
    id: "P25b",
    says: "whoever reads its output stands still",
    wants: "no request waits for it; lines that find no room are counted",
    play: async (edge, bench, actor) => {
      bench.on(actor, does.answer());
      edge.child.output("stand-still");
      const asked = Array.from({ length: 200 }, () =>
        edge.post("/v1/chat/completions", CALL).then(({ status }) => status),
      );
      const statuses = await within(Promise.all(asked), "the answers", 60_000);
      const health = await edge.get("/healthz");
      edge.child.output("read-on");
      // Turned away on a strained machine is answered, too: what must not happen is that they wait.
      const good = statuses.every((status) => status === 200 || status === 503) && health.status === 200;
      return unless(good, `statuses ${[...new Set(statuses)].join(", ")}`);
    },
  }),
  crash("X40", "an exception is caught by nobody", `throw new Error("bug with ${KEY_CANARY}-x40")`),
  crash("X40b", "a rejection is handled by nobody", `Promise.reject(new Error("bug with ${KEY_CANARY}-x40b"))`),
  {
    id: "X46",
    says: "its folder cannot be written and HOME is not set",
    wants: "it starts and answers",
    actors: [],
    apart: true,
    onlyHere: OUR_LIFE,
    play: (bench) => {
      const config = actorConfig(bench, "x46");
      const env = { HOME: null, OPENCLAW_STATE_DIR: null };
      return withEdge({ config, env }, async (edge) => {
        const folder = edge.configPath.slice(0, edge.configPath.lastIndexOf("/"));
        chmodSync(folder, 0o555);
        bench.on("x46", does.answer());
        const { status } = await edge.post("/v1/chat/completions", CALL);
        chmodSync(folder, 0o755);
        return unless(status === 200, `status ${status}`);
      });
    },
  },
];

const CALL = { messages: [{ role: "user", content: "hi" }] };
