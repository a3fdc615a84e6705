// L7: clients that read a trickle of what an upstream would pour out, beside clients that read as fast as they can.
import { connect, type Socket } from "node:net";
import { setTimeout as after } from "node:timers/promises";
import { BODIES, bodyOf } from "../../bench/load/bodies.ts";
import { runWholes } from "../../bench/load/wholes.ts";
import { streamModel, WHOLE_MODEL } from "../../bench/upstream/ask.ts";
import { requestBytes } from "../support/raw.ts";
import { memoryPeak, openStage, quantileMs } from "./stage.ts";
import type { Soak } from "./soak.ts";

const READERS = 500;
const BYTES_PER_SECOND = 4_096;
const TURN_MS = 500;
/** Far more than a slow reader takes in the time. */
const FLOOD = streamModel(100_000, 0);
const FAST_RATE = 50;

/** Reads so many bytes a second and no more. */
async function trickle(socket: Socket, until: AbortSignal): Promise<void> {
  socket.pause();
  while (!until.aborted && !socket.destroyed) {
    for (let budget = (BYTES_PER_SECOND * TURN_MS) / 1_000; budget > 0;) {
      const bytes = socket.read(Math.min(budget, socket.readableLength)) as Buffer | null;
      if (bytes === null) break;
      budget -= bytes.length;
    }
    await after(TURN_MS, undefined, { signal: until }).catch(() => undefined);
  }
  socket.destroy();
}

/** The row. */
export const slowReaders: Soak = {
  what: `L7: ${READERS} clients that read ${BYTES_PER_SECOND / 1_024} KiB a second of a flood, and fast ones beside them`,
  minutes: 2,
  run: async ({ entry, seconds, say }) => {
    await using stage = await openStage(entry, [WHOLE_MODEL, FLOOD]);
    const { hostname, port } = new URL(stage.subject.url);
    const fast = { connections: 8, durationMs: seconds * 200, rate: FAST_RATE, requests: null, shape: BODIES.small };
    await runWholes(stage.subject, fast);
    const before = await runWholes(stage.subject, fast);
    const memory = memoryPeak(stage.subject.pid);
    const over = new AbortController();
    const body = bodyOf({ model: FLOOD, shape: BODIES.small, variant: 0, stream: true });
    const request = requestBytes({ path: "/v1/chat/completions", headers: stage.subject.headers, body });
    let lost = 0;
    const readers = Array.from({ length: READERS }, async (_, number) => {
      // Spread over their turn: 500 that read in the same millisecond would be measured themselves.
      await after((number * TURN_MS) / READERS);
      const socket = connect({ host: hostname, port: Number(port) });
      socket.on("error", () => (lost += 1));
      socket.write(request);
      await trickle(socket, over.signal);
    });
    say(`${READERS} slow readers are under way`);
    await after(seconds * 100);
    const beside = await runWholes(stage.subject, { ...fast, durationMs: seconds * 500 });
    over.abort();
    await Promise.all(readers);
    const peak = memory.stop();
    const [p99, p99Beside] = [quantileMs(before.latencyUs, 0.99), quantileMs(beside.latencyUs, 0.99)];
    return [
      { what: "resident memory over what it was", value: peak - memory.base, unit: "MiB", atMost: 150 },
      { what: "fast clients' p99 beside them, as a multiple", value: p99Beside / p99, unit: "x", atMost: 2 },
      { what: "fast clients' wrong answers", value: beside.bad.length, unit: "", atMost: 0 },
      { what: "slow readers that were cut", value: lost, unit: "", atMost: 0 },
    ];
  },
};
