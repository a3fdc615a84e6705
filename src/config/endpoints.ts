// Where each wire format lives below a base URL (OpenClaw §2.4). Query parameters of the base URL stay on every call.
import type { CompanionName, DialectName, SpokenName } from "../core/names.ts";

/** What decides the paths of one target. */
export interface EndpointPlace {
  readonly base: URL;
  readonly model: string;
  /** Path under which OpenAI's formats live when the base does not already end with it; null: directly below the base. */
  readonly openAiRoot: string | null;
  /** True where chats and embeddings have the model in their path (Azure). */
  readonly hasDeployments?: boolean;
}

const trimmed = (base: URL): string => base.pathname.replace(/\/+$/, "");
const without = (path: string, end: string): string => (path.endsWith(end) ? path.slice(0, -end.length) : path);

function openAi(place: EndpointPlace): string {
  const path = trimmed(place.base);
  const root = place.openAiRoot ?? "";
  return path.endsWith(root) ? path : path + root;
}

/** The root of formats that Azure keeps by deployment. */
function ofModel(place: EndpointPlace): string {
  const root = openAi(place);
  return place.hasDeployments === true ? `${root}/deployments/${encodeURIComponent(place.model)}` : root;
}

/** Answers know the deployment by their body. */
function ofAll(place: EndpointPlace): string {
  return openAi(place).replace(/(\/openai)\/deployments\/[^/]+$/, "$1");
}

/** A model id as path segments; `models/` and `tunedModels/` prefixes are kept, else `models/` is put in front. */
function googleModel(model: string): string {
  const named = /^(models|tunedModels)\//.test(model) ? model : `models/${model}`;
  return named.split("/").map(encodeURIComponent).join("/");
}

const anthropic = ({ base }: EndpointPlace): string => `${without(trimmed(base), "/v1")}/v1/messages`;
const google = ({ base, model }: EndpointPlace, method: string): string =>
  `${trimmed(base)}/${googleModel(model)}:${method}`;
const ollama = ({ base }: EndpointPlace): string => `${without(trimmed(base), "/v1")}/api`;

const PATHS = {
  "openai-chat": (place) => `${ofModel(place)}/chat/completions`,
  "openai-responses": (place) => `${ofAll(place)}/responses`,
  "openai-embeddings": (place) => `${ofModel(place)}/embeddings`,
  "anthropic-messages": anthropic,
  "anthropic-count-tokens": (place) => `${anthropic(place)}/count_tokens`,
  "google-generative": (place) => google(place, "streamGenerateContent?alt=sse"),
  "google-embeddings": (place) => google(place, "batchEmbedContents"),
  "google-count-tokens": (place) => google(place, "countTokens"),
  ollama: (place) => `${ollama(place)}/chat`,
  "ollama-embeddings": (place) => `${ollama(place)}/embed`,
} as const satisfies Record<DialectName, (place: EndpointPlace) => string>;

/** What a server that answers a wire format answers as well. */
const COMPANIONS: Readonly<Partial<Record<SpokenName, readonly CompanionName[]>>> = {
  "anthropic-messages": ["anthropic-count-tokens"],
  "google-generative": ["google-embeddings", "google-count-tokens"],
  ollama: ["ollama-embeddings"],
};

/** The base URL's own query behind a path that may already have one. */
function withQuery(path: string, search: string): string {
  if (search.length < 2) return path;
  return path + (path.includes("?") ? "&" : "?") + search.slice(1);
}

/** Path and query of every listed wire format and its companions. */
export function endpointsOf(
  dialects: readonly SpokenName[],
  place: EndpointPlace,
): Readonly<Partial<Record<DialectName, string>>> {
  const names: readonly DialectName[] = dialects.flatMap((name) => [name, ...(COMPANIONS[name] ?? [])]);
  return Object.fromEntries(names.map((name) => [name, withQuery(PATHS[name](place), place.base.search)]));
}
