// Two processes that ask the same providers and tell each other what they find out: they come to know the same.
import { describe, expect, it } from "vitest";
import { type Finding, type MailEntry, OutcomeMail, shifted } from "../../../src/routing/outcome-mail.ts";
import { HealthRig } from "../../support/health-rig.ts";
import { aCredential, aTarget } from "../../support/snapshot.ts";

const target = aTarget("a/m");
const isFinding = (news: HealthRig["news"][number]): news is Finding => news.of !== "probe-over";

function letterOf(rig: HealthRig, max?: number): readonly MailEntry[] {
  const mail = new OutcomeMail(max);
  for (const finding of rig.news.filter(isFinding)) mail.add({ finding, times: 1 });
  return mail.take();
}

const LESSON: Finding = {
  of: "lesson",
  target: "a/m",
  provider: "a",
  lesson: { revision: "r1", isListed: true, remedies: ["no-store"] },
  at: 7,
};

/** When what was found began. */
function instantsOf(letter: readonly MailEntry[]): number[] {
  return letter.map(({ finding }) => (finding.of === "lesson" ? finding.at : finding.record.startedAt));
}

/** One who was told everything. */
function toldOf(rig: HealthRig): HealthRig {
  const other = new HealthRig();
  for (const { finding, times } of letterOf(rig)) {
    for (let each = 0; each < times; each += 1) other.health.absorb(finding);
  }
  return other;
}

describe("what one process finds out", () => {
  it.each<[sentence: string, happens: (rig: HealthRig) => void]>([
    ["a key that cools", (rig) => rig.fail(rig.start(target), "rate-limited", { retryAfterMs: 60_000 })],
    [
      "a breaker that opens",
      (rig) => {
        rig.random = 0.7;
        for (let each = 0; each < 5; each += 1) rig.fail(rig.start(target), "server-error");
      },
    ],
    [
      "failures between successes, which open nothing",
      (rig) => {
        for (let each = 0; each < 8; each += 1) {
          rig.fail(rig.start(target), "server-error");
          rig.succeeds(target);
          rig.succeeds(target);
        }
      },
    ],
    [
      "a key that answers again",
      (rig) => {
        rig.fail(rig.start(target), "rate-limited", { retryAfterMs: 60_000 });
        rig.now += 61_000;
        rig.succeeds(target);
      },
    ],
  ])("the other knows: %s", (_sentence, happens) => {
    const rig = new HealthRig();
    rig.now = 1_000;
    happens(rig);
    const other = toldOf(rig);
    expect(other.health.notReady(rig.now)).toEqual(rig.health.notReady(rig.now));
    expect(other.changes, "and tells nobody again").toEqual([]);
    expect(other.news, "nor sends it back").toEqual([]);
  });

  it("is a short letter while all is well", () => {
    const rig = new HealthRig();
    for (let each = 0; each < 100; each += 1) rig.succeeds(target);
    expect(letterOf(rig).map(({ times }) => times)).toEqual([100, 100]);
  });

  it("keeps its order around a failure", () => {
    const rig = new HealthRig();
    rig.succeeds(target);
    rig.fail(rig.start(target), "server-error");
    rig.succeeds(target);
    const was = letterOf(rig).map(({ finding }) => (finding.of === "outcome" ? finding.record.was : finding.of));
    expect(was).toEqual(["committed", "completed", "failed", "committed", "completed"]);
  });

  it.each<[count: number, kept: number[]]>([
    [3, [0, 1, 2]],
    [4, [0, 1, 2, 3]],
    [5, [3, 4]],
    [7, [3, 4, 5, 6]],
    [9, [6, 7, 8]],
  ])("is forgotten from its old end when there is too much: of %i findings, where four have room", (count, kept) => {
    const rig = new HealthRig();
    for (rig.now = 0; rig.now < count; rig.now += 1) rig.fail(rig.start(target), "server-error");
    expect(instantsOf(letterOf(rig, 4))).toEqual(kept);
  });

  it("is told in the time of whoever hears it", () => {
    const rig = new HealthRig();
    rig.now = 50;
    rig.succeeds(target);
    const [entry] = letterOf(rig);
    expect(shifted((entry as MailEntry).finding, 1_000)).toMatchObject({ record: { at: 1_050, startedAt: 1_050 } });
    expect(shifted({ ...LESSON, at: 50 }, 1_000)).toEqual({ ...LESSON, at: 1_050 });
  });

  it("of a probe keeps others from finding out meanwhile", () => {
    const rig = new HealthRig();
    const [credential] = target.credentials;
    if (credential === undefined) expect.fail("the target has a credential");
    rig.fail(rig.start(target), "rate-limited");
    rig.now = 10_000;
    const mayProbe = () => {
      const standing = rig.health.standing(target, credential, rig.now);
      return standing.is === "out" && standing.mayProbe;
    };
    const subject = { target: target.id, fingerprint: credential.fingerprint };
    expect(mayProbe()).toBe(true);
    rig.health.probeElsewhere(subject, true, rig.now);
    rig.now += 5_000;
    expect(mayProbe()).toBe(false);
    rig.health.probeElsewhere(subject, false, rig.now);
    expect(mayProbe()).toBe(true);
  });
});

