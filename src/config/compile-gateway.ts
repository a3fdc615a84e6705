// The door, the bounds and the behaviour of the process: settings that concern no provider.
import { addressKind } from "../core/ip-address.ts";
import type { BehaviourSettings, GatewaySettings, Limits, Snapshot } from "../core/snapshot.ts";
import type { MetricsShown } from "../core/telemetry-settings.ts";
import { type AuthFlags, chooseAuth, type ChosenAuth } from "./auth-settings.ts";
import { bindingOf, type Binding } from "./bind.ts";
import type { Environment } from "./environment.ts";
import { envValue } from "./env-keys.ts";
import { withHome } from "./locate.ts";
import { bytesInFlightOf, type Memory } from "./memory-share.ts";
import type { Report } from "./report.ts";
import { logLevel } from "./schema/observing.ts";
import { mayRun } from "./may-run.ts";
import type { Config } from "./schema/root.ts";
import type { SecretBook } from "./secrets.ts";

/** Command line options of the door. */
export interface DoorFlags extends AuthFlags {
  readonly bind: string | null;
}

/** What the door is made of. */
export interface GatewayContext {
  readonly config: Config;
  readonly flags: DoorFlags;
  readonly env: Environment;
  readonly book: SecretBook;
  readonly port: number;
  readonly tls: GatewaySettings["tls"];
  readonly localAddresses: readonly string[];
  readonly interactive: boolean;
  /** See `AuthSources.harmless`. */
  readonly harmless: boolean;
  readonly randomHex: (bytes: number) => string;
  readonly report: Report;
}

/** The door, and the token that was made up. */
export interface CompiledGateway {
  readonly gateway: GatewaySettings;
  readonly generatedToken: ChosenAuth["generatedToken"];
}

/** Time for load balancers to notice that we are leaving; nobody balances loads over a loopback address. */
const PRE_STOP_SECONDS = 5;
/** OpenClaw §2.10. */
const LOG_FILE_BYTES = 104_857_600;
const NO_BINDING: Binding = { hosts: [], loopback: true };

const ms = (seconds: number): number => Math.round(seconds * 1000);

function chooseBinding({ config, flags, localAddresses, report }: GatewayContext): Binding {
  const { bind, customBindHost } = config.gateway;
  const binding = bindingOf({ bind: flags.bind ?? bind, customBindHost, localAddresses });
  if (!("problem" in binding)) return binding;
  const source = flags.bind === null ? {} : { source: "--bind" };
  const { problem: message, suggestion } = binding;
  report({ code: "bad_bind", path: ["gateway", "bind"], message, suggestion, ...source });
  return NO_BINDING;
}

/** Names that the operator says are this gateway's. */
function pageHosts({ gateway, edge }: Config): readonly string[] {
  const origin = gateway.publicOrigin === undefined ? null : URL.parse(gateway.publicOrigin);
  const names = [...edge.statusPage.hosts, ...(origin === null ? [] : [origin.hostname])];
  return [...new Set(names.map((name) => name.toLowerCase()))];
}

/** Compiles `gateway` and its share of `edge`. */
export function compileGateway(context: GatewayContext): CompiledGateway {
  const { config, tls, port, report } = context;
  const { gateway, edge } = config;
  if (gateway.mode === "remote") {
    const message = "Gateway start blocked: set gateway.mode=local; a remote gateway is served elsewhere";
    report({ code: "remote_gateway", path: ["gateway", "mode"], message });
  }
  const binding = chooseBinding(context);
  const { settings: auth, generatedToken } = chooseAuth({ ...context, gateway, binding });
  const { chatCompletions, responses, messages, embeddings, models } = gateway.http.endpoints;
  const hsts = gateway.http.securityHeaders.strictTransportSecurity;
  return {
    generatedToken,
    gateway: {
      port,
      hosts: binding.hosts,
      auth,
      tls,
      endpoints: {
        chat: chatCompletions.enabled,
        responses: responses.enabled,
        messages: messages.enabled,
        "count-tokens": messages.enabled,
        embeddings: embeddings.enabled,
        models: models.enabled,
      },
      corsAllowOrigins: edge.cors.allowOrigins,
      statusPage: { enabled: edge.statusPage.enabled, hosts: pageHosts(config) },
      admin: compileAdmin(edge.admin, report),
      strictTransportSecurity: typeof hsts === "string" ? hsts : null,
      receipts: edge.receipts ?? (auth.mode === "trusted-proxy" ? "minimal" : "full"),
      headMs: ms(edge.timeouts.headSeconds),
      bodyMs: ms(edge.timeouts.bodySeconds),
      writeIdleMs: ms(edge.timeouts.writeIdleSeconds),
      drain: {
        preStopMs: ms(edge.drain.preStopSeconds ?? (binding.loopback ? 0 : PRE_STOP_SECONDS)),
        deadlineMs: ms(edge.drain.deadlineSeconds),
      },
    },
  };
}

