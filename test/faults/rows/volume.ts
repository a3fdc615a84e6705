// Floods, bombs, drips and slow readers (3.1 to 3.3, 3.7): memory stays bounded, bytes stay whole, events come when they come.
import { once } from "node:events";
import { constants, createGzip, gzipSync } from "node:zlib";
import * as does from "../../support/behaviours.ts";
import { head, type Step, until, write } from "../../support/script.ts";
import { readChat } from "../../support/sse.ts";
import { polled, still } from "../../support/wait.ts";
import type { Bench } from "../bench.ts";
import { asking, calling, checksum, growthMiB, many, residentMiB, unless } from "../client.ts";
import { letGo } from "../evidence.ts";
import { PATIENCE } from "../names.ts";
import type { FlowRow, Measured, Outcome, Shape } from "../row.ts";

const MiB = 1024 * 1024;
const LONG = { timeoutSeconds: 60 };
const FLOOD = 200 * MiB;
const SSE = ["content-type", "text/event-stream"] as const;
/** How long an event may be held, in milliseconds. */
const HELD_MS = 50;

/** 300 MiB of one letter in some 300 KiB: gzip members may follow one another. */
function bomb(): does.Behaviour {
  const member = gzipSync(Buffer.alloc(MiB, "a"));
  const body = Buffer.concat(Array.from({ length: 300 }, () => member));
  const headers = [
    ["content-type", "application/json"],
    ["content-encoding", "gzip"],
  ] as const;
  return () => [head(200, headers, { framing: { length: body.length } }), write(body)];
}

/** An event that never ends; `behind` events come before it. */
function endlessLine(behind: number): does.Behaviour {
  return (request) => {
    const before = does.streamEvents(request).slice(0, behind).map(write);
    const line = Array.from({ length: 640 }, () => write("x".repeat(65_536)));
    return [head(200, [SSE]), ...before, write('data: {"x":"'), ...line];
  };
}

/** The events of a stream as pieces of one gzip member, each flushed by itself. */
async function gzippedEvents(events: readonly Buffer[]): Promise<Buffer[]> {
  const gzip = createGzip();
  const pieces: Buffer[] = [];
  for (const event of events) {
    gzip.write(event);
    await new Promise<void>((resolve) => {
      gzip.flush(constants.Z_SYNC_FLUSH, resolve);
    });
    pieces.push(gzip.read() as Buffer);
  }
  gzip.end();
  await once(gzip, "readable");
  return [...pieces, gzip.read() as Buffer];
}

/** Sends each event only when the client has the one before; tells which was held, and the longest way of one in milliseconds. */
async function stepByStep(bench: Bench, agent: string, coding: "gzip" | "none"): Promise<Measured> {
  const texts = Array.from({ length: 20 }, (_, at) => `drip-${at}-end `);
  const gates = texts.map(() => Promise.withResolvers<void>());
  const request = { model: agent, path: "", stream: true, body: Buffer.alloc(0), json: () => ({}), onConnection: 1 };
  const events = does.streamEvents(request, { texts });
  const pieces = coding === "gzip" ? await gzippedEvents(events) : events;
  const headers = coding === "gzip" ? [SSE, ["content-encoding", "gzip"] as const] : [SSE];
  bench.on(agent, () => [head(200, headers), ...gated(pieces, gates)]);
  const client = await calling(bench, agent);
  let longest = 0;
  for (const [at, text] of texts.entries()) {
    const startedAt = performance.now();
    gates[at]?.resolve();
    await client.until((bytes) => bytes.includes(text.trim()), `event ${at}, which the provider has sent`);
    longest = Math.max(longest, performance.now() - startedAt);
  }
  const { body, complete } = await client.response();
  client.close();
  const seen = `the slowest of ${texts.length} events took ${longest.toFixed(1)} ms`;
  const endsWell = complete && readChat(body).dones === 1;
  return {
    seen,
    problems: [...unless(longest < HELD_MS * PATIENCE, seen), ...unless(endsWell, "the stream does not end well")],
  };
}

