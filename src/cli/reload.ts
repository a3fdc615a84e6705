// `openclaw-edge reload`: checks the file, tells the gateway that runs with it to read it again, and says what came of it.
import { setTimeout as wait } from "node:timers/promises";
import type { Loaded } from "../config/load-snapshot.ts";
import { isJsonObject, type Json, type JsonObject } from "../core/json.ts";
import { type Command, EXIT } from "./command.ts";
import { askReadiness, gatewayPlace } from "./gateway-health.ts";
import { load, LOAD_OPTIONS } from "./load.ts";
import { pidSpace } from "./pid-space.ts";
import { print } from "./print.ts";
import { complain } from "./verdict.ts";

/** What is printed with `--json`. */
interface Outcome {
  readonly gateway: string;
  readonly result: "swapped" | "rejected" | "unchanged" | "invalid" | "unreachable" | "unauthorized" | "silent";
  /** Of the configuration that serves; null when nobody answered. */
  readonly revision: string | null;
  readonly restartNeeded: readonly string[];
  /** Workers that are replaced by new ones, because settings of their start have changed. */
  readonly replacing: number;
  /** For people. */
  readonly message: string;
}

/** How long the gateway may take to read its files and ask its programs, and how often it is looked at. */
const PATIENCE_MS = 30_000;
const LOOK_MS = 100;
/** What to tell who cannot ask. */
const NOTICED = "(a changed file is noticed without being told)";

/** Reloads; exit code 1 when the new file does not serve afterwards, 3 when no gateway answers, 4 when it does not know us. */
export const reload: Command = {
  operands: [],
  options: { ...LOAD_OPTIONS, json: { type: "boolean", about: "Print one JSON document." } },
  async run(given, terminal) {
    const loaded = await load(given, terminal);
    if (!loaded.ok) await complain(loaded.complaints, terminal);
    const outcome = loaded.ok ? await askFor(loaded) : invalid(loaded.source);
    const { result, message } = outcome;
    if (given.flag("json") || EXITS[result] === EXIT.ok)
      await print(outcome, { given, terminal }, () => `${message}\n`);
    else terminal.stderr.write(`${message}\n`);
    return EXITS[result];
  },
};

const EXITS = {
  swapped: EXIT.ok,
  unchanged: EXIT.ok,
  rejected: EXIT.failed,
  invalid: EXIT.failed,
  silent: EXIT.timeout,
  unreachable: EXIT.unreachable,
  unauthorized: EXIT.refused,
} as const satisfies Record<Outcome["result"], number>;

function invalid(source: string): Outcome {
  const message = `${source} has errors: the gateway serves on with what it has`;
  return { gateway: "", result: "invalid", revision: null, restartNeeded: [], replacing: 0, message };
}

async function askFor(loaded: Loaded): Promise<Outcome> {
  const gateway = gatewayPlace(loaded);
  const nothing = { gateway, revision: null, restartNeeded: [], replacing: 0 };
  const { told: before, refusal } = await askReadiness(loaded);
  if (refusal !== null) {
    const message = `${refusal}: open edge.admin, or send its process SIGHUP ${NOTICED}`;
    return { ...nothing, result: "unauthorized", message };
  }
  if (before === null) return { ...nothing, result: "unreachable", message: `no running gateway at ${gateway}` };
  const { pid } = before;
  const obstacle = typeof pid === "number" ? foreign(before, gateway) : unknownHere(loaded, gateway);
  if (typeof pid !== "number" || obstacle !== null) {
    return { ...nothing, result: "unauthorized", message: obstacle ?? "" };
  }
  const since = readingsOf(before["reload"] as Json);
  const fault = hangUp(pid);
  if (fault !== null) {
    const message = `process ${pid} at ${gateway} cannot be signalled (${fault}): does another user own it?`;
    return { ...nothing, result: "unauthorized", message };
  }
  return (
    (await untilRead(loaded, since)) ?? {
      ...nothing,
      result: "silent",
      message: `the gateway at ${gateway} did not say what came of it`,
    }
  );
}

/** Why we are not told whom to signal. */
function unknownHere({ snapshot }: Loaded, gateway: string): string {
  if (snapshot.gateway.auth.mode === "trusted-proxy")
    return `the gateway at ${gateway} knows callers by its proxy: give it gateway.auth.password, with which programs of its machine are let in, or send its process SIGHUP ${NOTICED}`;
  return `the gateway at ${gateway} does not know this config's credential: give --token with the one that it runs with ${NOTICED}`;
}

/** Why the id that we were told is another process here; null when it is not. */
function foreign({ pidSpace: theirs }: JsonObject, gateway: string): string | null {
  return theirs === undefined || theirs === pidSpace()
    ? null
    : `the gateway at ${gateway} runs in another container or on another machine: call 'reload' there, or send its process SIGHUP ${NOTICED}`;
}

/** Tells a process to read its files; what the system says against it, or null. */
function hangUp(pid: number): string | null {
  try {
    process.kill(pid, "SIGHUP");
    return null;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? String(error);
  }
}

/** Looks until the gateway has read its files once more. A token that the new file changes is the one that we hold already. */
async function untilRead(loaded: Loaded, since: number): Promise<Outcome | null> {
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += LOOK_MS) {
    await wait(LOOK_MS);
    const { told } = await askReadiness(loaded);
    const reloads = told?.["reload"] as Json | undefined;
    if (told !== null && isJsonObject(reloads) && readingsOf(reloads) > since) {
      return outcomeOf(loaded, reloads, told);
    }
  }
  return null;
}

function outcomeOf(loaded: Loaded, reloads: JsonObject, { revision: told, workers }: JsonObject): Outcome {
  const revision = String(told);
  const gateway = gatewayPlace(loaded);
  const result = reloads["result"] === "swapped" || reloads["result"] === "unchanged" ? reloads["result"] : "rejected";
  const list = reloads["restartNeeded"];
  const restartNeeded = Array.isArray(list) ? (list as readonly Json[]).map(String) : [];
  const rest = restartNeeded.length === 0 ? "" : `; restart needed: ${restartNeeded.join(", ")}`;
  const words = {
    swapped: `reloaded: ${revision}`,
    unchanged: `nothing changed: ${revision}`,
    rejected: `refused: ${revision} serves on, and the log says why`,
  };
  const replacing = replacingOf(workers);
  const inTurn = replacing === 0 ? "" : "; the workers are replaced, one after the other";
  return { gateway, result, revision, restartNeeded, replacing, message: `${words[result]}${inTurn}${rest}` };
}

function replacingOf(workers: Json | undefined): number {
  return workers !== undefined && isJsonObject(workers) ? Number(workers["outdated"] ?? 0) : 0;
}

function readingsOf(reloads: Json | undefined): number {
  return isJsonObject(reloads) ? Number(reloads["readings"] ?? 0) : 0;
}
