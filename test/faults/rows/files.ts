// 3.8: files that change under a running process. What is good is served, what is not never is, and no request notices.
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import * as does from "../../support/behaviours.ts";
import { chainConfig } from "../../support/edge-config.ts";
import type { Edge, LogLine } from "../../support/edge.ts";
import { until } from "../../support/script.ts";
import { polled } from "../../support/wait.ts";
import { actorConfig, withEdge, apart, type ApartRow } from "../apart.ts";
import type { Bench } from "../bench.ts";
import { residentMiB, unless } from "../client.ts";
import { gatewayOf } from "../adapters/openclaw-edge.ts";
import { WELL } from "../names.ts";
import type { FlowRow, Measured } from "../row.ts";

const OUR_FILE = "it is about the product's own file";
const CALL = { messages: [{ role: "user", content: "hi" }] };

/** A process whose file names `<id>-a`, and a file that names `<id>-b`. */
interface Stage {
  readonly edge: Edge;
  readonly bench: Bench;
  readonly a: object;
  readonly b: object;
  /** The names of their providers. */
  readonly names: readonly [string, string];
}

interface FileRow extends ApartRow {
  readonly play: (stage: Stage) => Promise<readonly string[] | Measured>;
}

function inFile({ play, ...row }: FileRow): FlowRow {
  const id = row.id.toLowerCase();
  const names = [`${id}-a`, `${id}-b`] as const;
  return apart(row, {
    onlyHere: OUR_FILE,
    play: (bench) => {
      for (const name of names) bench.on(name, does.answer());
      const [a, b] = [actorConfig(bench, names[0]), actorConfig(bench, names[1])];
      return withEdge({ config: a }, (edge) => play({ edge, bench, a, b, names }));
    },
  });
}

async function servedBy(edge: Edge): Promise<string> {
  const response = await edge.post("/v1/chat/completions", CALL);
  await response.text();
  return response.headers.get("x-openclaw-served-by")?.split("/")[0] ?? `status ${response.status}`;
}

const serves = (edge: Edge, who: string): Promise<void> =>
  polled(async () => (await servedBy(edge)) === who, `${who} to serve`, 20_000);
const isRefusal = ({ msg }: LogLine): boolean => String(msg).startsWith("config reload skipped");

/** Texts that no gateway can be run with. */
const BROKEN = ["not a config at all", "", "[]", '{ "gateway": { "port": "soon" } }', '{ "models": { "providers": {'];

/** One generation of a mounted ConfigMap, as the kubelet lays it out. */
function mount(folder: string, generation: number, content: object): void {
  const data = `..2026_11_21_${generation}`;
  mkdirSync(join(folder, data));
  writeFileSync(join(folder, data, "openclaw.json"), JSON.stringify(content));
  symlinkSync(data, join(folder, "..data_tmp"));
  renameSync(join(folder, "..data_tmp"), join(folder, "..data"));
  if (generation === 1) symlinkSync(join("..data", "openclaw.json"), join(folder, "openclaw.json"));
}

