// What the OpenClaw gateway itself did with the same faults: observed on OpenClaw 2026.5.4, not measured by this bench. One provider key in
// the config, a healthy fallback, Node 24.21, two shared cores, another machine than the one that runs this.
// Every one of its requests is an agent run with about 0.6 s of its own work, failures or not.
import type { FaultName, Shape } from "./faults.ts";

/** The heading of the column. */
export const OPENCLAW = "OpenClaw 2026.5.4, observed elsewhere";

const WHOLE = "observed on OpenClaw 2026.5.4, failover, whole answers, key in the config";
const STREAMED = "observed on OpenClaw 2026.5.4, failover, streaming client";

/** One observation. */
export interface Observed {
  /** What the client got, and when. */
  readonly shown: string;
  /** The section of the observations that it is from. */
  readonly source: string;
}

function whole(shown: string): Observed {
  return { shown, source: WHOLE };
}

function streamed(shown: string): Observed {
  return { shown, source: STREAMED };
}

/** By fault and shape. Where the very fault was not tried, the nearest one is named as such. */
export const OBSERVED: Readonly<Record<FaultName, Readonly<Record<Shape, Observed>>>> = {
  "401": {
    whole: whole("1.0–1.1 s"),
    streamed: streamed("**empty `stop`** at 0.86 s"),
  },
  "429": {
    whole: whole("31.3 s (12 tries)"),
    streamed: streamed("**empty `stop`** at 4.9 s"),
  },
  "500": {
    whole: whole("20.6–23 s (12 tries)"),
    streamed: streamed("**empty `stop`** after 3 tries"),
  },
  reset: {
    whole: whole("26.6 s (12 tries)"),
    streamed: streamed("not observed; connection refused: **empty `stop`**"),
  },
  hang: {
    whole: whole("its timeout (5 s there) + 0.5 s; none set: no answer in 560 s"),
    streamed: streamed("right, after its timeout (5 s there); none set: no answer in 560 s"),
  },
  "error-in-200": {
    whole: whole("not observed; HTML in a 200: 4.2 s"),
    streamed: streamed("not observed; broken JSON in a 200: **empty `stop`**"),
  },
  cut: {
    whole: whole("not observed; truncated JSON in a 200: 3.3 s"),
    streamed: streamed("not observed; empty stream: **empty `stop`**"),
  },
};
