// The shape of a row of the tables of counted metrics: which events feed which label sets, and which metrics show them.
import type { ProxyEvent } from "../core/events.ts";
import type { Cell, Tally } from "./cells.ts";
import type { Across } from "./exposition.ts";
import type { LabelWords } from "./label-words.ts";
import type { AttemptShape, RequestShape } from "./shapes.ts";

/** Events by their type. */
export type EventsByType = { readonly [E in ProxyEvent as E["type"]]: E };
/** Adds what an event says to a tally. */
export type Feed<E> = (event: E, tally: Tally, words: LabelWords) => void;

/** Where the events of one shape count; the cell is made when something is added. */
export interface Place {
  readonly cell: Cell;
}

/** Adds what an event of some shape says to the cell of that shape. */
export interface ShapeFeed<E, S> {
  /** Values of the row's labels. They come from the shape and from nothing else: they are asked for once. */
  readonly labels: (shape: S) => readonly string[];
  readonly add: (event: E, place: Place) => void;
}

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
  /** What ends, by its shape: every request pays for these. */
  readonly ends?: {
    readonly attempt?: readonly ShapeFeed<EventsByType["attempt-end"], AttemptShape>[];
    readonly request?: readonly ShapeFeed<EventsByType["request-end"], RequestShape>[];
  };
  readonly on?: { readonly [T in keyof EventsByType]?: Feed<EventsByType[T]> };
}
