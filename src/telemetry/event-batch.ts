// Events on their way to those who only record them: many at once, a moment later, in the order in which they were told. Recording one
// request at once, between two sockets, costs ten times of what it costs behind another one, because all that it touches has gone from the
// processor's caches meanwhile. Whoever looks at records has what waits delivered first, so that nobody can tell the difference.
import type { Clock, Timer } from "../core/clock.ts";
import type { Observer, ProxyEvent } from "../core/events.ts";

/** How many events are delivered together, how long one may wait for others, and who hears that they have been. */
export interface BatchBounds {
  readonly eventsMax: number;
  readonly ageMs: number;
  readonly onDelivered?: () => void;
}

/** Those of some forty requests: their records take 0.3 ms, which no client notices. */
const RECORDS: BatchBounds = { eventsMax: 256, ageMs: 20 };

/** Keeps events for a moment. What they refer to may have gone on by the time they are delivered: listeners read what stays. */
export class EventBatch {
  readonly #hear: Observer;
  readonly #clock: Clock;
  readonly #bounds: BatchBounds;
  #waiting: ProxyEvent[] = [];
  #timer: Timer | null = null;
  #delivering = false;
  /** Unix milliseconds when the monotonic clock was 0, as of this delivery. */
  #wallAtZero = 0;
  #at = 0;

  constructor(hear: Observer, clock: Clock, bounds = RECORDS) {
    this.#hear = hear;
    this.#clock = clock;
    this.#bounds = bounds;
  }

  /** Takes an event. */
  readonly observe: Observer = (event) => {
    this.#waiting.push(event);
    if (this.#waiting.length >= this.#bounds.eventsMax) this.deliver();
    else this.#timer ??= this.#clock.timer(this.#bounds.ageMs, this.deliver);
  };

  /** Delivers what waits. Does nothing while it is at it: a listener that looks at records sees them as they are at its event. */
  readonly deliver = (): void => {
    if (this.#delivering) return;
    this.#timer?.cancel();
    this.#timer = null;
    const events = this.#waiting;
    if (events.length === 0) return;
    this.#waiting = [];
    this.#delivering = true;
    this.#wallAtZero = this.#clock.wall() - this.#clock.now();
    try {
      for (const event of events) {
        this.#at = event.at;
        this.#hear(event);
      }
      this.#bounds.onDelivered?.();
    } finally {
      this.#delivering = false;
    }
  };

  /** Whole Unix milliseconds: of the event that is being delivered, and now while none is. */
  readonly wall = (): number => (this.#delivering ? Math.floor(this.#wallAtZero + this.#at) : this.#clock.wall());
}
