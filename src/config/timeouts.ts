// The waits around one target (decision 22), from the most specific word to the default.
import type { Timeouts } from "../core/snapshot.ts";
import type { Config } from "./schema/root.ts";

/** Who may say how long to wait, most specific first. */
export interface TimeoutSources {
  /** `edge.providers.<id>.timeouts`. */
  readonly extras: Config["edge"]["providers"][string]["timeouts"] | null;
  /** `models.providers.<id>.timeoutSeconds`. */
  readonly timeoutSeconds: number | undefined;
  /** `edge.timeouts`. */
  readonly common: Config["edge"]["timeouts"];
  readonly local: boolean;
}

const CONNECT_SECONDS = 5;
const COMMIT_SECONDS = 120;
/** A local server may load a model before its first word. */
const COMMIT_LOCAL_SECONDS = 600;
const WHOLE_SECONDS = 600;
const IDLE_SECONDS = 120;
const LINGER_MS = 1000;

const ms = (seconds: number): number => Math.round(seconds * 1000);

/** The waits, in milliseconds. */
export function timeoutsOf({ extras, timeoutSeconds, common, local }: TimeoutSources): Timeouts {
  const connect = extras?.connectSeconds ?? common.connectSeconds ?? CONNECT_SECONDS;
  const commit = local ? COMMIT_LOCAL_SECONDS : COMMIT_SECONDS;
  return {
    connectMs: ms(Math.min(connect, timeoutSeconds ?? connect)),
    commitMs: ms(extras?.commitSeconds ?? timeoutSeconds ?? common.commitSeconds ?? commit),
    wholeMs: ms(extras?.wholeSeconds ?? timeoutSeconds ?? common.wholeSeconds ?? WHOLE_SECONDS),
    idleMs: ms(extras?.idleSeconds ?? timeoutSeconds ?? common.idleSeconds ?? IDLE_SECONDS),
    lingerMs: LINGER_MS,
  };
}
