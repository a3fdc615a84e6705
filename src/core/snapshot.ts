// The compiled, immutable configuration. Names are resolved, chains flattened, defaults applied: a request only looks up.
// Made by config/compile, read by everyone; a request keeps the one it started with.
import type { AllowedModels } from "./allowed-models.ts";
import type { JsonObject } from "./json.ts";
import type { DialectName, Operation } from "./names.ts";
import type { RepairName } from "./repairs.ts";
import type { Secret } from "./secret.ts";
import type { MetricsShown, TelemetrySettings } from "./telemetry-settings.ts";

/** One key of one provider, as the request headers of one target. */
export interface Credential {
  /** Stable and free of secret, for people: `provider#1`. */
  readonly id: string;
  /** The key of its cooldowns: part of a hash of the key itself, so that a key exchanged by a reload starts afresh. Never shown. */
  readonly fingerprint: string;
  /** First six characters, an ellipsis, last four; or the words that name its source. */
  readonly masked: string;
  /** All request headers for the target, flat and lower-case: static ones, merged ones and the credential. Shared, never changed. */
  readonly headers: Secret<readonly string[]>;
}

/** Waits around one target, in milliseconds (decision 22). */
export interface Timeouts {
  readonly connectMs: number;
  readonly commitMs: number;
  readonly wholeMs: number;
  readonly idleMs: number;
  /** After the terminal event: how long the provider may take to end its response so that the connection can be reused. */
  readonly lingerMs: number;
}

/** How connections to an origin are made. Targets with the same key share a pool. */
export interface Transport {
  /** Identity of everything below and of the origin. */
  readonly key: string;
  readonly origin: string;
  readonly connectTimeoutMs: number;
  /** Connections to the origin at most: more than requests may run there, so that none waits behind another one's stream. */
  readonly connectionsMax: number;
  /** What the address guard lets through beyond public addresses. Cloud metadata never passes. */
  readonly allow: { readonly loopback: boolean; readonly privateNetwork: boolean };
  readonly tls: TransportTls | null;
  /** Null: connections go to the origin itself. */
  readonly proxy: TransportProxy | null;
}

/** A proxy on the way out. Connections to the origin are tunnels through it. */
export interface TransportProxy {
  /** Without credentials. */
  readonly origin: string;
  /** Value of `Proxy-Authorization`. */
  readonly authorization: Secret | null;
  /** What the address guard lets through for the proxy itself. */
  readonly allow: Transport["allow"];
  /** Towards the proxy. */
  readonly tls: TransportTls | null;
}

/** TLS options of `request.tls`; PEM texts. */
export interface TransportTls {
  readonly ca: string | null;
  readonly cert: string | null;
  readonly key: Secret | null;
  readonly passphrase: Secret | null;
  readonly serverName: string | null;
}

