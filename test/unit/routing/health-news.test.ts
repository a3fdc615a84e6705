// What several processes that ask the same providers know together: what one learns all know, and one of them finds out at a time.
import { describe, expect, it } from "vitest";
import type { ProxyEvent } from "../../../src/core/events.ts";
import { failure } from "../../../src/core/failure.ts";
import { Health, type HealthNews, type ProbeSubject } from "../../../src/routing/health.ts";
import { attemptOf, configReloaded, failedAttemptOf, requestAdjusted, requestEnded } from "../../support/events.ts";
import { HealthRig } from "../../support/health-rig.ts";
import { aCredential, aTarget } from "../../support/snapshot.ts";

const [key1, key2] = [aCredential("a#1"), aCredential("a#2")];
const a = aTarget("a/m", { credentials: [key1, key2] });
const sibling = aTarget("a/n", { credentials: [key1, key2] });
const b = aTarget("b/m");
const SUBJECT: ProbeSubject = { target: "a/m", fingerprint: key1.fingerprint };

type Finding = Exclude<HealthNews, { of: "probe-over" }>;
const isFinding = (news: HealthNews): news is Finding => news.of !== "probe-over";
const probesOver = (rig: HealthRig): ProbeSubject[] =>
  rig.news.flatMap((news) => (news.of === "probe-over" ? [news.subject] : []));

/** A request that `a` refused for a field and `b` served. */
function refusedByOne(): ProxyEvent {
  const refused = failedAttemptOf(a, "rejected-by-provider");
  const complaint = failure("rejected-by-provider", "No tools here.", { remedies: ["no-tools"] });
  return requestEnded([{ ...refused, failure: complaint }, attemptOf(b)]);
}

describe("a lesson", () => {
  it("is told to all, who know it from then on, tell nobody and keep no other news to themselves", () => {
    const rig = new HealthRig();
    rig.health.note(refusedByOne());
    const told: unknown[] = [];
    const news: HealthNews[] = [];
    const other = new Health({
      random: () => 0,
      onLearn: (learned) => told.push(learned),
      onNews: (each) => news.push(each),
    });
    for (const finding of rig.news.filter(isFinding)) other.absorb(finding);
    expect(rig.health.learned(a)).toEqual(["no-tools"]);
    expect(rig.news).toMatchObject([
      { of: "lesson", target: "a/m", provider: "a", lesson: { remedies: ["no-tools"] } },
    ]);
    expect(other.learned(a)).toEqual(["no-tools"]);
    expect([told, news]).toEqual([[], []]);
    other.note(refusedByOne());
    expect(news).toEqual(rig.news);
  });

  it("of a target is listed; of one without any, configured or not, nothing is", () => {
    const rig = new HealthRig();
    rig.succeeds(a);
    rig.succeeds(b);
    expect(rig.health.allLearned(new Map([["a/m", a]]))).toEqual([]);
  });
});

describe("what is no end of anything", () => {
  it("teaches nothing", () => {
    const rig = new HealthRig();
    rig.health.note(configReloaded("unchanged"));
    rig.health.note(requestAdjusted(a, ["seed"]));
    expect([rig.news, rig.changes]).toEqual([[], []]);
  });
});

describe("what came from elsewhere", () => {
  it("keeps nothing quiet that is found out here afterwards", () => {
    const rig = new HealthRig();
    rig.fails(b, "auth");
    const other = new HealthRig();
    for (const finding of rig.news.filter(isFinding)) other.health.absorb(finding);
    expect([other.changes, other.news]).toEqual([[], []]);
    other.fails(a, "auth");
    expect(other.changes.map(({ provider }) => provider)).toEqual(["a"]);
    expect(other.news.map(({ of }) => of)).toEqual(["outcome"]);
  });
});

