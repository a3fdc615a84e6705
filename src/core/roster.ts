// Who is here now: added and removed once per request, walked seldom. An array and not a Set: a Set that changes all the time is rebuilt
// again and again, every old table points to the next, and the first that grows old keeps all that ever stood in the later ones alive
// until the next full collection. That cost a third of a small request.

/** The place of one member; what `add` gives is what `remove` takes. */
export interface Seat {
  /** Position in the roster; negative when the seat was given back. */
  index: number;
}

class Taken<Member> implements Seat {
  index: number;
  member: Member | null;

  constructor(index: number, member: Member) {
    this.index = index;
    this.member = member;
  }
}

/** An unordered set whose members know their places. */
export class Roster<Member> {
  readonly #taken: Taken<Member>[] = [];

  /** How many are here. */
  get size(): number {
    return this.#taken.length;
  }

  /** Takes a member in; the same one twice holds two seats. */
  add(member: Member): Seat {
    const seat = new Taken(this.#taken.length, member);
    this.#taken.push(seat);
    return seat;
  }

  /** Gives a seat back; null and a second time do nothing. */
  remove(seat: Seat | null): void {
    const index = seat?.index ?? -1;
    const taken = this.#taken[index];
    if (taken === undefined || taken !== seat) return;
    const last = this.#taken.pop();
    if (last !== undefined && last !== taken) {
      this.#taken[index] = last;
      last.index = index;
    }
    taken.index = -1;
    taken.member = null;
  }

  /** Visits everybody who is here at the start and has not left when its turn comes. */
  forEach(visit: (member: Member, seat: Seat) => void): void {
    for (const seat of this.#taken.slice()) if (seat.member !== null) visit(seat.member, seat);
  }
}
