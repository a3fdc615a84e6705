// How the process feels: event loop delay and utilisation, processor, heap. Read by health and by the shedding rule (decision 23).
import { type EventLoopUtilization, monitorEventLoopDelay, performance } from "node:perf_hooks";
import { getHeapStatistics } from "node:v8";
import type { Clock, Repeating } from "../core/clock.ts";

const WINDOW_MS = 5_000;
const RESOLUTION_MS = 20;
const NS_PER_MS = 1e6;
/** Decision 23: above these, new model calls are turned away. */
const SHED_DELAY_P99_MS = 500;
const SHED_HEAP_SHARE = 0.85;
/** OpenClaw's limits for calling the loop degraded; reported, never acted on. */
const DEGRADED = { delayP99Ms: 1000, utilization: 0.95, cpuCoreRatio: 0.9 } as const;

/** The event loop over the last window (OpenClaw §7). */
export interface LoopReading {
  readonly degraded: boolean;
  readonly reasons: readonly string[];
  readonly intervalMs: number;
  readonly delayP99Ms: number;
  readonly delayMaxMs: number;
  readonly utilization: number;
  readonly cpuCoreRatio: number;
}

/** What the door wants to know of the process. */
export interface Pulse {
  readonly reading: LoopReading;
  /** Why no further model call should be taken; null while the process is well. */
  readonly strain: "event_loop" | "heap" | null;
}

const CALM: LoopReading = {
  degraded: false,
  reasons: [],
  intervalMs: WINDOW_MS,
  delayP99Ms: 0,
  delayMaxMs: 0,
  utilization: 0,
  cpuCoreRatio: 0,
};

/** Watches this process from its making until `stop`. */
export class LoopMonitor implements Pulse {
  readonly #histogram: ReturnType<typeof monitorEventLoopDelay>;
  readonly #repeating: Repeating;
  readonly #clock: Clock;
  #utilization: EventLoopUtilization;
  #cpu: NodeJS.CpuUsage;
  #at: number;
  #reading = CALM;
  #heapShare = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#at = clock.now();
    this.#cpu = process.cpuUsage();
    this.#utilization = performance.eventLoopUtilization();
    this.#histogram = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
    this.#histogram.enable();
    this.#repeating = clock.every(WINDOW_MS, () => this.#look());
  }

  get reading(): LoopReading {
    return this.#reading;
  }

  get strain(): "event_loop" | "heap" | null {
    if (this.#reading.delayP99Ms > SHED_DELAY_P99_MS) return "event_loop";
    return this.#heapShare > SHED_HEAP_SHARE ? "heap" : null;
  }

  stop(): void {
    this.#repeating.stop();
    this.#histogram.disable();
  }

  #look(): void {
    const now = this.#clock.now();
    const { user, system } = process.cpuUsage(this.#cpu);
    const measured = {
      delayP99Ms: delayMs(this.#histogram.percentile(99)),
      delayMaxMs: delayMs(this.#histogram.max),
      utilization: performance.eventLoopUtilization(this.#utilization).utilization,
      cpuCoreRatio: (user + system) / 1000 / Math.max(1, now - this.#at),
    };
    const reasons = reasonsOf(measured);
    this.#reading = { degraded: reasons.length > 0, reasons, intervalMs: WINDOW_MS, ...measured };
    const heap = getHeapStatistics();
    this.#heapShare = heap.used_heap_size / heap.heap_size_limit;
    this.#histogram.reset();
    this.#utilization = performance.eventLoopUtilization();
    this.#cpu = process.cpuUsage();
    this.#at = now;
  }
}

/** The histogram counts from timer to timer, so an idle loop shows the resolution itself. */
function delayMs(nanoseconds: number): number {
  return Math.max(0, nanoseconds / NS_PER_MS - RESOLUTION_MS);
}

function reasonsOf(measured: Pick<LoopReading, "delayP99Ms" | "utilization" | "cpuCoreRatio">): string[] {
  const reasons: string[] = [];
  if (measured.delayP99Ms >= DEGRADED.delayP99Ms) reasons.push("event_loop_delay");
  if (measured.utilization >= DEGRADED.utilization) reasons.push("event_loop_utilization");
  if (measured.cpuCoreRatio >= DEGRADED.cpuCoreRatio) reasons.push("cpu");
  return reasons;
}
