// `status --watch`: the status page in a terminal. Redrawn in place where somebody looks; elsewhere one snapshot per interval, as text or
// as one JSON document a line. Reads what the page reads, with the gateway's credential, until it is interrupted.
import { setTimeout as wait } from "node:timers/promises";
import type { Feed } from "../../server/status/feed.ts";
import { EXIT, type Terminal, type UnsaidError } from "../command.ts";
import type { GatewayPlace } from "../gateway-place.ts";
import { unsaid } from "../print.ts";
import { askFeed, isUnseen, type Unseen } from "./ask-feed.ts";
import { canvasFor } from "./canvas.ts";

/** What is watched, and how. */
export interface Watching {
  readonly place: GatewayPlace;
  readonly terminal: Terminal;
  readonly intervalMs: number;
  /** Longest wait for one answer. */
  readonly timeoutMs: number;
  readonly json: boolean;
}

const STOPS = ["SIGINT", "SIGTERM"] as const;

/** Watches until Ctrl-C or SIGTERM, which is a good end. A gateway that is not there at the start, or does not let us look, is none. Throws UnsaidError. */
export async function watch(watching: Watching): Promise<number> {
  const { place, terminal, timeoutMs } = watching;
  const first = await askFeed(place, timeoutMs);
  if (isUnseen(first)) return refused(first, terminal);
  const over = new AbortController();
  const stop = (): void => over.abort();
  for (const signal of STOPS) process.on(signal, stop);
  const faults: (UnsaidError | null)[] = [];
  // Whoever reads the lines may have had enough, which is no fault.
  const onUnwritten = (error: Error): void => {
    faults.push(unsaid(error));
    stop();
  };
  terminal.stdout.on("error", onUnwritten);
  try {
    const exit = await follow(first, watching, over.signal);
    const [fault = null] = faults;
    if (fault !== null) throw fault;
    return exit;
  } finally {
    for (const signal of STOPS) process.off(signal, stop);
    terminal.stdout.off("error", onUnwritten);
  }
}

async function follow(first: Feed, watching: Watching, over: AbortSignal): Promise<number> {
  const { place, terminal, intervalMs, timeoutMs, json } = watching;
  const canvas = canvasFor(terminal, json);
  const { promise: left, resolve: leave } = Promise.withResolvers<null>();
  over.addEventListener("abort", () => leave(null));
  let seen: Feed | Unseen | null = first;
  while (seen !== null && !(isUnseen(seen) && seen.isFinal)) {
    if (isUnseen(seen)) canvas.miss(seen.problem);
    else canvas.show(seen);
    await wait(intervalMs, null, { signal: over }).catch(() => null);
    seen = over.aborted ? null : await Promise.race([askFeed(place, timeoutMs), left]);
  }
  canvas.close();
  return seen === null ? EXIT.ok : refused(seen as Unseen, terminal);
}

function refused({ problem, exit }: Unseen, { stderr }: Terminal): number {
  stderr.write(`openclaw-edge: ${problem}\n`);
  return exit;
}
