// The boards of several processes as one, drawn like a board of one process. What went on in a process stays when it has gone. Peaks add up
// as if all had been at their height at once: of two processes only each one's own peak is known.
import type { Redact } from "../redact.ts";
import { TargetNames } from "../target-names.ts";
import { type BoardState, type Looking, type Reloaded, ROWS, type Sight } from "./board.ts";
import { chainsOf } from "./chains.ts";
import { gaugesOf } from "./gauges.ts";
import type { RequestRow } from "./request-row.ts";
import { RowRing } from "./row-ring.ts";
import { TargetTally } from "./target-tally.ts";
import { Timeline } from "./timeline.ts";
import { joinedGroups, type UnderWay } from "./under-way.ts";

/** What it is made with. */
export interface BoardSumParts {
  readonly redact: Redact;
  /** Unix milliseconds. */
  readonly wall: () => number;
}

/** What all processes have told for one drawing. */
export interface Sum {
  readonly timeline: Timeline;
  readonly tally: TargetTally;
  readonly inFlight: number;
  readonly running: readonly UnderWay[];
  readonly reloaded: Reloaded | null;
}

/** Adds up. All instants are of one clock that all processes share. */
export class BoardSum {
  readonly #wall: () => number;
  readonly #names: TargetNames;
  readonly #rows = new RowRing<RequestRow, RequestRow>(ROWS, (row) => row);
  /** Rows that came in since they were numbered last. */
  #unsorted: RequestRow[] = [];
  /** Of processes that have gone. */
  readonly #timeline = new Timeline();
  readonly #tally = new TargetTally();

  constructor({ redact, wall }: BoardSumParts) {
    this.#wall = wall;
    this.#names = new TargetNames(redact);
  }

  /** Requests that ended somewhere; they get their numbers when they are looked at. */
  addRows(rows: readonly RequestRow[]): void {
    this.#unsorted.push(...rows);
  }

  /** A process has gone: what it did last. */
  bury({ timeline, tally }: BoardState): void {
    this.#timeline.absorb(timeline);
    this.#tally.absorb({ ...tally, running: [] });
  }

  /** Everything that processes have told, and what is known of those that have gone. */
  sum(states: readonly BoardState[], now: number): Sum {
    const [timeline, tally] = [new Timeline(), new TargetTally()];
    const gone = { timeline: this.#timeline.state(now), tally: this.#tally.state() };
    for (const told of [gone, ...states]) {
      timeline.absorb(told.timeline);
      tally.absorb(told.tally);
    }
    for (const row of this.#unsorted.toSorted((a, b) => a.wall - b.wall)) this.#rows.add(row);
    this.#unsorted = [];
    return {
      timeline,
      tally,
      inFlight: states.reduce((all, { inFlight }) => all + inFlight, 0),
      running: joinedGroups(states.flatMap(({ running }) => running)),
      reloaded: states.reduce<Reloaded | null>((last, { reloaded }) => later(last, reloaded), null),
    };
  }

  /** Draws it; rows behind the first `since` ones. */
  sight(
    sum: Sum,
    { snapshot, notReady }: Looking,
    { since, now }: { readonly since: number; readonly now: number },
  ): Sight {
    const { timeline, tally, inFlight, running, reloaded } = sum;
    return {
      picture: {
        wall: this.#wall(),
        revision: snapshot.revision,
        reloaded,
        gauges: gaugesOf(timeline, inFlight, now),
        chains: chainsOf({ snapshot, notReady, tally, names: this.#names }, now),
        running,
      },
      rows: this.#rows.after(since),
      rowsUntil: this.#rows.count,
    };
  }
}

function later(a: Reloaded | null, b: Reloaded | null): Reloaded | null {
  if (a === null || b === null) return a ?? b;
  return b.wall > a.wall ? b : a;
}
