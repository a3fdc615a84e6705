// Targets, agents and snapshots for tests: sensible all round, and each test says what matters to it.
import { Secret } from "../../src/core/secret.ts";
import type {
  Agent,
  AuthSettings,
  CooldownSettings,
  Credential,
  GatewaySettings,
  Snapshot,
  Target,
} from "../../src/core/snapshot.ts";
import type { TelemetrySettings } from "../../src/core/telemetry-settings.ts";

/** A credential without headers; its fingerprint is its id. */
export function aCredential(id: string, headers: readonly string[] = []): Credential {
  return { id, fingerprint: id, masked: "***", headers: new Secret(headers) };
}

/** The cooldowns of a config that says nothing of them. */
export function aCooldown(more: Partial<CooldownSettings> = {}): CooldownSettings {
  const hour = 3_600_000;
  const own = { billingMs: 5 * hour, billingMaxMs: 24 * hour, permanentMs: 600_000, permanentMaxMs: hour };
  return { ...own, forgetMs: 24 * hour, ...more };
}

/** A target of the provider that its id names; speaks chat completions, has one key. */
export function aTarget(id: string, more: Partial<Target> = {}): Target {
  const slash = id.indexOf("/");
  const provider = id.slice(0, slash);
  return {
    id,
    provider,
    model: id.slice(slash + 1),
    api: "openai-completions",
    via: "http",
    endpoints: { "openai-chat": "/v1/chat/completions" },
    translatesTo: null,
    transport: {
      key: provider,
      origin: `https://${provider}.test`,
      connectTimeoutMs: 5_000,
      connectionsMax: 64,
      allow: { loopback: true, privateNetwork: false },
      tls: null,
      proxy: null,
    },
    credentials: [aCredential(`${provider}#1`)],
    rotation: "sticky",
    cooldowns: aCooldown(),
    unavailable: null,
    stated: {
      input: null,
      tools: null,
      contextWindow: null,
      contextTokens: null,
      maxTokens: null,
      reasoning: null,
      cost: null,
    },
    asksUsage: true,
    params: {},
    timeouts: { connectMs: 5_000, commitMs: 120_000, wholeMs: 600_000, idleMs: 120_000, lingerMs: 1_000 },
    inflightMax: 500,
    local: false,
    compat: {},
    route: "native",
    repairs: new Set(["stream-from-whole", "whole-from-stream"]),
    readsToolText: false,
    answersOnly: null,
    isListed: true,
    revision: "r1",
    fill: {},
    ...more,
  };
}

/** An agent with a chain. */
export function anAgent(id: string, chain: readonly Target[], more: Partial<Agent> = {}): Agent {
  const rest = {
    name: null,
    imageChain: [],
    embeddings: null,
    allowed: null,
    attemptMsMax: { chain: null, image: null },
    tooSmall: new Set<string>(),
    deadlineMs: 900_000,
    fill: {},
    fillByTarget: new Map<string, never>(),
  };
  return { id, chain, ...rest, ...more };
}

/** A door without a lock, on loopback. */
export function aGateway(more: Partial<GatewaySettings> = {}): GatewaySettings {
  return {
    port: 0,
    hosts: ["127.0.0.1"],
    auth: NO_AUTH,
    tls: null,
    admin: null,
    endpoints: { chat: true, responses: true, messages: true, "count-tokens": true, embeddings: true, models: true },
    corsAllowOrigins: [],
    statusPage: { enabled: true, hosts: [] },
    strictTransportSecurity: null,
    receipts: "full",
    headMs: 15_000,
    bodyMs: 60_000,
    writeIdleMs: 60_000,
    drain: { preStopMs: 0, deadlineMs: 25_000 },
    ...more,
  };
}

const NO_AUTH: AuthSettings = {
  mode: "none",
  token: null,
  password: null,
  rateLimit: null,
  trustedProxy: null,
  trustedProxies: [],
  allowRealIpFallback: false,
};

/** Nothing exported, nobody but programs of this machine trusted. */
export function aTelemetry(more: Partial<TelemetrySettings> = {}): TelemetrySettings {
  return {
    legacyGenAi: true,
    trustTraceContext: null,
    sampleRate: 0,
    otlp: null,
    flags: [],
    channels: new Set(),
    ...more,
  };
}

/** A snapshot whose one agent `main` has these targets as its chain. */
export function aSnapshot(chain: readonly Target[], more: Partial<Snapshot> = {}): Snapshot {
  return {
    revision: "revision-1",
    source: "test",
    agents: new Map([["main", anAgent("main", chain)]]),
    defaultAgent: "main",
    providers: new Map(),
    providerSynonyms: new Map(),
    targets: new Map(chain.map((target) => [target.id.toLowerCase(), target])),
    aliases: new Map(),
    aliasNames: new Map(),
    bareIds: new Map(chain.map((target) => [target.model.toLowerCase(), target])),
    expose: "agents",
    gateway: aGateway(),
    limits: {
      bodyBytesOf: {},
      bodyBytes: 1_000_000,
      headerBytes: 16_384,
      depth: 64,
      eventBytes: 1_000_000,
      answerBytes: 1_000_000,
      bytesInFlight: 10_000_000,
      inflight: 100,
    },
    behaviour: {
      attemptsMax: 5,
      sameProviderShare: 0.2,
      headersAfterMs: 0,
      hedge: null,
      embeddingsFallBack: false,
      emptyAnswer: "advance",
      selfHeals: true,
      keepAliveMs: 15_000,
      streamMs: 0,
      overloadedBackoffMs: 0,
      rotations: { rateLimited: 1, overloaded: 1 },
    },
    logging: {
      level: "info",
      consoleLevel: null,
      file: null,
      maxFileBytes: 1_000_000,
      style: "json",
      redact: true,
      redactPatterns: [],
    },
    metrics: "all",
    workers: 1,
    telemetry: aTelemetry(),
    secrets: new Secret<readonly string[]>([]),
    ...more,
  };
}
