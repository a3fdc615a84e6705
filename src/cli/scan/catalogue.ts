// The public catalogue of OpenRouter as rows: what is free, how large, what it can do. Reads a document; asks nobody.
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";

/** One model of the catalogue, with OpenClaw's keys. */
export interface CatalogueRow {
  readonly id: string;
  readonly name: string;
  readonly provider: "openrouter";
  readonly modelRef: string;
  readonly contextLength: number | null;
  readonly maxCompletionTokens: number | null;
  readonly supportsToolsMeta: boolean;
  readonly modality: string | null;
  /** Billions of parameters, as far as the name tells. */
  readonly inferredParamB: number | null;
  readonly createdAtMs: number | null;
  readonly pricing: { readonly prompt: number; readonly completion: number; readonly request: number } | null;
  readonly isFree: boolean;
}

/** Which rows are wanted. */
export interface CatalogueFilter {
  /** Billions of parameters at least; 0 for all. Names that tell none are then left out. */
  readonly minParams: number;
  /** Days since it was added at most; null for all. */
  readonly maxAgeDays: number | null;
  /** What stands in front of the slash of the id; null for all. */
  readonly provider: string | null;
  /** Unix milliseconds. */
  readonly now: number;
}

const DAY_MS = 86_400_000;
const MS_PER_S = 1000;
const FREE = /:free$/;

/** The free rows that are wanted; null when the document is no catalogue. */
export function freeModels(document: Json | undefined, filter: CatalogueFilter): readonly CatalogueRow[] | null {
  const list = isJsonObject(document) ? document["data"] : null;
  if (!Array.isArray(list)) return null;
  const rows = (list as readonly Json[]).flatMap((entry) => (isJsonObject(entry) ? (rowOf(entry) ?? []) : []));
  return rows.filter((row) => row.isFree && isWanted(row, filter));
}

function rowOf(entry: JsonObject): CatalogueRow | null {
  const { id, name, context_length: context, created, supported_parameters: parameters } = entry;
  if (typeof id !== "string" || id === "") return null;
  const top = isJsonObject(entry["top_provider"]) ? entry["top_provider"] : {};
  const architecture = isJsonObject(entry["architecture"]) ? entry["architecture"] : {};
  const shown = typeof name === "string" ? name : id;
  const pricing = pricingOf(entry["pricing"]);
  return {
    id,
    name: shown,
    provider: "openrouter",
    modelRef: `openrouter/${id}`,
    contextLength: numberOf(context),
    maxCompletionTokens: numberOf(top["max_completion_tokens"]) ?? numberOf(entry["max_completion_tokens"]),
    supportsToolsMeta: Array.isArray(parameters) && parameters.includes("tools"),
    modality: typeof architecture["modality"] === "string" ? architecture["modality"] : null,
    inferredParamB: paramsOf(`${id} ${shown}`),
    createdAtMs: typeof created === "number" ? created * MS_PER_S : null,
    pricing,
    isFree:
      FREE.test(id) || (pricing !== null && pricing.prompt === 0 && pricing.completion === 0 && pricing.request === 0),
  };
}

/** Prices are decimal texts, in dollars per token. */
function pricingOf(value: Json | undefined): CatalogueRow["pricing"] {
  if (!isJsonObject(value)) return null;
  const [prompt, completion] = [Number(value["prompt"]), Number(value["completion"])];
  const request = Number(value["request"] ?? 0);
  return Number.isFinite(prompt + completion + request) ? { prompt, completion, request } : null;
}

/** The largest number that stands before a `b`: of `8x7b` the 7, of `70b-a3b` the 70. */
function paramsOf(text: string): number | null {
  const found = [...text.toLowerCase().matchAll(/(?<![a-z0-9.])(?:\d+x)?(\d+(?:\.\d+)?)b(?![a-z0-9])/g)].map((match) =>
    Number(match[1]),
  );
  return found.length === 0 ? null : Math.max(...found);
}

function isWanted(row: CatalogueRow, { minParams, maxAgeDays, provider, now }: CatalogueFilter): boolean {
  if (provider !== null && row.id.split("/")[0]?.toLowerCase() !== provider.toLowerCase()) return false;
  if (minParams > 0 && (row.inferredParamB ?? 0) < minParams) return false;
  return maxAgeDays === null || (row.createdAtMs !== null && now - row.createdAtMs <= maxAgeDays * DAY_MS);
}

function numberOf(value: Json | undefined): number | null {
  return typeof value === "number" && value > 0 ? value : null;
}
