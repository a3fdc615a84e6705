// Model servers of this machine that answer on their usual ports, configured or not.
import { LOCAL_PRESETS } from "../../config/presets-local.ts";
import type { Preset } from "../../config/preset.ts";
import { probeModels } from "../../upstream/probe.ts";
import { type Check, ok } from "./finding.ts";

const ANSWER_MS = 500;
const SHOWN_MAX = 3;
const SERVERS: Readonly<Record<string, Preset>> = LOCAL_PRESETS;
/** Rows that share a port are one server. */
const ASKED = ["lmstudio", "ollama", "vllm", "llamacpp", "sglang", "litellm"];

/** One line for each that answers. */
export const localServers: Check = async ({ loaded }) => {
  const used = new Set([...(loaded?.snapshot.targets.values() ?? [])].map(({ provider }) => provider));
  const answers = await Promise.all(
    ASKED.map(async (id) => ({ id, models: await probeModels(modelsUrl(id), ANSWER_MS) })),
  );
  const found = answers.filter(({ models }) => models !== null);
  if (found.length === 0) return [ok("local", "no model server on the usual ports of this machine")];
  return found.map(({ id, models }) => {
    const list = models ?? [];
    const more = list.length > SHOWN_MAX ? `, and ${list.length - SHOWN_MAX} more` : "";
    const names = list.length === 0 ? "no model loaded" : list.slice(0, SHOWN_MAX).join(", ") + more;
    return ok("local", `${id} answers at ${modelsUrl(id)}: ${names}${used.has(id) ? "" : "; not in the config"}`);
  });
};

function modelsUrl(id: string): string {
  const { baseUrl, openAiRoot = "" } = SERVERS[id] ?? {};
  const base = (baseUrl ?? "").replace(/\/+$/, "");
  return `${base.endsWith(openAiRoot) ? base : base + openAiRoot}/models`;
}
