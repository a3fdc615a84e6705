// Exporters that tell how each export went. What they send is not looked at.
import type { SpanExporter } from "@opentelemetry/sdk-trace";
import type { NoteExport, Signal } from "../export-counts.ts";

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
/** Reasons from a closed list, by what the exporter's error says. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/time.?out|timed out/i, "timeout"],
  [/ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET|EHOSTUNREACH|socket/i, "unreachable"],
  [/limit/i, "overloaded"],
];

/** Has every export of an exporter told of. */
export function tellExports<T>(exporter: { export: Export<T> }, signal: Signal, watch: ExportWatch): void {
  const send = exporter.export.bind(exporter);
  let failing = false;
  exporter.export = (items, done) => {
    send(items, (result) => {
      const reason = result.code === SUCCESS ? null : reasonOf(result.error);
      if (reason === null) watch.note(signal, "success");
      else watch.note(signal, "failure", reason);
      if (reason !== null && !failing) watch.onTrouble(signal, reason);
      if (reason === null && failing) watch.onRecovery(signal);
      failing = reason !== null;
      done(result);
    });
  };
}

function reasonOf(error: Error | undefined): string {
  if (error === undefined) return "other";
  const { code } = error as Error & { readonly code?: unknown };
  if (typeof code === "number") return "status";
  const words = `${typeof code === "string" ? code : ""} ${error.name} ${error.message}`;
  return REASONS.find(([pattern]) => pattern.test(words))?.[1] ?? "other";
}
