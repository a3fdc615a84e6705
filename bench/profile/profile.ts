// Where the time of the relay path goes, beside the floor's: both run the same load under V8's sampling profiler, warm, one after the other.
//   npm run bench -- profile [--only whole|short] [--json FILE]
import { writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { Inspector } from "../../test/soak/inspector.ts";
import { Child } from "../../test/support/child.ts";
import { EDGE_TOKEN, startEdge } from "../../test/support/edge.ts";
import { BODIES } from "../load/bodies.ts";
import { runLoop } from "../load/closed-loop.ts";
import { runStreams, type Target } from "../load/streams.ts";
import { shown, tableOf } from "../report.ts";
import { defaultConfig } from "../subjects/edge.ts";
import { HEADERS, startUpstream } from "../subjects/subject.ts";
import { streamModel, WHOLE_MODEL } from "../upstream/ask.ts";
import { busyUs, type CpuProfile, functionsOf, roomsOf } from "./cpu-profile.ts";

/** What to run. */
export interface ProfileOptions {
  /** The source, so that functions have names; the bundle has none. */
  readonly entry: string;
  readonly machine: string;
  readonly only: readonly string[] | undefined;
  readonly json: string | undefined;
  readonly say: (text: string) => void;
}

interface LoadDone {
  readonly requests: number;
  readonly bad: readonly string[];
}

type Load = (target: Target, requests: number) => Promise<LoadDone>;

const SHORT = { events: 5, paceMs: 0, connections: 32 };
const WARM = 16_000;
const MEASURED = 8_000;
const INTERVAL_US = 200;
const FUNCTIONS_SHOWN = 20;
const INSPECT = "--inspect=127.0.0.1:0";

/** The loads of which a profile is taken. */
export const PROFILED = {
  whole: async ({ url, headers }, requests) => {
    const run = { url, headers, connections: 32, seconds: 60, amount: requests };
    return runLoop({ ...run, shape: BODIES.small, model: WHOLE_MODEL });
  },
  short: async (target, requests) => {
    const { streams, bad } = await runStreams(target, { ...SHORT, requests });
    return { requests: streams, bad };
  },
} as const satisfies Record<string, Load>;

interface Profiled {
  readonly requests: number;
  readonly bad: readonly string[];
  readonly profile: CpuProfile;
}

/** Runs, prints and writes. The exit code is 1 when an answer was wrong. */
export async function benchProfile({ entry, machine, only, json, say }: ProfileOptions): Promise<number> {
  await using upstream = await startUpstream();
  const names = (Object.keys(PROFILED) as (keyof typeof PROFILED)[]).filter((name) => only?.includes(name) ?? true);
  const taken: Record<string, { readonly edge: Profiled; readonly floor: Profiled }> = {};
  const texts: string[] = [];
  for (const name of names) {
    say(`${name}: the floor`);
    const floor = await ofFloor(upstream.url, PROFILED[name]);
    say(`${name}: edge`);
    const edge = await ofEdge(upstream.url, entry, PROFILED[name]);
    taken[name] = { edge, floor };
    texts.push(`### ${name}`, roomTable(edge, floor), functionTable(edge));
  }
  console.log(
    [`${machine}; ${new Date().toISOString().slice(0, 10)}, ${MEASURED} requests each`, ...texts].join("\n\n"),
  );
  if (json !== undefined) writeFileSync(json, JSON.stringify(taken));
  const bad = Object.values(taken).flatMap(({ edge, floor }) => edge.bad.concat(floor.bad));
  for (const why of bad.slice(0, 10)) say(`BAD: ${why}`);
  return bad.length === 0 ? 0 : 1;
}

async function ofEdge(upstreamUrl: string, entry: string, load: Load): Promise<Profiled> {
  const config = defaultConfig({ upstreamUrl, models: [WHOLE_MODEL, streamModel(SHORT.events)] });
  await using edge = await startEdge({ config, entry, env: { NODE_OPTIONS: INSPECT } });
  const [, inspector = ""] = await edge.child.line(/(ws:\/\/\S+)/);
  edge.child.mute();
  // Awaited here: the process lives as long as this function.
  return await profiled({ url: edge.url, headers: HEADERS }, inspector, load);
}

async function ofFloor(upstreamUrl: string, load: Load): Promise<Profiled> {
  const program = resolve(import.meta.dirname, "../subjects/floor-proxy.ts");
  const path = process.env["PATH"] ?? "";
  const env = { PATH: path, UPSTREAM: upstreamUrl, TOKEN: EDGE_TOKEN, NODE_OPTIONS: INSPECT };
  const child = Child.start({ args: [program], env });
  try {
    const [, inspector = ""] = await child.line(/(ws:\/\/\S+)/);
    const [, url = ""] = await child.line(/floor (http:\/\/127\.0\.0\.1:\d+)/);
    return await profiled({ url, headers: HEADERS }, inspector, load);
  } finally {
    await child.stop("SIGKILL");
  }
}

async function profiled(target: Target, inspectorUrl: string, load: Load): Promise<Profiled> {
  const inspector = await Inspector.connect(inspectorUrl);
  const warm = await load(target, WARM);
  await inspector.startProfile(INTERVAL_US);
  const { requests, bad } = await load(target, MEASURED);
  const profile = await inspector.stopProfile();
  inspector.close();
  return { requests, bad: [...warm.bad, ...bad], profile };
}

/** Microseconds of a request by room, the floor's beside them. */
function roomTable(edge: Profiled, floor: Profiled): string {
  const floors = new Map(roomsOf(floor.profile).map(({ what, us }) => [what, us / floor.requests]));
  const rows = roomsOf(edge.profile).map(({ what, us }) => {
    const per = us / edge.requests;
    const theirs = floors.get(what) ?? 0;
    floors.delete(what);
    return [what, per, theirs] as const;
  });
  const only = [...floors].map(([what, per]) => [what, 0, per] as const);
  const all = ["all", busyUs(edge.profile) / edge.requests, busyUs(floor.profile) / floor.requests] as const;
  const cells = [all, ...rows, ...only].map(([what, ours, theirs]) => [
    what,
    shown(ours),
    shown(theirs),
    shown(ours - theirs),
  ]);
  return tableOf(["own time, us / request", "edge", "floor", "difference"], cells);
}

function functionTable({ profile, requests }: Profiled): string {
  const all = busyUs(profile);
  const rows = functionsOf(profile)
    .slice(0, FUNCTIONS_SHOWN)
    .map(({ what, us }) => [what, shown(us / requests), `${((us * 100) / all).toFixed(1)} %`]);
  return tableOf(["function of edge", "us / request", "share"], rows);
}