/** The role chunk, then each text behind its gate, then the rest. */
function gated(pieces: readonly Buffer[], gates: readonly PromiseWithResolvers<void>[]): Step[] {
  return pieces.flatMap((piece, at) => {
    const gate = gates[at - 1];
    return gate === undefined ? [write(piece)] : [until(gate.promise), write(piece)];
  });
}

async function leaveOnce(bench: Bench, agent: string): Promise<void> {
  const client = await calling(bench, agent);
  await client.until((bytes) => bytes.includes("delta"), "content");
  client.close();
}

function invalid({ status, text }: Outcome): readonly string[] {
  return unless(status === 502 && text.includes("upstream_invalid_response"), `${status} ${text.slice(0, 100)}`);
}

/** Asks under the eye of the memory. */
async function askedWithin(bench: Bench, { agent, shape, mib }: Watched): Promise<{ outcome: Outcome } & Measured> {
  const asked = bench.ask(agent, shape);
  const grown = await growthMiB(bench, asked);
  return { outcome: await asked, ...grew(grown, mib) };
}

/** A request and what it may cost. */
interface Watched {
  readonly agent: string;
  readonly shape: Shape;
  readonly mib: number;
}

function grew(grown: number, most: number): Measured {
  const seen = `memory grew by ${Math.max(0, grown).toFixed(0)} MiB`;
  return { seen, problems: unless(grown < most, seen) };
}

