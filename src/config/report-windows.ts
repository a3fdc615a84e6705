// Says which of the models that requests can reach have a small context (OpenClaw §9), at the key that states it.
import type { Target } from "../core/snapshot.ts";
import { contextWindowOf, WINDOW_CODES, windowWords } from "./context-window.ts";
import type { KeyPath } from "./key-path.ts";
import { targetIdOf } from "./model-ref.ts";
import type { ProviderFrame } from "./provider-frame.ts";
import type { Reach } from "./reachability.ts";
import type { Report } from "./report.ts";

/** What the warnings are made of. */
export interface WindowSources {
  readonly frames: readonly ProviderFrame[];
  readonly reach: Reach;
  /** `agents.defaults.contextTokens`. */
  readonly cap: number | null;
}

const CAP_PATH: KeyPath = ["agents", "defaults", "contextTokens"];

/** One warning per model whose stated context is low or too small. Models that only embed need none. */
export function reportWindows({ frames, reach, cap }: WindowSources, report: Report): void {
  const framesById = new Map(frames.map((frame) => [frame.id, frame]));
  for (const target of reach.talking) {
    const window = contextWindowOf(target.stated, cap);
    if (window === null || window.verdict === "ok") continue;
    const frame = framesById.get(target.provider);
    const path = window.source === "agentContextTokens" || frame === undefined ? CAP_PATH : statedAt(target, frame);
    report({ severity: "warning", code: WINDOW_CODES[window.verdict], path, message: windowWords(target, window) });
  }
}

/** Where the file states the context: `contextTokens` before `contextWindow`, each at the model before the provider. */
function statedAt({ id }: Target, { id: provider, path, written }: ProviderFrame): KeyPath {
  const index = written?.models.findIndex((model) => targetIdOf(provider, model.id) === id) ?? -1;
  const model = written?.models[index];
  for (const key of ["contextTokens", "contextWindow"] as const) {
    if (model?.[key] !== undefined) return [...path, "models", index, key];
    if (written?.[key] !== undefined) return [...path, key];
  }
  return path;
}
