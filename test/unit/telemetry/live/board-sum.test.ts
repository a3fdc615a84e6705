// Boards of several processes drawn as one: the same picture that one process would have drawn, also when some have gone, whatever each
// one's own clock says.
import { describe, expect, it } from "vitest";
import type { ProxyEvent } from "../../../../src/core/events.ts";
import { type BoardState, type LiveBoard, type Picture } from "../../../../src/telemetry/live/board.ts";
import { BoardSum } from "../../../../src/telemetry/live/board-sum.ts";
import * as told from "../../../support/events.ts";
import { carriedBoard } from "../../../support/running.ts";
import { aSnapshot, aTarget } from "../../../support/snapshot.ts";

const FIRST = aTarget("acme/large");
const SECOND = aTarget("other/small");
const LOOKING = { snapshot: aSnapshot([FIRST, SECOND]), notReady: [] };
const NOW = 2_000;
const usage = { input: 100, output: 40 };
const parts = { redact: (text: string) => text, wall: () => 7, costOf: () => 0.5 };

function boardOf(events: readonly ProxyEvent[], aheadMs = 0): LiveBoard {
  const board = carriedBoard({ ...parts, aheadMs });
  for (const event of events) board.hear(event);
  return board;
}

function completed(): ProxyEvent[] {
  const attempt = told.attemptOf(FIRST, { told: told.toldOf({ usage }) });
  const request = told.requestOf();
  const tries = [told.attemptStarted(attempt, { request }), told.attemptEnded(attempt, request)];
  return [told.requestStarted(request), ...tries, told.requestEnded([attempt], { request })];
}

function failed(): ProxyEvent[] {
  const attempt = told.failedAttemptOf(SECOND, "server-error");
  const request = told.requestOf();
  const tries = [told.attemptStarted(attempt, { request }), told.attemptEnded(attempt, request)];
  const end = { request, outcome: "failed", status: 502, failure: attempt.failure } as const;
  return [told.requestStarted(request), ...tries, told.requestEnded([attempt], end)];
}

/** The client's own fault. */
function rejected(): ProxyEvent[] {
  const attempt = told.failedAttemptOf(SECOND, "rejected", { status: 400 });
  return [
    told.requestStarted(),
    told.attemptStarted(attempt),
    told.attemptEnded(attempt),
    told.requestFailed([attempt]),
  ];
}

function begun(): ProxyEvent[] {
  const [attempt, request] = [told.attemptOf(FIRST), told.requestOf()];
  return [told.requestStarted(request), told.attemptStarted(attempt, { request })];
}

/** As it crosses between processes. */
const sent = (board: LiveBoard, now = NOW): BoardState => structuredClone(board.state(now));

/** Peaks are the one figure that only a bound is known of. */
function withoutPeaks({ gauges, ...picture }: Picture): object {
  const { inFlight, ...rest } = gauges;
  return { ...picture, gauges: { ...rest, inFlight: inFlight.now } };
}

const drawn = (all: BoardSum, states: readonly BoardState[], now = NOW): Picture =>
  all.sight(all.sum(states, now), LOOKING, { since: 0, now }).picture;

describe("boards of several processes", () => {
  it("are drawn as if one process had heard everything", () => {
    const alone = boardOf([...completed(), ...failed(), ...completed(), ...begun(), ...begun()]);
    const [one, other] = [boardOf([...completed(), ...begun()]), boardOf([...failed(), ...completed(), ...begun()])];
    const picture = drawn(new BoardSum(parts), [sent(one), sent(other)]);
    expect(withoutPeaks(picture)).toEqual(withoutPeaks(alone.picture(LOOKING, NOW)));
    expect(picture.running).toMatchObject([{ target: "acme/large", count: 2 }]);
    expect(picture.gauges.errors).toMatchObject({ ended: 3, failed: 1 });
  });

  it("do not count what clients did wrong", () => {
    const states = [boardOf([...completed(), ...rejected()]), boardOf(rejected())].map((board) => sent(board));
    expect(drawn(new BoardSum(parts), states).gauges.errors).toMatchObject({ now: 0, ended: 3, failed: 0 });
  });

  it("are drawn by the clock that all share, however far each one's own is behind it", () => {
    const events = [...completed(), ...failed()];
    const states = [3_600_000, 60_000].map((aheadMs) => sent(boardOf(events, aheadMs), 3_602_000 - aheadMs));
    const now = 3_602_000;
    const early = drawn(new BoardSum(parts), [states[0] as BoardState], now);
    expect(early.gauges.errors).toMatchObject({ ended: 2, failed: 1 });
    // What the second one heard was an hour ago.
    expect(drawn(new BoardSum(parts), states, now).gauges.errors).toEqual(early.gauges.errors);
    const link = early.chains[0]?.links[1];
    expect(link).toMatchObject({ failed: 1, lastFailureAgoMs: expect.closeTo(NOW, -4) });
  });

  it("lose nothing of what a process did that has gone, but what it was doing", () => {
    const [one, other] = [sent(boardOf([...completed(), ...failed()])), sent(boardOf([...completed(), ...begun()]))];
    const all = new BoardSum(parts);
    all.bury(other);
    const picture = drawn(all, [one]);
    expect(picture.gauges.errors).toMatchObject({ ended: 3, failed: 1 });
    expect(picture.gauges.cost.now).toBeCloseTo(60);
    expect([picture.gauges.inFlight.now, picture.running]).toEqual([0, []]);
    expect(picture.chains[0]?.links.map(({ served, running }) => [served, running])).toEqual([
      [2, 0],
      [0, 0],
    ]);
    const later = drawn(all, [one], NOW + 11 * 60_000);
    expect(later.gauges.errors.ended).toBe(0);
  });

  it("number their ended requests once, in the order of time, for everybody who asks", () => {
    const all = new BoardSum(parts);
    const rowsOf = (wall: number) => {
      const board = carriedBoard({ ...parts, wall: () => wall });
      for (const event of completed()) board.hear(event);
      return board.rows.after(0);
    };
    const seen = (since: number) => {
      const { rows: found, rowsUntil } = all.sight(all.sum([], NOW), LOOKING, { since, now: NOW });
      return [found.map(({ wall }) => wall), rowsUntil];
    };
    all.addRows(rowsOf(30));
    all.addRows([...rowsOf(10), ...rowsOf(40)]);
    expect(seen(0)).toEqual([[10, 30, 40], 3]);
    all.addRows(rowsOf(20));
    expect([seen(3), seen(0)]).toEqual([
      [[20], 4],
      [[10, 30, 40, 20], 4],
    ]);
  });

  it("tell of the reload that came last", () => {
    const reload = { type: "config-reloaded", result: "swapped", complaints: 0 } as unknown as ProxyEvent;
    const [old, young] = [1, 2].map((wall) => carriedBoard({ ...parts, wall: () => wall })) as [LiveBoard, LiveBoard];
    for (const board of [old, young]) board.hear(reload);
    const states = [boardOf([]), young, old].map((board) => sent(board));
    expect(drawn(new BoardSum(parts), states).reloaded).toMatchObject({ result: "swapped", wall: 2 });
  });
});
