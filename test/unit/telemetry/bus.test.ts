// The bus: everybody hears everything, and nobody can harm anybody.
import { describe, expect, it } from "vitest";
import type { ProxyEvent } from "../../../src/core/events.ts";
import { createBus } from "../../../src/telemetry/bus.ts";
import { hearing } from "../../../src/telemetry/hearing.ts";
import { configReloaded, requestRefused } from "../../support/events.ts";

const event = configReloaded("swapped");

function thrower(): never {
  throw new Error("an observer's bug");
}

describe("the bus", () => {
  it("tells every observer, at once and in the order of their subscription", () => {
    const bus = createBus();
    const heard: string[] = [];
    bus.subscribe(() => heard.push("first"));
    bus.subscribe(() => heard.push("second"));
    bus.observe(event);
    expect(heard).toEqual(["first", "second"]);
  });

  it("tells an observer of some types of nothing else, whoever calls it", () => {
    const heard: string[] = [];
    const refusals = hearing(["request-refused", "request-answered"], ({ type, status }) => {
      heard.push(`${type} ${status}`);
    });
    const bus = createBus();
    const leave = bus.subscribe(refusals);
    const refused = requestRefused("forbidden");
    for (const tell of [bus.observe, refusals]) for (const each of [event, refused]) tell(each);
    expect(heard).toEqual(["request-refused 403", "request-refused 403"]);
    leave();
    bus.observe(refused);
    expect(heard).toHaveLength(2);
  });

  it("hands on the very event", () => {
    const bus = createBus();
    const heard: ProxyEvent[] = [];
    bus.subscribe((each) => heard.push(each));
    bus.observe(event);
    expect(heard[0]).toBe(event);
  });

  it("counts an observer that throws, and the others do not notice", () => {
    const bus = createBus();
    const heard: string[] = [];
    bus.subscribe(() => heard.push("before"));
    bus.subscribe(thrower);
    bus.subscribe(() => heard.push("after"));
    bus.observe(event);
    bus.observe(event);
    expect(heard).toEqual(["before", "after", "before", "after"]);
    expect(bus.faults).toBe(2);
  });

  it("never throws at who tells, even when all observers do", () => {
    const bus = createBus();
    bus.subscribe(thrower);
    expect(() => bus.observe(event)).not.toThrow();
  });

  it("lets an observer go, once per subscription", () => {
    const bus = createBus();
    let count = 0;
    const observer = (): void => void (count += 1);
    const leave = bus.subscribe(observer);
    bus.subscribe(observer);
    leave();
    leave();
    bus.observe(event);
    expect(count).toBe(1);
  });

  it("lets observers come and go while an event is delivered", () => {
    const bus = createBus();
    const heard: string[] = [];
    const leave = bus.subscribe(() => {
      heard.push("one");
      leave();
      bus.subscribe(() => heard.push("late"));
    });
    bus.subscribe(() => heard.push("two"));
    bus.observe(event);
    expect(heard).toEqual(["one", "two"]);
    bus.observe(event);
    expect(heard).toEqual(["one", "two", "two", "late"]);
  });

  it("is silent without observers", () => {
    const bus = createBus();
    bus.observe(event);
    expect(bus.faults).toBe(0);
  });
});
