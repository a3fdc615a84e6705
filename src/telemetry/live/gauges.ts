// The tiles of the page: each figure as it is now, and how it went in the last ten minutes.
import { STEP_MS, STEPS, type Timeline } from "./timeline.ts";

const STEPS_PER_MINUTE = 60_000 / STEP_MS;
const SECONDS_PER_STEP = STEP_MS / 1_000;
const SECONDS_PER_HOUR = 3_600;
const MEDIAN = 0.5;
const TAIL = 0.95;

type Course = readonly (number | null)[];

/** Figures and their courses; a course has one number per step of five seconds, oldest first. Null: nothing to tell. */
export interface Gauges {
  readonly stepMs: number;
  readonly inFlight: { readonly now: number; readonly course: Course };
  readonly perSecond: { readonly now: number; readonly course: Course };
  /** Parts of one; `failed` and `ended` count the last minute. */
  readonly errors: {
    readonly now: number | null;
    readonly failed: number;
    readonly ended: number;
    readonly course: Course;
  };
  /** Milliseconds. */
  readonly ttft: {
    readonly p50: number | null;
    readonly p95: number | null;
    readonly course50: Course;
    readonly course95: Course;
  };
  /** Milliseconds, 95th percentile. */
  readonly overhead: { readonly now: number | null; readonly course: Course };
  /** Tokens a second. */
  readonly tokens: { readonly out: number; readonly in: number; readonly course: Course };
  /** USD an hour, by the ten minutes; null where no answer had a price. */
  readonly cost: { readonly now: number | null; readonly course: Course };
}

/** Reads all gauges. */
export function gaugesOf(timeline: Timeline, running: number, now: number): Gauges {
  // The step under way is not over: rates are read from the minute's part that has passed.
  const minuteSeconds = (STEPS_PER_MINUTE - 1) * SECONDS_PER_STEP + (now % STEP_MS) / 1_000;
  const minute = (sum: Parameters<Timeline["total"]>[0]): number => timeline.total(sum, STEPS_PER_MINUTE, now);
  const [ended, failed] = [minute("ended"), minute("failed")];
  const endedCourse = timeline.sums("ended", now);
  const failedCourse = timeline.sums("failed", now);
  return {
    stepMs: STEP_MS,
    inFlight: { now: running, course: timeline.peaks(now) },
    perSecond: { now: tidy(ended / minuteSeconds), course: perSecond(endedCourse, now) },
    errors: {
      now: ended === 0 ? null : tidy(failed / ended),
      failed,
      ended,
      course: endedCourse.map((count, step) => (count === 0 ? null : tidy((failedCourse[step] as number) / count))),
    },
    ttft: {
      p50: recent(timeline, "ttft", MEDIAN, now),
      p95: recent(timeline, "ttft", TAIL, now),
      course50: timeline.percentiles("ttft", MEDIAN, now).map(tidyOrNull),
      course95: timeline.percentiles("ttft", TAIL, now).map(tidyOrNull),
    },
    overhead: {
      now: recent(timeline, "overhead", TAIL, now),
      course: timeline.percentiles("overhead", TAIL, now).map(tidyOrNull),
    },
    tokens: {
      out: tidy(minute("tokensOut") / minuteSeconds),
      in: tidy(minute("tokensIn") / minuteSeconds),
      course: perSecond(timeline.sums("tokensOut", now), now),
    },
    cost: costOf(timeline, now),
  };
}

/** Over the last minute, or over all that is remembered where the last minute was silent. */
function recent(timeline: Timeline, spread: "ttft" | "overhead", part: number, now: number): number | null {
  const minute = timeline.percentile(spread, part, { steps: STEPS_PER_MINUTE, now });
  return tidyOrNull(minute ?? timeline.percentile(spread, part, { steps: STEPS, now }));
}

function costOf(timeline: Timeline, now: number): Gauges["cost"] {
  const course = perSecond(timeline.sums("usd", now), now).map((usd) => tidy(usd * SECONDS_PER_HOUR));
  if (timeline.total("priced", STEPS, now) === 0) return { now: null, course: course.map(() => null) };
  // Who is younger than the ring has spent what it has spent in its own time.
  const seconds = Math.max(60, timeline.age(now) / 1_000);
  return { now: tidy((timeline.total("usd", STEPS, now) / seconds) * SECONDS_PER_HOUR), course };
}

/** Sums of steps as rates; of the step under way only its past part counts, but no less than a second. */
function perSecond(sums: readonly number[], now: number): number[] {
  const passed = Math.max(1, (now % STEP_MS) / 1_000);
  return sums.map((sum, step) => tidy(sum / (step === sums.length - 1 ? passed : SECONDS_PER_STEP)));
}

/** Four figures are more than a tile shows. */
function tidy(value: number): number {
  return Number(value.toPrecision(4));
}

function tidyOrNull(value: number | null): number | null {
  return value === null ? null : tidy(value);
}
