// A provider frame and a model become a target: everything a request will look up, and nothing left to decide.
import { hash } from "node:crypto";
import type { JsonObject } from "../core/json.ts";
import type { Credential, Stated, Target, Timeouts, Transport, TransportTls } from "../core/snapshot.ts";
import type { SpokenName } from "../core/names.ts";
import { adjusted } from "./adjusted.ts";
import { apiKindOf } from "./api-kinds.ts";
import { credentialsOf } from "./credentials.ts";
import { compatOf, routeOf } from "./compile-compat.ts";
import { contextWindowOf, WINDOW_TOO_SMALL } from "./context-window.ts";
import { endpointsOf } from "./endpoints.ts";
import { fillOf } from "./fill.ts";
import { deploymentOf, VERSION_PARAMETER } from "./azure.ts";
import { baseHeaders, headerProblem, type HeaderLayer } from "./headers.ts";
import type { KeyPath } from "./key-path.ts";
import { mendingOf } from "./compile-mending.ts";
import { targetIdOf } from "./model-ref.ts";
import { lineOf, type ProviderFrame } from "./provider-frame.ts";
import { type ModelConfig, statedOf } from "./stated.ts";
import { timeoutsOf } from "./timeouts.ts";
import type { WireLine } from "./wire-line.ts";

/** The parts of a target that all models of a provider share unless they say otherwise. */
export interface TargetMould {
  readonly frame: ProviderFrame;
  readonly line: WireLine;
  readonly credentials: readonly Credential[];
  readonly transport: Transport;
  readonly timeouts: Timeouts;
}

/** Version of Anthropic's wire format that we speak; a written header wins. */
const ANTHROPIC_VERSION: HeaderLayer = { "anthropic-version": "2023-06-01" };
const SPARE_CONNECTIONS = 16;
const NOWHERE: Omit<Transport, "key"> = {
  origin: "",
  connectTimeoutMs: 0,
  connectionsMax: 0,
  allow: { loopback: false, privateNetwork: false },
  tls: null,
  proxy: null,
};

/**
 * Twice what may run there: a connection whose answer has ended, or whose request was let go, is not free at once, and a request must
 * never queue behind another one's stream.
 */
function connectionsMaxOf(frame: ProviderFrame): number {
  return 2 * inflightMaxOf(frame) + SPARE_CONNECTIONS;
}

function inflightMaxOf({ extras, context }: ProviderFrame): number {
  return extras?.inflight ?? context.edge.limits.inflightPerProvider;
}

function transportOf(line: WireLine, frame: ProviderFrame, connectTimeoutMs: number): Transport {
  if (line.address === null) return { key: `${line.via}:${frame.id}`, ...NOWHERE };
  const { url, allow } = line.address;
  const { tls, chooseProxy } = frame.parts;
  const proxy = chooseProxy(url);
  const secrets = [...tlsSecrets(tls), ...tlsSecrets(proxy?.tls ?? null), proxy?.authorization?.reveal() ?? null];
  const connectionsMax = connectionsMaxOf(frame);
  const identity = JSON.stringify([url.origin, connectTimeoutMs, connectionsMax, allow, tls, proxy, secrets]);
  return {
    key: `${url.origin}#${hash("sha256", identity).slice(0, 12)}`,
    origin: url.origin,
    connectTimeoutMs,
    connectionsMax,
    allow,
    tls,
    proxy,
  };
}

function tlsSecrets(tls: TransportTls | null): readonly (string | null)[] {
  return [tls?.key?.reveal() ?? null, tls?.passphrase?.reveal() ?? null];
}

function credentialsFor(frame: ProviderFrame, line: WireLine, modelHeaders: HeaderLayer): readonly Credential[] {
  const own = line.azure === null ? (layer: HeaderLayer) => layer : withoutVersion;
  const speaksMessages = line.dialects.includes("anthropic-messages");
  return credentialsOf({
    provider: frame.id,
    keys: frame.ring.keys,
    scheme: line.scheme,
    alsoBearer: frame.written?.authHeader ?? false,
    base: { ...baseHeaders(frame.context.version), ...(speaksMessages ? ANTHROPIC_VERSION : {}) },
    layers: [own(frame.parts.providerHeaders), modelHeaders, own(frame.parts.requestHeaders)],
    auth: frame.parts.auth,
    keyless: line.via === "mock" || (line.address?.local ?? false),
  });
}

/** Azure's version goes in the query. */
function withoutVersion(layer: HeaderLayer): HeaderLayer {
  return Object.fromEntries(Object.entries(layer).filter(([name]) => name.toLowerCase() !== VERSION_PARAMETER));
}

/** The mould of a line of this provider, with the headers that one model adds. */
export function mouldOf(frame: ProviderFrame, line: WireLine, modelHeaders: HeaderLayer = {}): TargetMould {
  const timeouts = timeoutsOf({
    extras: frame.extras?.timeouts ?? null,
    timeoutSeconds: frame.written?.timeoutSeconds,
    common: frame.context.edge.timeouts,
    local: line.address?.local ?? true,
  });
  return {
    frame,
    line,
    credentials: credentialsFor(frame, line, modelHeaders),
    transport: transportOf(line, frame, timeouts.connectMs),
    timeouts,
  };
}

