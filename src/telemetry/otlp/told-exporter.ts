// Exporters that tell how each export went. What they send is not looked at.
import type { SpanExporter } from "@opentelemetry/sdk-trace";
import type { ExportStatus, NoteExport, Signal } from "../export-counts.ts";

/** Hears that a signal cannot be exported, once, and that it can again. */
export interface ExportWatch {
  readonly note: NoteExport;
  readonly onTrouble: (signal: Signal, reason: string) => void;
  readonly onRecovery: (signal: Signal) => void;
}

/** How an export went: the same word for all signals. */
type ExportResult = Parameters<Parameters<SpanExporter["export"]>[1]>[0];
type Export<T> = (items: T, done: (result: ExportResult) => void) => void;
/** The code of success in that word; every other one is a failure. */
const SUCCESS = 0;
/** Why something never left. */
export const QUEUE_FULL = "queue_full";

interface Trouble {
  readonly status: Exclude<ExportStatus, "success">;
  /** A word from a closed list. */
  readonly reason: string;
}

/** What became of an export, by what the exporter's error says. */
const TROUBLES: readonly (Trouble & { readonly words: RegExp })[] = [
  { words: /time.?out|timed out/i, status: "failure", reason: "timeout" },
  {
    words: /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET|EHOSTUNREACH|socket/i,
    status: "failure",
    reason: "unreachable",
  },
  // As many as may be under way wait for the collector.
  { words: /concurrent export limit/i, status: "dropped", reason: QUEUE_FULL },
];
const OTHER: Trouble = { status: "failure", reason: "other" };

/** Has every export of an exporter told of. */
export function tellExports<T>(exporter: { export: Export<T> }, signal: Signal, watch: ExportWatch): void {
  const send = exporter.export.bind(exporter);
  let failing = false;
  exporter.export = (items, done) => {
    send(items, (result) => {
      const trouble = result.code === SUCCESS ? null : troubleOf(result.error);
      if (trouble === null) watch.note(signal, "success");
      else watch.note(signal, trouble.status, trouble.reason);
      if (trouble !== null && !failing) watch.onTrouble(signal, trouble.reason);
      if (trouble === null && failing) watch.onRecovery(signal);
      failing = trouble !== null;
      done(result);
    });
  };
}

function troubleOf(error: Error | undefined): Trouble {
  if (error === undefined) return OTHER;
  const { code } = error as Error & { readonly code?: unknown };
  if (typeof code === "number") return { status: "failure", reason: "status" };
  const said = `${typeof code === "string" ? code : ""} ${error.name} ${error.message}`;
  return TROUBLES.find(({ words }) => words.test(said)) ?? OTHER;
}