/** The rows. */
export const VOLUME: readonly FlowRow[] = [
  {
    id: "U42-flush",
    says: "it streams gzip and flushes every event",
    wants: "each event comes through before the next is sent",
    actors: ["u42-flush"],
    entry: LONG,
    play: (bench) => stepByStep(bench, "u42-flush", "gzip"),
  },
  {
    id: "U44",
    says: "it sends 300 MiB in 300 KiB",
    wants: "502 upstream_invalid_response; memory grows by less than 160 MiB",
    actors: ["u44"],
    entry: LONG,
    quiet: true,
    play: async (bench) => {
      bench.on("u44", bomb());
      const { outcome, seen, problems } = await askedWithin(bench, { agent: "u44", shape: "whole", mib: 160 });
      return { seen, problems: [...problems, ...invalid(outcome)] };
    },
  },
  {
    id: "U67",
    says: "a line of 40 MiB and more, before any content",
    wants: "502 upstream_invalid_response; memory grows by less than 120 MiB; let go",
    actors: ["u67"],
    entry: LONG,
    quiet: true,
    play: async (bench) => {
      bench.on("u67", endlessLine(1));
      const { outcome, seen, problems } = await askedWithin(bench, { agent: "u67", shape: "stream", mib: 120 });
      const held = await letGo(bench, Promise.all(outcome.requests.map(({ gone }) => gone)));
      return { seen, problems: [...problems, ...invalid(outcome), ...held] };
    },
  },
  {
    id: "U67b",
    says: "a line of 40 MiB and more, in mid-stream",
    wants: "the prefix, one error event; memory grows by less than 120 MiB; let go",
    actors: ["u67b"],
    entry: LONG,
    quiet: true,
    play: async (bench) => {
      bench.on("u67b", endlessLine(3));
      const { outcome, seen, problems } = await askedWithin(bench, { agent: "u67b", shape: "stream", mib: 120 });
      const held = await letGo(bench, Promise.all(outcome.requests.map(({ gone }) => gone)));
      const { errors, dones, text } = readChat(outcome.text);
      const isSaid = errors.length === 1 && dones === 0 && text !== "";
      return { seen, problems: [...problems, ...held, ...unless(isSaid, `${errors.length} errors, ${dones} [DONE]`)] };
    },
  },
  {
    id: "U68",
    says: "it drips: an event only when the client has the one before",
    wants: "no event waits for the next",
    actors: ["u68"],
    entry: LONG,
    play: (bench) => stepByStep(bench, "u68", "none"),
  },
  {
    id: "B07",
    says: "the client does not read while the provider floods 200 MiB",
    wants: "less than 40 MiB are pulled; memory grows by less than 80 MiB; then all is let go",
    actors: ["b07"],
    entry: LONG,
    quiet: true,
    play: async (bench) => {
      bench.on("b07", does.flood(FLOOD));
      const before = residentMiB(bench);
      const { client, request } = await asking(bench, "b07");
      await client.until((bytes) => bytes.includes("delta"), "content");
      client.pause();
      await still(() => request.bytesSent, 300);
      const pulled = request.bytesSent / MiB;
      const grown = residentMiB(bench) - before;
      client.close();
      const held = await letGo(bench, request.gone);
      const { seen, problems } = grew(grown, 80);
      const told = `${pulled.toFixed(0)} MiB were pulled`;
      return { seen: `${told}; ${seen}`, problems: [...problems, ...held, ...unless(pulled < 40, told)] };
    },
  },
  {
    id: "B07b",
    says: "the client does not read for longer than the write-idle clock",
    wants: "client and provider are let go",
    actors: ["b07b"],
    entry: LONG,
    config: { edge: { timeouts: { writeIdleSeconds: 1 } } },
    play: async (bench) => {
      bench.on("b07b", does.flood(FLOOD));
      const { client, request } = await asking(bench, "b07b");
      client.pause();
      await request.gone;
      const line = await bench.edge.logged(({ agent, msg }) => agent === "b07b" && msg === "request", "the log");
      client.close();
      return unless(line["outcome"] !== "completed", `logged as ${String(line["outcome"])}`);
    },
  },
  {
    id: "B08",
    says: "a client reads slowly",
    wants: "the text is whole; one [DONE]",
    actors: ["b08"],
    entry: LONG,
    play: async (bench) => {
      const texts = Array.from({ length: 400 }, (_, at) => `${at}:${"x".repeat(4_000)} `);
      bench.on("b08", does.answer({ texts }));
      const client = await calling(bench, "b08");
      for (let pause = 0; pause < 8; pause += 1) {
        client.pause();
        await polled(async () => true, "a breath");
        client.resume();
        const enough = client.bytesIn + 100_000;
        await client.until((bytes) => client.bytesIn >= enough || bytes.includes("[DONE]"), "more bytes");
      }
      const { body } = await client.response();
      client.close();
      const read = readChat(body);
      return [
        ...unless(checksum(read.text) === checksum(texts.join("")), "the text differs"),
        ...unless(read.dones === 1, `${read.dones} [DONE]`),
      ];
    },
  },
  {
    id: "B09",
    says: "200 streams of 200 events run at once",
    wants: "each text is whole; one [DONE] each",
    actors: ["b09"],
    entry: LONG,
    play: async (bench) => {
      const texts = Array.from({ length: 200 }, (_, at) => `event ${at} 🦞 `);
      bench.on("b09", does.answer({ texts }));
      const outcomes = await many(bench, 200, "b09", "stream");
      const right = checksum(texts.join(""));
      const reads = outcomes.map(({ text }) => readChat(text));
      const good = reads.filter(({ text, dones }) => checksum(text) === right && dones === 1).length;
      return unless(good === 200, `${good} of 200 arrived unchanged`);
    },
  },
  {
    id: "B15",
    says: "1500 clients leave in mid-stream",
    wants: "memory grows by less than 60 MiB; no connection stays open",
    actors: ["b15"],
    entry: LONG,
    quiet: true,
    play: async (bench) => {
      bench.on("b15", does.stallAfter(3));
      const round = async (count: number): Promise<void> => {
        await Promise.all(Array.from({ length: count }, () => leaveOnce(bench, "b15")));
      };
      // What the first ones cost is warming up.
      await round(100);
      const before = residentMiB(bench);
      for (let turn = 0; turn < 14; turn += 1) await round(100);
      await bench.failing.idle();
      return grew(residentMiB(bench) - before, 60);
    },
  },
];
