// TABLE: everything that the primary and its workers say to each other. Types only; plain data that Node's IPC can clone. Instants among
// processes are those of the host's monotonic clock.
import type { Handover } from "../../config/handover.ts";
import type { Part } from "../../config/part.ts";
import type { NotReady } from "../../core/standing.ts";
import type { ProbeSubject } from "../../routing/health.ts";
import type { MailEntry } from "../../routing/outcome-mail.ts";
import type { ReloadStanding, WorkersStanding } from "../../server/lobby.ts";
import type { Guess, RateLimiter } from "../../server/rate-limiter.ts";
import type { ListenFault } from "../../server/servers.ts";
import type { BoardState, Sight } from "../../telemetry/live/board.ts";
import type { RequestRow } from "../../telemetry/live/request-row.ts";
import type { FamilyFigures } from "../../telemetry/merged-families.ts";
import type { Scrape } from "../../telemetry/metrics.ts";
import type { LogOutlet } from "../open-log.ts";
import type { ReloadMode } from "../running.ts";

/** What a worker begins with. */
export interface Beginning {
  readonly handover: Handover;
  /** The configuration whose listeners are in use, where a later one may not move them; else the same. */
  readonly held: Handover;
  readonly part: Part;
  readonly pid: number;
  /** Instant since when the service runs. */
  readonly servedSince: number;
  /** From the command line; null leaves it to the config. */
  readonly level: string | null;
  readonly look: Pick<LogOutlet, "style" | "colour">;
  readonly writesFile: boolean;
  readonly standing: Standing;
  /** What the others found out before. */
  readonly mail: readonly MailEntry[];
  readonly probes: readonly ProbeSubject[];
  readonly guesses: RateLimiter["entries"];
}

/** What every worker tells on behalf of all. */
export interface Standing {
  readonly reloads: ReloadStanding;
  readonly workers: Omit<WorkersStanding, "number">;
  /** Until all have served once: clients that come to the first ones would stay with these. */
  readonly starting: boolean;
}

/** What a worker shows of itself. */
export interface View {
  readonly board: BoardState;
  /** Requests that ended since it was last asked, the last 200 at most. */
  readonly rows: readonly RequestRow[];
  readonly loopDelayMs: number;
}

/** Where a worker listens. */
export interface Place {
  readonly addresses: { readonly door: readonly string[]; readonly admin: readonly string[] };
}

/** A configuration to come. */
export interface Change {
  readonly handover: Handover;
  readonly mode: ReloadMode;
  readonly part: Part;
}

/** What a worker says. */
export type WorkerWords = {
  /** The program runs: what shall it serve? */
  readonly begin: { readonly says: null; readonly answer: Beginning };
  readonly serving: { readonly says: Place; readonly answer: void };
  readonly unable: { readonly says: ListenFault; readonly answer: void };
  readonly mail: { readonly says: readonly MailEntry[]; readonly answer: void };
  /** May it find out about a provider? */
  readonly probe: { readonly says: ProbeSubject; readonly answer: boolean };
  readonly "probe-over": { readonly says: ProbeSubject; readonly answer: void };
  readonly guess: { readonly says: Guess; readonly answer: void };
  /** The figures of all, in the format that `Accept` asks for. */
  readonly scrape: { readonly says: string | null; readonly answer: Scrape };
  /** What the status page shows of all, to be drawn for one of them: rows behind the first `since` ones. */
  readonly sight: {
    readonly says: { readonly notReady: readonly NotReady[]; readonly since: number };
    readonly answer: Sight;
  };
  /** It drains by itself, because of a bug. */
  readonly going: { readonly says: null; readonly answer: void };
  /** What it has counted, all told. */
  readonly "last-figures": { readonly says: readonly FamilyFigures[]; readonly answer: null };
  /** What was to be seen of it, all told. */
  readonly "last-view": { readonly says: View; readonly answer: null };
};

/** What the primary says. A change takes all steps, in this order; after a fault the last two instead of `commit`. */
export type PrimaryWords = {
  readonly "make-room": { readonly says: Change; readonly answer: null };
  readonly open: { readonly says: null; readonly answer: ListenFault | null };
  readonly commit: { readonly says: null; readonly answer: null };
  readonly "make-room-back": { readonly says: null; readonly answer: null };
  readonly "go-back": { readonly says: null; readonly answer: null };
  readonly mail: { readonly says: readonly MailEntry[]; readonly answer: void };
  readonly probing: {
    readonly says: { readonly subject: ProbeSubject; readonly runs: boolean };
    readonly answer: void;
  };
  readonly guess: { readonly says: Guess; readonly answer: void };
  readonly figures: { readonly says: null; readonly answer: readonly FamilyFigures[] };
  /** What is to be seen of it; null while it starts. */
  readonly view: { readonly says: null; readonly answer: View | null };
  readonly standing: { readonly says: Standing; readonly answer: null };
  /** Another one has its place: it lets what it has end, for so many milliseconds (null: as long as it takes). */
  readonly retire: { readonly says: number | null; readonly answer: void };
  /** Drains; said again, it ends at once. */
  readonly leave: { readonly says: null; readonly answer: void };
};
