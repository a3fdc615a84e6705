// The status page of several workers: each is asked what is to be seen of it, only while somebody looks, and all of it is drawn as one.
import type { Clock } from "../../core/clock.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { BoardState, Sight } from "../../telemetry/live/board.ts";
import { BoardSum, type BoardSumParts, type Sum } from "../../telemetry/live/board-sum.ts";
import { HOST_AHEAD_MS } from "./host-time.ts";
import type { Hearers } from "./line.ts";
import type { Member } from "./member.ts";
import type { View, WorkerWords } from "./words.ts";

/** A worker that does not show itself within this is shown as it was before. */
const VIEW_MS = 1_000;
/** How long what was gathered is drawn again: every worker that somebody looks at asks once a second. */
const FRESH_MS = 500;

/** What it is made of. */
export interface LookoutParts extends BoardSumParts {
  readonly clock: Clock;
  readonly members: () => readonly Member[];
  readonly snapshot: () => Snapshot;
  /** Of the first process itself: it reloads. */
  readonly own: () => BoardState | null;
}

interface Gathered {
  readonly sum: Sum;
  readonly loopDelayMs: number;
}

/** Gathers and draws. */
export class Lookout {
  readonly #parts: LookoutParts;
  readonly #all: BoardSum;
  readonly #views = new Map<Member, View>();
  #gathered: Promise<Gathered> | null = null;
  #freshUntil = 0;

  constructor(parts: LookoutParts) {
    this.#parts = parts;
    this.#all = new BoardSum(parts);
  }

  /** The ears for one worker. */
  hearers(member: Member): Pick<Hearers<WorkerWords>, "sight" | "last-view"> {
    return {
      sight: (ask) => this.#sight(ask),
      "last-view": (view) => (this.#note(member, view), null),
    };
  }

  /** A worker has gone: what it did is seen on, as far as it was shown. */
  bury(member: Member): void {
    const view = this.#views.get(member);
    this.#views.delete(member);
    if (view !== undefined) this.#all.bury(view.board);
  }

  async #sight({ notReady, since }: WorkerWords["sight"]["says"]): Promise<Sight> {
    const { clock, snapshot } = this.#parts;
    if (this.#gathered === null || clock.now() >= this.#freshUntil) {
      this.#freshUntil = clock.now() + FRESH_MS;
      this.#gathered = this.#gather();
    }
    const { sum, loopDelayMs } = await this.#gathered;
    const at = { since, now: clock.now() + HOST_AHEAD_MS };
    return { ...this.#all.sight(sum, { snapshot: snapshot(), notReady }, at), loopDelayMs };
  }

  async #gather(): Promise<Gathered> {
    const { clock, members, own } = this.#parts;
    await Promise.all(members().map((member) => this.#ask(member)));
    const views = [...this.#views.values()];
    const ownBoard = own();
    const boards = [...views.map(({ board }) => board), ...(ownBoard === null ? [] : [ownBoard])];
    return {
      sum: this.#all.sum(boards, clock.now() + HOST_AHEAD_MS),
      loopDelayMs: Math.max(0, ...views.map(({ loopDelayMs }) => loopDelayMs)),
    };
  }

  async #ask(member: Member): Promise<void> {
    const { promise: late, resolve } = Promise.withResolvers<void>();
    const timer = this.#parts.clock.timer(VIEW_MS, resolve);
    const told = member.line.ask("view", null).then(
      (view) => this.#note(member, view),
      () => undefined,
    );
    await Promise.race([told, late]);
    timer.cancel();
  }

  /** Rows are told once: they count whenever they come. */
  #note(member: Member, view: View | null): void {
    if (view === null) return;
    this.#views.set(member, view);
    this.#all.addRows(view.rows);
  }
}
