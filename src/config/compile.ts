// A config that was read becomes the snapshot that runs: names resolved, chains flattened, headers merged. Pure; all that
// comes from outside (secrets, files, addresses) was looked up before and comes in as values.
import { Secret } from "../core/secret.ts";
import type { Snapshot, Target } from "../core/snapshot.ts";
import type { TelemetrySettings } from "../core/telemetry-settings.ts";
import { type CompiledAgents, compileAgents } from "./compile-agents.ts";
import {
  compileBehaviour,
  compileGateway,
  type CompiledGateway,
  compileLimits,
  compileLogging,
  type GatewayContext,
  metricsShown,
} from "./compile-gateway.ts";
import { collectorSecrets } from "./collector-secrets.ts";
import { compileTelemetry } from "./compile-telemetry.ts";
import { rosterOf } from "./agent-roster.ts";
import { choiceOf } from "./compile-chain.ts";
import type { Complaint } from "./complaint.ts";
import { Cooldowns } from "./cooldowns.ts";
import { processProxy, settledProxy } from "./egress-proxy.ts";
import { CommonParams } from "./fill.ts";
import { readModelList } from "./model-list.ts";
import { commonPolicy, selectableOf } from "./model-policy.ts";
import type { KeyPath } from "./key-path.ts";
import { ModelNames } from "./model-names.ts";
import { parseModelRef } from "./model-ref.ts";
import { type ProviderFrame, providerFrame } from "./provider-frame.ts";
import { PROVIDER_SYNONYMS } from "./provider-id.ts";
import { providerSources } from "./provider-sources.ts";
import { reachOf, reportLacks, reportUnavailable, reportUnfilled } from "./reachability.ts";
import type { ReadConfig } from "./read-result.ts";
import { processesOf } from "./memory-share.ts";
import { placed, type Report, type Said } from "./report.ts";
import { reportDeadlines } from "./report-deadlines.ts";
import { reportWindows } from "./report-windows.ts";
import { redactable } from "./redactable.ts";
import { TargetBook } from "./target-book.ts";

/** What a snapshot is made of besides the config. */
export interface CompileContext extends Omit<GatewayContext, "config" | "env" | "report"> {
  /** Path of the file, or `embedded default`. */
  readonly source: string;
  /** Our version, for `user-agent`. */
  readonly version: string;
  /** Processor cores that this process may use. */
  readonly cores: number;
  /** Memory that it may use, in bytes; null where only the machine limits it. */
  readonly memoryBytes: number | null;
}

/** The snapshot, unless an error keeps it from running, and everything that is to be said about the config. */
export interface Compiled {
  readonly snapshot: Snapshot | null;
  readonly complaints: readonly Complaint[];
  readonly generatedToken: Secret | null;
}

/** Errors for `config validate` with which a gateway still starts: other agents may serve (decision 25). */
const STARTABLE: ReadonlySet<string> = new Set(["agent_unusable"]);

/** True when a complaint keeps the gateway from starting. */
export function isFatal({ severity, code }: Complaint): boolean {
  return severity === "error" && !STARTABLE.has(code);
}

/** Providers, names and agents. */
interface Models extends CompiledAgents {
  readonly frames: readonly ProviderFrame[];
  readonly book: TargetBook;
  readonly names: ModelNames;
}

const MODELS_PATH: KeyPath = ["agents", "defaults", "models"];

/** The first model of the first provider that the file configures, else of the first row that has a key. */
function fallbackPrimary(frames: readonly ProviderFrame[], book: TargetBook): Target | null {
  const written = frames.filter((frame) => frame.written !== null);
  const keyed = frames.filter((frame) => frame.written === null && frame.ring.keys.length > 0);
  for (const { id, written: own, preset } of [...written, ...keyed]) {
    const model = own?.models[0]?.id ?? preset?.defaultModel ?? null;
    const target = model === null ? null : book.target(id, model);
    if (target !== null) return target;
  }
  return null;
}