describe("the end of a probe", () => {
  type Ends = (rig: HealthRig, attempt: ReturnType<HealthRig["start"]>) => void;
  it.each<[sentence: string, ends: Ends, over: ProbeSubject[]]>([
    ["is told when it commits", (rig, probe) => rig.commit(probe), [SUBJECT]],
    ["is told when it fails", (rig, probe) => rig.fail(probe, "server-error"), [SUBJECT]],
    ["is told when its client leaves", (rig, probe) => rig.leave(probe), [SUBJECT]],
    [
      "is told once, though its stream goes on",
      (rig, probe) => {
        rig.commit(probe);
        rig.complete(probe);
      },
      [SUBJECT],
    ],
  ])("%s", (_sentence, ends, over) => {
    const rig = new HealthRig();
    ends(rig, rig.start(a, { probe: true }));
    expect(probesOver(rig)).toEqual(over);
  });

  it("is not told of what was none", () => {
    const rig = new HealthRig();
    rig.succeeds(a);
    rig.fails(a, "server-error");
    expect(probesOver(rig)).toEqual([]);
  });

  it("is told of one that was granted and not made", () => {
    const rig = new HealthRig();
    rig.health.leaveProbe(SUBJECT);
    expect(rig.news).toEqual([{ of: "probe-over", subject: SUBJECT }]);
    expect(() => new Health({ random: () => 0 }).leaveProbe(SUBJECT)).not.toThrow();
  });
});

describe("while others are asked who may find out", () => {
  /** A key that cools at both models, and may be looked at. */
  function cooling(): HealthRig {
    const rig = new HealthRig();
    rig.fails(a, "auth");
    rig.now = 10_000;
    return rig;
  }
  const may = (rig: HealthRig): boolean[] => [a, sibling].map((target) => rig.standing(target).endsWith("?"));

  it("nobody else here does, at any model of the key; afterwards at once", () => {
    const rig = cooling();
    expect(may(rig)).toEqual([true, true]);
    const release = rig.health.holdProbe(SUBJECT);
    expect(may(rig)).toEqual([false, false]);
    release();
    expect(may(rig)).toEqual([true, true]);
  });

  it("nobody looks at a broken target either", () => {
    const rig = new HealthRig();
    for (let each = 0; each < 5; each += 1) rig.fails(a, "server-error");
    rig.now = 1_000;
    const release = rig.health.holdProbe(SUBJECT);
    expect(rig.standing(a, key2)).toBe("probing until 2000");
    release();
    expect(rig.standing(a, key2)).toBe("probe");
  });

  it("two processes that find out about two models of a key keep it until both have", () => {
    const rig = cooling();
    const other: ProbeSubject = { target: "a/n", fingerprint: key1.fingerprint };
    rig.health.probeElsewhere(SUBJECT, true, rig.now);
    rig.health.probeElsewhere(other, true, rig.now);
    rig.now += 5_000;
    rig.health.probeElsewhere(SUBJECT, false, rig.now);
    expect(may(rig)).toEqual([false, false]);
    rig.health.probeElsewhere(other, false, rig.now);
    expect(may(rig)).toEqual([true, true]);
  });
});

describe("the share of repeats", () => {
  it.each([
    [1, 3],
    [2, 2],
    [3, 1],
    [undefined, 3],
  ])("is one of %s processes: so many at once are free", (processes, free) => {
    const health = new Health({ random: () => 0, ...(processes !== undefined && { sharers: () => processes }) });
    let granted = 0;
    while (granted < 10 && health.mayRepeat("a", 0, 0)) {
      granted += 1;
      health.note({ type: "attempt-start", attempt: attemptOf(a, { repeat: true, startedAt: 0 }) } as ProxyEvent);
    }
    expect(granted).toBe(free);
  });
});

describe("what a breaker hears of a request", () => {
  it("is one outcome, though it commits and completes: half of twenty open it", () => {
    const rig = new HealthRig();
    for (let each = 0; each < 10; each += 1) {
      expect(rig.standing(a)).toBe("ready");
      rig.succeeds(a);
      rig.fails(a, "server-error");
    }
    expect(rig.standing(a)).toBe("breaker until 1000?");
  });

  it("is that a stream which ends well undoes those that broke", () => {
    const rig = new HealthRig();
    const breaks = (): void => {
      const attempt = rig.start(a);
      rig.commit(attempt);
      rig.fail(attempt, "stream-broken", { phase: "stream" });
    };
    for (let each = 0; each < 4; each += 1) breaks();
    rig.succeeds(a);
    for (let each = 0; each < 4; each += 1) breaks();
    expect(rig.standing(a)).toBe("ready");
    breaks();
    expect(rig.standing(a)).toBe("breaker until 1000?");
  });
});
