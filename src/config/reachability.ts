// Decision 25: what is missing is an error where a request can come to need it, else a warning.
import type { Agent, Target } from "../core/snapshot.ts";
import { WINDOW_TOO_SMALL } from "./context-window.ts";
import type { KeyLack } from "./key-ring.ts";
import type { KeyPath } from "./key-path.ts";
import type { ProviderFrame } from "./provider-frame.ts";
import { providerIdOf } from "./provider-id.ts";
import type { Report } from "./report.ts";
import type { EnvReference } from "./substitute.ts";

/** Everything that a request can be sent to. */
export interface Reach {
  readonly targets: readonly Target[];
  /** Models that may be asked for an answer: those of `targets` that do not only embed, and all that may be named. */
  readonly talking: readonly Target[];
  /** Provider ids. */
  readonly providers: ReadonlySet<string>;
  /** Where each provider was first named, by provider id. */
  readonly mentions: ReadonlyMap<string, KeyPath>;
  /** True where requests leave through the proxy of the process. */
  readonly proxied: boolean;
}

/** What decides how far requests go. */
export interface ReachParts {
  readonly agents: readonly Agent[];
  /** What requests may select; null: anything. */
  readonly list: readonly Target[] | null;
  readonly frames: readonly ProviderFrame[];
  /** Every target that the file lists or names. */
  readonly known: Iterable<Target>;
  readonly mentions: ReadonlyMap<string, KeyPath>;
  readonly proxied: boolean;
}

/** Chains and the model list; without a list every provider that the file configures. */
export function reachOf({ agents, list, frames, known, mentions, proxied }: ReachParts): Reach {
  const chains = agents.flatMap((agent) => agent.chain.concat(agent.imageChain));
  const embedding = agents.flatMap((agent) => agent.embeddings ?? []);
  const embeds = new Set(embedding.map(({ id }) => id));
  const targets = [...new Set([...chains, ...embedding, ...(list ?? [])])];
  const configured = list === null ? frames.filter(({ written }) => written !== null).map(({ id }) => id) : [];
  // The part in front of a colon: a `remote` block makes a provider of its own.
  const named = targets.flatMap(({ provider }) => [provider, provider.split(":")[0] ?? provider]);
  const open = [...known].filter(({ provider }) => configured.includes(provider));
  const talking = [...new Set([...targets, ...open])].filter((each) => chains.includes(each) || !embeds.has(each.id));
  return { targets, talking, providers: new Set([...named, ...configured]), mentions, proxied };
}

const CODES = {
  missing: "missing_secret",
  unfilled: "missing_variable",
  unusable: "bad_secret",
  "stored-login": "stored_login",
} as const satisfies Record<KeyLack["why"], string>;

/** References of the providers that lead nowhere. Variables are reported with all others of the file. */
export function reportLacks(frames: readonly ProviderFrame[], reach: Reach, report: Report): void {
  for (const { id, lacks } of frames) {
    for (const lack of lacks.filter(({ why }) => why !== "unfilled")) {
      // A login that lies elsewhere is a key that is not there: its candidates are passed over, the others serve.
      const severity = reach.providers.has(id) && lack.why !== "stored-login" ? "error" : "warning";
      report({ severity, code: CODES[lack.why], path: lack.path, message: lack.problem });
    }
  }
}

/** The provider that a place of the file belongs to; null for other places. */
function providerAt(path: KeyPath): string | null {
  const [root, part, id] = path;
  return root === "models" && part === "providers" && typeof id === "string" ? providerIdOf(id) : null;
}

/** Roots of what agents need besides their providers. */
const AGENTS: ReadonlySet<unknown> = new Set(["agents", "memory"]);

function isProxy([root, part]: KeyPath, { proxied }: Reach): boolean {
  return proxied && root === "proxy" && part === "proxyUrl";
}

/** `${VAR}` that are not set. The door's own secrets are not among them: its mode decides whether they matter. */
export function reportUnfilled(unresolved: readonly EnvReference[], reach: Reach, report: Report): void {
  for (const { path, variable } of unresolved) {
    if (path[0] === "gateway" && path[1] === "auth") continue;
    const provider = providerAt(path);
    const isNeeded = provider === null ? AGENTS.has(path[0]) || isProxy(path, reach) : reach.providers.has(provider);
    const severity = isNeeded ? "error" : "warning";
    report({ severity, code: "missing_variable", path, message: `environment variable ${variable} is not set` });
  }
}

interface Unusable {
  readonly target: Target;
  readonly frame: ProviderFrame;
}

const WORDS: Readonly<Record<string, (unusable: Unusable) => string>> = {
  missing_credential: ({ frame: { id, preset, written } }) => {
    const variables = preset?.env ?? [];
    // Some rows put a login token first; most people have an API key.
    const variable = variables.find((name) => name.endsWith("_API_KEY")) ?? variables[0];
    const hint = `${variable === undefined ? "" : `set ${variable} or `}write models.providers.${id}.apiKey`;
    return `no key for ${written === null ? "the built-in provider" : "provider"} "${id}": its models are passed over; ${hint}`;
  },
  unsupported_api: ({ target, frame }) => {
    if (frame.preset?.isProgram === true && target.api === frame.api)
      return `"${frame.id}" is a program that OpenClaw runs, which a proxy does not: its models are passed over`;
    return target.api === frame.api
      ? `"${frame.id}" speaks ${target.api}, which this proxy does not: its models are passed over`
      : `"${target.id}" speaks ${target.api}, which this proxy does not: it is passed over`;
  },
};

/** One warning for each provider that a request can reach and not use. */
export function reportUnavailable(frames: readonly ProviderFrame[], reach: Reach, report: Report): void {
  const targets = [...new Set([...reach.targets, ...reach.talking])];
  // A small context is the model's own affair, and said of the model.
  const unusable = targets.filter(({ unavailable }) => unavailable !== null && unavailable !== WINDOW_TOO_SMALL);
  const byProvider = Map.groupBy(unusable, ({ provider }) => provider);
  for (const frame of frames) {
    const target = byProvider.get(frame.id)?.[0];
    const code = target?.unavailable ?? null;
    if (target === undefined || code === null || frame.lacks.length > 0) continue;
    const message = WORDS[code]?.({ target, frame });
    if (message === undefined) continue;
    const mention = reach.mentions.get(frame.id) ?? frame.path;
    report({ severity: "warning", code, path: frame.written === null ? mention : frame.path, message });
  }
}