/** The rows. */
export const FILES: readonly FlowRow[] = [
  inFile({
    id: "P10",
    says: "the file is edited while a stream runs",
    wants: "the new one serves; the stream keeps the old one",
    play: async ({ edge, bench, b, names }) => {
      bench.on(names[0], does.answer({ paceMs: 150 }));
      const response = await edge.post("/v1/chat/completions", { ...CALL, stream: true });
      const startedAt = performance.now();
      edge.writeConfig(b);
      await serves(edge, names[1]);
      const seen = `served after ${(performance.now() - startedAt).toFixed(0)} ms`;
      const text = await response.text();
      return {
        seen,
        problems: unless(text.includes("[DONE]") && text.includes(names[0]), "the stream did not keep its file"),
      };
    },
  }),
  inFile({
    id: "P11",
    says: "the file is edited into five that cannot be served",
    wants: "the last good one serves; one warning each; the repaired one is taken",
    play: async ({ edge, b, names }) => {
      const problems: string[] = [];
      for (const [at, text] of BROKEN.entries()) {
        edge.writeConfig(text);
        await edge.child.until(() => edge.logs.filter(isRefusal).length > at, `refusal ${at + 1}`);
        const who = await servedBy(edge);
        problems.push(...unless(who === names[0], `${who} serves`));
      }
      edge.writeConfig(b);
      await serves(edge, names[1]);
      const told = edge.logs.filter(isRefusal).length;
      const metrics = async (): Promise<string> => (await edge.get("/api/diagnostics/prometheus")).text();
      const isCounted = async (): Promise<boolean> =>
        /config_reloads_total\{[^}]*="rejected"[^}]*\} 5/.test(await metrics());
      await polled(isCounted, "the count of files that were not taken");
      return [...problems, ...unless(told === BROKEN.length, `${told} warnings`)];
    },
  }),
  inFile({
    id: "P12",
    says: "the file is written piece by piece under load",
    wants: "no request fails; the whole file serves in the end",
    play: async ({ edge, b, names }) => {
      const text = JSON.stringify(b, null, 2);
      const statuses = new Set<number>();
      for (let end = 100; end < text.length + 100; end += 100) {
        writeFileSync(edge.configPath, text.slice(0, end));
        statuses.add((await edge.post("/v1/chat/completions", CALL)).status);
      }
      await serves(edge, names[1]);
      return unless(statuses.size === 1 && statuses.has(200), `statuses ${[...statuses].join(", ")}`);
    },
  }),
  inFile({
    id: "P13",
    says: "another file is renamed into its place, three times",
    wants: "noticed every time",
    play: async ({ edge, a, b, names }) => {
      for (const [config, who] of [
        [b, names[1]],
        [a, names[0]],
        [b, names[1]],
      ] as const) {
        writeFileSync(`${edge.configPath}.new`, JSON.stringify(config));
        renameSync(`${edge.configPath}.new`, edge.configPath);
        await serves(edge, who);
      }
      return [];
    },
  }),
  {
    id: "P14",
    says: "a mounted ConfigMap is exchanged twice",
    wants: "noticed both times",
    actors: [],
    apart: true,
    onlyHere: OUR_FILE,
    play: async (bench) => {
      const folder = mkdtempSync(join(tmpdir(), "openclaw-edge-faults-"));
      const configs = ["p14-a", "p14-b"].map((name) => actorConfig(bench, name));
      mount(folder, 1, configs[0] ?? {});
      try {
        return await withEdge({ config: {}, args: ["--config", join(folder, "openclaw.json")] }, async (edge) => {
          mount(folder, 2, configs[1] ?? {});
          await serves(edge, "p14-b");
          rmSync(join(folder, "..2026_11_21_1"), { recursive: true });
          mount(folder, 3, configs[0] ?? {});
          await serves(edge, "p14-a");
          return [];
        });
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    },
  },
  inFile({
    id: "P15",
    says: "the file is deleted",
    wants: "the last good one serves on, with a warning; a new one is taken",
    play: async ({ edge, b, names }) => {
      unlinkSync(edge.configPath);
      const line = await edge.logged(isRefusal, "the warning");
      const who = await servedBy(edge);
      edge.writeConfig(b);
      await serves(edge, names[1]);
      return [...unless(who === names[0], `${who} serves`), ...unless(line["level"] === "warn", String(line["level"]))];
    },
  }),
  inFile({
    id: "P24",
    says: "the gateway's token is rotated while a stream runs",
    wants: "the new one is let in, the old one is not; the stream finishes",
    play: async ({ edge, bench, a, names }) => {
      bench.on(names[0], does.answer({ paceMs: 150 }));
      const response = await edge.post("/v1/chat/completions", { ...CALL, stream: true });
      const token = "another-token-4be1c07d5a3344f2";
      edge.writeConfig({ ...a, gateway: { auth: { token } } });
      const asked = async (bearer: string): Promise<number> =>
        (await edge.get("/v1/models", { authorization: `Bearer ${bearer}` })).status;
      await polled(async () => (await asked(token)) === 200, "the new token", 20_000);
      const old = await asked(edge.token);
      const text = await response.text();
      return [
        ...unless(old === 401, `the old token: ${old}`),
        ...unless(text.includes("[DONE]"), "the stream was cut"),
      ];
    },
  }),
  {
    ...inFile({
      id: "X45",
      slow: true,
      says: "the file is written twenty times a second for a minute, with a breath behind every twenty, while a stream runs",
      wants:
        "coalesced; no call fails; the stream and the last file serve; memory grows by less than 60 MiB, sockets by none",
      play: reloadStorm,
    }),
    quiet: true,
  },
];

