// The shape of a row of the tables of counted metrics: which events feed which label sets, and which metrics show them.
import type { ProxyEvent } from "../core/events.ts";
import type { Cell, Tally } from "./cells.ts";
import type { Across } from "./exposition.ts";
import type { LabelWords } from "./label-words.ts";

/** Events by their type. */
export type EventsByType = { readonly [E in ProxyEvent as E["type"]]: E };
/** Adds what an event says to a tally. */
export type Feed<E> = (event: E, tally: Tally, words: LabelWords) => void;

/** How a metric shows the cells of its row. */
export interface Shown {
  readonly name: string;
  readonly help: string;
  readonly type: "counter" | "gauge" | "histogram";
  /** The first of the row's labels, where the metric does not have all of them. */
  readonly labels?: readonly string[];
  /** The cells that belong to the metric; all, unless said otherwise. */
  readonly only?: (cell: Cell) => boolean;
  /** See `Family.across`. */
  readonly across?: Across;
}

/** A row of the table. */
export interface FedRow {
  readonly labels: readonly string[];
  /** Bucket bounds of its histogram. */
  readonly bounds?: readonly number[];
  /** Shown before the first event, for a row without labels; a row that does not say so appears with its first event. */
  readonly startsAt?: number;
  readonly shows: readonly Shown[];
  readonly on: { readonly [T in keyof EventsByType]?: Feed<EventsByType[T]> };
}
