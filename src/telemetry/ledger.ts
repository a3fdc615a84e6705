// Rows of the tables of counted metrics at work: every row gets its tally, and every type of event the feeds that listen to it. All events of a
// streamed request together cost about 0.65 us (measured).
import type { ProxyEvent } from "../core/events.ts";
import { LabelSetBudget, Tally } from "./cells.ts";
import type { Family } from "./exposition.ts";
import type { EventsByType, FedRow } from "./fed-row.ts";
import type { LabelWords } from "./label-words.ts";
import { CHOSEN_LABEL_SETS_MAX } from "./names.ts";

type EventType = keyof EventsByType;
/** A row's feed and where it counts. */
interface Listener<T extends EventType> {
  readonly feed: NonNullable<FedRow["on"][T]>;
  readonly tally: Tally;
}
type Listeners = { readonly [T in EventType]: Listener<T>[] };

/** The label whose value a client chooses in each request. */
const CHOSEN = "channel";

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

  constructor(rows: readonly FedRow[], words: LabelWords, budget: LabelSetBudget) {
    this.#words = words;
    const chosen = new LabelSetBudget(CHOSEN_LABEL_SETS_MAX, budget);
    this.families = rows.flatMap((row) => this.#open(row, row.labels.includes(CHOSEN) ? chosen : budget));
  }

  /** Counts what the event says. */
  hear(event: ProxyEvent): void {
    this.#tell(event.type, event);
  }

  #tell<T extends EventType>(type: T, event: EventsByType[T]): void {
    for (const { feed, tally } of this.#listeners[type]) feed(event, tally, this.#words);
  }

  #open(row: FedRow, budget: LabelSetBudget): Family[] {
    const { labels, bounds = [], shows, on, startsAt } = row;
    const tally = new Tally(bounds, budget);
    if (startsAt !== undefined) tally.at().count = startsAt;
    for (const type of Object.keys(on) as EventType[]) this.#listen(type, row, tally);
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
    const feed = on[type];
    if (feed !== undefined) this.#listeners[type].push({ feed, tally });
  }
}
