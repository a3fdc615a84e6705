// A streamed request that waits long for its first content: balancers in front give up on a silent connection, so where config asks
// for it (`edge.stream.headersAfterSeconds`) it gets 200 and comments while failover goes on. What is given up is the status (decision 13).
import type { Failure } from "../core/failure.ts";
import { failedStream } from "./lane.ts";
import { openingHead } from "./reply.ts";
import type { Run } from "./run.ts";

/** A comment of an event stream: clients read over it. */
export const KEEP_ALIVE = ": keep-alive\n\n";

/** The early head of one request, and the comments behind it until the commit. */
export class Opening {
  readonly #run: Run;
  #saidAt = 0;

  constructor(run: Run) {
    this.#run = run;
  }

  /** Called by the shared tick while nothing is committed. */
  tick(now: number): void {
    const { sink, snapshot, facts } = this.#run;
    const { headersAfterMs, keepAliveMs } = snapshot.behaviour;
    if (headersAfterMs === 0 || !facts.stream || sink.closed) return;
    if (!sink.headSent) {
      if (now - facts.bodyAt < headersAfterMs) return;
      sink.head(200, openingHead(this.#run));
    } else if (keepAliveMs === 0 || now - this.#saidAt < keepAliveMs) return;
    this.#saidAt = now;
    sink.write(KEEP_ALIVE);
  }

  /** The request failed behind its early head: said inside the stream, which then closes without its success terminator. */
  fail(because: Failure): void {
    this.#run.sink.end(because.emptyAnswer ?? failedStream(this.#run, because));
  }
}