/** Both files by turns, each naming a provider of another origin, so that each swap leaves a pool behind. */
async function reloadStorm({ edge, bench, a, names }: Stage): Promise<Measured> {
  const gateway = gatewayOf(edge);
  const b = chainConfig({ [names[1]]: { url: bench.healthy.url, more: { models: [{ id: WELL }] } } });
  const agents = { defaults: { model: { primary: `${names[1]}/${WELL}` } } };
  const other = { ...b, agents };
  const go = Promise.withResolvers<void>();
  bench.on(names[0], (request) =>
    request.stream ? [until(go.promise), ...does.answer()(request)] : does.answer()(request),
  );
  const stream = edge.post("/v1/chat/completions", { ...CALL, stream: true }).then((response) => response.text());
  await polled(async () => bench.failing.requestsFor(names[0]).length > 0, "the stream to be under way");
  edge.writeConfig(other);
  await serves(edge, names[1]);
  const [memory, sockets] = [residentMiB({ gateway }), socketsOf(gateway.pid)];
  const seen = new Set<string>();
  for (let gust = 0; gust < GUSTS; gust += 1) {
    for (let turn = 0; turn < GUST_WRITES; turn += 1) {
      // The last of each gust by turns, too, so that each gust ends in a swap.
      edge.writeConfig((gust + turn) % 2 === 0 ? other : a);
      const [who] = await Promise.all([servedBy(edge), sleep(GUST_PAUSE_MS)]);
      seen.add(who);
    }
    await serves(edge, names[(gust + GUST_WRITES - 1) % 2 === 0 ? 1 : 0]);
  }
  const writes = GUSTS * GUST_WRITES;
  go.resolve();
  const text = await stream;
  const swaps = edge.logs.filter(({ msg }) => msg === "config reloaded").length;
  // The pool that the stream was the last user of goes a moment after it.
  const isFlat = polled(async () => socketsOf(gateway.pid) <= sockets, "sockets of old pools to close");
  const leak = await isFlat.then(
    () => [],
    () => [`${socketsOf(gateway.pid)} sockets, ${sockets} before`],
  );
  const grown = residentMiB({ gateway }) - memory;
  const told = `${swaps} reloads for ${writes} writes; memory grew by ${Math.max(0, grown).toFixed(0)} MiB`;
  const strangers = [...seen].filter((who) => who !== names[0] && who !== names[1]);
  return {
    seen: told,
    problems: [
      ...unless(swaps >= GUSTS && swaps < writes / 4 && grown < 60, told),
      ...unless(strangers.length === 0, `calls heard ${strangers.join(", ")}`),
      ...unless(text.includes("[DONE]"), "the stream was cut"),
      ...leak,
    ],
  };
}

/** A minute of twenty writes a second, with a breath behind every twenty. An even number, so that the last one leads to where it began. */
const GUSTS = 40;
const GUST_WRITES = 20;
const GUST_PAUSE_MS = 50;

/** Sockets that a process has open. */
function socketsOf(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).filter((name) => {
    try {
      return readlinkSync(join(folder, name)).startsWith("socket:");
    } catch {
      return false;
    }
  }).length;
}
