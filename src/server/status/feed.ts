// What viewers get: the whole picture once, then what changed. One text for all of them.
import type { Lobby } from "../lobby.ts";

/** The picture as JSON with the rows behind the first `since` ones, oldest first. */
export function feedOf(lobby: Lobby, since: number): string {
  const { board, holder, clock, pulse, notReady, version } = lobby.parts;
  const now = clock.now();
  const picture = board.picture({ snapshot: holder.current, notReady: notReady(now) }, now);
  return JSON.stringify({
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
  });
}
