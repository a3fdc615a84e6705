// `openclaw-edge status`: how the gateway of this config is, asked of itself. Lines, flags and exit codes are those of OpenClaw's
// `gateway status`; what more a proxy knows stands below them.
import { isJsonObject, type Json, type JsonObject } from "../core/json.ts";
import { EMBEDDED, type Loaded } from "../config/load-snapshot.ts";
import { type Command, EXIT, type Terminal, UsageError } from "./command.ts";
import { askGateway, GATEWAY_OPTIONS, type GatewayAnswer, isUnreached } from "./gateway-client.ts";
import { type GatewayPlace, healthPlaceOf, placeOf, placeWritten, secretWritten } from "./gateway-place.ts";
import { LOAD_OPTIONS, loadForReading } from "./load.ts";
import { type Given, JSON_OPTION } from "./options.ts";
import { paintFor } from "./paint.ts";
import { placeFromFile } from "./place-from-file.ts";
import { print } from "./print.ts";
import { type StatusDocument, statusText } from "./status-text.ts";
import { complain } from "./verdict.ts";

const TIMEOUT_MS = 10_000;
/** Where OpenClaw's gateways listen unasked: its own and that of `--dev`. */
const USUAL_PORTS = [18_789, 19_001];
const NEIGHBOUR_MS = 500;
const MS_PER_S = 1_000;
const INTERVAL_S = 1;
const INTERVAL_S_MIN = 0.1;
/** Options that ask for something that is looked at once. */
const ONE_LOOK = ["require-rpc", "no-probe", "deep"];

/** Prints how it is; exits 1 only when `--require-rpc` asks for an answer to the credential and there is none. */
export const status: Command = {
  operands: [],
  options: {
    ...LOAD_OPTIONS,
    ...GATEWAY_OPTIONS,
    "require-rpc": { type: "boolean", about: "Exit 1 unless the gateway lets this credential read." },
    "no-probe": { type: "boolean", about: "Ask nobody; say what the config says." },
    deep: { type: "boolean", about: "Look for other gateways on this machine." },
    watch: {
      type: "boolean",
      about: "The status page in the terminal, until Ctrl-C; with --json one document a line.",
    },
    interval: { type: "string", value: "SECONDS", about: "Time between two looks of --watch (1)." },
    ...JSON_OPTION,
  },
  async run(given, terminal) {
    const requires = given.flag("require-rpc");
    if (requires && given.flag("no-probe")) return contradiction(terminal);
    const timeoutMs = given.number("timeout", TIMEOUT_MS, 1);
    const intervalMs = watchInterval(given);
    const read = await loadForReading(given, terminal);
    if (!read.ok) await complain(read.complaints, terminal);
    const loaded = read.ok ? read : null;
    const places = loaded === null ? await placesWithout(given, terminal) : placesOf(loaded, given);
    if (intervalMs !== null) {
      const { watch } = await import("./watch/watch.ts");
      return watch({ place: places.place, terminal, intervalMs, timeoutMs, json: given.flag("json") });
    }
    const probe = given.flag("no-probe") ? null : await probed(places, timeoutMs);
    const others = given.flag("deep") ? await neighbours(places.place) : null;
    const ofConfig = given.text("url") === null || loaded?.source !== EMBEDDED;
    const document = documentOf({ loaded, place: places.place, ofConfig, probe, others, requires });
    await print(document, { given, terminal }, () => statusText(document, paintFor(terminal, "stdout")));
    if (loaded === null) return EXIT.config;
    return requires && document.probe?.read !== true ? EXIT.failed : EXIT.ok;
  },
};

/** Null without `--watch`. Throws UsageError for what does not go with it. */
function watchInterval(given: Given): number | null {
  const isWatch = given.flag("watch");
  const stranger = isWatch ? ONE_LOOK.find((name) => given.flag(name)) : undefined;
  if (stranger !== undefined) throw new UsageError(`--watch and --${stranger} exclude each other`);
  if (!isWatch && given.text("interval") !== null) throw new UsageError("--interval goes with --watch");
  return isWatch ? given.number("interval", INTERVAL_S, INTERVAL_S_MIN) * MS_PER_S : null;
}

function placesOf(loaded: Loaded, given: Given): Places {
  return { place: placeOf(loaded, given), health: healthPlaceOf(loaded, given) };
}

