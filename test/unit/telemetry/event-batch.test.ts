// Events that wait a moment: in order, never for long, and there as soon as somebody looks.
import { describe, expect, it } from "vitest";
import { EventBatch } from "../../../src/telemetry/event-batch.ts";
import { LiveBoard } from "../../../src/telemetry/live/board.ts";
import { createLog } from "../../../src/telemetry/log.ts";
import { requestEnded, requestStarted } from "../../support/events.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { aSnapshot, aTarget } from "../../support/snapshot.ts";
import { RecorderDestination } from "./recorder-destination.ts";

const START = Date.UTC(2026, 0, 2, 3, 4, 5);
const eventAt = (at: number) => ({ ...requestStarted(), at });

function batchOf(onEvent: (at: number, batch: EventBatch) => void = () => undefined) {
  const clock = new FakeClock(START);
  const heard: number[] = [];
  const batch = new EventBatch(({ at }) => {
    heard.push(at);
    onEvent(at, batch);
  }, clock);
  return { batch, clock, heard };
}

describe("a batch", () => {
  it("is delivered 20 ms after its first event, in the order of telling, and the next one after its own", () => {
    const { batch, clock, heard } = batchOf();
    batch.observe(eventAt(1));
    clock.advance(19);
    batch.observe(eventAt(2));
    expect(heard).toEqual([]);
    clock.advance(1);
    expect(heard).toEqual([1, 2]);
    batch.observe(eventAt(3));
    clock.advance(19);
    expect(heard).toEqual([1, 2]);
    clock.advance(1);
    expect(heard).toEqual([1, 2, 3]);
  });

  it("is delivered at once when there are many", () => {
    const { batch, clock, heard } = batchOf();
    for (let at = 0; at < 256; at += 1) batch.observe(eventAt(at));
    expect(heard).toHaveLength(256);
    batch.observe(eventAt(256));
    clock.advance(19);
    // The clock of the first one went with it.
    expect(heard).toHaveLength(256);
  });

  it("is delivered when somebody wants to know, once", () => {
    const { batch, clock, heard } = batchOf();
    batch.observe(eventAt(1));
    batch.deliver();
    batch.deliver();
    clock.advance(100);
    expect(heard).toEqual([1]);
  });

  it("goes on in its order when a listener looks, or when an event is told meanwhile", () => {
    const { batch, clock, heard } = batchOf((at, self) => {
      if (at === 1) self.observe(eventAt(3));
      self.deliver();
    });
    batch.observe(eventAt(1));
    batch.observe(eventAt(2));
    clock.advance(20);
    expect(heard).toEqual([1, 2]);
    clock.advance(20);
    expect(heard).toEqual([1, 2, 3]);
  });

  it("tells when each event happened, not when it is delivered", () => {
    const walls: number[] = [];
    const { batch, clock } = batchOf((_at, self) => walls.push(self.wall()));
    clock.advance(5);
    batch.observe(eventAt(3));
    batch.observe(eventAt(5));
    clock.advance(20);
    expect(walls).toEqual([START + 3, START + 5]);
    expect(batch.wall()).toBe(START + 25);
  });

  it("tells it in whole milliseconds, never later than it was", () => {
    const walls: number[] = [];
    const { batch, clock } = batchOf((_at, self) => walls.push(self.wall()));
    batch.observe(eventAt(3.9));
    clock.advance(20);
    expect(walls).toEqual([START + 3]);
  });

  it("that a listener breaks does not stop the next one", () => {
    const { batch, clock, heard } = batchOf((at) => {
      if (at === 1) throw new Error("a listener's bug");
    });
    batch.observe(eventAt(1));
    expect(() => batch.deliver()).toThrow("a listener's bug");
    batch.observe(eventAt(2));
    clock.advance(20);
    expect(heard).toEqual([1, 2]);
  });
});

describe("whoever looks", () => {
  const looking = { snapshot: aSnapshot([aTarget("acme/large")]), notReady: [] };
  const looks: readonly [string, (board: LiveBoard) => number][] = [
    ["a viewer", (board) => board.sight(looking, { since: 0, now: 9 }).picture.gauges.inFlight.now],
    ["another process", (board) => board.state(9).inFlight],
  ];

  it.each(looks)("at the page as %s sees what was told before", (_who, look) => {
    const clock = new FakeClock(START);
    const batch = new EventBatch((event) => board.hear(event), clock);
    const board = new LiveBoard({
      redact: (text) => text,
      wall: batch.wall,
      costOf: () => null,
      running: () => [],
      catchUp: batch.deliver,
    });
    batch.observe(requestStarted());
    expect(look(board)).toBe(1);
    batch.observe(requestEnded([]));
    expect(look(board)).toBe(0);
  });

  it("at rows alone sees those of requests that were told before", () => {
    const clock = new FakeClock(START);
    const batch = new EventBatch((event) => board.hear(event), clock);
    const parts = { redact: (text: string) => text, wall: batch.wall, costOf: () => null, running: () => [] };
    const board = new LiveBoard({ ...parts, catchUp: batch.deliver });
    batch.observe(requestEnded([]));
    expect(board.rows.after(0)).toHaveLength(1);
    batch.observe(requestEnded([]));
    expect(board.rows.count).toBe(2);
  });

  it("at the page sees rows that bear the time of the request", () => {
    const clock = new FakeClock(START);
    const batch = new EventBatch((event) => board.hear(event), clock);
    const parts = { redact: (text: string) => text, wall: batch.wall, costOf: () => null, running: () => [] };
    const board = new LiveBoard({ ...parts, catchUp: batch.deliver });
    clock.advance(1_011);
    batch.observe(requestEnded([], { at: 1_011 }));
    clock.advance(13);
    expect(board.sight(looking, { since: 0, now: 1_024 }).rows[0]).toMatchObject({ wall: START + 1_011 });
  });

  it("at the log reads lines in the order in which things happened, also where the process breaks", async () => {
    const clock = new FakeClock(START);
    const destination = new RecorderDestination();
    const batch = new EventBatch(({ at }) => write(`{"level":"info","msg":"request ${at}"}`, "info"), clock);
    const log = createLog({
      readers: [{ level: "info", style: "json", to: destination }],
      redact: (text) => text,
      clock,
      catchUp: batch.deliver,
    });
    const write = log.linesFor("json") ?? (() => undefined);
    batch.observe(eventAt(1));
    log.info("between");
    batch.observe(eventAt(2));
    await log.flush();
    batch.observe(eventAt(3));
    log.flushSync();
    // It is with the destination, which hands it on behind this turn.
    await Promise.resolve();
    expect(destination.records.map(({ msg }) => msg)).toEqual(["request 1", "between", "request 2", "request 3"]);
  });
});