/** The provider that a name without one is looked for at: the primary's, else the first of the file. */
function defaultProvider({ agents }: ReadConfig["config"], names: ModelNames, first: Target | null): string | null {
  const { primary } = choiceOf(agents.defaults.model, ["agents", "defaults", "model"]);
  const text = primary?.text.trim() ?? "";
  const alias = names.aliases.get(text.toLowerCase());
  return alias?.provider ?? parseModelRef(text)?.provider ?? first?.provider ?? null;
}

function compileModels(read: ReadConfig, context: CompileContext, report: Report): Models {
  const { config, env, unresolved } = read;
  const cap = config.agents.defaults.contextTokens ?? null;
  const proxy = settledProxy(config, report);
  const frames = {
    env,
    book: context.book,
    edge: config.edge,
    proxy: processProxy(proxy),
    cooldowns: new Cooldowns(config.auth),
    params: new CommonParams(config.agents.defaults),
    contextTokensMax: cap,
    version: context.version,
    report,
  };
  const made = providerSources(config, report).map((source) => providerFrame(source, frames));
  const book = new TargetBook(made);
  const names = new ModelNames(book);
  const first = fallbackPrimary(made, book);
  const list = readModelList({ models: config.agents.defaults.models, path: MODELS_PATH }, names, report);
  for (const { agent, path } of rosterOf(config.agents)) {
    readModelList({ models: agent.models ?? {}, path: [...path, "models"] }, names, report);
  }
  names.defaultProvider = defaultProvider(config, names, first);
  const policy = commonPolicy({ config, listed: list.ids, names, report });
  const compiled = compileAgents({ config, frames, book, names, list, policy, fallbackPrimary: first });
  const known = [...book.all().values()];
  const reach = reachOf({
    agents: [...compiled.agents.values()],
    list: selectableOf(compiled.agents.values(), known),
    frames: made,
    known,
    mentions: names.mentions,
    proxied: proxy.enabled === true,
  });
  reportLacks(made, reach, report);
  reportUnfilled(unresolved, reach, report);
  reportUnavailable(made, reach, report);
  reportWindows({ frames: made, reach, cap }, report);
  reportDeadlines([...compiled.agents.values()], config, report);
  return { ...compiled, frames: made, book, names };
}

/** Everything together; only called when nothing fatal was found. */
function assemble(
  read: ReadConfig,
  context: CompileContext,
  parts: Models & CompiledGateway & { readonly telemetry: TelemetrySettings; readonly report: Report },
): Snapshot {
  const { config, env, revision } = read;
  const { book, names, gateway } = parts;
  const workers = config.edge.workers === "auto" ? context.cores : config.edge.workers;
  return {
    revision,
    source: context.source,
    agents: parts.agents,
    defaultAgent: parts.defaultAgent,
    providers: book.providers(),
    providerSynonyms: PROVIDER_SYNONYMS,
    targets: book.all(),
    aliases: names.aliases,
    aliasNames: names.aliasNames,
    bareIds: names.bareIds,
    expose: config.edge.models.expose,
    gateway,
    limits: compileLimits(config, { bytes: context.memoryBytes, processes: processesOf(workers) }),
    behaviour: compileBehaviour(config),
    logging: compileLogging(config, env, parts.report),
    metrics: metricsShown(config),
    telemetry: parts.telemetry,
    workers,
    secrets: new Secret(
      redactable({
        frames: parts.frames,
        agents: [...parts.agents.values()],
        gateway,
        collector: collectorSecrets(parts.telemetry.otlp),
        book: context.book,
      }),
    ),
  };
}

/** Compiles a config. */
export function compile(read: ReadConfig, context: CompileContext): Compiled {
  const grievances: Said[] = [];
  const report: Report = (said) => grievances.push(said);
  for (const message of context.book.warnings) {
    report({ severity: "warning", code: "secret_file", path: ["secrets", "providers"], message });
  }
  const models = compileModels(read, context, report);
  const door = compileGateway({ ...context, config: read.config, env: read.env, report });
  const telemetry = compileTelemetry(read.config, read.env, report);
  const snapshot = assemble(read, context, { ...models, ...door, telemetry, report });
  const complaints = grievances.map((said) => placed(said, read.positions));
  const isUsable = !complaints.some(isFatal);
  return {
    snapshot: isUsable ? snapshot : null,
    complaints,
    generatedToken: isUsable ? door.generatedToken : null,
  };
}
