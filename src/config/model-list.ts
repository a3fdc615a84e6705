// `agents.defaults.models`: the model list, which gives aliases and says what clients may select (OpenClaw §3.3).
import type { Target } from "../core/snapshot.ts";
import type { KeyPath } from "./key-path.ts";
import type { ModelNames } from "./model-names.ts";
import type { Report } from "./report.ts";
import type { AgentDefaultsConfig } from "./schema/agents.ts";

const PATH: KeyPath = ["agents", "defaults", "models"];

/** Targets of the list, in order; null when there is no list, and anything may be selected. */
export type ModelList = readonly Target[] | null;

/**
 * Reads the list and gives its aliases to `names`. An entry that means nothing is a warning: nothing was asked of it yet.
 */
export function readModelList(models: AgentDefaultsConfig["models"], names: ModelNames, report: Report): ModelList {
  const entries = Object.entries(models);
  const targets: Target[] = [];
  const unnamed: Target[] = [];
  for (const [ref, { alias }] of entries) {
    const path = [...PATH, ref];
    const named = names.resolve(ref, path);
    if ("problem" in named) {
      report({
        severity: "warning",
        code: "unknown_model",
        path,
        message: named.problem,
        suggestion: named.suggestion,
      });
      continue;
    }
    if (named.note !== null) report({ severity: "warning", code: "model_name", path, message: named.note });
    targets.push(named.target);
    if (alias === undefined) unnamed.push(named.target);
    else if (!names.addAlias(alias.trim(), named.target)) {
      const message = `gives the alias "${alias}" a second time; the first one holds`;
      report({ severity: "warning", code: "duplicate", path: [...path, "alias"], message });
    }
  }
  for (const target of targets) names.addBare(target);
  names.addBuiltInAliases(unnamed);
  return entries.length === 0 ? null : targets;
}