describe("what went well again", () => {
  const [key1, key2] = [aCredential("a#1"), aCredential("a#2")];
  const [a, sibling] = [aTarget("a/m", { credentials: [key1, key2] }), aTarget("a/n", { credentials: [key1, key2] })];
  /** A letter as `was target key ×times`. */
  const told = (letter: readonly MailEntry[]): string[] =>
    letter.map(({ finding, times }) => {
      if (finding.of === "lesson") return `lesson ×${times}`;
      const { was, target: id, fingerprint } = finding.record;
      return `${was} ${id} ${fingerprint === key1.fingerprint ? 1 : 2} ×${times}`;
    });

  it.each<[sentence: string, happens: (rig: HealthRig) => void, letter: string[]]>([
    [
      "is one entry for each target and key",
      (rig) => {
        for (const credential of [key1, key2, key1]) rig.complete(rig.start(a, { credential }));
        for (const credential of [key2, key2]) rig.complete(rig.start(sibling, { credential }));
      },
      ["completed a/m 1 ×2", "completed a/m 2 ×1", "completed a/n 2 ×2"],
    ],
    [
      "is told by itself when a probe found it out",
      (rig) => {
        rig.complete(rig.start(a));
        rig.complete(rig.start(a, { probe: true }));
        rig.complete(rig.start(a));
      },
      ["completed a/m 1 ×1", "completed a/m 1 ×1", "completed a/m 1 ×1"],
    ],
    [
      "is told by itself when it taught something",
      (rig) => {
        for (let each = 0; each < 2; each += 1) {
          const attempt = rig.start(a);
          rig.complete(Object.assign(attempt, { remedies: ["no-store"] }));
        }
      },
      ["completed a/m 1 ×1", "completed a/m 1 ×1"],
    ],
    [
      "goes on behind a lesson",
      (rig) => {
        rig.complete(rig.start(a));
        rig.news.push(LESSON, LESSON);
        rig.complete(rig.start(a));
      },
      ["completed a/m 1 ×1", "lesson ×1", "lesson ×1", "completed a/m 1 ×1"],
    ],
  ])("%s", (_sentence, happens, letter) => {
    const rig = new HealthRig();
    happens(rig);
    expect(told(letterOf(rig))).toEqual(letter);
  });

  it("is added to what was found before, and told as it was at last", () => {
    const rig = new HealthRig();
    rig.complete(rig.start(a));
    rig.now = 5;
    rig.complete(rig.start(a));
    const [early, late] = rig.news.filter(isFinding);
    if (early === undefined || late === undefined) expect.fail("both are told");
    const mail = new OutcomeMail();
    mail.add({ finding: early, times: 3 });
    const first = { finding: early, times: 3 };
    expect(mail.entries).toEqual([first]);
    mail.add({ finding: late, times: 2 });
    expect(mail.take()).toEqual([{ finding: late, times: 5 }]);
    expect(first.times, "whoever brought it keeps his own").toBe(3);
  });

  it("begins anew with the next letter, in whatever order it comes", () => {
    const rig = new HealthRig();
    rig.complete(rig.start(a));
    rig.complete(rig.start(sibling));
    const [one, other] = rig.news.filter(isFinding);
    if (one === undefined || other === undefined) expect.fail("both are told");
    const mail = new OutcomeMail();
    for (const finding of [one, other]) mail.add({ finding, times: 1 });
    const before = mail.take();
    expect(mail.entries).toEqual([]);
    for (const finding of [other, one]) mail.add({ finding, times: 1 });
    expect(told(mail.take())).toEqual(["completed a/n 1 ×1", "completed a/m 1 ×1"]);
    expect(told(before)).toEqual(["completed a/m 1 ×1", "completed a/n 1 ×1"]);
  });

  it("begins anew behind what was forgotten", () => {
    const mail = new OutcomeMail(2);
    const rig = new HealthRig();
    rig.complete(rig.start(a));
    const good = rig.news.find(isFinding);
    if (good === undefined) expect.fail("it is told");
    mail.add({ finding: good, times: 1 });
    mail.add({ finding: { ...good, random: 0.5 } as Finding, times: 1 });
    for (const target of ["b/m", "c/m"]) rig.complete(rig.start(aTarget(target)));
    for (const finding of rig.news.filter(isFinding).slice(1)) mail.add({ finding, times: 1 });
    mail.add({ finding: good, times: 1 });
    expect(mail.take().at(-1)).toEqual({ finding: good, times: 1 });
  });
});
