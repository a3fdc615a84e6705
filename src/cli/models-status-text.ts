// `models status` for people.
import type { ModelsOverview } from "./models-overview.ts";
import type { Paint } from "./paint.ts";
import type { ProbeRow } from "./probe.ts";

const LABEL_WIDTH = 13;
const S_PER_MS = 1 / 1000;

/** The chain, names and keys. */
export function overviewText(document: ModelsOverview, paint: Paint): string {
  const { auth, aliases, allowed, fallbacks, imageFallbacks } = document;
  const names = Object.entries(aliases).map(([alias, ref]) => `${alias} -> ${ref}`);
  const lines = [
    row("Config", document.configPath),
    ...(document.agentId === undefined ? [] : [row("Agent", document.agentId)]),
    row("Default", document.resolvedDefault ?? "-"),
    row(`Fallbacks (${fallbacks.length})`, listed(fallbacks)),
    row("Image model", document.imageModel ?? "-"),
    row(`Image fallbacks (${imageFallbacks.length})`, listed(imageFallbacks)),
    row(`Aliases (${names.length})`, listed(names)),
    row(`Allowed (${allowed.length || "all"})`, listed(allowed)),
    "",
    paint.bold("Auth overview"),
    ...auth.providers.map((each) => {
      const { kind, detail } = each.effective;
      const source = kind === "env" ? each.env?.source : each.modelsJson?.source;
      const shown = kind === "missing" ? paint.bad(`missing: ${detail}`) : `${kind}:${detail}`;
      return `- ${each.provider} effective=${shown}${source === undefined ? "" : paint.dim(` (${source})`)}`;
    }),
  ];
  const missing = auth.missingProvidersInUse.map((provider) => `- ${provider}`);
  if (missing.length > 0) lines.push("", paint.bad("Missing auth"), ...missing);
  const out = auth.unusableProfiles.map(({ profileId, kind, reason, remainingMs }) => {
    return `- ${profileId} ${kind} ${reason}, ${Math.ceil(remainingMs * S_PER_MS)} s left`;
  });
  if (out.length > 0) lines.push("", paint.warn("Unusable profiles"), ...out);
  return `${lines.join("\n")}\n`;
}

/** The results of the probes. */
export async function probesText(rows: readonly ProbeRow[], durationMs: number, paint: Paint): Promise<string> {
  const { table } = await import("./table.ts");
  const cells = rows.map(({ provider, model, profileId, label, status, reasonCode, error, latencyMs }) => {
    const word = status === "ok" ? paint.good("ok") : paint.bad(status);
    const why = [reasonCode, error].filter((part) => part !== undefined).join(": ");
    const time = latencyMs === undefined ? "" : ` · ${latencyMs} ms`;
    return [model ?? `${provider}/-`, profileId ?? label, `${word}${time}${why === "" ? "" : ` · ${why}`}`];
  });
  const drawn = rows.length === 0 ? "Nothing to probe.\n" : table(["Model", "Profile", "Status"], cells, paint);
  return `\n${paint.bold("Probes")}\n${drawn}Probed ${rows.length} in ${(durationMs * S_PER_MS).toFixed(1)} s\n`;
}

function row(label: string, text: string): string {
  return `${label.padEnd(LABEL_WIDTH)} : ${text}`;
}

function listed(items: readonly string[]): string {
  return items.length === 0 ? "-" : items.join(", ");
}
