// The families of the one registry as OpenTelemetry's metric data, made when the exporter asks. Nothing is counted here, so nothing can
// be counted twice. All sums are cumulative from the start of the process.
import { type Attributes, type HrTime, ValueType } from "@opentelemetry/api";
import { emptyResource } from "@opentelemetry/resources";
import {
  AggregationTemporality,
  type CollectionResult,
  type DataPoint,
  DataPointType,
  type Histogram,
  type MetricData,
  type MetricProducer,
} from "@opentelemetry/sdk-metrics";
import type { Cell } from "../cells.ts";
import type { Family } from "../exposition.ts";
import { NOTHING } from "../names.ts";
import { NUMBERS, prefixed, pushedAttribute, type PushedName, pushedName } from "./metric-names.ts";
import { instant } from "./trace-log.ts";

/** The one label that Prometheus has for every call, and OpenTelemetry for failures alone. */
const ERROR_LABEL = "error_category";

/** What the bridge is made of. */
export interface MetricBridgeParts {
  readonly families: () => Promise<readonly Family[]>;
  /** Of our own names, in place of `openclaw.`. */
  readonly prefix: string;
  readonly scope: { readonly name: string; readonly version: string };
  /** Unix milliseconds from which on everything is counted. */
  readonly countedSince: number;
  /** Unix milliseconds. */
  readonly wall: () => number;
  /** Lets the event loop turn. */
  readonly yieldTurn: () => Promise<void>;
}

/** Makes metric data family by family, with a turn of the event loop between them. */
export class MetricBridge implements MetricProducer {
  readonly #parts: MetricBridgeParts;
  readonly #startTime: HrTime;

  constructor(parts: MetricBridgeParts) {
    this.#parts = parts;
    this.#startTime = instant(parts.countedSince);
  }

  async collect(): Promise<CollectionResult> {
    const { families, scope, wall, yieldTurn, prefix } = this.#parts;
    const times = { startTime: this.#startTime, endTime: instant(wall()) };
    const metrics: MetricData[] = [];
    for (const family of await families()) {
      const pushed = prefixed(pushedName(family.name), prefix);
      const cells = pushed === null ? [] : family.cells();
      if (pushed === null || cells.length === 0) continue;
      metrics.push(metricOf(family, pushed, { cells, times }));
      await yieldTurn();
    }
    return { resourceMetrics: { resource: emptyResource(), scopeMetrics: [{ scope, metrics }] }, errors: [] };
  }
}

interface Figures {
  readonly cells: readonly Cell[];
  readonly times: Pick<DataPoint<unknown>, "startTime" | "endTime">;
}

function metricOf(
  family: Family,
  { name, unit, scale, upDown = false }: PushedName,
  { cells, times }: Figures,
): MetricData {
  const base = {
    descriptor: { name, unit, description: family.help, valueType: ValueType.DOUBLE },
    aggregationTemporality: AggregationTemporality.CUMULATIVE,
  };
  const point = <T>(cell: Cell, value: T): DataPoint<T> => ({
    ...times,
    attributes: attributesOf(family, cell),
    value,
  });
  switch (family.type) {
    case "histogram":
      return {
        ...base,
        dataPointType: DataPointType.HISTOGRAM,
        dataPoints: cells.map((cell) => point(cell, histogramOf(family, cell, scale))),
      };
    case "counter":
      return {
        ...base,
        dataPointType: DataPointType.SUM,
        isMonotonic: true,
        dataPoints: cells.map((cell) => point(cell, cell.count * scale)),
      };
    case "gauge": {
      const dataPoints = cells.map((cell) => point(cell, cell.count * scale));
      return upDown
        ? { ...base, dataPointType: DataPointType.SUM, isMonotonic: false, dataPoints }
        : { ...base, dataPointType: DataPointType.GAUGE, dataPoints };
    }
  }
}

/** An empty label is none, and what did not fail has no error. */
function attributesOf({ labelNames }: Family, { labels }: Cell): Attributes {
  const attributes: Attributes = {};
  for (const [at, label] of labelNames.entries()) {
    const value = labels[at] ?? "";
    if (value === "" || (label === ERROR_LABEL && value === NOTHING)) continue;
    const attribute = pushedAttribute(label);
    attributes[attribute] = NUMBERS.has(attribute) ? Number(value) : value;
  }
  return attributes;
}

function histogramOf({ bounds }: Family, { buckets, count, sum }: Cell, scale: number): Histogram {
  const counts = Array.from(buckets);
  const bounded = counts.reduce((all, each) => all + each, 0);
  const boundaries = bounds.map((bound) => bound * scale);
  return { buckets: { boundaries, counts: [...counts, count - bounded] }, count, sum: sum * scale };
}
