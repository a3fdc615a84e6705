// 3.9, and P98 and P99: what is written about requests. Labels from the catalogue, one line each, ids that are safe, no secret anywhere.
import * as does from "../../support/behaviours.ts";
import type { RawClient } from "../../support/raw.ts";
import { head, repeat, wait, write } from "../../support/script.ts";
import { polled, still } from "../../support/wait.ts";
import { type Bench, PICTURE_MS } from "../bench.ts";
import { percentile, unless, waiting } from "../client.ts";
import { checkTraces } from "../evidence.ts";
import { PATIENCE, WELL } from "../names.ts";
import { readSamples, sumOf } from "../samples.ts";
import type { FlowRow } from "../row.ts";

const OUR_WORDS = "it looks at the product's own log and metrics";
const MARK = "unheard-of";
const REQUEST_ID = /^[A-Za-z0-9._:-]{1,128}$/;

function row(of: Pick<FlowRow, "id" | "says" | "wants" | "play"> & Partial<FlowRow>): FlowRow {
  return { actors: [], onlyHere: OUR_WORDS, ...of };
}

async function seriesOf(bench: Bench): Promise<number> {
  return readSamples(await bench.settledMetrics()).length;
}

/** An event every 20 ms, for ever. */
const dripping: does.Behaviour = (request) => {
  const [role, text] = does.streamEvents(request);
  if (role === undefined || text === undefined) return [];
  return [head(200, [["content-type", "text/event-stream"]]), write(role), repeat([write(text), wait(20)])];
};

/** The longest time in milliseconds for which nothing comes on a connection while something else is done. */
async function longestPause(client: RawClient, meanwhile: () => Promise<unknown>): Promise<number> {
  let [longest, at] = [0, performance.now()];
  const over = new AbortController();
  const done = meanwhile().finally(() => over.abort());
  while (!over.signal.aborted) {
    const { bytesIn } = client;
    await client.until(() => client.bytesIn > bytesIn, "the next event");
    longest = Math.max(longest, performance.now() - at);
    at = performance.now();
  }
  await done;
  return longest;
}

/** Ids that a client may not give its request. */
const IDS = ["x".repeat(5_000), 'a"b', "a b", "größe", "a{b}", "../../etc"];

