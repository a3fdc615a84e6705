// How exports to a collector went, as OpenClaw counts them. Exporters tell it; it knows none of them.
import { type LabelSetBudget, Tally } from "./cells.ts";
import type { Family } from "./exposition.ts";
import { METRIC, NOTHING } from "./names.ts";

/** One kind of telemetry. */
export type Signal = "traces" | "metrics" | "logs";
/** How an export ended; `dropped` never left, because too much waited. */
export type ExportStatus = "success" | "failure" | "dropped";

/** Notes the end of an export, or of a log record that came into none; `reason` is a word from a closed list. */
export type NoteExport = (signal: Signal, status: ExportStatus, reason?: string) => void;

/** The counter. */
export class ExportCounts {
  readonly family: Family;
  readonly #tally: Tally;

  constructor(budget: LabelSetBudget) {
    this.#tally = new Tally([], budget);
    this.family = {
      name: METRIC.exports,
      help: "Exports to the collector, by signal and how they ended; dropped ones never left. Of logs, records are dropped one by one.",
      type: "counter",
      labelNames: ["exporter", "reason", "signal", "status"],
      bounds: [],
      cells: () => this.#tally.cells,
    };
  }

  readonly note: NoteExport = (signal, status, reason = NOTHING) => {
    this.#tally.at("otlp", reason, signal, status).count += 1;
  };
}
