// L1: many streams at once, slowly; every one compared with the text that it must have.
import { runStreams } from "../../bench/load/streams.ts";
import { streamModel } from "../../bench/upstream/ask.ts";
import { memoryPeak, openStage, quantileMs } from "./stage.ts";
import type { Soak } from "./soak.ts";

const STREAMS = 2_000;
const PACE_MS = 200;
const SPREAD_MS = 5_000;
/** Work before memory is looked at: compiled code and a heap that has found its size belong to no stream. */
const WARM_UP = { events: 5, paceMs: 0, connections: 16, requests: 1_000, spreadMs: 0 };

/** The row. */
export const manyStreams: Soak = {
  what: `L1: ${STREAMS} streams at once, ${1_000 / PACE_MS} events a second each, checksums`,
  minutes: 1,
  run: async ({ entry, seconds, say }) => {
    const events = Math.max(10, Math.round(((seconds * 1_000 - SPREAD_MS) * 0.8) / PACE_MS));
    const model = streamModel(events, PACE_MS);
    await using stage = await openStage(entry, [model, streamModel(WARM_UP.events, WARM_UP.paceMs)]);
    say(`${STREAMS} streams of ${events} events`);
    const shape = { events, paceMs: PACE_MS, connections: STREAMS, requests: STREAMS, spreadMs: SPREAD_MS };
    const direct = await runStreams({ url: stage.upstream.url, headers: stage.subject.headers }, shape);
    say(`direct: p99 delay of an event ${quantileMs(direct.delayUs, 0.99).toFixed(1)} ms, ${direct.bad.length} bad`);
    await runStreams(stage.subject, WARM_UP);
    const memory = memoryPeak(stage.subject.pid);
    const { bad, streams, events: seen, delayUs } = await runStreams(stage.subject, shape);
    const peak = memory.stop();
    return [
      { what: "streams", value: streams, unit: "", atLeast: STREAMS },
      { what: "events", value: seen, unit: "", atLeast: STREAMS * events },
      {
        what: `wrong, cut or lost streams${bad[0] === undefined ? "" : ` (${bad[0]})`}`,
        value: bad.length,
        unit: "",
        atMost: 0,
      },
      { what: "resident memory, most", value: peak, unit: "MiB", atMost: 400 },
      { what: "memory of a stream", value: ((peak - memory.base) * 1_024) / STREAMS, unit: "KiB", atMost: 100 },
      {
        what: "delay of an event beyond the direct way, p99",
        value: quantileMs(delayUs, 0.99) - quantileMs(direct.delayUs, 0.99),
        unit: "ms",
        atMost: 25,
      },
    ];
  },
};
