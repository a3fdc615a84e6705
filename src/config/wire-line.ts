// How a provider, or one model of it, is reached: the `api`, the judged address, the wire formats, the way of its key.
import type { SpokenName } from "../core/names.ts";
import { type Address, judgeAddress, type Reach } from "./address.ts";
import { apiKindOf } from "./api-kinds.ts";
import type { AuthScheme } from "./auth-schemes.ts";
import { azureBase } from "./azure.ts";
import type { Environment } from "./environment.ts";
import type { Preset } from "./preset.ts";
import type { ApiKind } from "./schema/model-object.ts";

/** A way to a provider. */
export interface WireLine {
  readonly api: ApiKind;
  readonly via: "http" | "mock";
  readonly scheme: AuthScheme;
  readonly dialects: readonly SpokenName[];
  /** Null when nothing is ever sent: the mock, and an `api` that we do not speak. */
  readonly address: Address | null;
  readonly openAiRoot: string | null;
  /** Null where the server is not Azure's. */
  readonly azure: { readonly hasDeployments: boolean } | null;
}

/** What a line is made of. */
export interface LineParts {
  readonly api: ApiKind;
  readonly baseUrl: string | null;
  readonly preset: Preset | null;
  /** `edge.providers.<id>.dialects`. */
  readonly dialects: readonly SpokenName[] | undefined;
  readonly allowPrivateNetwork: boolean | undefined;
  /** A written `api-version` header. */
  readonly versionHeader: string | null;
  readonly env: Environment;
}

/** True when the row's facts hold for this `api`: a built-in id may be pointed at something quite different. */
function rowFits(preset: Preset, api: ApiKind): boolean {
  const { dialect } = apiKindOf(api);
  return preset.api === api || (dialect !== null && preset.dialects.includes(dialect));
}

/** The line, or what is wrong with `baseUrl`. */
export function wireLine(parts: LineParts): WireLine | string {
  const { api, baseUrl, preset, env } = parts;
  const kind = apiKindOf(api);
  const row = preset !== null && rowFits(preset, api) ? preset : null;
  const dialects = kind.dialect === null ? [] : (parts.dialects ?? row?.dialects ?? kind.dialects);
  const line = {
    api,
    via: kind.via ?? "http",
    scheme: row?.scheme ?? kind.scheme,
    dialects,
    // An Ollama server has OpenAI's formats under /v1, whatever the provider is called.
    openAiRoot: row?.openAiRoot ?? kind.openAiRoot ?? null,
  } as const;
  if (line.via === "mock" || dialects.length === 0) return { ...line, address: null, azure: null };
  if (baseUrl === null) return "is missing: this provider has no usual address";
  const reach: Reach = {
    allowPrivateNetwork: parts.allowPrivateNetwork,
    trustsAddress: preset?.trustsAddress ?? false,
  };
  const address = judgeAddress(baseUrl, reach);
  if (typeof address === "string") return address;
  const azure = azureBase(address.url, { header: parts.versionHeader, named: kind.azure ?? false, env });
  // Only one of Azure's roots takes keys as others' servers do; this header serves both.
  const scheme = azure === null ? line.scheme : (row?.scheme ?? "api-key");
  return { ...line, scheme, address: { ...address, url: azure?.url ?? address.url }, azure };
}
