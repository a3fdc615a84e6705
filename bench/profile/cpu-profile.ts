// Arithmetic on a profile as the inspector gives it: whose own time it was, by function and by where functions come from. Pure.

/** A function in a profile. */
export interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string; readonly url: string; readonly lineNumber: number };
}

/** What `Profiler.stop` answers, as far as it is read. */
export interface CpuProfile {
  readonly nodes: readonly ProfileNode[];
  /** Ids of the functions that ran, and microseconds before each. */
  readonly samples: readonly number[];
  readonly timeDeltas: readonly number[];
}

/** Own time of something, in microseconds. */
export interface OwnTime {
  readonly what: string;
  readonly us: number;
}

/** V8's words for what is no function; waiting is not the process's time. */
const NOT_RUNNING = "(idle)";
const SOURCE = /\/(src|bench)\/(.*?)([^/]*)$/;
const PACKAGE = /\/node_modules\/((?:@[^/]+\/)?[^/]+)\//;

/** Own time by function, the most first. */
export function functionsOf(profile: CpuProfile): OwnTime[] {
  return summed(profile, ({ callFrame: { functionName, url, lineNumber } }) => {
    const name = functionName === "" ? "(anonymous)" : functionName;
    return url === "" ? name : `${name} ${placeOf(url)}:${lineNumber + 1}`;
  });
}

/** Own time by room of the house, package, or part of Node, the most first. */
export function roomsOf(profile: CpuProfile): OwnTime[] {
  return summed(profile, ({ callFrame: { functionName, url } }) => {
    // System calls and everything else that V8 knows no function for.
    if (url === "") return functionName.startsWith("(") ? functionName : "built into Node and V8";
    const room = SOURCE.exec(url);
    if (room !== null) return room[1] === "bench" ? "the floor itself" : `src/${room[2]?.split("/")[0] ?? ""}`;
    return PACKAGE.exec(url)?.[1] ?? (url.startsWith("node:") ? "Node's own modules" : "other");
  });
}

/** Microseconds in which the process did anything. */
export function busyUs(profile: CpuProfile): number {
  return summed(profile, () => "all").reduce((sum, { us }) => sum + us, 0);
}

function placeOf(url: string): string {
  const found = SOURCE.exec(url);
  if (found !== null) return `${found[2] ?? ""}${found[3] ?? ""}`;
  const name = PACKAGE.exec(url)?.[1];
  return name === undefined ? url : `${name}/${url.slice(url.lastIndexOf("/") + 1)}`;
}

function summed({ nodes, samples, timeDeltas }: CpuProfile, nameOf: (node: ProfileNode) => string): OwnTime[] {
  const names = new Map(nodes.map((node) => [node.id, [node.callFrame.functionName, nameOf(node)] as const]));
  const sums = new Map<string, number>();
  for (const [at, id] of samples.entries()) {
    const [functionName, name] = names.get(id) ?? ["", "(unknown)"];
    if (functionName === NOT_RUNNING) continue;
    // A delta stands before its sample: what it says passed until the next one was this function's.
    sums.set(name, (sums.get(name) ?? 0) + (timeDeltas[at + 1] ?? 0));
  }
  return [...sums].map(([what, us]) => ({ what, us })).toSorted((a, b) => b.us - a.us);
}
