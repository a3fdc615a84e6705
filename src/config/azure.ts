// Azure wants its API version as a query parameter; OpenClaw lets people write it as a header or leave it out (OpenClaw §2.4).
import type { Environment } from "./environment.ts";

const HOSTS = /\.(openai\.azure|services\.ai\.azure|cognitiveservices\.azure)\.com$/;
const PARAMETER = "api-version";
const VERSION_VARIABLE = "AZURE_OPENAI_API_VERSION";
const VERSION_DEFAULT = "2024-12-01-preview";

/** What the version may be taken from. */
export interface AzureVersion {
  /** Value of a written `api-version` header, or null. */
  readonly header: string | null;
  /** True for the `api` that always needs one. */
  readonly needed: boolean;
  readonly env: Environment;
}

/** The base URL with the API version in its query where the host is Azure's and the URL has none. The `/v1` root needs none. */
export function withAzureVersion(url: URL, { header, needed, env }: AzureVersion): URL {
  if (!HOSTS.test(url.hostname) || url.searchParams.has(PARAMETER)) return url;
  const unversioned = needed && !/\/v1\/?$/.test(url.pathname);
  const fallback = unversioned ? (env[VERSION_VARIABLE] ?? VERSION_DEFAULT) : null;
  const version = header ?? fallback;
  if (version === null) return url;
  const versioned = new URL(url);
  versioned.searchParams.set(PARAMETER, version);
  return versioned;
}
