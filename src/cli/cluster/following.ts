// The steps by which a worker takes a configuration into use together with all others: room first, then the listeners, then the swap.
import { unpacked } from "../../config/handover.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { ListenFault } from "../../server/servers.ts";
import type { Gateway } from "../gateway.ts";
import { prepare, type Prepared, reachable } from "../running.ts";
import type { Change } from "./words.ts";

/** Follows changes, one at a time. */
export class Following {
  readonly #followers: Gateway["followers"];
  #change: { readonly next: Snapshot; readonly mode: Change["mode"] } | null = null;
  #prepared: Prepared | null = null;

  constructor(followers: Gateway["followers"]) {
    this.#followers = followers;
  }

  /** Stops accepting where the new listener takes the place of the old one. */
  makeRoom({ handover, mode, part }: Change): void {
    const next = unpacked(handover, part);
    this.#change = { next, mode };
    this.#stepAside(reachable(this.#followers.holder.current, next, mode).taken);
  }

  /** Opens the listeners. */
  async open(): Promise<ListenFault | null> {
    if (this.#change === null) return null;
    const prepared = await prepare(this.#change.next, this.#change.mode, this.#followers);
    if ("fault" in prepared) return prepared.fault;
    this.#prepared = prepared;
    return null;
  }

  /** Serves it. */
  commit(): void {
    this.#prepared?.commit();
    this.#prepared = null;
    this.#change = null;
  }

  /** Somebody could not open: leaves what was opened, so that everybody finds room at the old place. */
  makeRoomBack(): void {
    this.#stepAside(this.#followers.holder.current);
  }

  /** Opens the old listeners again. */
  async goBack(): Promise<void> {
    const { doorways, holder } = this.#followers;
    for (const doorway of doorways) await doorway.follow(holder.current);
    this.#prepared = null;
    this.#change = null;
  }

  #stepAside(next: Snapshot): void {
    for (const doorway of this.#followers.doorways) doorway.stepAside(next);
  }
}
