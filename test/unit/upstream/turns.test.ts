import { describe, expect, it } from "vitest";
import { Turns, type Waiting } from "../../../src/upstream/turns.ts";
import { always, answer, RawProvider } from "./raw-provider.ts";
import { type Recorder, turns as loopTurns, Upstream } from "./recorder.ts";

const SHARES = 4;

/** Asks for a share whenever it may, and writes down each. */
class Asking implements Waiting {
  readonly #name: number;
  readonly #turns: Turns;
  readonly #told: number[];
  shares = 0;

  constructor(name: number, turns: Turns, told: number[]) {
    this.#name = name;
    this.#turns = turns;
    this.#told = told;
  }

  ask(): boolean {
    const has = this.#turns.take(this);
    if (has) this.#note();
    return has;
  }

  onTurn(): void {
    this.#note();
  }

  #note(): void {
    this.shares += 1;
    this.#told.push(this.#name);
  }
}

const rowOf = (count: number): { askers: Asking[]; told: number[] } => {
  const [turns, told] = [new Turns(), [] as number[]];
  return { askers: Array.from({ length: count }, (_, name) => new Asking(name, turns, told)), told };
};

describe("shares of a turn", () => {
  it("one alone has all of them, and waits for the next turn when they are taken", async () => {
    const { askers, told } = rowOf(1);
    const [alone] = askers as [Asking];
    expect(Array.from({ length: SHARES + 1 }, () => alone.ask())).toEqual([...Array(SHARES).fill(true), false]);
    await loopTurns(2);
    expect(told).toHaveLength(SHARES + 1);
  });

  it("are new in every turn", async () => {
    const { askers } = rowOf(1);
    const [alone] = askers as [Asking];
    for (let turn = 1; turn <= 3; turn += 1) {
      while (alone.shares < SHARES * turn) expect(alone.ask()).toBe(true);
      await loopTurns(2);
    }
  });

  it("go to those who wait before they go to anybody again", async () => {
    const { askers, told } = rowOf(3 * SHARES);
    for (const asker of askers) asker.ask();
    expect(told).toEqual(askers.slice(0, SHARES).map((_, name) => name));
    // The first has had its share of this turn; it asks again while others wait.
    expect(askers[0]?.ask()).toBe(false);
    await loopTurns(5);
    expect(told).toEqual([...askers.map((_, name) => name), 0]);
  });

  it("are given to so many in one turn and no more", async () => {
    const { askers, told } = rowOf(3 * SHARES);
    for (const asker of askers) asker.ask();
    const seen: number[] = [];
    while (told.length < askers.length) {
      seen.push(told.length);
      await loopTurns(1);
    }
    expect(seen.every((count, at) => at === 0 || count - (seen[at - 1] as number) <= SHARES)).toBe(true);
  });
});

describe("answers that flood", () => {
  const FLOODS = 40;
  const MIB = 1024 * 1024;
  const flood = Buffer.alloc(32 * MIB);
  for (let at = 0; at < flood.length; at += 4) flood.writeUInt32LE(at, at);
  const bytesOf = (floods: readonly Recorder[]): number => floods.reduce((sum, { bytes }) => sum + bytes, 0);

  it("leave room: while a short answer comes, all together bring what some turns allow", async () => {
    await using provider = await RawProvider.listen(always(answer(flood)));
    await using quick = await RawProvider.listen(always(answer("quick")));
    await using upstream = new Upstream();
    await upstream.ask({ origin: quick.origin() });
    const floods = Array.from({ length: FLOODS }, () => upstream.send({ origin: provider.origin() }));
    await Promise.all(floods.map((each) => each.until(() => each.bytes > 0, "the first bytes of a flood")));
    const before = bytesOf(floods);
    await upstream.ask({ origin: quick.origin() });
    const meanwhile = bytesOf(floods) - before;
    for (const each of floods) each.exchange?.abort();
    expect(meanwhile).toBeLessThan(20 * MIB);
  });

  it("are whole, side by side", async () => {
    const body = flood.subarray(0, 4 * MIB);
    await using provider = await RawProvider.listen(always(answer(body)));
    await using upstream = new Upstream();
    const floods = Array.from({ length: FLOODS }, () => upstream.send({ origin: provider.origin() }).over());
    for (const each of await Promise.all(floods)) expect(Buffer.concat(each.chunks).equals(body)).toBe(true);
  });
});
