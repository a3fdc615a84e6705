// `agents.defaults.models`, and the same of an agent: the model list, which gives aliases, and in older files says what clients may select
// (OpenClaw §3.3).
import type { AllowedModels } from "../core/allowed-models.ts";
import type { Target } from "../core/snapshot.ts";
import type { KeyPath } from "./key-path.ts";
import type { ModelNames, Nameless } from "./model-names.ts";
import { providerIdOf } from "./provider-id.ts";
import type { Report } from "./report.ts";
import type { AgentDefaultsConfig } from "./schema/agents.ts";

/** A list as read. */
export interface ModelList {
  /** In order, without those that a wildcard stands for. */
  readonly targets: readonly Target[];
  /** What the list names, lower-case: ids and wildcards. Null when it is empty. */
  readonly ids: AllowedModels | null;
}

/** A list with its place. */
export interface WrittenList {
  readonly models: AgentDefaultsConfig["models"];
  readonly path: KeyPath;
}

/** `provider/*`, or `provider/part/*`, with the provider's usual id; null for what is no such name. */
export function belowOf(written: string): string | null {
  const parts = written.split("/").map((part) => part.trim().toLowerCase());
  const [provider = "", ...rest] = parts;
  const isWhole = parts.slice(0, -1).every((part) => part !== "" && !part.includes("*"));
  return isWhole && rest.at(-1) === "*" ? [providerIdOf(provider), ...rest].join("/") : null;
}

/** What is wrong with a name that holds a `*` and is none of those above; null for all others. */
export function badWildcard(written: string): Nameless | null {
  if (!written.includes("*") || belowOf(written) !== null) return null;
  const problem = `"${written}" stands for nothing: a \`*\` is the whole last part of a name, as in provider/*`;
  return { problem, suggestion: null };
}

/** The words of a complaint about a name. */
export function complaintOf({ problem, suggestion }: Nameless) {
  return { message: problem, suggestion };
}

/**
 * Reads a list and gives its aliases to `names`. An entry that means nothing is a warning: nothing was asked of it yet.
 */
export function readModelList({ models, path: around }: WrittenList, names: ModelNames, report: Report): ModelList {
  const entries = Object.entries(models);
  const targets: Target[] = [];
  const unnamed: Target[] = [];
  const wildcards: string[] = [];
  for (const [ref, { alias, params }] of entries) {
    const path = [...around, ref];
    const below = belowOf(ref);
    if (below !== null) {
      wildcards.push(below);
      const lack = names.lackOf(below);
      if (lack !== null) report({ severity: "warning", code: "unknown_model", path, ...complaintOf(lack) });
      if (alias !== undefined || params !== undefined) {
        const message = "stands for many models: its alias and its params are not used";
        report({ severity: "warning", code: "model_name", path, message });
      }
      continue;
    }
    const named = badWildcard(ref) ?? names.resolve(ref, path);
    if ("problem" in named) {
      report({ severity: "warning", code: "unknown_model", path, ...complaintOf(named) });
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
  const ids = new Set([...wildcards, ...targets.map(({ id }) => id.toLowerCase())]);
  return { targets, ids: entries.length === 0 ? null : ids };
}
