// What is remembered of the shape that a target takes: when it counts as shown, what it replaces, and when it is forgotten.
import { describe, expect, it } from "vitest";
import type { RemedyLearned } from "../../../src/core/events.ts";
import type { FailureDetails } from "../../../src/core/failure.ts";
import type { RemedyName } from "../../../src/core/remedy.ts";
import type { Target } from "../../../src/core/snapshot.ts";
import { Health } from "../../../src/routing/health.ts";
import { attemptOf, failedAttemptOf, requestEnded, requestOf } from "../../support/events.ts";
import { HealthRig } from "../../support/health-rig.ts";
import { aTarget } from "../../support/snapshot.ts";

const a = aTarget("a/m");
const b = aTarget("b/m");

const repeat = (...remedies: readonly RemedyName[]) => ({ because: "repair", remedies, repeat: true }) as const;

/** A whole repeat with remedies, and how it ended. */
function taught(end: "commits" | "completes" | "leaves" | FailureDetails): readonly RemedyName[] {
  const rig = new HealthRig();
  const attempt = rig.start(a, repeat("no-store"));
  if (end === "commits") rig.commit(attempt);
  else if (end === "completes") rig.complete(attempt);
  else if (end === "leaves") rig.leave(attempt);
  else rig.fail(attempt, "rejected-by-provider", end);
  return rig.health.learned(a);
}

describe("a repeat with remedies", () => {
  it.each<[sentence: string, end: Parameters<typeof taught>[0], learned: readonly RemedyName[]]>([
    ["that commits shows them to be right", "commits", ["no-store"]],
    ["that answers whole shows them to be right", "completes", ["no-store"]],
    ["that is refused for something else got further", { remedies: ["no-seed"] }, ["no-store"]],
    ["that is refused for the same shows nothing", { remedies: ["no-store"] }, []],
    ["that is refused for the same among others shows nothing", { remedies: ["no-store", "no-seed"] }, []],
    ["that fails otherwise shows nothing", {}, []],
    ["that is cancelled shows nothing", "leaves", []],
  ])("%s", (_sentence, end, learned) => {
    expect(taught(end)).toEqual(learned);
  });
});

describe("the memory", () => {
  it("grows by what is new, in the order in which it was learned, and tells each once", () => {
    const told: RemedyLearned[] = [];
    const health = new Health({ random: () => 0, onLearn: (learned) => told.push(learned) });
    const commits = (at: number, target: Target, remedies: readonly RemedyName[]) =>
      health.note({
        type: "attempt-commit",
        at,
        request: requestOf(),
        attempt: attemptOf(target, { ...repeat(...remedies), outcome: null, committedAt: at }),
      });
    commits(1, a, ["no-store"]);
    commits(2, a, ["no-store", "max-tokens"]);
    commits(3, a, ["max-tokens"]);
    expect(health.learned(a)).toEqual(["no-store", "max-tokens"]);
    const line = { type: "remedy-learned", provider: "a", target: "a/m", isListed: true };
    expect(told).toEqual([
      { ...line, at: 1, remedy: "no-store" },
      { ...line, at: 2, remedy: "max-tokens" },
    ]);
  });

  it("is of the target, and of the config under which it was learned", () => {
    const rig = new HealthRig();
    rig.succeeds(a, repeat("no-store"));
    const changed = { ...a, revision: "r2" };
    expect([rig.health.learned(b), rig.health.learned(changed), rig.health.learned({ ...a })]).toEqual([
      [],
      [],
      ["no-store"],
    ]);
    rig.succeeds(changed, repeat("no-seed"));
    expect([rig.health.learned(changed), rig.health.learned(a)]).toEqual([["no-seed"], []]);
  });

  it("survives what befalls the target otherwise", () => {
    const rig = new HealthRig();
    rig.succeeds(a, repeat("no-store"));
    rig.fails(a, "server-error");
    rig.fails(a, "rate-limited");
    expect(rig.health.learned(a)).toEqual(["no-store"]);
  });

  it("is listed for people as far as it holds under the current config", () => {
    const rig = new HealthRig();
    for (const target of [a, b, aTarget("c/unlisted")]) rig.succeeds(target, repeat("no-store"));
    const configured = new Map([a, { ...b, revision: "r2" }].map((target) => [target.id, target]));
    expect(rig.health.allLearned(configured)).toEqual([
      { provider: "a", target: "a/m", remedies: ["no-store"] },
      { provider: "c", target: "c/unlisted", remedies: ["no-store"] },
    ]);
  });

  it("is no failure of the target: a complaint cools and breaks nobody", () => {
    const rig = new HealthRig();
    for (let each = 0; each < 10; each += 1) rig.fails(a, "rejected-by-provider", { remedies: ["no-store"] });
    expect(rig.standing(a)).toBe("ready");
    expect(rig.changes).toEqual([]);
  });
});

describe("a request that another target served", () => {
  const complaint = (remedies: readonly RemedyName[]) => {
    const attempt = failedAttemptOf(a, "rejected-by-provider");
    return { ...attempt, failure: attempt.failure && { ...attempt.failure, remedies } };
  };

  it.each<[sentence: string, remedies: readonly RemedyName[], served: Target | null, learned: readonly RemedyName[]]>([
    ["teaches who lacks tools", ["no-tools"], b, ["no-tools"]],
    ["teaches nothing of what is no need", ["no-store"], b, []],
    ["teaches nothing when the same target served it", ["no-tools"], a, []],
    ["teaches nothing when nobody served it", ["no-tools"], null, []],
  ])("%s", (_sentence, remedies, served, learned) => {
    const { health } = new HealthRig();
    const last = served === null ? failedAttemptOf(b, "server-error") : attemptOf(served);
    health.note(requestEnded([complaint(remedies), last], { served: served === null ? null : last }));
    expect(health.learned(a)).toEqual(learned);
  });

  it("teaches nothing when that one's answer was empty and sent for want of a better one", () => {
    const { health } = new HealthRig();
    const empty = failedAttemptOf(b, "empty-answer");
    health.note(requestEnded([complaint(["no-tools"]), empty], { served: empty }));
    expect(health.learned(a)).toEqual([]);
  });
});
