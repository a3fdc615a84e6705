// Live probes of `models scan`: does the model call a tool when it must, and does it take a picture?
import type { Json, JsonObject } from "../../core/json.ts";
import type { Provider, Snapshot } from "../../core/snapshot.ts";
import { toolCalls } from "../answer-text.ts";
import type { DirectAnswer, DirectCorridor } from "../direct.ts";
import { solo } from "../solo.ts";
import type { CatalogueRow } from "./catalogue.ts";

/** What one probe showed. */
export interface ScanProbe {
  readonly ok: boolean;
  readonly latencyMs: number | null;
  readonly error?: string;
  readonly skipped?: true;
}

/** A row with its probes, as it is printed. */
export interface ScannedRow extends CatalogueRow {
  readonly tool: ScanProbe;
  readonly image: ScanProbe;
}

/** What probes need. */
export interface ScanParts {
  readonly snapshot: Snapshot;
  readonly provider: Provider;
  readonly corridor: DirectCorridor;
  readonly timeoutMs: number;
}

const SKIPPED: ScanProbe = { ok: false, latencyMs: null, skipped: true };
const MAX_TOKENS = 256;
/** One white pixel. */
const PIXEL =
  "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/x8AAwMCAO+X2ZkAAAAASUVORK5CYII=";
const PING: Json = [
  {
    type: "function",
    function: { name: "ping", description: "Return OK.", parameters: { type: "object", properties: {} } },
  },
];

/** Probes one model: the tool first, the picture where the catalogue says that it takes one. */
export async function scanned(row: CatalogueRow, parts: ScanParts): Promise<ScannedRow> {
  const tool = await ask(row, parts, {
    messages: [{ role: "user", content: "Call the ping tool with {} and nothing else." }],
    tools: PING,
    tool_choice: "required",
  });
  const toolProbe = verdictOf(tool, toolCalls(tool.body) > 0 ? null : "no tool was called");
  if (!/image/.test(row.modality?.split("->")[0] ?? "")) return { ...row, tool: toolProbe, image: SKIPPED };
  const content: Json = [
    { type: "text", text: "Reply with OK." },
    { type: "image_url", image_url: { url: PIXEL } },
  ];
  const image = await ask(row, parts, { messages: [{ role: "user", content }] });
  return { ...row, tool: toolProbe, image: verdictOf(image, null) };
}

function ask({ id }: CatalogueRow, { snapshot, provider, corridor, timeoutMs }: ScanParts, body: JsonObject) {
  const only = solo(snapshot, provider.unlisted(id), null);
  return corridor.ask({
    snapshot: only,
    model: null,
    timeoutMs,
    body: { model: "openclaw", max_tokens: MAX_TOKENS, ...body },
  });
}

function verdictOf({ failure, attempts, latencyMs }: DirectAnswer, lack: string | null): ScanProbe {
  const error = failure === null ? lack : (attempts.at(-1)?.error ?? failure.message);
  return error === null ? { ok: true, latencyMs } : { ok: false, latencyMs, error };
}

/** A row of which only the catalogue's words are known. */
export function unprobed(row: CatalogueRow): ScannedRow {
  return { ...row, tool: SKIPPED, image: SKIPPED };
}

/** OpenClaw's order: pictures, then quick tools, then context, then size. */
export function ranked(rows: readonly ScannedRow[]): readonly ScannedRow[] {
  const late = Number.MAX_SAFE_INTEGER;
  return rows.toSorted(
    (a, b) =>
      Number(b.image.ok) - Number(a.image.ok) ||
      (a.tool.ok ? (a.tool.latencyMs ?? late) : late) - (b.tool.ok ? (b.tool.latencyMs ?? late) : late) ||
      (b.contextLength ?? 0) - (a.contextLength ?? 0) ||
      (b.inferredParamB ?? 0) - (a.inferredParamB ?? 0),
  );
}
