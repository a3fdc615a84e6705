// What the kernel says of a process: processor time and memory. Linux only; elsewhere the figures are unknown, not zero.
import { readdirSync, readFileSync } from "node:fs";

const TICKS_PER_SECOND = 100;

/** Processor microseconds of all threads so far: nanosecond counters where the kernel keeps them, else ticks of 10 ms. Null when unknown. */
export function cpuMicros(pid: number): number | null {
  return scheduledMicros(pid) ?? tickedMicros(pid);
}

function scheduledMicros(pid: number): number | null {
  try {
    let nanos = 0;
    for (const task of readdirSync(`/proc/${pid}/task`)) {
      nanos += Number(readFileSync(`/proc/${pid}/task/${task}/schedstat`, "utf8").split(" ")[0]);
    }
    return nanos > 0 ? nanos / 1000 : null;
  } catch {
    return null;
  }
}

function tickedMicros(pid: number): number | null {
  const fields = statOf(pid);
  return fields === null ? null : ((Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND) * 1e6;
}

/** Fields of /proc/PID/stat behind the command name, which may hold spaces and brackets. */
function statOf(pid: number): string[] | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return null;
  }
}

/** Resident memory in MiB, or null. */
export function residentMiB(pid: number): number | null {
  try {
    const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kib === undefined ? null : Number(kib) / 1024;
  } catch {
    return null;
  }
}
