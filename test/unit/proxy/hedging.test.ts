// A second provider is asked when the first is silent: the first commit wins, the other is let go, and nobody is blamed.
import { describe, expect, it } from "vitest";
import { CorridorRig } from "../../support/corridor-rig.ts";

const text = (content: string) =>
  `data: {"id":"c1","choices":[{"index":0,"delta":{"content":"${content}"},"finish_reason":null}]}\n\n`;
const STOP = 'data: {"id":"c1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n';
const DONE = "data: [DONE]\n\n";
const ANSWER = text("hi") + STOP + DONE;

const rigged = (share = 1) => new CorridorRig({ behaviour: { hedge: { afterMs: 300, share } } });

/** A request whose first provider has been silent for long enough. */
async function hedged(): Promise<{ readonly rig: CorridorRig; readonly ended: Promise<void> }> {
  const rig = rigged();
  const ended = rig.chat({ stream: true });
  rig.provider("a").last.open().head();
  await rig.clock.advanceAsync(300);
  return { rig, ended };
}

describe("hedging", () => {
  it("waits its time before it asks a second provider", async () => {
    const rig = rigged();
    const ended = rig.chat({ stream: true });
    await rig.clock.advanceAsync(299);
    expect(rig.provider("b").exchanges).toHaveLength(0);
    await rig.clock.advanceAsync(1);
    expect(rig.provider("b").exchanges).toHaveLength(1);
    rig.provider("b").last.open().head().chunk(ANSWER).end();
    await ended;
  });

  it.each(["a", "b"] as const)("lets provider %s win when it commits first, and lets the other go", async (winner) => {
    const { rig, ended } = await hedged();
    const loser = winner === "a" ? "b" : "a";
    rig.provider("b").last.open().head();
    rig.provider(winner).last.chunk(ANSWER).end();
    await ended;
    expect(rig.provider(loser).last.aborted).toBe(true);
    expect(rig.sink.text).toBe(ANSWER);
    expect(rig.sink.headers["x-openclaw-served-by"]).toBe(`${winner}/m`);
    expect(rig.sink.headers["x-openclaw-attempts"]).toBe("2");
    const outcomes = rig.end().attempts.map(({ target, outcome, because }) => [target.provider, because, outcome]);
    expect(outcomes).toEqual([
      ["a", "first", winner === "a" ? "completed" : "cancelled"],
      ["b", "hedge", winner === "b" ? "completed" : "cancelled"],
    ]);
    expect(rig.health.notReady(rig.clock.now())).toEqual([]);
    expect(rig.idle()).toBe(true);
  });

  it("goes on with the hedge when the first fails", async () => {
    const { rig, ended } = await hedged();
    rig.provider("a").last.end();
    await rig.settle();
    expect(rig.end).toThrow();
    rig.provider("b").last.open().head().chunk(ANSWER).end();
    await ended;
    expect(rig.sink.text).toBe(ANSWER);
    expect(rig.idle()).toBe(true);
  });

  it("goes on with the first when the hedge fails", async () => {
    const { rig, ended } = await hedged();
    rig.provider("b").last.answer(500, "{}");
    await rig.settle();
    rig.provider("a").last.chunk(ANSWER).end();
    await ended;
    expect(rig.sink.headers["x-openclaw-served-by"]).toBe("a/m");
    expect(rig.idle()).toBe(true);
  });

  it("tells the truth when both fail", async () => {
    const { rig, ended } = await hedged();
    rig.provider("b").last.answer(500, "{}");
    rig.provider("a").last.end();
    await ended;
    expect(rig.sink.status).toBe(502);
    expect(rig.end().attempts).toHaveLength(2);
    expect(rig.idle()).toBe(true);
  });

  it("frees both providers when the client leaves", async () => {
    const { rig, ended } = await hedged();
    rig.sink.leave();
    expect(rig.provider("a").last.aborted).toBe(true);
    expect(rig.provider("b").last.aborted).toBe(true);
    await ended;
    expect(rig.end()).toMatchObject({ status: 499, outcome: "cancelled" });
    expect(rig.end().attempts.map(({ outcome }) => outcome)).toEqual(["cancelled", "cancelled"]);
    expect(rig.idle()).toBe(true);
  });

  it.each<[string, (rig: CorridorRig) => void, string]>([
    ["the first has its head and the hedge connects", () => undefined, "first-event"],
    [
      "the first has its head and the hedge has failed",
      (rig) => rig.provider("b").last.answer(500, "{}"),
      "first-event",
    ],
    [
      "the first has failed and the hedge waits for its head",
      (rig) => {
        rig.provider("b").last.open();
        rig.provider("a").last.end();
      },
      "headers",
    ],
  ])("tells how far the furthest under way has come when the client leaves: %s", async (_when, play, phase) => {
    const { rig, ended } = await hedged();
    play(rig);
    await rig.settle();
    rig.sink.leave();
    await ended;
    expect(rig.end()).toMatchObject({ status: 499, phase });
  });

  it("does nothing without a share to spend, and leaves no alarm behind", async () => {
    const rig = rigged(0.5);
    const ended = rig.chat({ stream: true });
    await rig.clock.advanceAsync(1_000);
    expect(rig.provider("b").exchanges).toHaveLength(0);
    rig.provider("a").last.open().head().chunk(ANSWER).end();
    await ended;
    expect(rig.idle()).toBe(true);
  });

  it("hedges whole answers as well", async () => {
    const rig = rigged();
    const ended = rig.chat({});
    await rig.clock.advanceAsync(300);
    const whole = '{"id":"c1","choices":[{"index":0,"message":{"content":"hi"},"finish_reason":"stop"}]}';
    rig.provider("b").last.answer(200, whole);
    await ended;
    expect(rig.sink.text).toBe(whole);
    expect(rig.provider("a").last.aborted).toBe(true);
    expect(rig.idle()).toBe(true);
  });
});
