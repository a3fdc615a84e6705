// Where a door is open, through all configurations of one process: follows them from place to place without losing a request.
import type { Snapshot } from "../core/snapshot.ts";
import type { Door } from "./door.ts";
import { listen } from "./listen.ts";
import type { Listening } from "./listening.ts";
import { isListenFault, type ListenFault, type Place } from "./servers.ts";

/** Where a configuration wants the door; null: nowhere. */
export type PlaceOf = (snapshot: Snapshot) => Place | null;

/** A listener with what it was opened for. */
interface Stand {
  readonly listening: Listening;
  readonly snapshot: Snapshot;
  readonly place: Place;
}

/** One door on its way through configurations. */
export class Doorway {
  readonly #door: Door;
  readonly #placeOf: PlaceOf;
  #stand: Stand | null = null;
  /** A stand that was left so that another one can open on its port. */
  #left: Stand | null = null;
  /** Listeners that take no new connection, until their last one ends. */
  readonly #leaving = new Set<Listening>();

  constructor(door: Door, placeOf: PlaceOf) {
    this.#door = door;
    this.#placeOf = placeOf;
  }

  /** URLs. */
  get addresses(): readonly string[] {
    return this.#stand?.listening.addresses ?? [];
  }

  /**
   * Makes what listens fit the configuration: at the same place with other times or another certificate, else elsewhere, the new listener
   * first. On a fault everything is as it was.
   */
  async follow(next: Snapshot): Promise<ListenFault | null> {
    const stand = this.#stand;
    const place = this.#placeOf(next);
    if (this.#left !== null) return this.#exchange(this.#left, next, place);
    if (place === null) return this.#take(null);
    if (stand === null) return this.#open(next, place);
    if (isSamePlace(stand, next, place)) return this.#refresh(stand, next, place);
    if (stand.place.port !== place.port) return this.#open(next, place);
    this.stepAside(next);
    return this.#exchange(stand, next, place);
  }

  /**
   * Stops accepting where the configuration wants other addresses on the same port: two listeners there exclude each other, those of
   * other processes included. Does nothing in all other cases. `follow` has to be called afterwards.
   */
  stepAside(next: Snapshot): void {
    const [stand, place] = [this.#stand, this.#placeOf(next)];
    if (stand === null || place === null || stand.place.port !== place.port || isSamePlace(stand, next, place)) return;
    this.#left = stand;
    this.#take(null);
  }

  /** What of a configuration would need another listener; empty when this one will do. */
  moves(next: Snapshot): boolean {
    const place = this.#placeOf(next);
    if (place === null || this.#stand === null) return place !== null || this.#stand !== null;
    return !isSamePlace(this.#stand, next, place);
  }

  /** Ends every connection with its next answer. None before: a request that is on its way to us would be lost. */
  renewConnections(): void {
    this.#door.lobby.renewConnections();
  }

  /** See `Listening.drain`; includes listeners that were left behind. */
  async drain(): Promise<void> {
    await Promise.all(this.#all().map((listening) => listening.drain()));
  }

  /** See `Listening.end`. */
  async end(): Promise<void> {
    await Promise.all(this.#all().map((listening) => listening.end()));
  }

  /** See `Listening.retire`. */
  async retire(): Promise<void> {
    await Promise.all(this.#all().map((listening) => listening.retire()));
  }

  /** Takes no new connection; resolves when the last one has ended. */
  async close(): Promise<void> {
    await Promise.all(this.#all().map((listening) => listening.close()));
  }

  #all(): Listening[] {
    return [...(this.#stand === null ? [] : [this.#stand.listening]), ...this.#leaving];
  }

  /** The stand from now on; the one before stops accepting. */
  #take(stand: Stand | null): null {
    const before = this.#stand?.listening;
    this.#stand = stand;
    if (before !== undefined && before !== stand?.listening) this.#retire(before);
    return null;
  }

  #retire(listening: Listening): void {
    this.#leaving.add(listening);
    void listening.close().then(() => this.#leaving.delete(listening));
  }

  async #open(snapshot: Snapshot, place: Place): Promise<ListenFault | null> {
    const listening = await listen(this.#door, snapshot, place);
    return isListenFault(listening) ? listening : this.#take({ listening, snapshot, place });
  }

  #refresh({ listening, snapshot: old, place: oldPlace }: Stand, next: Snapshot, place: Place): ListenFault | null {
    const fault = listening.refresh(next, place.tls);
    if (fault === null) return this.#take({ listening, snapshot: next, place });
    listening.refresh(old, oldPlace.tls);
    return fault;
  }

  /** The old one has stopped accepting an instant before the new one begins. */
  async #exchange(stand: Stand, next: Snapshot, place: Place | null): Promise<ListenFault | null> {
    const { port } = stand.listening;
    this.#left = null;
    if (place === null) return null;
    const fault = await this.#open(next, { ...place, port });
    if (fault === null) {
      this.#settle(place);
      return null;
    }
    await this.#open(stand.snapshot, { ...stand.place, port });
    this.#settle(stand.place);
    return fault;
  }

  /** Remembers the place as the configuration has it: port 0 stays the port that was found. */
  #settle(place: Place): void {
    if (this.#stand !== null) this.#stand = { ...this.#stand, place };
  }
}

function asksClients({ tls }: Place): boolean {
  return tls !== null && tls.clientCa !== null;
}

function isSamePlace({ snapshot, place: old }: Stand, next: Snapshot, place: Place): boolean {
  return (
    old.port === place.port &&
    old.hosts.join() === place.hosts.join() &&
    (old.tls === null) === (place.tls === null) &&
    // Node asks for client certificates, and bounds heads, as the server was made.
    asksClients(old) === asksClients(place) &&
    snapshot.limits.headerBytes === next.limits.headerBytes
  );
}
