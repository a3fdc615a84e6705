// Everything on: what an operator can switch on, acts on a request that goes well, and leaves its answer as it is. What is not here stands in
// the README with its reason.
import type { EdgeConfig, EdgeWorld } from "./edge.ts";
import { diagnosticsTo, KEY, plainName, withEdge } from "./edge-config.ts";

/** Prices that depend on the length of the prompt, so that a tier is looked for. */
const PRICES = { input: 1.5, output: 6, cacheRead: 0.15, cacheWrite: 1.9 };
const COST = { ...PRICES, tieredPricing: [{ ...PRICES, input: 3, range: [200_000, 1_000_000] }] };
/** All that may be stated of a model, so that every need of a request is held against it. */
const STATED = {
  cost: COST,
  reasoning: true,
  input: ["text", "image"],
  contextWindow: 1_000_000,
  contextTokens: 900_000,
  maxTokens: 64_000,
  headers: { "x-model": "bench" },
};

interface Provider {
  readonly models: readonly object[];
}

/** The plain config with everything on. */
export function fullConfig(base: EdgeConfig, world: EdgeWorld): object {
  return {
    ...withEdge(base, edgeExtras()),
    agents: agentsOf(base),
    models: { providers: providersOf(base) },
    gateway: {
      ...base.gateway,
      auth: {
        mode: "token",
        rateLimit: { maxAttempts: 10, windowMs: 60_000, lockoutMs: 300_000, exemptLoopback: false },
      },
      trustedProxies: ["10.0.0.0/8", "fd00::/8"],
      http: { securityHeaders: { strictTransportSecurity: "max-age=31536000" } },
    },
    // A folder of its own in the process's state folder, gone with it.
    logging: { level: "info", file: "logs/edge.log" },
    diagnostics: { flags: ["*"], ...diagnosticsTo(world.upstreamUrl, { logs: true }) },
  };
}

/** A second provider behind every model, every model with an alias, and defaults for what requests leave out. */
function agentsOf({ agents }: EdgeConfig): object {
  const list = agents.list.map(({ id, model }) => ({
    id,
    model: { ...model, fallbacks: [`spare/${plainName(id)}`], timeoutMs: 600_000 },
    params: { top_p: 0.9 },
    thinkingDefault: "low",
    contextTokens: 800_000,
  }));
  const refs = agents.list.map(({ id, model }): [string, object] => [
    model.primary,
    { alias: `alias-${id}`, params: { seed: 1 } },
  ]);
  return { defaults: { models: Object.fromEntries(refs) }, list };
}

/** Two keys that are used in turn, static headers, and all that can be stated of the models. */
function providersOf({ models }: EdgeConfig): object {
  const named = Object.entries(models.providers).map(([id, provider]): [string, object] => {
    const { models: own } = provider as Provider;
    const stated = own.map((model) => Object.assign({}, model, STATED));
    const more = { apiKey: [KEY, `${KEY}-2`], headers: { "x-team": "bench" }, params: { presence_penalty: 0.1 } };
    return [id, { ...provider, ...more, models: stated }];
  });
  const providers = Object.fromEntries(named);
  return { ...providers, spare: providers["bench"] };
}

function edgeExtras(): object {
  return {
    models: { expose: "all" },
    cors: { allowOrigins: ["https://chat.example.com"] },
    receipts: "full",
    hedge: { afterMs: 30_000, share: 0.05 },
    stream: { headersAfterSeconds: 20, keepAliveSeconds: 15 },
    timeouts: { streamSeconds: 3600 },
    providers: { bench: { rotation: "lru", toolText: true }, claude: { rotation: "lru", toolText: true } },
    telemetry: { trustTraceContext: true, legacyGenAi: true },
    statusPage: { enabled: true, hosts: ["edge.example.org"] },
    admin: { port: 0, metricsAuth: "none" },
  };
}
