// What every request in the corridor uses; made once by the roof.
import type { Clock } from "../core/clock.ts";
import type { Observer } from "../core/events.ts";
import type { HeldBytes } from "../core/held-bytes.ts";
import type { Ticker } from "../core/ticker.ts";
import type { UpstreamClient } from "../core/upstream.ts";
import type { Health, ProbeSubject } from "../routing/health.ts";

/** The corridor's surroundings. */
export interface Services {
  readonly clock: Clock;
  readonly ticker: Ticker;
  readonly upstreams: Readonly<Record<"http" | "mock", UpstreamClient>>;
  readonly health: Health;
  /** Asks whether this process may find out, where several share the probes; absent where there is one process. */
  readonly mayProbe?: (subject: ProbeSubject) => Promise<boolean>;
  /** Answers that are not shown yet, of all requests together. */
  readonly held: HeldBytes;
  readonly observe: Observer;
  /** Takes out of words that a provider wrote what no client may see: secrets, and where things are. */
  readonly redact: (text: string) => string;
  /** A bug of ours: told with its stack, answered with 500. */
  readonly onBug: (error: unknown) => void;
}