/** The admin door opens where its port is written. */
function compileAdmin({ port, bind, metricsAuth }: Config["edge"]["admin"], report: Report): GatewaySettings["admin"] {
  if (port === undefined) return null;
  if (addressKind(bind) === null) {
    const message = "must be an IP address, such as 127.0.0.1, or 0.0.0.0 for probes from outside";
    report({ code: "bad_bind", path: ["edge", "admin", "bind"], message, suggestion: "127.0.0.1" });
  }
  return { port, hosts: [bind], metricsAuth };
}

/** Bounds that protect the process. */
export function compileLimits(config: Config, memory: Memory): Limits {
  const { edge, gateway } = config;
  const { chatCompletions, responses } = gateway.http.endpoints;
  const own = { chat: chatCompletions.maxBodyBytes, responses: responses.maxBodyBytes };
  const bodyBytesOf = Object.fromEntries(Object.entries(own).filter(([, bytes]) => bytes !== undefined));
  const { bodyBytes, headerBytes, depth, eventBytes, answerBytes, inflight } = edge.limits;
  const bytesInFlight = bytesInFlightOf(config, memory);
  return { bodyBytes, bodyBytesOf, headerBytes, depth, eventBytes, answerBytes, bytesInFlight, inflight };
}

/** Streams and failing over. */
export function compileBehaviour({ edge, auth }: Config): BehaviourSettings {
  const { afterMs, share } = edge.hedge;
  return {
    attemptsMax: edge.failover.attemptsMax,
    sameProviderShare: edge.failover.sameProviderShare,
    emptyAnswer: edge.failover.emptyAnswer,
    selfHeals: edge.compat.selfHeal,
    headersAfterMs: ms(edge.stream.headersAfterSeconds),
    keepAliveMs: ms(edge.stream.keepAliveSeconds),
    streamMs: ms(edge.timeouts.streamSeconds),
    overloadedBackoffMs: auth.cooldowns.overloadedBackoffMs,
    rotations: {
      rateLimited: auth.cooldowns.rateLimitedProfileRotations,
      overloaded: auth.cooldowns.overloadedProfileRotations,
    },
    hedge: afterMs === undefined ? null : { afterMs, share },
    embeddingsFallBack: edge.embeddings.allowModelFallback,
  };
}

/** Log lines; OPENCLAW_LOG_LEVEL wins over the file. */
export function compileLogging({ logging }: Config, env: Environment, report: Report): Snapshot["logging"] {
  const variable = envValue(env, "OPENCLAW_LOG_LEVEL")?.toLowerCase() ?? null;
  const level = variable === null ? null : logLevel.safeParse(variable);
  if (level?.success === false) {
    const message = `is no log level (${logLevel.options.join(", ")}); "${logging.level}" holds`;
    report({ severity: "warning", code: "wrong_value", path: [], source: "OPENCLAW_LOG_LEVEL", message });
  }
  return {
    level: level?.data ?? logging.level,
    // The variable is for what somebody looks at now.
    consoleLevel: level?.data ?? logging.consoleLevel ?? null,
    file: logging.file === undefined ? null : withHome(logging.file, env),
    maxFileBytes: logging.maxFileBytes ?? LOG_FILE_BYTES,
    style: logging.consoleStyle ?? null,
    redact: logging.redactSensitive !== "off",
    redactPatterns: logging.redactPatterns ?? [],
  };
}

/** What `/api/diagnostics/prometheus` has to say. */
export function metricsShown({ diagnostics, plugins }: Config): MetricsShown {
  if (!mayRun("diagnostics-prometheus", plugins)) return "no-path";
  return diagnostics.enabled ? "all" : "nothing";
}
