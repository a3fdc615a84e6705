// The shape of a row of the built-in provider table. Rows are data; nothing asks for a provider by name.
import type { SpokenName } from "../core/names.ts";
import type { Compat } from "../core/snapshot.ts";
import type { AuthScheme } from "./auth-schemes.ts";
import type { ApiKind } from "./schema/model-object.ts";

/** A provider we know without being told (OpenClaw's provider catalog). */
export interface Preset {
  /** API root; null when it differs per account or region and must be configured. */
  readonly baseUrl: string | null;
  readonly api: ApiKind;
  /** Environment variables that may hold its key, first one first. */
  readonly env: readonly string[];
  /** All of `env` are keys of one service and take turns; absent: the first one that is set counts. */
  readonly everyKey?: true;
  /** How it wants its key; absent: as its `api` does. */
  readonly scheme?: AuthScheme;
  /** Wire formats it answers natively. Empty: we speak none of them, and the provider is `unsupported_api`. */
  readonly dialects: readonly SpokenName[];
  /** The model meant when nobody names one; null when there is no sensible one. */
  readonly defaultModel: string | null;
  /** The model for embeddings when `memorySearch` names only the provider. */
  readonly embeddingModel?: string;
  /** Path under which OpenAI's formats live when the base URL does not already end with it. */
  readonly openAiRoot?: string;
  /** Model ids that the provider spells with its own name in front: our id to theirs. */
  readonly modelIds?: ReadonlyMap<string, string>;
  /** What OpenClaw writes in place of a key for a server that wants none. */
  readonly marker?: string;
  /** Its configured address may be private without `request.allowPrivateNetwork`, unless that is `false`. */
  readonly trustsAddress?: true;
  /** False: it refuses `stream_options.include_usage`. */
  readonly usageInStreaming?: false;
  /** Deviations from its wire format that hold for all its models, as its own reference has them. */
  readonly compat?: Compat;
  /** A program of this machine that OpenClaw runs as an agent: no server answers there. */
  readonly isProgram?: true;
  /** A router with its own failover: its keys are not cooled (OpenClaw §4.4). */
  readonly noCooldown?: true;
}
