// What telemetry costs end to end: processor time per request of the running gateway, once with a bus that nobody but health hears, once
// as it comes, and once with everything on: 1 % of traces and the metrics pushed to a collector, a scrape a second, a viewer of the page.
//   node bench/telemetry-whole.ts [--rounds N] [--only single,whole]
import { parseArgs } from "node:util";
import { Collector } from "../test/support/collector.ts";
import { startEdge } from "../test/support/edge.ts";
import { benchConfig } from "./bench-config.ts";
import { cpuMicros } from "./proc.ts";
import { startUpstream, type Subject } from "./processes.ts";
import { MODELS, SCENARIOS } from "./scenarios.ts";

const { values } = parseArgs({
  options: { rounds: { type: "string", default: "5" }, only: { type: "string", default: "single,whole" } },
});
const rounds = Number(values.rounds);
const scenarios = SCENARIOS.filter(({ name }) => values.only.split(",").includes(name));
const PERCENT = 100;

/** How a gateway is watched. */
interface Watched {
  readonly name: string;
  readonly subject: Subject;
}

interface Start {
  readonly name: string;
  readonly more?: object;
  readonly env?: Readonly<Record<string, string>>;
}

async function start(upstreamUrl: string, { name, more = {}, env = {} }: Start): Promise<Watched> {
  const edge = await startEdge({ config: { ...benchConfig(upstreamUrl, MODELS), ...more }, env });
  edge.child.mute();
  const stop = async (): Promise<void> => {
    await edge.stop("SIGTERM");
  };
  const { url, token, child } = edge;
  return { name, subject: { name: "edge", url, token, pid: child.pid, startMs: null, [Symbol.asyncDispose]: stop } };
}

/** Scrapes once a second and looks at the page, until the signal. */
async function watch({ url, token }: Subject, until: AbortSignal): Promise<void> {
  const headers = { authorization: `Bearer ${token}` };
  const viewer = await fetch(`${url}/status/events`, { headers, signal: until });
  const viewing = viewer.body?.pipeTo(new WritableStream()).catch(() => undefined);
  while (!until.aborted) {
    await fetch(`${url}/api/diagnostics/prometheus`, { headers, signal: until })
      .then((response) => response.text())
      .catch(() => "");
    await new Promise((resolve) => setTimeout(resolve, 1_000));
  }
  await viewing;
}

/** Processor microseconds per unit, or NaN. */
async function costOf(scenario: (typeof SCENARIOS)[number], { name, subject }: Watched): Promise<number> {
  const over = new AbortController();
  const watching = name === "everything" ? watch(subject, over.signal) : Promise.resolve();
  const run = await scenario.run(subject, "quick");
  over.abort();
  await watching;
  if (run.bad.length > 0) throw new Error(`${name}: ${run.bad[0]}`);
  return run.figures["cpu"] ?? Number.NaN;
}

/** Others on the machine only add. */
const best = (figures: readonly number[]): number => Math.min(...figures);

await using upstream = await startUpstream();
await using collector = await Collector.listen();
const otel = { enabled: true, endpoint: collector.url, sampleRate: 0.01, flushIntervalMs: 5_000, logs: false };
const quiet = { NODE_OPTIONS: `--import=${new URL("quiet-bus.ts", import.meta.url).href}` };
const watched = [
  await start(upstream.url, { name: "off", env: quiet }),
  await start(upstream.url, { name: "as it comes" }),
  await start(upstream.url, { name: "everything", more: { diagnostics: { otel } } }),
];
if (cpuMicros(upstream.pid) === null) throw new Error("this machine does not tell processor time");
process.stdout.write(
  `| processor us per unit | ${watched.map(({ name }) => name).join(" | ")} | everything on |\n|---|---|---|---|---|\n`,
);
for (const scenario of scenarios) {
  const costs = watched.map((): number[] => []);
  for (let warm = 0; warm < 2; warm += 1) for (const each of watched) await scenario.run(each.subject, "quick");
  for (let round = 0; round < rounds; round += 1) {
    for (const [at, each] of watched.entries()) costs[at]?.push(await costOf(scenario, each));
  }
  const [off = Number.NaN, usual = Number.NaN, all = Number.NaN] = costs.map(best);
  const more = `${(((all - off) / off) * PERCENT).toFixed(1)} %`;
  process.stdout.write(
    `| ${scenario.name} | ${off.toFixed(1)} | ${usual.toFixed(1)} | ${all.toFixed(1)} | ${more} |\n`,
  );
}
for (const { subject } of watched) await subject[Symbol.asyncDispose]();
