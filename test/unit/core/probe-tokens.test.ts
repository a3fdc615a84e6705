import { describe, expect, it } from "vitest";
import { ProbeTokens } from "../../../src/core/probe-tokens.ts";

const subject = { target: "a/m", fingerprint: "k" };

describe("the token of a target", () => {
  it("goes to one process, until that one has found out", () => {
    const tokens = new ProbeTokens<typeof subject>();
    expect([tokens.take(subject, 1), tokens.take(subject, 2)]).toEqual([true, false]);
    expect([tokens.free(subject, 2), tokens.take(subject, 2)]).toEqual([false, false]);
    expect([tokens.free(subject, 1), tokens.take(subject, 2)]).toEqual([true, true]);
  });

  it("is one of many: another target has its own", () => {
    const tokens = new ProbeTokens<typeof subject>();
    tokens.take(subject, 1);
    expect(tokens.take({ ...subject, target: "b/m" }, 2)).toBe(true);
  });

  it("is free again when the process that held it has gone", () => {
    const tokens = new ProbeTokens<typeof subject>();
    tokens.take(subject, 1);
    expect([tokens.takeBack(2), tokens.takeBack(1), tokens.all()]).toEqual([[], [subject], []]);
    expect(tokens.take(subject, 2)).toBe(true);
  });
});
