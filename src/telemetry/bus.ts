// The one event stream and who listens to it. Fan-out only: it keeps nothing, orders nothing, and cannot be harmed by a listener.
import type { Observer, ProxyEvent } from "../core/events.ts";

/** Fans events out to observers, synchronously and in the order of their subscription. */
export interface Bus {
  /** Given to whoever tells events; never throws. */
  readonly observe: Observer;
  /** Adds an observer; the returned call takes it away again. */
  readonly subscribe: (observer: Observer) => () => void;
  /** How often an observer threw. Counted and not heard: the request that told the event must not suffer. */
  readonly faults: number;
}

interface Listening {
  readonly observer: Observer;
}

/** Makes a bus without observers. */
export function createBus(): Bus {
  // Replaced and never changed in place, so that observers may come and go while an event is delivered.
  let listening: readonly Listening[] = [];
  let faults = 0;
  return {
    observe(event: ProxyEvent) {
      for (const { observer } of listening) {
        try {
          observer(event);
        } catch {
          faults += 1;
        }
      }
    },
    subscribe(observer) {
      // An entry of its own, so that an observer who subscribed twice can leave once.
      const entry = { observer };
      listening = [...listening, entry];
      return () => {
        listening = listening.filter((each) => each !== entry);
      };
    },
    get faults() {
      return faults;
    },
  };
}
