// Rows of the tables of counted metrics at work: every row gets its tally, and every type of event the feeds that listen to it. Cells of what
// ends are looked for once a shape.
import type { ProxyEvent } from "../core/events.ts";
import { type Cell, LabelSetBudget, Tally } from "./cells.ts";
import type { Family } from "./exposition.ts";
import type { EventsByType, FedRow, Place, ShapeFeed } from "./fed-row.ts";
import type { LabelWords } from "./label-words.ts";
import { CHOSEN_LABEL_SETS_MAX } from "./names.ts";
import {
  ATTEMPT_SHAPE,
  type AttemptShape,
  type EndShape,
  REQUEST_SHAPE,
  type RequestShape,
  ShapeBook,
  type ShapeReading,
} from "./shapes.ts";

type EventType = keyof EventsByType;
/** A row's feed and where it counts. */
interface Listener<T extends EventType> {
  readonly feed: NonNullable<NonNullable<FedRow["on"]>[T]>;
  readonly tally: Tally;
}
type Listeners = { readonly [T in EventType]: Listener<T>[] };

/** The label whose value a client chooses in each request. */
const CHOSEN = "channel";

/** A cell that is looked for at the first event that adds to it. */
class Lookup implements Place {
  readonly #tally: Tally;
  readonly #labels: () => readonly string[];
  #cell: Cell | null = null;

  constructor(tally: Tally, labels: () => readonly string[]) {
    this.#tally = tally;
    this.#labels = labels;
  }

  get cell(): Cell {
    return this.#cell ?? this.#find();
  }

  #find(): Cell {
    const cell = this.#tally.at(...this.#labels());
    // Each observation that has no room is counted as dropped.
    if (this.#tally.keeps(cell)) this.#cell = cell;
    return cell;
  }
}

/** A row's feed of what ends, and where it counts. */
interface Ending<E, S> {
  readonly feed: ShapeFeed<E, S>;
  readonly tally: Tally;
}

/** Counts what ends: one place for each feed and shape. */
class Endings<E, S extends EndShape> {
  readonly #all: Ending<E, S>[] = [];
  readonly #shapes: ShapeBook<E, S, readonly Place[]>;

  constructor(reading: ShapeReading<E, S>, words: LabelWords) {
    this.#shapes = new ShapeBook(reading, words, (shape) =>
      this.#all.map(({ feed, tally }) => new Lookup(tally, () => feed.labels(shape))),
    );
  }

  listen(feeds: readonly ShapeFeed<E, S>[], tally: Tally): void {
    for (const feed of feeds) this.#all.push({ feed, tally });
  }

  tell(event: E): void {
    const places = this.#shapes.of(event);
    const all = this.#all;
    for (let at = 0; at < places.length; at += 1) (all[at] as Ending<E, S>).feed.add(event, places[at] as Place);
  }
}

/** Counts events. */
export class Ledger {
  readonly families: readonly Family[];
  readonly #words: LabelWords;
  /** One list per type: most rows have nothing to do with most events. */
  readonly #listeners: Listeners = {
    "request-refused": [],
    "request-answered": [],
    "request-start": [],
    "request-decided": [],
    "request-adjusted": [],
    "attempt-start": [],
    "attempt-commit": [],
    "attempt-end": [],
    "request-end": [],
    "standing-changed": [],
    "config-reloaded": [],
    "remedy-learned": [],
  };

  readonly #attempts: Endings<EventsByType["attempt-end"], AttemptShape>;
  readonly #requests: Endings<EventsByType["request-end"], RequestShape>;

  constructor(rows: readonly FedRow[], words: LabelWords, budget: LabelSetBudget) {
    this.#words = words;
    this.#attempts = new Endings(ATTEMPT_SHAPE, words);
    this.#requests = new Endings(REQUEST_SHAPE, words);
    const chosen = new LabelSetBudget(CHOSEN_LABEL_SETS_MAX, budget);
    this.families = rows.flatMap((row) => this.#open(row, row.labels.includes(CHOSEN) ? chosen : budget));
  }

  /** Counts what the event says. */
  hear(event: ProxyEvent): void {
    if (event.type === "attempt-end") this.#attempts.tell(event);
    else if (event.type === "request-end") this.#requests.tell(event);
    this.#tell(event.type, event);
  }

  #tell<T extends EventType>(type: T, event: EventsByType[T]): void {
    for (const { feed, tally } of this.#listeners[type]) feed(event, tally, this.#words);
  }

  #open(row: FedRow, budget: LabelSetBudget): Family[] {
    const { labels, bounds = [], shows, ends = {}, on = {}, startsAt } = row;
    const tally = new Tally(bounds, budget);
    if (startsAt !== undefined) tally.at().count = startsAt;
    for (const type of Object.keys(on) as EventType[]) this.#listen(type, row, tally);
    this.#attempts.listen(ends.attempt ?? [], tally);
    this.#requests.listen(ends.request ?? [], tally);
    return shows.map(({ name, help, type, labels: own = labels, only, across = "sum" }) => ({
      name,
      help,
      type,
      across,
      labelNames: own,
      bounds,
      cells: only === undefined ? () => tally.cells : () => tally.cells.filter(only),
    }));
  }

  #listen<T extends EventType>(type: T, { on }: FedRow, tally: Tally): void {
    const feed = on?.[type];
    if (feed !== undefined) this.#listeners[type].push({ feed, tally });
  }
}
