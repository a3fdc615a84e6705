// This product as a subject, in the ways of running it that are compared. All have one provider, the mock upstream, and one agent per model.
import { type Edge, runCommand, startEdge } from "../../test/support/edge.ts";
import { diagnosticsTo, KEY, plainName, withEdge } from "./edge-config.ts";
import { fullConfig } from "./full-config.ts";
import { HEADERS, type Subject } from "./subject.ts";

/** What a config is made for. */
export interface EdgeWorld {
  readonly upstreamUrl: string;
  /** Models of the mock upstream; each gets an agent of its name, so that `openclaw/<name>` asks for it. `claude-<name>` asks it in Anthropic's dialect. */
  readonly models: readonly string[];
}

/** The ways of running it. */
export const EDGE_KINDS = {
  /** As it comes: token, checks, limits, failover armed, usage, access line, metrics; traces off. */
  edge: defaultConfig,
  "edge full": (world) => fullConfig(defaultConfig(world), world),
  "edge untold": (world) => ({
    ...defaultConfig(world),
    diagnostics: { enabled: false },
    logging: { level: "silent" },
  }),
  /** All telemetry: metrics, also pushed to a collector, access line, page, a tenth of the spans. */
  "edge traced": (world) => ({ ...defaultConfig(world), diagnostics: diagnosticsTo(world.upstreamUrl) }),
  "edge x2": (world) => withEdge(defaultConfig(world), { workers: 2 }),
} as const satisfies Record<string, (world: EdgeWorld) => object>;

/** A name of the table. */
export type EdgeKind = keyof typeof EDGE_KINDS;

/** One client stands for thousands here; the caps that protect a real upstream would be what is measured. */
const LIMITS = { inflight: 8000, inflightPerProvider: 8000 };

/** The plain config; soaks and growth curves start from it, too. */
export function defaultConfig({ upstreamUrl, models }: EdgeWorld): EdgeConfig {
  const list = models.map((id) => ({ id, model: { primary: refOf(id), fallbacks: [] as string[] } }));
  const plain = models.map(plainName);
  return {
    agents: { list },
    models: {
      providers: {
        bench: providerOf({ upstreamUrl, models: plain, api: "openai-completions" }),
        claude: providerOf({ upstreamUrl, models: plain, api: "anthropic-messages" }),
      },
    },
    gateway: { auth: { mode: "token" } },
    edge: { limits: LIMITS },
  };
}

/** A config as this bench writes it: what its variants change is typed. */
export interface EdgeConfig {
  readonly agents: {
    readonly list: readonly { readonly id: string; readonly model: { primary: string; fallbacks: string[] } }[];
  };
  readonly models: { readonly providers: Readonly<Record<string, object>> };
  readonly gateway: object;
  readonly edge: object;
}

/** A provider that is the mock upstream. */
export function providerOf(of: { upstreamUrl: string; models: readonly string[]; api: string }): object {
  const models = [...new Set(of.models)].map((id) => ({ id, name: id }));
  const baseUrl = of.api === "anthropic-messages" ? of.upstreamUrl : `${of.upstreamUrl}/v1`;
  return { baseUrl, apiKey: KEY, api: of.api, models };
}

function refOf(id: string): string {
  return id.startsWith("claude-") ? `claude/${plainName(id)}` : `bench/${id}`;
}

/** Starts one kind. Rejects with a sentence where the release does not obey the config. */
export async function startEdgeSubject(kind: EdgeKind, world: EdgeWorld, entry: string): Promise<Subject> {
  const config = EDGE_KINDS[kind](world);
  const verdict = await runCommand(["config", "validate", "--config", "{config}"], { config, entry });
  if (`${verdict.stdout}${verdict.stderr}`.includes("not obeyed by this release"))
    throw new Error("this release does not obey its config yet");
  const edge = await startEdge({ config, entry });
  return subjectOf(kind, edge);
}

/** A running product as a subject; nobody reads its log from here on. */
export function subjectOf(name: string, edge: Edge): Subject {
  edge.child.mute();
  const stop = async (): Promise<void> => {
    await edge.stop("SIGKILL");
  };
  return { name, url: edge.url, headers: HEADERS, pid: edge.child.pid, [Symbol.asyncDispose]: stop };
}