/** A config that is broken by now does not keep us from asking how the gateway is that runs with the one before. */
async function placesWithout(given: Given, terminal: Terminal): Promise<Places> {
  const { env } = terminal;
  const written = placeWritten(given, env);
  const place = written ?? { ...(await placeFromFile(given, terminal)), secret: secretWritten(given, env) };
  return { place, health: place };
}

function contradiction({ stderr }: Terminal): number {
  stderr.write("openclaw-edge: --require-rpc and --no-probe exclude each other\n");
  return EXIT.failed;
}

/** What two questions brought. */
interface Probed {
  readonly problem: string | null;
  /** Something serves there, and not us: it wants to see a certificate. */
  readonly refused: boolean;
  readonly ready: GatewayAnswer | null;
  readonly models: GatewayAnswer | null;
}

interface Places {
  readonly place: GatewayPlace;
  readonly health: GatewayPlace;
}

async function probed({ place, health }: Places, timeoutMs: number): Promise<Probed> {
  const ready = await askGateway(health, { path: "/readyz", timeoutMs });
  if (isUnreached(ready)) {
    return { problem: ready.problem, refused: ready.exit === EXIT.refused, ready: null, models: null };
  }
  const models = await askGateway(place, { path: "/v1/models", timeoutMs });
  const unread = isUnreached(models) && models.exit === EXIT.refused ? models.problem : null;
  return { problem: unread, refused: false, ready, models: isUnreached(models) ? null : models };
}

/** Other gateways that answer on their usual ports. */
async function neighbours({ url }: GatewayPlace): Promise<readonly string[]> {
  const ports = USUAL_PORTS.filter((port) => String(port) !== url.port);
  const asked = ports.map(async (port) => {
    const other = { url: new URL(`http://127.0.0.1:${port}`), secret: null, certificate: null };
    const answer = await askGateway(other, { path: "/healthz", timeoutMs: NEIGHBOUR_MS });
    return !isUnreached(answer) && isJsonObject(answer.body) && answer.body["status"] === "live"
      ? [other.url.origin]
      : [];
  });
  return (await Promise.all(asked)).flat();
}

interface Parts {
  /** Null when the config has errors. */
  readonly loaded: Loaded | null;
  readonly place: GatewayPlace;
  readonly ofConfig: boolean;
  readonly probe: Probed | null;
  readonly others: readonly string[] | null;
  readonly requires: boolean;
}

function documentOf({ loaded, place, ofConfig, probe, others, requires }: Parts): StatusDocument {
  const told = probe?.ready?.body;
  const detail: JsonObject = isJsonObject(told) ? told : {};
  const isGateway = typeof detail["ready"] === "boolean";
  const problem =
    probe === null || isGateway ? (probe?.problem ?? null) : (probe.problem ?? "what answers there is no gateway");
  const models = probe?.models?.status ?? null;
  return {
    config: { path: loaded?.source ?? null, revision: loaded?.snapshot.revision ?? null },
    gateway: {
      url: place.url.origin,
      ofConfig,
      hosts: ofConfig ? (loaded?.snapshot.gateway.hosts ?? []) : [],
      auth: ofConfig ? (loaded?.snapshot.gateway.auth.mode ?? null) : null,
    },
    runtime: {
      status: isGateway ? "running" : probe === null || probe.refused ? "unknown" : "stopped",
      pid: numberOf(detail["pid"]),
      uptimeMs: numberOf(detail["uptimeMs"]),
      revision: typeof detail["revision"] === "string" ? detail["revision"] : null,
      ...(isJsonObject(detail["workers"]) && { workers: detail["workers"] }),
    },
    probe:
      probe === null
        ? null
        : {
            ok: isGateway,
            read: isGateway && models === 200,
            error: problem,
            latencyMs: probe.ready?.latencyMs ?? null,
            status: models,
          },
    required: requires,
    ready: isGateway ? detail["ready"] === true : null,
    failing: listOf(detail["failing"]),
    notReady: listOf(detail["notReady"]),
    eventLoop: isJsonObject(detail["eventLoop"]) ? detail["eventLoop"] : null,
    others,
  };
}

function numberOf(value: Json | undefined): number | null {
  return typeof value === "number" ? value : null;
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}
