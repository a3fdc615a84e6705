// The promise of streaming, checked: many streams at once, every text whole, none lost. Used by the bench and by the end-to-end tests;
// as a program it starts everything itself: node bench/streams.ts [--streams N] [--events N] [--pace MS]
import { parseArgs } from "node:util";
import { EDGE_TOKEN, startEdge } from "../test/support/edge.ts";
import { benchConfig } from "./bench-config.ts";
import { startUpstream } from "./processes.ts";
import { runStreams, type StreamReport } from "./sse-client.ts";
import { streamModel } from "./streams-text.ts";

/** How many streams, how long, how fast. */
export interface ManyStreams {
  /** All at once. Default 500. */
  readonly streams?: number;
  /** Default 100. */
  readonly events?: number;
  /** Milliseconds between events; 0 is as fast as they go. Default 0. */
  readonly paceMs?: number;
}

/** The model that a config must know for `checkStreams`. */
export function modelFor({ events = 100, paceMs = 0 }: ManyStreams): string {
  return streamModel(events, paceMs);
}

/** Opens all streams at once against a running edge whose config is `benchConfig(upstream, [modelFor(many)])`. A right run has an empty `bad`. */
export async function checkStreams(
  edge: { readonly url: string; readonly token: string },
  many: ManyStreams = {},
): Promise<StreamReport> {
  const { streams = 500, events = 100 } = many;
  return runStreams({ ...edge, model: modelFor(many), events, streams, concurrency: streams });
}

/** Starts an upstream and an edge, checks, and stops both. */
export async function checkStreamsAlone(many: ManyStreams = {}, entry = "src/main.ts"): Promise<StreamReport> {
  await using upstream = await startUpstream();
  await using edge = await startEdge({ config: benchConfig(upstream.url, [modelFor(many)]), entry });
  edge.child.mute();
  return await checkStreams({ url: edge.url, token: EDGE_TOKEN }, many);
}

if (import.meta.main) {
  const number = { type: "string" } as const;
  const { values } = parseArgs({ options: { streams: number, events: number, pace: number, entry: number } });
  const many = {
    streams: Number(values.streams ?? 500),
    events: Number(values.events ?? 100),
    paceMs: Number(values.pace ?? 0),
  };
  const { streams, events, seconds, bad } = await checkStreamsAlone(many, values.entry);
  console.log(`${streams} streams, ${events} events in ${seconds.toFixed(2)} s, ${bad.length} bad`);
  for (const why of bad.slice(0, 10)) console.log(`  ${why}`);
  process.exitCode = bad.length === 0 ? 0 : 1;
}
