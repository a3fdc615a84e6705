// The shared tick: one timer for all waits, and none when nobody waits.
import { describe, expect, it } from "vitest";
import { TICK_MS, Ticker, type Ticking } from "../../../src/core/ticker.ts";
import { FakeClock } from "../../support/fake-clock.ts";

class Waiting implements Ticking {
  readonly ticks: number[] = [];
  readonly #then: () => void;

  constructor(then: () => void = () => {}) {
    this.#then = then;
  }

  tick(now: number): void {
    this.ticks.push(now);
    this.#then();
  }
}

describe("Ticker", () => {
  it("asks nothing of the clock until somebody waits", () => {
    const clock = new FakeClock();
    expect(new Ticker(clock).size).toBe(0);
    expect(clock.pending).toBe(0);
  });

  it("ticks all who wait, with the time, on one timer", () => {
    const clock = new FakeClock();
    const ticker = new Ticker(clock);
    const waits = [new Waiting(), new Waiting()];
    for (const each of waits) ticker.add(each);
    expect(ticker.size).toBe(2);
    expect(clock.pending).toBe(1);
    clock.advance(2 * TICK_MS);
    expect(waits.map(({ ticks }) => ticks)).toEqual([
      [TICK_MS, 2 * TICK_MS],
      [TICK_MS, 2 * TICK_MS],
    ]);
  });

  it("takes a seat back once, and nothing for null", () => {
    const ticker = new Ticker(new FakeClock());
    const seat = ticker.add(new Waiting());
    ticker.add(new Waiting());
    ticker.remove(null);
    ticker.remove(seat);
    ticker.remove(seat);
    expect(ticker.size).toBe(1);
  });

  it("says nothing more to who has left", () => {
    const clock = new FakeClock();
    const ticker = new Ticker(clock);
    const waiting = new Waiting();
    const seat = ticker.add(waiting);
    clock.advance(TICK_MS);
    ticker.remove(seat);
    clock.advance(10 * TICK_MS);
    expect(waiting.ticks).toEqual([TICK_MS]);
  });

  it("says nothing to who leaves during the tick before its turn", () => {
    const clock = new FakeClock();
    const ticker = new Ticker(clock);
    const second = new Waiting();
    const first = new Waiting(() => ticker.remove(seat));
    ticker.add(first);
    const seat = ticker.add(second);
    clock.advance(TICK_MS);
    expect(first.ticks).toEqual([TICK_MS]);
    expect(second.ticks).toEqual([]);
  });

  it("lets one leave during its own tick", () => {
    const clock = new FakeClock();
    const ticker = new Ticker(clock);
    const once = new Waiting(() => ticker.remove(seat));
    const other = new Waiting();
    const seat = ticker.add(once);
    ticker.add(other);
    clock.advance(3 * TICK_MS);
    expect(once.ticks).toHaveLength(1);
    expect(other.ticks).toHaveLength(3);
  });

  it("stops its timer once nobody waits and starts it again for the next", () => {
    const clock = new FakeClock();
    const ticker = new Ticker(clock);
    const waiting = new Waiting();
    ticker.remove(ticker.add(waiting));
    clock.advance(TICK_MS);
    expect(clock.pending).toBe(0);
    ticker.add(waiting);
    expect(clock.pending).toBe(1);
    clock.advance(TICK_MS);
    expect(waiting.ticks).toEqual([2 * TICK_MS]);
  });

  it("goes on when somebody comes between the last one's leaving and the stop", () => {
    const clock = new FakeClock();
    const ticker = new Ticker(clock);
    ticker.remove(ticker.add(new Waiting()));
    const second = new Waiting();
    ticker.add(second);
    expect(clock.pending).toBe(1);
    clock.advance(TICK_MS);
    expect(second.ticks).toEqual([TICK_MS]);
  });
});
