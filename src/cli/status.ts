// `openclaw-edge status`: how the gateway of this config is, asked of itself. Lines, flags and exit codes are those of OpenClaw's
// `gateway status`; what more a proxy knows stands below them.
import { isJsonObject, type Json, type JsonObject } from "../core/json.ts";
import type { Loaded } from "../config/load-snapshot.ts";
import { type Command, EXIT, type Terminal } from "./command.ts";
import {
  askGateway,
  GATEWAY_OPTIONS,
  type GatewayAnswer,
  type GatewayPlace,
  isUnreached,
  placeOf,
} from "./gateway-client.ts";
import { LOAD_OPTIONS, loadOrTell } from "./load.ts";
import { JSON_OPTION } from "./options.ts";
import { paintFor } from "./paint.ts";
import { print } from "./print.ts";
import { type StatusDocument, statusText } from "./status-text.ts";

const TIMEOUT_MS = 10_000;
/** Where OpenClaw's gateways listen unasked: its own and that of `--dev`. */
const USUAL_PORTS = [18_789, 19_001];
const NEIGHBOUR_MS = 500;

/** Prints how it is; exits 1 only when `--require-rpc` asks for an answer to the credential and there is none. */
export const status: Command = {
  operands: [],
  options: {
    ...LOAD_OPTIONS,
    ...GATEWAY_OPTIONS,
    "require-rpc": { type: "boolean", about: "Exit 1 unless the gateway lets this credential read." },
    "no-probe": { type: "boolean", about: "Ask nobody; say what the config says." },
    deep: { type: "boolean", about: "Look for other gateways on this machine." },
    ...JSON_OPTION,
  },
  async run(given, terminal) {
    const requires = given.flag("require-rpc");
    if (requires && given.flag("no-probe")) return contradiction(terminal);
    const timeoutMs = given.number("timeout", TIMEOUT_MS, 1);
    const loaded = await loadOrTell(given, terminal);
    if (loaded === null) return EXIT.config;
    const place = placeOf(loaded, given);
    const probe = given.flag("no-probe") ? null : await probed(place, timeoutMs);
    const others = given.flag("deep") ? await neighbours(place) : null;
    const document = documentOf({ loaded, place, probe, others, requires });
    await print(document, { given, terminal }, () => statusText(document, paintFor(terminal, "stdout")));
    return requires && document.probe?.read !== true ? EXIT.failed : EXIT.ok;
  },
};

function contradiction({ stderr }: Terminal): number {
  stderr.write("openclaw-edge: --require-rpc and --no-probe exclude each other\n");
  return EXIT.failed;
}

/** What two questions brought. */
interface Probed {
  readonly problem: string | null;
  readonly ready: GatewayAnswer | null;
  readonly models: GatewayAnswer | null;
}

async function probed(place: GatewayPlace, timeoutMs: number): Promise<Probed> {
  const ready = await askGateway(place, { path: "/readyz", timeoutMs });
  if (isUnreached(ready)) return { problem: ready.problem, ready: null, models: null };
  const models = await askGateway(place, { path: "/v1/models", timeoutMs });
  return { problem: null, ready, models: isUnreached(models) ? null : models };
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
  readonly loaded: Loaded;
  readonly place: GatewayPlace;
  readonly probe: Probed | null;
  readonly others: readonly string[] | null;
  readonly requires: boolean;
}

function documentOf({ loaded, place, probe, others, requires }: Parts): StatusDocument {
  const { snapshot, source } = loaded;
  const told = probe?.ready?.body;
  const detail: JsonObject = isJsonObject(told) ? told : {};
  const isGateway = typeof detail["ready"] === "boolean";
  const problem =
    probe === null || isGateway ? (probe?.problem ?? null) : (probe.problem ?? "what answers there is no gateway");
  const models = probe?.models?.status ?? null;
  return {
    config: { path: source, revision: snapshot.revision },
    gateway: { url: place.url.origin, hosts: snapshot.gateway.hosts, auth: snapshot.gateway.auth.mode },
    runtime: {
      status: probe === null ? "unknown" : isGateway ? "running" : "stopped",
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