/** Why no request can go there. */
function unavailable({ line, credentials, frame }: TargetMould, stated: Stated): string | null {
  if (line.dialects.length === 0) return "unsupported_api";
  if (credentials.length === 0) return "missing_credential";
  const window = contextWindowOf(stated, frame.context.contextTokensMax);
  return window?.verdict === "too-small" ? WINDOW_TOO_SMALL : null;
}

/** Every model of the mock stands for a provider of its own: the failures of one say nothing of the others. */
function credentialsAt({ line, credentials }: TargetMould, model: string): readonly Credential[] {
  if (line.via !== "mock") return credentials;
  return credentials.map((each) => ({
    ...each,
    id: `${each.id}/${model}`,
    fingerprint: `${each.fingerprint}/${model}`,
  }));
}

/** Wire formats that requests can be translated into; the others wait for their codecs. */
const TRANSLATED: ReadonlySet<SpokenName> = new Set([
  "openai-chat",
  "openai-responses",
  "anthropic-messages",
  "google-generative",
  "ollama",
]);

/** The format that `api` names where the server answers it, else the first that it answers. */
function translationOf({ api, dialects }: WireLine): SpokenName | null {
  const { dialect } = apiKindOf(api);
  const able = dialects.filter((each) => TRANSLATED.has(each));
  return able.find((each) => each === dialect) ?? able[0] ?? null;
}

/** The params of a mock are its behaviour, and go no further. */
function fillFor(
  { line, frame }: TargetMould,
  of: { readonly id: string; readonly entry: ModelConfig | null },
): JsonObject {
  if (line.via === "mock") return {};
  const wanted = of.entry?.compat?.zaiToolStream === true ? { tool_stream: true } : undefined;
  return fillOf(wanted, frame.written?.params, of.entry?.params, ...frame.context.params.layersOf(of.id));
}

const MOCK_BASE = new URL("http://mock/v1");

/** Makes a target of a mould. `model` is the entry of the file, or the bare id of a model that the file does not list. */
export function targetOf(mould: TargetMould, model: ModelConfig | string): Target {
  const { frame, line } = mould;
  const entry = typeof model === "string" ? null : model;
  const named = typeof model === "string" ? model : model.id;
  const full = entry === null ? (frame.preset?.modelIds?.get(named) ?? named) : named;
  const wire = line.azure === null ? full : deploymentOf(full, frame.context.env);
  const stated = statedOf(frame.written, entry);
  const place = {
    base: line.address?.url ?? MOCK_BASE,
    model: wire,
    openAiRoot: line.openAiRoot,
    hasDeployments: line.azure?.hasDeployments ?? false,
  };
  const id = targetIdOf(frame.id, full);
  const target = {
    id,
    provider: frame.id,
    model: wire,
    api: line.api,
    via: line.via,
    endpoints: endpointsOf(line.dialects, place),
    translatesTo: translationOf(line),
    transport: mould.transport,
    credentials: credentialsAt(mould, wire),
    rotation: frame.extras?.rotation ?? "sticky",
    cooldowns: frame.context.cooldowns.of(frame.id),
    unavailable: unavailable(mould, stated),
    stated,
    asksUsage: entry?.compat?.supportsUsageInStreaming ?? frame.preset?.usageInStreaming ?? true,
    params: { ...frame.written?.params, ...entry?.params },
    timeouts: mould.timeouts,
    inflightMax: inflightMaxOf(frame),
    local: line.address?.local ?? true,
    compat: compatOf({ preset: frame.preset, provider: frame.written, model: entry }),
    ...mendingOf(frame, routeOf(line.address)),
    isListed: entry !== null,
    fill: fillFor(mould, { id, entry }),
  };
  return adjusted(target, frame.context.edge.compat.adjust);
}

function usableHeaders(model: ModelConfig, path: KeyPath, frame: ProviderFrame): HeaderLayer {
  const usable = Object.entries(model.headers ?? {}).filter(([name, value]) => {
    const message = headerProblem(name, value);
    if (message !== null) frame.context.report({ code: "bad_header", path: [...path, "headers", name], message });
    return message === null;
  });
  return Object.fromEntries(usable);
}

/** The target of a listed model; null when its address cannot be used, which is then said. */
export function listedTarget(frame: ProviderFrame, index: number, shared: TargetMould | null): Target | null {
  const model = frame.written?.models[index];
  if (model === undefined) return null;
  const isPlain = model.api === undefined && model.baseUrl === undefined && model.headers === undefined;
  if (isPlain) return shared === null ? null : targetOf(shared, model);
  const path = [...frame.path, "models", index];
  if (frame.context.book.isUnfilled([...path, "baseUrl"])) return null;
  const ownLine = model.api !== undefined || model.baseUrl !== undefined;
  const line = ownLine ? lineOf(frame, model.api ?? frame.api, model.baseUrl ?? frame.baseUrl) : frame.line;
  if (typeof line === "string" && model.baseUrl !== undefined) {
    frame.context.report({ code: "bad_address", path: [...path, "baseUrl"], message: line });
  }
  if (line === null || typeof line === "string") return null;
  return targetOf(mouldOf(frame, line, usableHeaders(model, path, frame)), model);
}
