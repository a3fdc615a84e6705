// Where several processes share the probes, they are asked first, and time passes meanwhile: all the same one request finds out.
import { describe, expect, it } from "vitest";
import type { ProbeSubject } from "../../../src/routing/health.ts";
import { CorridorRig } from "../../support/corridor-rig.ts";
import { RecorderSink } from "../../support/recorder-sink.ts";

const ANSWER = JSON.stringify({
  id: "c1",
  choices: [{ index: 0, message: { role: "assistant", content: "hi" }, finish_reason: "stop" }],
});

/** A corridor whose providers both cool, so that one request a second may find out; the others answer when they are told to. */
class Cooling {
  readonly asked: ProbeSubject[] = [];
  readonly #answers: ((granted: boolean) => void)[] = [];
  readonly rig = new CorridorRig({
    mayProbe: (subject) => {
      this.asked.push(subject);
      const { promise, resolve } = Promise.withResolvers<boolean>();
      this.#answers.push(resolve);
      return promise;
    },
  });

  static async start(): Promise<Cooling> {
    const cooling = new Cooling();
    const { rig } = cooling;
    for (const name of ["a", "b"] as const) rig.provider(name).onSend = (exchange) => exchange.answer(429, "{}");
    await rig.chat({});
    for (const name of ["a", "b"] as const) rig.provider(name).onSend = null;
    rig.clock.advance(2_000);
    rig.news.length = 0;
    return cooling;
  }

  /** A request of a client of its own. */
  async chat(): Promise<RecorderSink> {
    const sink = new RecorderSink();
    this.rig.sink = sink;
    void this.rig.chat({});
    await this.rig.settle();
    return sink;
  }

  async answer(granted: boolean): Promise<void> {
    this.#answers.shift()?.(granted);
    await this.rig.settle();
  }

  /** Requests that have come to a provider since both cooled. */
  get sent(): number {
    return this.rig.provider("a").exchanges.length + this.rig.provider("b").exchanges.length - 2;
  }

  get left(): unknown[] {
    return this.rig.news.filter(({ of }) => of === "probe-over");
  }
}

describe("while other processes are asked who finds out", () => {
  it("nobody else of this one asks about the same provider: others hear at once that all cool", async () => {
    const cooling = await Cooling.start();
    const finding = [await cooling.chat(), await cooling.chat()];
    const others = [await cooling.chat(), await cooling.chat()];
    expect(cooling.asked.map(({ target }) => target)).toEqual(["a/m", "b/m"]);
    expect(others.map(({ status }) => status)).toEqual([429, 429]);
    for (const _ of finding) await cooling.answer(true);
    expect([cooling.asked.length, cooling.sent]).toEqual([2, 2]);
    for (const name of ["a", "b"] as const) cooling.rig.provider(name).last.answer(200, ANSWER);
    await cooling.rig.settle();
    expect(finding.map(({ status }) => status)).toEqual([200, 200]);
    expect(cooling.left).toHaveLength(2);
  });

  it("a client that leaves takes its probe along: nothing is sent, and the others hear that it is free", async () => {
    const cooling = await Cooling.start();
    const sink = await cooling.chat();
    sink.leave();
    await cooling.answer(true);
    expect(cooling.sent).toBe(0);
    expect(cooling.left).toEqual([{ of: "probe-over", subject: cooling.asked[0] }]);
    expect(cooling.rig.told("request-end").at(-1)).toMatchObject({ status: 499, attempts: [] });
    // The next one may find out at once.
    await cooling.chat();
    await cooling.answer(true);
    expect(cooling.sent).toBe(1);
  });

  it("what is heard meanwhile counts: a wait that the provider states is waited for", async () => {
    const cooling = await Cooling.start();
    const { rig } = cooling;
    const told: CorridorRig = new CorridorRig();
    for (const name of ["a", "b"] as const) {
      told.provider(name).onSend = (exchange) => exchange.answer(429, "{}", { "retry-after": "60" });
    }
    told.clock.advance(rig.clock.now());
    await told.chat({});
    const sink = await cooling.chat();
    for (const news of told.news) if (news.of !== "probe-over") rig.health.absorb(news);
    await cooling.answer(true);
    expect([sink.status, cooling.sent]).toEqual([429, 0]);
    expect(cooling.left).toHaveLength(1);
  });

  it("one that is told no sees who is at it, and asks about the next", async () => {
    const cooling = await Cooling.start();
    const sink = await cooling.chat();
    for (const target of ["a/m", "b/m"]) {
      const subject = cooling.asked.at(-1) as ProbeSubject;
      expect(subject.target).toBe(target);
      cooling.rig.health.probeElsewhere(subject, true, cooling.rig.clock.now());
      await cooling.answer(false);
    }
    expect([sink.status, cooling.sent, cooling.asked.length]).toEqual([429, 0, 2]);
    expect(cooling.left).toEqual([]);
  });
});
