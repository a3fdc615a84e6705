// What the kernel says of a process and its children: processor time, memory, open files. Linux only; elsewhere the figures are unknown, not zero.
import { readdirSync, readFileSync, readlinkSync } from "node:fs";

const TICKS_PER_SECOND = 100;

/** A process and all that came from it. */
export function treeOf(pid: number): number[] {
  const children = new Map<number, number[]>();
  for (const name of listed("/proc")) {
    const child = Number(name);
    const parent = Number.isInteger(child) ? Number(statOf(child)?.[1]) : Number.NaN;
    if (Number.isFinite(parent)) children.set(parent, [...(children.get(parent) ?? []), child]);
  }
  const tree = [pid];
  // The list grows while it is read: children of children follow.
  for (const each of tree) tree.push(...(children.get(each) ?? []));
  return tree;
}

/** Processor microseconds of the tree so far: nanosecond counters of all threads where the kernel keeps them, else ticks of 10 ms. Null when unknown. */
export function cpuMicros(pid: number): number | null {
  return summed(treeOf(pid), (each) => scheduledMicros(each) ?? tickedMicros(each));
}

/** Resident memory of the tree in MiB, or null. Pages that processes share count once for each. */
export function residentMiB(pid: number): number | null {
  return summed(treeOf(pid), residentOf);
}

/** What a process has open. */
export interface OpenFiles {
  readonly all: number;
  readonly sockets: number;
}

/** Files and sockets of one process, or null. */
export function openFiles(pid: number): OpenFiles | null {
  const names = listed(`/proc/${pid}/fd`);
  const sockets = names.filter((name) => linkOf(`/proc/${pid}/fd/${name}`).startsWith("socket:"));
  return names.length === 0 ? null : { all: names.length, sockets: sockets.length };
}

function summed(pids: readonly number[], figure: (pid: number) => number | null): number | null {
  const known = pids.map(figure).filter((value) => value !== null);
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0);
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

function residentOf(pid: number): number | null {
  try {
    const kib = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    return kib === undefined ? null : Number(kib) / 1024;
  } catch {
    return null;
  }
}

function listed(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
