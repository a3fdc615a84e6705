// Families of figures become Prometheus text (format 0.0.4) or OpenMetrics text with exemplars, drawn by the Prometheus client in slices
// with a turn of the event loop between them: 2048 label sets of a histogram are 4 MB and 100 ms of work, which no stream should wait
// for (M03: 50 ms).
import { Gauge, type MetricObjectWithValues, type MetricValueWithName, Registry } from "prom-client";
import type { Cell, Mark } from "./cells.ts";

/** One metric and where its label sets are. */
export interface Family {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly labelNames: readonly string[];
  /** Bucket bounds of a histogram, ascending. */
  readonly bounds: readonly number[];
  /** What several processes show together: the sum, unless said otherwise. */
  readonly across?: Across;
  readonly cells: () => readonly Cell[];
}

/** How one figure is made of those of several processes. */
export type Across = "sum" | "max" | "min";

/** A text that scrapers read. */
export type ExpositionFormat = "prometheus" | "openmetrics";

/** How a drawing is made. */
export interface DrawingOptions {
  readonly format: ExpositionFormat;
  /** Unix seconds of a mark that may be shown; null for one that leads nowhere. */
  readonly secondsOf: (mark: Mark) => number | null;
  /** Lets the event loop turn. */
  readonly yieldTurn: () => Promise<void>;
}

/** The content types of what is drawn. */
export const EXPOSITION_TYPE: Readonly<Record<ExpositionFormat, string>> = {
  prometheus: Registry.PROMETHEUS_CONTENT_TYPE,
  openmetrics: Registry.OPENMETRICS_CONTENT_TYPE,
};

/** What a text without families is, and every text ends with: a scraper takes OpenMetrics without its end for cut off. */
export const EMPTY_EXPOSITION: Readonly<Record<ExpositionFormat, string>> = { prometheus: "", openmetrics: "# EOF\n" };

/** Label sets drawn in one go; 64 of a histogram are about 3 ms. */
const SLICE = 64;
/** The client opens every drawing with HELP and TYPE. */
const HEADER_LINES = 2;
const COUNTER_END = /_total$/;

/** The format that a scraper's `Accept` asks for. */
export function formatFor(accept: string | null): ExpositionFormat {
  return accept?.includes("application/openmetrics-text") === true ? "openmetrics" : "prometheus";
}

/** Draws all families that have a label set. */
export async function drawExposition(families: readonly Family[], options: DrawingOptions): Promise<string> {
  const drawer = DRAWERS[options.format];
  const parts: string[] = [];
  for (const family of families) {
    const cells = family.cells();
    for (let from = 0; from < cells.length; from += SLICE) {
      const text = await drawer.getMetricsAsString(new FamilySlice(family, cells.slice(from, from + SLICE), options));
      parts.push(from === 0 ? text : withoutHeader(text));
      await options.yieldTurn();
    }
  }
  return `${parts.length === 0 ? "" : `${parts.join("\n")}\n`}${EMPTY_EXPOSITION[options.format]}`;
}

const DRAWERS: Readonly<Record<ExpositionFormat, Registry>> = {
  prometheus: new Registry(Registry.PROMETHEUS_CONTENT_TYPE),
  openmetrics: new Registry<typeof Registry.OPENMETRICS_CONTENT_TYPE>(Registry.OPENMETRICS_CONTENT_TYPE),
};

function withoutHeader(text: string): string {
  let start = 0;
  for (let line = 0; line < HEADER_LINES; line += 1) start = text.indexOf("\n", start) + 1;
  return text.slice(start);
}

/** A metric that keeps nothing. It is a gauge by class only: what it hands to the client says its own type. */
class FamilySlice extends Gauge<string> {
  readonly #family: Family;
  readonly #cells: readonly Cell[];
  readonly #options: DrawingOptions;

  constructor(family: Family, cells: readonly Cell[], options: DrawingOptions) {
    super({ name: family.name, help: family.help, labelNames: family.labelNames, registers: [] });
    this.#family = family;
    this.#cells = cells;
    this.#options = options;
  }

  override async get(): Promise<MetricObjectWithValues<MetricValueWithName<string>>> {
    const { help, type } = this.#family;
    // The client puts the end of a counter's name back where OpenMetrics wants it.
    const isBare = type === "counter" && this.#options.format === "openmetrics";
    const name = isBare ? this.#family.name.replace(COUNTER_END, "") : this.#family.name;
    const values = this.#cells.flatMap((cell) => samplesOf(this.#family, cell, this.#options));
    return { name, help, type, values, aggregator: "sum", collect: () => undefined };
  }
}

type Samples = (MetricValueWithName<string> & { exemplar?: object })[];

function samplesOf({ name, type, labelNames, bounds }: Family, cell: Cell, options: DrawingOptions): Samples {
  const labels = Object.fromEntries(labelNames.map((label, at) => [label, cell.labels[at] ?? ""]));
  if (type !== "histogram") return [{ labels, value: cell.count } as Samples[number]];
  let upTo = 0;
  const buckets = bounds.map((le, at) => {
    upTo += cell.buckets[at] ?? 0;
    return { metricName: `${name}_bucket`, labels: { ...labels, le }, value: upTo, ...exemplarOf(cell, at, options) };
  });
  const last = exemplarOf(cell, bounds.length, options);
  return [
    ...buckets,
    { metricName: `${name}_bucket`, labels: { ...labels, le: "+Inf" }, value: cell.count, ...last },
    { metricName: `${name}_sum`, labels, value: cell.sum },
    { metricName: `${name}_count`, labels, value: cell.count },
  ];
}

function exemplarOf({ marks }: Cell, bucket: number, { format, secondsOf }: DrawingOptions): { exemplar?: object } {
  const mark = format === "openmetrics" ? marks[bucket] : undefined;
  const timestamp = mark === undefined ? null : secondsOf(mark);
  if (mark === undefined || timestamp === null) return {};
  const { value } = mark;
  const { traceId, spanId } = mark.trace;
  return { exemplar: { labelSet: { trace_id: traceId, span_id: spanId }, value, timestamp } };
}
