// What viewers get: the whole picture once, then what changed. One text for all of them.
import type { Picture, Sight } from "../../telemetry/live/board.ts";
import type { RequestRow } from "../../telemetry/live/request-row.ts";
import type { Lobby, WorkersStanding } from "../lobby.ts";

/** The document that viewers get, as JSON. */
export interface Feed extends Picture {
  readonly version: string;
  readonly uptimeMs: number;
  /** True while the process drains. */
  readonly leaving: boolean;
  /** Absent where one process serves alone. */
  readonly workers?: WorkersStanding;
  readonly loopDelayMs: number;
  /** Number of the first row that is told, and of the one behind the last. */
  readonly rowsBefore: number;
  readonly rowsUntil: number;
  /** Ended requests, oldest first. */
  readonly rows: readonly RequestRow[];
}

/** What is to be seen now, of all processes behind the port; rows behind the first `since` ones. */
export async function lookFrom({ parts }: Lobby, since: number): Promise<Sight> {
  const { board, holder, clock, notReady, sight } = parts;
  const now = clock.now();
  const looking = { snapshot: holder.current, notReady: notReady(now) };
  return (await sight?.(looking, since)) ?? board.sight(looking, { since, now });
}

/** The document of one sight, for somebody who has the first `since` rows. */
export function feedOf(lobby: Lobby, { picture, rows, rowsUntil, loopDelayMs }: Sight, since: number): string {
  const { clock, pulse, version, workers } = lobby.parts;
  const behind = Math.max(0, rowsUntil - since);
  const feed: Feed = {
    version,
    uptimeMs: Math.round(clock.now() - lobby.startedAt),
    leaving: lobby.leaving,
    ...(workers !== undefined && { workers: workers() }),
    loopDelayMs: Math.round((loopDelayMs ?? pulse.reading.delayP99Ms) * 10) / 10,
    ...picture,
    rowsBefore: since,
    rowsUntil,
    rows: rows.slice(Math.max(0, rows.length - behind)),
  };
  return JSON.stringify(feed);
}
