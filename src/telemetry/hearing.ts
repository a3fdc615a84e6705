// Observers that hear some types of event only: the bus does not call them for others, and what they do not list they cannot read.
import type { Observer, ProxyEvent } from "../core/events.ts";

/** What an event is called. */
export type EventType = ProxyEvent["type"];
/** An event of one of these types. */
export type EventOf<T extends EventType> = Extract<ProxyEvent, { readonly type: T }>;

/** An observer with the types that it hears; it takes any event and passes over the others. */
export interface Hearing extends Observer {
  readonly types: ReadonlySet<EventType>;
  /** For whoever knows that the event is of these types. */
  readonly hear: Observer;
}

/** Makes an observer of events of these types. */
export function hearing<T extends EventType>(types: readonly T[], hear: (event: EventOf<T>) => void): Hearing {
  const known: ReadonlySet<EventType> = new Set(types);
  const observer: Observer = (event) => {
    if (known.has(event.type)) hear(event as EventOf<T>);
  };
  return Object.assign(observer, { types: known, hear: hear as Observer });
}

/** True for an observer that hears some types only. */
export function isHearing(observer: Observer): observer is Hearing {
  return "types" in observer;
}
