// Families of figures become Prometheus text (format 0.0.4), drawn by the Prometheus client in slices with a turn of the event loop
// between them: 2048 label sets of a histogram are 4 MB and 100 ms of work, which no stream should wait for (M03: 50 ms).
import { Gauge, type MetricObjectWithValues, type MetricValueWithName, Registry } from "prom-client";
import type { Cell } from "./cells.ts";

/** One metric and where its label sets are. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly labelNames: readonly string[];
  /** Bucket bounds of a histogram, ascending. */
  readonly bounds: readonly number[];
  readonly cells: () => readonly Cell[];
}

/** The content type of what is drawn. */
export const EXPOSITION_TYPE: string = Registry.PROMETHEUS_CONTENT_TYPE;

/** Label sets drawn in one go; 64 of a histogram are about 3 ms. */
const SLICE = 64;
/** The client opens every drawing with HELP and TYPE. */
const HEADER_LINES = 2;

/** Draws all families that have a label set; `yieldTurn` lets the event loop turn. */
export async function drawExposition(families: readonly Family[], yieldTurn: () => Promise<void>): Promise<string> {
  const parts: string[] = [];
  for (const family of families) {
    const cells = family.cells();
    for (let from = 0; from < cells.length; from += SLICE) {
      const text = await drawer.getMetricsAsString(new FamilySlice(family, cells.slice(from, from + SLICE)));
      parts.push(from === 0 ? text : withoutHeader(text));
      await yieldTurn();
    }
  }
  return parts.length === 0 ? "" : `${parts.join("\n")}\n`;
}

const drawer = new Registry(Registry.PROMETHEUS_CONTENT_TYPE);

function withoutHeader(text: string): string {
  let start = 0;
  for (let line = 0; line < HEADER_LINES; line += 1) start = text.indexOf("\n", start) + 1;
  return text.slice(start);
}

/** A metric that keeps nothing. It is a gauge by class only: what it hands to the client says its own type. */
class FamilySlice extends Gauge<string> {
  readonly #family: Family;
  readonly #cells: readonly Cell[];

  constructor(family: Family, cells: readonly Cell[]) {
    super({ name: family.name, help: family.help, labelNames: family.labelNames, registers: [] });
    this.#family = family;
    this.#cells = cells;
  }

  override async get(): Promise<MetricObjectWithValues<MetricValueWithName<string>>> {
    const { name, help, type } = this.#family;
    const values = this.#cells.flatMap((cell) => samplesOf(this.#family, cell));
    return { name, help, type, values, aggregator: "sum", collect: () => undefined };
  }
}

function samplesOf({ name, type, labelNames, bounds }: Family, cell: Cell): MetricValueWithName<string>[] {
  const labels = Object.fromEntries(labelNames.map((label, at) => [label, cell.labels[at] ?? ""]));
  if (type !== "histogram") return [{ labels, value: cell.count }];
  let upTo = 0;
  const buckets = bounds.map((le, at) => {
    upTo += cell.buckets[at] ?? 0;
    return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: upTo };
  });
  return [
    ...buckets,
    { metricName: `${name}_bucket`, labels: { ...labels, le: "+Inf" }, value: cell.count },
    { metricName: `${name}_sum`, labels, value: cell.sum },
    { metricName: `${name}_count`, labels, value: cell.count },
  ];
}
