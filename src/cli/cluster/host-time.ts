// The host's monotonic clock: what instants are told by between processes, whose own clocks begin with each of them.
import { performance } from "node:perf_hooks";

const NS_PER_MS = 1e6;

/** By how many milliseconds the host's clock is ahead of this process's. */
export const HOST_AHEAD_MS = Number(process.hrtime.bigint()) / NS_PER_MS - performance.now();
