// `openclaw-edge models scan`: the free models of OpenRouter's public catalogue, with live probes where there is a key. Writes nothing.
import type { Loaded } from "../config/load-snapshot.ts";
import { realClock } from "../core/clock.ts";
import { type Command, EXIT, type Terminal } from "./command.ts";
import { askGateway, isUnreached } from "./gateway-client.ts";
import { placeAt } from "./gateway-place.ts";
import { CONFIG_OPTION, loadOrTell } from "./load.ts";
import { type Given, JSON_OPTION } from "./options.ts";
import { paintFor } from "./paint.ts";
import { oneLine } from "./one-line.ts";
import { print, printFault } from "./print.ts";
import { progress } from "./progress.ts";
import { type CatalogueRow, freeModels } from "./scan/catalogue.ts";
import { ranked, scanned, type ScannedRow, unprobed } from "./scan/probes.ts";

const CATALOGUE = "https://openrouter.ai/api/v1/models";
const PROVIDER = "openrouter";
const HEAD = ["Model", "Tool", "Image", "Ctx", "Params", "Notes"];
const TOKENS_PER_K = 1024;

/** Scans; flags and document are OpenClaw's. */
export const modelsScan: Command = {
  operands: [],
  options: {
    ...CONFIG_OPTION,
    "no-probe": { type: "boolean", about: "The catalogue only, no live probes." },
    "min-params": { type: "string", value: "B", about: "Billions of parameters at least." },
    "max-age-days": { type: "string", value: "DAYS", about: "Added within so many days." },
    provider: { type: "string", value: "NAME", about: "Only ids with this in front of the slash." },
    "max-candidates": { type: "string", value: "N", about: "Probed at most (6)." },
    timeout: { type: "string", value: "MS", about: "For the catalogue and for each probe (12000)." },
    concurrency: { type: "string", value: "N", about: "Probes at once (3)." },
    catalogue: { type: "string", value: "URL", about: `Another copy of ${CATALOGUE}.` },
    yes: { type: "boolean", about: "Accepted for scripts: nothing is ever asked." },
    "no-input": { type: "boolean", about: "Accepted for scripts: nothing is ever asked." },
    "set-default": { type: "boolean", about: "Refused: this proxy writes no config." },
    "set-image": { type: "boolean", about: "Refused: this proxy writes no config." },
    ...JSON_OPTION,
  },
  async run(given, terminal) {
    if (given.flag("set-default") || given.flag("set-image")) {
      terminal.stderr.write(
        "openclaw-edge: this proxy writes no config; put the model into agents.defaults.model yourself\n",
      );
      return EXIT.failed;
    }
    const loaded = await loadOrTell(given, terminal);
    if (loaded === null) return EXIT.config;
    const catalogue = await catalogueOf(given, terminal);
    if (typeof catalogue === "number") return catalogue;
    const rows = await scan(catalogue, { given, terminal, loaded });
    await print(rows, { given, terminal }, async () => {
      if (rows.length === 0) return "No free models found.\n";
      const { table } = await import("./table.ts");
      return table(HEAD, rows.map(cellsOf), paintFor(terminal, "stdout"));
    });
    return EXIT.ok;
  },
};

/** The rows, or an exit code. */
async function catalogueOf(given: Given, terminal: Terminal): Promise<readonly CatalogueRow[] | number> {
  const timeoutMs = given.number("timeout", 12_000, 1);
  const maxAgeDays = given.text("max-age-days") === null ? null : given.number("max-age-days", 0);
  const filter = {
    minParams: given.number("min-params", 0),
    maxAgeDays,
    provider: given.text("provider"),
    now: realClock.wall(),
  };
  const answer = await askGateway(placeAt(given.text("catalogue") ?? CATALOGUE), { path: "", timeoutMs });
  if (isUnreached(answer)) {
    await printFault(`the catalogue cannot be read: ${answer.problem}`, { given, terminal });
    return answer.exit;
  }
  const rows = answer.status === 200 ? freeModels(answer.body, filter) : null;
  if (rows !== null) return rows;
  await printFault(`the catalogue cannot be read: it answered ${answer.status} and no list of models`, {
    given,
    terminal,
  });
  return EXIT.failed;
}

interface ScanRun {
  readonly given: Given;
  readonly terminal: Terminal;
  readonly loaded: Loaded;
}

/** Without a key, or with `--no-probe`, the catalogue's own words are all there is. */
async function scan(
  catalogue: readonly CatalogueRow[],
  { given, terminal, loaded }: ScanRun,
): Promise<readonly ScannedRow[]> {
  const { snapshot } = loaded;
  const provider = snapshot.providers.get(PROVIDER);
  const canProbe = provider !== undefined && provider.unlisted("probe").unavailable === null;
  if (given.flag("no-probe") || !canProbe) {
    if (!given.flag("no-probe"))
      terminal.stderr.write("No OpenRouter key (OPENROUTER_API_KEY): catalogue only, no probes.\n");
    return ranked(catalogue.map(unprobed));
  }
  const { DirectCorridor } = await import("./direct.ts");
  const corridor = new DirectCorridor(snapshot);
  const parts = { snapshot, provider, corridor, timeoutMs: given.number("timeout", 12_000, 1) };
  const chosen = catalogue.slice(0, given.count("max-candidates", 6, 1));
  const shown = await progress(terminal, `Probing ${chosen.length} models`, chosen.length);
  const rows: ScannedRow[] = [];
  const queue = chosen.values();
  const worker = async (): Promise<void> => {
    for (const row of queue) {
      rows.push(await scanned(row, parts));
      shown.step(oneLine(row.id));
    }
  };
  await Promise.all(Array.from({ length: given.count("concurrency", 3, 1) }, worker));
  await corridor.close();
  shown.end("scanned");
  return ranked(rows);
}

function cellsOf(row: ScannedRow): string[] {
  const { modelRef, tool, image, contextLength, inferredParamB, supportsToolsMeta } = row;
  const context = contextLength === null ? "-" : `${Math.round(contextLength / TOKENS_PER_K)}k`;
  const notes = [tool.error ?? image.error ?? []].flat().join("");
  const tools = tool.skipped === true ? (supportsToolsMeta ? "says yes" : "says no") : probeWord(tool);
  return [
    oneLine(modelRef),
    tools,
    probeWord(image),
    context,
    inferredParamB === null ? "-" : `${inferredParamB}b`,
    notes,
  ];
}

function probeWord({ ok, latencyMs, skipped }: ScannedRow["tool"]): string {
  if (skipped === true) return "-";
  return ok ? `ok ${latencyMs} ms` : "failed";
}
