// What a load came to: quantiles, rates, and what was bad; and whether it got worse since another time.
import type { Sample } from "./asking.ts";
import { quantile } from "./quantile.ts";
import type { LoadResult } from "./run-load.ts";

/** Quantiles in milliseconds; null where there is nothing to measure. */
export interface Spread {
  readonly p50: number | null;
  readonly p90: number | null;
  readonly p99: number | null;
  readonly max: number | null;
}

/** The document of `bench --json`. */
export interface LoadReport {
  readonly url: string;
  readonly model: string;
  readonly stream: boolean;
  readonly connections: number;
  readonly rate: number | null;
  readonly seconds: number;
  readonly requests: number;
  readonly good: number;
  /** What was wrong, with how often. */
  readonly bad: Readonly<Record<string, number>>;
  /** Starts that found no free connection; the times count their waiting until the end, which is less than they would have taken. */
  readonly missed: number;
  readonly requestsPerSecond: number;
  /** To the first content; streams only. */
  readonly ttftMs: Spread;
  readonly latencyMs: Spread;
  /** Between two parts of content, the mean of each stream; a part is about a token. */
  readonly tpotMs: Spread;
  readonly partsPerSecond: number;
}

/** What the figures are of. */
export type LoadNames = Pick<LoadReport, "url" | "model" | "stream" | "connections" | "rate">;

/** Beyond this ratio a figure counts as worse: machines differ by a tenth from minute to minute. */
const WORSE = 1.2;

/** Draws the report. */
export function loadReport(names: LoadNames, { samples, seconds, missedMs }: LoadResult): LoadReport {
  const good = samples.filter(({ bad }) => bad === null);
  const parts = good.reduce((sum, each) => sum + each.parts, 0);
  const bad: Record<string, number> = {};
  for (const { bad: why } of samples) if (why !== null) bad[why] = (bad[why] ?? 0) + 1;
  return {
    ...names,
    seconds: rounded(seconds),
    requests: samples.length,
    good: good.length,
    bad,
    missed: missedMs.length,
    requestsPerSecond: rounded(good.length / seconds),
    ttftMs: spread(names.stream ? [...good.flatMap(({ firstMs }) => firstMs ?? []), ...missedMs] : []),
    latencyMs: spread([...good.map(({ wholeMs }) => wholeMs), ...missedMs]),
    tpotMs: spread(names.stream ? good.flatMap(pace) : []),
    partsPerSecond: rounded(parts / seconds),
  };
}

function pace({ firstMs, lastMs, parts }: Sample): readonly number[] {
  return firstMs === null || lastMs === null || parts < 2 ? [] : [(lastMs - firstMs) / (parts - 1)];
}

function spread(values: readonly number[]): Spread {
  const at = (q: number): number | null => (values.length === 0 ? null : rounded(quantile(values, q)));
  return { p50: at(0.5), p90: at(0.9), p99: at(0.99), max: at(1) };
}

function rounded(value: number): number {
  return Number.isFinite(value) ? Math.round(value * 100) / 100 : 0;
}

function wayOf(stream: boolean): string {
  return stream ? "streams" : "whole answers";
}

function rateOf(rate: number | null): string {
  return rate === null ? "no rate" : `${rate}/s`;
}

/** How a load and an earlier one differ so that their figures say nothing of each other; null where they are alike. */
export function otherLoad(now: LoadNames, before: Partial<LoadNames>): string | null {
  if (before.stream !== undefined && before.stream !== now.stream)
    return `${wayOf(before.stream)}, and this is ${wayOf(now.stream)}`;
  if (before.rate !== undefined && before.rate !== now.rate)
    return `${rateOf(before.rate)}, and this is ${rateOf(now.rate)}`;
  if (before.connections !== undefined && before.connections !== now.connections)
    return `${before.connections} at once, and this is ${now.connections}`;
  return null;
}

/** What is worse than it was, one line each. */
export function regressions(now: LoadReport, before: LoadReport): readonly string[] {
  const figures: readonly (readonly [name: string, now: number | null, before: number | null])[] = [
    ["time to first content, p50", now.ttftMs.p50, before.ttftMs.p50],
    ["latency, p50", now.latencyMs.p50, before.latencyMs.p50],
    ["time per part, p50", now.tpotMs.p50, before.tpotMs.p50],
  ];
  const slower = figures.flatMap(([name, is, was]) => {
    return is !== null && was !== null && is > was * WORSE ? [`${name}: ${is} ms, was ${was} ms`] : [];
  });
  const fewer = now.rate === null && now.requestsPerSecond * WORSE < before.requestsPerSecond;
  const words = `requests per second: ${now.requestsPerSecond}, was ${before.requestsPerSecond}`;
  return fewer ? [...slower, words] : slower;
}
