// The faults of the failover bench: one row each. What goes wrong is a script of real bytes on a real socket, the same for every subject.
import type { Shape } from "../../src/cli/bench/judge-answer.ts";
import { errorBody } from "../../test/support/answers.ts";
import {
  type Behaviour,
  cutAfter,
  cutAfterEvents,
  drop,
  errorFirst,
  errorIn200,
  silent,
  status,
} from "../../test/support/behaviours.ts";

export type { Shape };
/** Both, in the order of the report. */
export const SHAPES = ["whole", "streamed"] as const satisfies readonly Shape[];

/** How long every subject waits for a silent provider, in milliseconds. */
export const TIMEOUT_MS = 2000;

/** One way to fail. */
export interface Fault {
  readonly what: string;
  readonly behaviour: Readonly<Record<Shape, Behaviour>>;
  /** The runs of a fault that only waits go on side by side: nothing competes, and the bench stays short. */
  readonly waits?: boolean;
}

const unauthorized = errorBody("Incorrect API key provided.", { code: "invalid_api_key" });
const limited = errorBody("Rate limit reached for requests.", {
  type: "rate_limit_error",
  code: "rate_limit_exceeded",
});
const crashed = errorBody("The server had an error while processing your request.");

/** The same faults for all subjects, by name. */
export const FAULTS = {
  "401": { what: "401, invalid key", behaviour: both(status(401, unauthorized)) },
  "429": { what: "429, `Retry-After: 2`", behaviour: both(status(429, limited, [["retry-after", "2"]])) },
  "500": { what: "500", behaviour: both(status(500, crashed)) },
  reset: { what: "reset before headers", behaviour: both(drop("reset")) },
  hang: { what: "hang before headers, timeout 2 s", behaviour: both(silent()), waits: true },
  "error-in-200": {
    what: "error in a 200",
    behaviour: { whole: errorIn200(crashed), streamed: errorFirst(crashed) },
  },
  cut: {
    what: "200, cut before content",
    // Whole: the head and 20 bytes of the body. Streamed: the head and the role chunk. Then RST.
    behaviour: { whole: cutAfter(20, "reset"), streamed: cutAfterEvents(1, "reset") },
  },
} as const satisfies Record<string, Fault>;

/** The name of a fault. */
export type FaultName = keyof typeof FAULTS;

/** All of them, in the order of the table: that of an object would put the names that look like numbers first. */
export const FAULT_NAMES = ["401", "429", "500", "reset", "hang", "error-in-200", "cut"] as const satisfies FaultName[];

function both(behaviour: Behaviour): Record<Shape, Behaviour> {
  return { whole: behaviour, streamed: behaviour };
}