/** USD per million tokens. */
export interface Prices {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

/** What a model costs, as stated in the file. */
export interface Cost extends Prices {
  /** Prices of requests whose input has at least `from` and less than `below` tokens, in place of the others; the first that fits. */
  readonly tiers?: readonly (Prices & { readonly from: number; readonly below: number })[];
}

/** How long a failing credential is left alone, in milliseconds (`auth.cooldowns`, decision 16). */
export interface CooldownSettings {
  /** First window after a billing failure; doubles up to the longest. */
  readonly billingMs: number;
  readonly billingMaxMs: number;
  /** First window after a key was refused for good; doubles up to the longest. */
  readonly permanentMs: number;
  readonly permanentMaxMs: number;
  /** After this long without a failure, windows start from the first again. */
  readonly forgetMs: number;
}

/** What the file or the built-in row states about a model. Null is unknown, and nothing acts on unknown (decision 11 d). */
export interface Stated {
  readonly input: ReadonlySet<string> | null;
  readonly tools: boolean | null;
  readonly contextWindow: number | null;
  readonly contextTokens: number | null;
  readonly maxTokens: number | null;
  readonly reasoning: boolean | null;
  readonly cost: Cost | null;
}

/**
 * Deviations of a model from its wire format, as the file or the built-in row writes them; what is absent is not written, and nothing
 * acts on it (decision 11). OpenClaw's names.
 */
export interface Compat {
  readonly supportsStore?: boolean;
  readonly supportsPromptCacheKey?: boolean;
  readonly supportsDeveloperRole?: boolean;
  readonly supportsReasoningEffort?: boolean;
  readonly supportsUsageInStreaming?: boolean;
  readonly supportsTools?: boolean;
  readonly supportsStrictMode?: boolean;
  readonly requiresStringContent?: boolean;
  readonly requiresToolResultName?: boolean;
  readonly requiresAssistantAfterToolResult?: boolean;
  readonly requiresThinkingAsText?: boolean;
  readonly requiresMistralToolIds?: boolean;
  readonly requiresOpenAiAnthropicToolPayload?: boolean;
  readonly injectNumCtxForOpenAICompat?: boolean;
  readonly maxTokensField?: "max_completion_tokens" | "max_tokens";
  readonly thinkingFormat?: "openai" | "openrouter" | "deepseek" | "together" | "qwen" | "qwen-chat-template" | "zai";
  readonly supportedReasoningEfforts?: readonly string[];
  readonly reasoningEffortMap?: Readonly<Record<string, string>>;
  readonly toolSchemaProfile?: string;
  readonly unsupportedToolSchemaKeywords?: readonly string[];
  readonly toolCallArgumentsEncoding?: string;
  readonly visibleReasoningDetailTypes?: readonly string[];
  readonly supportsTemperature?: boolean;
  readonly supportsInstructions?: boolean;
  readonly supportsJsonSchemaResponseFormat?: boolean;
  readonly strictMessageKeys?: boolean;
  readonly requiresReasoningContentOnAssistantMessages?: boolean;
  readonly supportsResponsesContinuation?: boolean;
  readonly supportsEagerToolInputStreaming?: boolean;
  readonly supportsLongCacheRetention?: boolean;
  readonly openRouterRouting?: JsonObject;
  readonly vercelGatewayRouting?: JsonObject;
  /** Top-level fields that it cannot take; ours, written as remedies under `edge.compat.adjust`. */
  readonly dropFields?: readonly string[];
}

/** What stands at the other end: OpenAI's own service, somebody's imitation of it, or a server on the operator's own network. */
export type RouteClass = "native" | "proxy-like" | "local";

/** A compiled provider + model. Its id keys its health and its metric labels. */
export interface Target {
  /** `provider/model`, as configured. */
  readonly id: string;
  readonly provider: string;
  /** The model id as sent to the provider. */
  readonly model: string;
  /** The `api` as OpenClaw names it, for labels and `explain`. */
  readonly api: string;
  readonly via: "http" | "mock";
  /** Wire formats it answers natively, with the request path of each (base path and query included). */
  readonly endpoints: Readonly<Partial<Record<DialectName, string>>>;
  /** The wire format for clients whose own it does not answer: the one that its `api` names. Null: such clients go elsewhere. */
  readonly translatesTo: DialectName | null;
  readonly transport: Transport;
  readonly credentials: readonly Credential[];
  /** Several credentials: stay with the last good one, or take the least recently used (decision 19). */
  readonly rotation: "sticky" | "lru";
  readonly cooldowns: CooldownSettings;
  /** Why no request can go there: `missing_credential`, `unsupported_api`; null when usable. */
  readonly unavailable: string | null;
  readonly stated: Stated;
  /** True to ask for `stream_options.include_usage` on streamed chat completions. */
  readonly asksUsage: boolean;
  /** Merged `params` of provider and model; the mock reads its behaviour here. */
  readonly params: JsonObject;
  readonly timeouts: Timeouts;
  /** In-flight requests at this provider at most. */
  readonly inflightMax: number;
  /** Loopback, RFC 1918, `*.local`, bare host names. */
  readonly local: boolean;
  readonly compat: Compat;
  readonly route: RouteClass;
  /** What is mended in its answers. */
  readonly repairs: ReadonlySet<RepairName>;
  /** Text is read as calls where it is written as such, and looked at where it looks like one (decision 11 f). */
  readonly readsToolText: boolean;
  /** What it answers with, where that is not what it is asked for; null: both kinds. */
  readonly answersOnly: "streams" | "whole" | null;
  /** True when the file has an entry for this model, which can hold its flags. */
  readonly isListed: boolean;
  /** Changes with whatever the file says of the shape of requests: what was learned under another one is forgotten. */
  readonly revision: string;
  /** What requests get that leave it out, of `params` of the provider, the model and the model list, under one spelling each. */
  readonly fill: JsonObject;
}

/** A compiled provider: its listed targets and how to make one for a model that the file does not list. */
export interface Provider {
  readonly id: string;
  readonly baseUrl: string;
  /** True when the file lists models: then only those can be named. */
  readonly lists: boolean;
  readonly builtIn: boolean;
  readonly targets: readonly Target[];
  /** A target for an unlisted model id of this provider; pure. */
  readonly unlisted: (model: string) => Target;
}

/** A compiled agent: what `openclaw/<id>` resolves to. */
export interface Agent {
  readonly id: string;
  readonly name: string | null;
  /** Primary and fallbacks, flattened. Empty when nothing usable is configured. */
  readonly chain: readonly Target[];
  /** Chain of `imageModel`, tried first for requests with images when the primary states that it takes none. */
  readonly imageChain: readonly Target[];
  /** Target of `memorySearch`; null means the chain. */
  readonly embeddings: Target | null;
  /** What an override may name; null allows all. */
  readonly allowed: AllowedModels | null;
  readonly deadlineMs: number;
  /** Bounds on the clocks of one attempt, from `timeoutMs` of the two choices; null: the target's own clocks alone. */
  readonly attemptMsMax: { readonly chain: number | null; readonly image: number | null };
  /** Targets whose context is too small under this agent's own `contextTokens`, by lower-case id. */
  readonly tooSmall: ReadonlySet<string>;
  /** The agent's own `params` and reasoning level, over the `fill` of every target. */
  readonly fill: JsonObject;
  /** The same for single targets, by lower-case id, with `fill` over it; for targets that are not here `fill` holds. */
  readonly fillByTarget: ReadonlyMap<string, JsonObject>;
}

/** Bounds that protect the process (decision 24). */
export interface Limits {
  readonly bodyBytes: number;
  /** For operations whose endpoint has a bound of its own. */
  readonly bodyBytesOf: Readonly<Partial<Record<Operation, number>>>;
  readonly headerBytes: number;
  readonly depth: number;
  readonly eventBytes: number;
  readonly answerBytes: number;
  readonly bytesInFlight: number;
  readonly inflight: number;
}

/** Secrets of the gateway's own door, by mode (OpenClaw §1.4). */
export interface AuthSettings {
  readonly mode: "none" | "token" | "password" | "trusted-proxy";
  readonly token: Secret | null;
  readonly password: Secret | null;
  readonly rateLimit: {
    readonly maxAttempts: number;
    readonly windowMs: number;
    readonly lockoutMs: number;
    readonly exemptLoopback: boolean;
  } | null;
  readonly trustedProxy: {
    readonly userHeader: string;
    readonly requiredHeaders: readonly string[];
    readonly allowUsers: readonly string[];
    readonly allowLoopback: boolean;
    /** Origins that a browser behind the proxy may have; `*` allows all. */
    readonly allowedOrigins: readonly string[];
  } | null;
  /** IPs and CIDRs of reverse proxies in front of us. */
  readonly trustedProxies: readonly string[];
  readonly allowRealIpFallback: boolean;
}

/** The admin door. Speaks plain http. */
export interface AdminSettings {
  readonly port: number;
  readonly hosts: readonly string[];
  readonly metricsAuth: "token" | "none";
}

/** The door: where to listen and what to require. */
export interface GatewaySettings {
  readonly port: number;
  /** Addresses to listen on; a loopback bind lists 127.0.0.1 and ::1. */
  readonly hosts: readonly string[];
  readonly auth: AuthSettings;
  /** PEM texts. `clientCa`: only clients with a certificate of this authority are let in. */
  readonly tls: { readonly cert: string; readonly key: Secret; readonly clientCa: string | null } | null;
  /** A second door with health and metrics only; null: there is none. */
  readonly admin: AdminSettings | null;
  readonly endpoints: Readonly<Record<Operation | "models", boolean>>;
  readonly corsAllowOrigins: readonly string[];
  /** The page for people; names, lower-case, that its `Host` may have beside those that cannot be a stranger's. */
  readonly statusPage: { readonly enabled: boolean; readonly hosts: readonly string[] };
  readonly strictTransportSecurity: string | null;
  readonly receipts: "full" | "minimal";
  readonly headMs: number;
  readonly bodyMs: number;
  readonly writeIdleMs: number;
  readonly drain: { readonly preStopMs: number; readonly deadlineMs: number };
}

/** Streams, failing over and telemetry. */
export interface BehaviourSettings {
  readonly attemptsMax: number;
  /** Part of a provider's requests that may be repeats at that provider, 0 to 1. */
  readonly sameProviderShare: number;
  readonly emptyAnswer: "advance" | "accept";
  /** Changes and repeats what a provider refuses for its shape (`edge.compat.selfHeal`). */
  readonly selfHeals: boolean;
  /** A streamed request that waits this long gets its head and comments; 0 waits for the real status. */
  readonly headersAfterMs: number;
  readonly keepAliveMs: number;
  /** 0: a committed stream may run for ever. */
  readonly streamMs: number;
  readonly overloadedBackoffMs: number;
  readonly rotations: { readonly rateLimited: number; readonly overloaded: number };
  /** Asking a second provider when the first is silent; null: never. */
  readonly hedge: { readonly afterMs: number; readonly share: number } | null;
  /** Lets embeddings fail over to another model. */
  readonly embeddingsFallBack: boolean;
}

/** What the log looks like. */
export interface LoggingSettings {
  /** For file and collector, and for the console unless that has its own. */
  readonly level: string;
  readonly consoleLevel: string | null;
  /** Written to beside the console; null: no file. */
  readonly file: string | null;
  /** Size at which the file is rotated. */
  readonly maxFileBytes: number;
  /** As written; null leaves it to the terminal: `pretty` for people, `json` for programs. */
  readonly style: "pretty" | "compact" | "json" | null;
  readonly redact: boolean;
  readonly redactPatterns: readonly string[];
}

/** Everything the running product knows of its configuration. */
export interface Snapshot {
  /** Hash of what was read; the same file gives the same revision. */
  readonly revision: string;
  /** Where it came from: a path, or `embedded default`. */
  readonly source: string;
  readonly agents: ReadonlyMap<string, Agent>;
  /** The agent of requests that name none; null where several could be meant. */
  readonly defaultAgent: string | null;
  readonly providers: ReadonlyMap<string, Provider>;
  /** Other spellings of provider ids, lower-case (OpenClaw §3.2): `z.ai` to `zai`. */
  readonly providerSynonyms: ReadonlyMap<string, string>;
  /** All configured targets by lower-case id. */
  readonly targets: ReadonlyMap<string, Target>;
  /** Lower-case alias to target. */
  readonly aliases: ReadonlyMap<string, Target>;
  /** As written, for the model list: alias to target. */
  readonly aliasNames: ReadonlyMap<string, Target>;
  /** Lower-case bare model id to target; null when two providers have it. */
  readonly bareIds: ReadonlyMap<string, Target | null>;
  readonly expose: "agents" | "all";
  readonly gateway: GatewaySettings;
  readonly limits: Limits;
  readonly behaviour: BehaviourSettings;
  readonly logging: LoggingSettings;
  readonly metrics: MetricsShown;
  readonly telemetry: TelemetrySettings;
  /** Processes that share the port; limits and budgets are those of this process. */
  readonly workers: number;
  /** All secret values, for redaction of texts that others wrote. */
  readonly secrets: Secret<readonly string[]>;
}

/** The current snapshot; requests take it once, at the door. */
export interface SnapshotHolder {
  current: Snapshot;
}
