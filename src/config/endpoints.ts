// Where each wire format lives below a base URL (OpenClaw §2.4). Query parameters of the base URL stay on every call.
import type { DialectName } from "../core/names.ts";

/** What decides the paths of one target. */
export interface EndpointPlace {
  readonly base: URL;
  readonly model: string;
  /** Path under which OpenAI's formats live when the base does not already end with it; null: directly below the base. */
  readonly openAiRoot: string | null;
}

const trimmed = (base: URL): string => base.pathname.replace(/\/+$/, "");
const without = (path: string, end: string): string => (path.endsWith(end) ? path.slice(0, -end.length) : path);

function openAi(place: EndpointPlace): string {
  const path = trimmed(place.base);
  const root = place.openAiRoot ?? "";
  return path.endsWith(root) ? path : path + root;
}

/** A model id as path segments; `models/` and `tunedModels/` prefixes are kept, else `models/` is put in front. */
function googleModel(model: string): string {
  const named = /^(models|tunedModels)\//.test(model) ? model : `models/${model}`;
  return named.split("/").map(encodeURIComponent).join("/");
}

const PATHS = {
  "openai-chat": (place) => `${openAi(place)}/chat/completions`,
  "openai-responses": (place) => `${openAi(place)}/responses`,
  "openai-embeddings": (place) => `${openAi(place)}/embeddings`,
  "anthropic-messages": ({ base }) => `${without(trimmed(base), "/v1")}/v1/messages`,
  "google-generative": ({ base, model }) => `${trimmed(base)}/${googleModel(model)}:streamGenerateContent?alt=sse`,
  ollama: ({ base }) => `${without(trimmed(base), "/v1")}/api/chat`,
} as const satisfies Record<DialectName, (place: EndpointPlace) => string>;

/** The base URL's own query behind a path that may already have one. */
function withQuery(path: string, search: string): string {
  if (search.length < 2) return path;
  return path + (path.includes("?") ? "&" : "?") + search.slice(1);
}

/** Path and query of every listed wire format. */
export function endpointsOf(
  dialects: readonly DialectName[],
  place: EndpointPlace,
): Readonly<Partial<Record<DialectName, string>>> {
  return Object.fromEntries(dialects.map((name) => [name, withQuery(PATHS[name](place), place.base.search)]));
}
