// `status` for people: OpenClaw's lines first.
import { isJsonObject, type Json, type JsonObject } from "../core/json.ts";
import type { Paint } from "./paint.ts";

/** What `status --json` prints; durations in milliseconds. */
export interface StatusDocument {
  /** Nulls when the config has errors; then the gateway is where the file seems to say. */
  readonly config: { readonly path: string | null; readonly revision: string | null };
  readonly gateway: {
    readonly url: string;
    /** False for one that was named where there is no file: of its config nothing is known here. */
    readonly ofConfig: boolean;
    readonly hosts: readonly string[];
    readonly auth: string | null;
  };
  readonly runtime: {
    readonly status: "running" | "stopped" | "unknown";
    readonly pid: number | null;
    readonly uptimeMs: number | null;
    /** Of the config that the process runs with. */
    readonly revision: string | null;
    /** The processes that serve; absent where there is one. */
    readonly workers?: JsonObject;
  };
  /** Null when nobody was asked. */
  readonly probe: {
    readonly ok: boolean;
    /** The credential may list models. */
    readonly read: boolean;
    readonly error: string | null;
    readonly latencyMs: number | null;
    /** Of `GET /v1/models`. */
    readonly status: number | null;
  } | null;
  /** `--require-rpc` was given. */
  readonly required: boolean;
  readonly ready: boolean | null;
  readonly failing: readonly Json[];
  readonly notReady: readonly Json[];
  readonly eventLoop: JsonObject | null;
  /** Other gateways; null when nobody looked. */
  readonly others: readonly string[] | null;
}

const MS_PER_S = 1000;

/** The lines. */
export function statusText(document: StatusDocument, paint: Paint): string {
  const { config, gateway, runtime, ready, failing, notReady, others } = document;
  const isBroken = config.path === null;
  const isKnown = !isBroken && gateway.ofConfig;
  const isOld = isKnown && runtime.revision !== null && runtime.revision !== config.revision;
  const lines = [
    isBroken ? `Config: ${paint.bad("has errors")}` : `Config: ${config.path} (revision ${config.revision})`,
    isKnown
      ? `Gateway: ${gateway.url} (listens on ${gateway.hosts.join(", ")}; auth ${gateway.auth})`
      : `Gateway: ${gateway.url}`,
    `Runtime: ${runtimeWords(document, paint)}`,
    ...probeLines(document, paint),
    ...(ready === null
      ? []
      : [`Readiness: ${ready ? paint.good("ready") : paint.bad(`not ready (${failing.join(", ")})`)}`]),
    ...(isOld ? [paint.warn(`Reload: runs with revision ${runtime.revision}, not with the file as it is now`)] : []),
    ...notReady.map((line) => `Cooling: ${coolingWords(line)}`),
    ...(others === null ? [] : [`Other gateways: ${others.length === 0 ? "none found" : others.join(", ")}`]),
  ];
  return `${lines.join("\n")}\n`;
}

function runtimeWords({ runtime }: StatusDocument, paint: Paint): string {
  const { status, pid, uptimeMs, workers } = runtime;
  const word = { running: paint.good(status), stopped: paint.bad(status), unknown: status }[status];
  const more = [
    pid === null ? [] : `pid ${pid}`,
    uptimeMs === null ? [] : `up ${Math.floor(uptimeMs / MS_PER_S)} s`,
    workers === undefined ? [] : `${String(workers["serving"])} of ${String(workers["wanted"])} workers`,
    workers === undefined || !workers["outdated"] ? [] : `${String(workers["outdated"])} to be replaced`,
  ].flat();
  return more.length === 0 ? word : `${word} (${more.join(", ")})`;
}

function probeLines({ probe, required }: StatusDocument, paint: Paint): readonly string[] {
  const name = required ? "Read probe" : "Connectivity probe";
  if (probe === null) return [`${name}: skipped`];
  const isGood = required ? probe.read : probe.ok;
  const why = probe.error ?? `/v1/models answered ${probe.status ?? "nothing"}`;
  const capability = probe.read ? "write-capable" : probe.ok ? "connected, not authorised" : "none";
  return [`${name}: ${isGood ? paint.good("ok") : paint.bad(`failed (${why})`)}`, `Capability: ${capability}`];
}

function coolingWords(line: Json): string {
  if (!isJsonObject(line)) return "";
  const { target, credential, state, reason, recoversInMs } = line;
  const who = [target, credential].filter((part) => typeof part === "string").join(" ");
  const left = typeof recoversInMs === "number" ? `, ${Math.ceil(recoversInMs / MS_PER_S)} s left` : "";
  return `${who} ${String(state)}: ${String(reason)}${left}`;
}
