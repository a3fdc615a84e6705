// The promise of streaming, checked: many streams at once through an edge, every text whole, none lost. For the end-to-end tests.
import { startEdge } from "../test/support/edge.ts";
import { runStreams, type StreamReport } from "./load/streams.ts";
import { defaultConfig, subjectOf } from "./subjects/edge.ts";
import { startUpstream } from "./subjects/subject.ts";
import { streamModel } from "./upstream/ask.ts";

/** How many streams, how long, how fast. */
export interface ManyStreams {
  /** All at once. */
  readonly streams: number;
  readonly events: number;
  /** Milliseconds between events; 0, the default, is as fast as they go. */
  readonly paceMs?: number;
}

/** Starts an upstream and an edge, opens all streams, and stops both. A right run has an empty `bad`. */
export async function checkStreams(
  { streams, events, paceMs = 0 }: ManyStreams,
  entry = "src/main.ts",
): Promise<StreamReport> {
  await using upstream = await startUpstream();
  const world = { upstreamUrl: upstream.url, models: [streamModel(events, paceMs)] };
  await using edge = subjectOf("edge", await startEdge({ config: defaultConfig(world), entry }));
  return await runStreams(edge, { events, paceMs, connections: streams, requests: streams, asksAgain: true });
}
