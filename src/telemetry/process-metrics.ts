// TABLE: the process as Prometheus clients and Node's name it, so that ready-made dashboards find it. Rows of read-metrics.ts.
import type { ReadRow } from "./read-metrics.ts";

const US_PER_S = 1e6;

/** The rows, in the order of the exposition. */
export const PROCESS_METRICS: readonly ReadRow[] = [
  {
    name: "process_cpu_user_seconds_total",
    type: "counter",
    help: "User CPU time of the process.",
    labels: [],
    read: ({ cpu }) => [[[], cpu().user / US_PER_S]],
  },
  {
    name: "process_cpu_system_seconds_total",
    type: "counter",
    help: "System CPU time of the process.",
    labels: [],
    read: ({ cpu }) => [[[], cpu().system / US_PER_S]],
  },
  {
    name: "process_cpu_seconds_total",
    type: "counter",
    help: "User and system CPU time of the process.",
    labels: [],
    read: ({ cpu }) => {
      const { user, system } = cpu();
      return [[[], (user + system) / US_PER_S]];
    },
  },
  {
    name: "process_start_time_seconds",
    type: "gauge",
    across: "min",
    help: "Start of the process, in Unix seconds.",
    labels: [],
    read: ({ startedAtSeconds }) => [[[], startedAtSeconds]],
  },
  {
    name: "process_resident_memory_bytes",
    type: "gauge",
    help: "Resident memory of the process.",
    labels: [],
    read: ({ memory }) => [[[], memory().rss]],
  },
  {
    name: "process_open_fds",
    type: "gauge",
    help: "Open file descriptors, where the system tells.",
    labels: [],
    read: ({ openFiles }) => {
      const count = openFiles();
      return count === null ? [] : [[[], count]];
    },
  },
  {
    name: "nodejs_heap_size_total_bytes",
    type: "gauge",
    help: "Heap of the process.",
    labels: [],
    read: ({ memory }) => [[[], memory().heapTotal]],
  },
  {
    name: "nodejs_heap_size_used_bytes",
    type: "gauge",
    help: "Heap in use.",
    labels: [],
    read: ({ memory }) => [[[], memory().heapUsed]],
  },
  {
    name: "nodejs_external_memory_bytes",
    type: "gauge",
    help: "Memory outside of the heap that objects on it hold.",
    labels: [],
    read: ({ memory }) => [[[], memory().external]],
  },
  {
    name: "nodejs_eventloop_lag_p99_seconds",
    type: "gauge",
    across: "max",
    help: "Event loop delay, 99th percentile of the last window.",
    labels: [],
    read: ({ loop }) => [[[], loop().delayP99Seconds]],
  },
  {
    name: "nodejs_eventloop_lag_max_seconds",
    type: "gauge",
    across: "max",
    help: "Event loop delay, longest of the last window.",
    labels: [],
    read: ({ loop }) => [[[], loop().delayMaxSeconds]],
  },
  {
    name: "nodejs_eventloop_utilization",
    type: "gauge",
    across: "max",
    help: "Part of the last window in which the event loop was busy, 0 to 1.",
    labels: [],
    read: ({ loop }) => [[[], loop().utilization]],
  },
];
