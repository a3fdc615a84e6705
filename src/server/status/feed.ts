// What viewers get: the whole picture once, then what changed. One text for all of them.
import type { Picture } from "../../telemetry/live/board.ts";
import type { RequestRow } from "../../telemetry/live/request-row.ts";
import type { Lobby } from "../lobby.ts";

/** The document that viewers get, as JSON. */
export interface Feed extends Picture {
  readonly version: string;
  readonly uptimeMs: number;
  /** True while the process drains. */
  readonly leaving: boolean;
  readonly loopDelayMs: number;
  /** Number of the first row that is told, and of the one behind the last. */
  readonly rowsBefore: number;
  readonly rowsUntil: number;
  /** Ended requests, oldest first. */
  readonly rows: readonly RequestRow[];
}

/** The picture as JSON with the rows behind the first `since` ones, oldest first. */
export function feedOf(lobby: Lobby, since: number): string {
  const { board, holder, clock, pulse, notReady, version } = lobby.parts;
  const now = clock.now();
  const picture = board.picture({ snapshot: holder.current, notReady: notReady(now) }, now);
  const feed: Feed = {
    version,
    uptimeMs: Math.round(now - lobby.startedAt),
    leaving: lobby.leaving,
    // What is shown is this worker's part of the traffic.
    ...(lobby.parts.workers !== undefined && { workers: lobby.parts.workers() }),
    loopDelayMs: Math.round(pulse.reading.delayP99Ms * 10) / 10,
    ...picture,
    rowsBefore: since,
    rowsUntil: board.rows.count,
    rows: board.rows.after(since),
  };
  return JSON.stringify(feed);
}
