// Who is here: members come and go in any order, and a walk sees nobody who has left.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Roster, type Seat } from "../../../src/core/roster.ts";

function membersOf(roster: Roster<string>): string[] {
  const found: string[] = [];
  roster.forEach((member) => found.push(member));
  return found.sort();
}

describe("Roster", () => {
  it("holds what a set would hold, whatever comes and goes", () => {
    const moves = fc.array(fc.record({ leaves: fc.boolean(), at: fc.nat(20) }), { maxLength: 60 });
    fc.assert(
      fc.property(moves, (steps) => {
        const roster = new Roster<string>();
        const seats: { name: string; seat: Seat }[] = [];
        steps.forEach(({ leaves, at }, step) => {
          const leaving = leaves ? seats.splice(at, 1)[0] : undefined;
          if (leaving !== undefined) roster.remove(leaving.seat);
          else seats.push({ name: `m${step}`, seat: roster.add(`m${step}`) });
        });
        expect(membersOf(roster)).toEqual(seats.map(({ name }) => name).sort());
        expect(roster.size).toBe(seats.length);
      }),
    );
  });

  it("does not visit who leaves during the walk, nor who comes", () => {
    const roster = new Roster<string>();
    const seats = ["a", "b", "c"].map((name) => roster.add(name));
    const seen: string[] = [];
    roster.forEach((member) => {
      seen.push(member);
      roster.remove(seats[2] ?? null);
      roster.add("late");
    });
    expect(seen).toEqual(["a", "b"]);
  });

  it("takes back the seat that the walk shows", () => {
    const roster = new Roster<string>();
    roster.add("a");
    roster.forEach((_member, seat) => roster.remove(seat));
    expect(roster.size).toBe(0);
  });

  it("ignores null and a seat that was given back", () => {
    const roster = new Roster<string>();
    const seat = roster.add("a");
    roster.add("b");
    roster.remove(null);
    roster.remove(seat);
    roster.remove(seat);
    expect(membersOf(roster)).toEqual(["b"]);
  });
});
