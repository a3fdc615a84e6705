// `memory.search`, or `memorySearch` as older files have it: where an agent's `/v1/embeddings` goes (OpenClaw §1.10). Its `remote` block makes a provider of its own.
import { OF_MEMORY } from "../core/names.ts";
import type { Target } from "../core/snapshot.ts";
import { mouldOf, targetOf } from "./compile-target.ts";
import type { KeyPath } from "./key-path.ts";
import { type FrameContext, providerFrame } from "./provider-frame.ts";
import { PRESETS } from "./presets.ts";
import { providerIdOf } from "./provider-id.ts";
import type { MemoryConfig } from "./schema/memory.ts";
import type { ProviderConfig } from "./schema/models.ts";
import type { TargetBook } from "./target-book.ts";

/** OpenClaw's own names for providers of embeddings that are not the provider's id. */
const PROVIDER_NAMES: ReadonlyMap<string, string> = new Map([["gemini", "google"]]);
const PROVIDER_DEFAULT = "openai";
/** Embeddings that OpenClaw computes or chooses itself; a proxy takes the agent's chain. */
const NOT_OURS = new Set(["auto", "local", "none"]);

function remoteTarget(
  memory: MemoryConfig,
  of: { readonly provider: string; readonly model: string },
  place: Place,
): Target | null {
  const { remote } = memory;
  const path = [...place.path, "remote"];
  const base = place.book.frame(of.provider)?.written ?? null;
  const written: ProviderConfig = {
    ...(base ?? { authHeader: false }),
    baseUrl: remote?.baseUrl ?? base?.baseUrl,
    apiKey: remote?.apiKey ?? base?.apiKey,
    headers: { ...base?.headers, ...remote?.headers },
    models: [],
  };
  const source = {
    id: `${of.provider}${OF_MEMORY}`,
    path,
    written,
    preset: PRESETS.get(of.provider) ?? null,
    extras: null,
  };
  const frame = providerFrame(source, place.context);
  for (const { path: at, problem, why } of frame.lacks) {
    // A variable that is not set is reported with all others of the file.
    if (why !== "unfilled") place.context.report({ code: "missing_secret", path: at, message: problem });
  }
  return frame.line === null ? null : targetOf(mouldOf(frame, frame.line), of.model);
}

/** What an agent says over what is said for all: key by key, `remote` as well. */
export function memoryOver(own: MemoryConfig, common: MemoryConfig | undefined): MemoryConfig {
  const remote = own.remote === undefined && common?.remote === undefined ? {} : { ...common?.remote, ...own.remote };
  return { ...common, ...own, ...(Object.keys(remote).length === 0 ? {} : { remote }) };
}

/** Where `memorySearch` stands and what is known around it. */
export interface Place {
  readonly path: KeyPath;
  readonly book: TargetBook;
  readonly context: FrameContext;
}

/** The target of embeddings, with what requests get that leave it out; null means the agent's chain. */
export function memoryTarget(memory: MemoryConfig | undefined, place: Place): Target | null {
  const target = targetFor(memory, place);
  const { outputDimensionality: dimensions = null, inputType = null } = memory ?? {};
  const fill = {
    ...target?.fill,
    ...(dimensions === null ? {} : { dimensions }),
    ...(inputType === null ? {} : { input_type: inputType }),
  };
  return target === null ? null : { ...target, fill };
}

function targetFor(memory: MemoryConfig | undefined, place: Place): Target | null {
  if (memory === undefined || (memory.provider === undefined && memory.model === undefined)) return null;
  const named = providerIdOf(memory.provider ?? PROVIDER_DEFAULT);
  if (NOT_OURS.has(named)) return null;
  const provider = PROVIDER_NAMES.get(named) ?? named;
  const { report } = place.context;
  const preset = PRESETS.get(provider);
  if (preset?.dialects.length === 0 && (place.book.frame(provider)?.written ?? null) === null) {
    const message = `embeds by "${provider}", which this proxy does not speak: embeddings go to the agent's chain`;
    report({ severity: "warning", code: "unsupported_api", path: place.path, message });
    return null;
  }
  const model = memory.model ?? preset?.embeddingModel;
  if (model === undefined) {
    const message = `names no model, and "${provider}" has no usual one for embeddings`;
    report({ code: "unknown_model", path: place.path, message });
    return null;
  }
  if (memory.remote !== undefined) return remoteTarget(memory, { provider, model }, place);
  const target = place.book.target(provider, model);
  if (target === null) {
    const why =
      place.book.frame(provider) === null ? `there is no provider "${provider}"` : `"${provider}" has no address`;
    report({ code: "unknown_model", path: [...place.path, "provider"], message: why });
  }
  return target;
}