/** The rows. */
export const TRACES: readonly FlowRow[] = [
  row({
    id: "M01",
    says: "clients name 150 models that nobody knows, and 150 channels, with such a model and with a good one",
    wants: "fewer than 60 more series, none with a client's text",
    play: async (bench) => {
      const first = { "x-openclaw-message-channel": `${MARK}-channel` };
      // A first run makes series of its own, one of an unknown channel too; the others may make no more of them.
      const { status } = await bench.ask(WELL, "whole", { headers: first });
      const before = await seriesOf(bench);
      const names = Array.from({ length: 150 }, (_, at) => `${MARK}-${at}`);
      // Those of unknown models are refused before they count as runs; the others are counted with all their labels.
      const channels = names.map((name) => ({ "x-openclaw-message-channel": name }));
      await Promise.all(
        names.map((model, at) => bench.ask(WELL, "whole", { body: { model }, headers: channels[at] ?? {} })),
      );
      const answers = await Promise.all(channels.map((headers) => bench.ask(WELL, "whole", { headers })));
      const answered = answers.filter(({ status }) => status === 200).length;
      const more = (await seriesOf(bench)) - before;
      const seen = `${more} more series`;
      const told = (await bench.metrics()).includes(MARK);
      return {
        seen,
        problems: [
          ...unless(status === 200 && answered === names.length, `${answered} of the good ones are answered`),
          ...unless(more < 60, seen),
          ...unless(!told, "a client's text is a label"),
        ],
      };
    },
  }),
  row({
    id: "M02",
    says: "a prompt goes through, and the provider echoes the key",
    wants: "neither stands in metrics or log",
    actors: ["m02"],
    play: async (bench) => {
      bench.on("m02", (request) => {
        const { authorization = "" } = (request as { headers?: Record<string, string> }).headers ?? {};
        return does.status(401, { error: { message: `bad key ${authorization}` } })(request);
      });
      const { status } = await bench.ask("m02", "whole");
      const written = `${bench.written}\n${await bench.settledMetrics()}`;
      const found = written.match(/canary-[a-z0-9-]*m02/g) ?? [];
      return [
        ...unless(status === 502, `status ${status}`),
        ...unless(found.length === 0, `written: ${found.join(", ")}`),
      ];
    },
  }),
  row({
    id: "M03",
    says: "metrics are scraped while 60 streams run",
    wants: "below a second each; no stream pauses for more than 50 ms longer than without",
    actors: ["m03"],
    entry: { timeoutSeconds: 60 },
    quiet: true,
    play: async (bench) => {
      bench.on("m03", dripping);
      const { clients, gone } = await waiting(bench, 60, "m03");
      const [watched] = clients;
      if (watched === undefined) return ["no stream"];
      const quiet = await longestPause(watched, () => still(() => 0, 500));
      const times: number[] = [];
      const scraped = await longestPause(watched, async () => {
        for (let turn = 0; turn < 5; turn += 1) {
          // A picture younger than a second would be served again, and cost nothing.
          await still(() => 0, PICTURE_MS);
          const startedAt = performance.now();
          await bench.metrics();
          times.push(performance.now() - startedAt);
        }
      });
      for (const client of clients) client.close();
      await gone;
      const slowest = percentile(times, 1);
      const pause = scraped - quiet;
      const seen = `the slowest of five took ${slowest.toFixed(0)} ms; longest pause of a stream ${scraped.toFixed(0)} ms, ${quiet.toFixed(0)} ms without`;
      return { seen, problems: unless(slowest < 1_000 * PATIENCE && pause < 50 * PATIENCE, seen) };
    },
  }),
  row({
    id: "M04",
    says: "clients give request ids with quotes, blanks and 5 KB",
    wants: "every answer has an id of its own that is safe to print",
    play: async (bench) => {
      const ids: string[] = [];
      for (const id of IDS) {
        const headers = { "x-request-id": Buffer.from(id).toString("latin1") };
        ids.push((await bench.ask(WELL, "whole", { headers })).headers.get("x-request-id") ?? "");
      }
      const unsafe = ids.filter((id) => !REQUEST_ID.test(id) || IDS.includes(id));
      return unless(unsafe.length === 0 && new Set(ids).size === IDS.length, `ids ${unsafe.join(", ")}`);
    },
  }),
  row({
    id: "M05",
    says: "a model's name holds a line end, JSON and terminal escapes",
    wants: "one line of JSON in the log, escapes escaped",
    play: async (bench) => {
      const before = bench.gateway.lines.length;
      const model = `x\n{"level":"error","msg":"forged"}\u001b[31m\u2028`;
      const outcome = await bench.ask(WELL, "whole", { body: { model } });
      await bench.lineOf(outcome).catch(() => null);
      const written = bench.gateway.lines.slice(before);
      const forged = written.some(
        (line) => line.startsWith('{"level":"error","msg":"forged"') || line.includes("\u001b"),
      );
      return [...unless(outcome.status === 400, `status ${outcome.status}`), ...unless(!forged, "a line was forged")];
    },
  }),
  row({
    id: "P98",
    says: "all that has happened until now was logged and counted",
    wants: "no key, token, prompt or address of a provider in any of it",
    quiet: true,
    play: async (bench) => checkTraces(bench, await bench.settledMetrics()),
  }),
  row({
    id: "P99",
    says: "all that has happened until now happened to one process",
    wants: "it is the same, it answers, and tells of no bug",
    quiet: true,
    play: async (bench) => {
      // A machine that was strained a moment ago has calls turned away; that passes.
      await polled(async () => (await bench.ask(WELL, "whole")).status === 200, "an answer");
      const bugs = bench.edge.logs.filter(({ msg }) => /bug|uncaught|unhandled/i.test(String(msg))).length;
      const crashes = sumOf(readSamples(await bench.metrics()), "openclaw_edge_internal_errors_total");
      return [
        ...unless(bench.edge.child.code === null, "it has ended"),
        ...unless(bugs + crashes === 0, `${bugs} bugs in the log`),
      ];
    },
  }),
];
