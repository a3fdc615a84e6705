// The one event stream and who listens to it. Fan-out only: it keeps nothing, orders nothing, and cannot be harmed by a listener.
import type { Observer, ProxyEvent } from "../core/events.ts";
import { type EventType, isHearing } from "./hearing.ts";

/** Fans events out to observers, synchronously and in the order of their subscription. */
export interface Bus {
  /** Given to whoever tells events; never throws. */
  readonly observe: Observer;
  /** Adds an observer, who is told what it hears; the returned call takes it away again. */
  readonly subscribe: (observer: Observer) => () => void;
  /** How often an observer threw. Counted and not heard: the request that told the event must not suffer. */
  readonly faults: number;
}

interface Listening {
  readonly observer: Observer;
  /** Null for all. */
  readonly types: ReadonlySet<EventType> | null;
}

/** Makes a bus without observers. */
export function createBus(): Bus {
  // Replaced and never changed in place, so that observers may come and go while an event is delivered.
  let listening: readonly Listening[] = [];
  let byType: Map<EventType, readonly Observer[]> = new Map();
  let faults = 0;
  const replace = (next: readonly Listening[]): void => {
    listening = next;
    byType = new Map();
  };
  /** Who hears a type is found out at the first event of it. */
  const listenersOf = (type: EventType): readonly Observer[] => {
    const known = byType.get(type);
    if (known !== undefined) return known;
    const found = listening.filter(({ types }) => types === null || types.has(type)).map(({ observer }) => observer);
    byType.set(type, found);
    return found;
  };
  return {
    observe(event: ProxyEvent) {
      for (const observer of listenersOf(event.type)) {
        try {
          observer(event);
        } catch {
          faults += 1;
        }
      }
    },
    subscribe(observer) {
      // An entry of its own, so that an observer who subscribed twice can leave once.
      const entry = isHearing(observer)
        ? { observer: observer.hear, types: observer.types }
        : { observer, types: null };
      replace([...listening, entry]);
      return () => replace(listening.filter((each) => each !== entry));
    },
    get faults() {
      return faults;
    },
  };
}
