// Azure's ways with OpenAI's formats (OpenClaw §2.4): an API version in the query, which may be written as a header or left out, a model
// that is called by its deployment, and two roots: `/openai/v1`, which needs neither, and `/openai`, which has deployments in the path.
import type { Environment } from "./environment.ts";

const HOSTS = /\.(openai\.azure|services\.ai\.azure|cognitiveservices\.azure)\.com$/;
/** The header and the query parameter. */
export const VERSION_PARAMETER = "api-version";
const VERSION_VARIABLE = "AZURE_OPENAI_API_VERSION";
const VERSION_DEFAULT = "2024-12-01-preview";
const DEPLOYMENTS_VARIABLE = "AZURE_OPENAI_DEPLOYMENT_NAME_MAP";
const ROOT = "/openai";
const VERSIONLESS_ROOT = "/openai/v1";

/** What the version may be taken from. */
export interface AzureVersion {
  /** Value of a written `api-version` header, or null. */
  readonly header: string | null;
  /** True for the `api` that is Azure's by name, whatever stands in front of it. */
  readonly named: boolean;
  readonly env: Environment;
}

/** A base URL of Azure's. */
export interface AzureRoot {
  readonly url: URL;
  /** True where chats and embeddings have the deployment in their path. */
  readonly hasDeployments: boolean;
}

const pathOf = (url: URL): string => url.pathname.replace(/\/+$/, "");

/** The base with its root and version; null for a server that is not Azure's. */
export function azureBase(written: URL, { header, named, env }: AzureVersion): AzureRoot | null {
  const isHost = HOSTS.test(written.hostname);
  if (!isHost && !named) return null;
  const url = new URL(written);
  const stated = url.searchParams.get(VERSION_PARAMETER) ?? header ?? env[VERSION_VARIABLE] ?? null;
  // A bare resource: the root without versions, unless somebody asks for one.
  if (isHost && pathOf(url) === "") url.pathname = isDated(stated) ? ROOT : VERSIONLESS_ROOT;
  const path = pathOf(url);
  const hasDeployments = path.endsWith(ROOT);
  const isVersioned = hasDeployments || path.includes(`${ROOT}/deployments/`) || (named && !path.endsWith("/v1"));
  const version = isVersioned ? (stated ?? VERSION_DEFAULT) : header;
  if (version !== null && !url.searchParams.has(VERSION_PARAMETER)) url.searchParams.set(VERSION_PARAMETER, version);
  return { url, hasDeployments };
}

/** The deployment that serves a model (`model=deployment`, several after commas); the model's own id where nobody says otherwise. */
export function deploymentOf(model: string, env: Environment): string {
  for (const pair of (env[DEPLOYMENTS_VARIABLE] ?? "").split(",")) {
    const at = pair.indexOf("=");
    const deployment = pair.slice(at + 1).trim();
    if (at > 0 && pair.slice(0, at).trim() === model && deployment !== "") return deployment;
  }
  return model;
}

/** `v1` and `preview` are versions of the other root. */
function isDated(version: string | null): boolean {
  return version !== null && /^\d{4}-/.test(version);
}
