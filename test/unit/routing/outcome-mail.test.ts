// Two processes that ask the same providers and tell each other what they find out: they come to know the same.
import { describe, expect, it } from "vitest";
import { type Finding, type MailEntry, OutcomeMail, shifted } from "../../../src/routing/outcome-mail.ts";
import { HealthRig } from "../../support/health-rig.ts";
import { aTarget } from "../../support/snapshot.ts";

const target = aTarget("a/m");
const isFinding = (news: HealthRig["news"][number]): news is Finding => news.of !== "probe-over";

function letterOf(rig: HealthRig, max?: number): readonly MailEntry[] {
  const mail = new OutcomeMail(max);
  for (const finding of rig.news.filter(isFinding)) mail.add({ finding, times: 1 });
  return mail.take();
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

  it("is forgotten from its old end when there is too much", () => {
    const rig = new HealthRig();
    for (let each = 0; each < 9; each += 1) rig.fail(rig.start(target), "server-error");
    expect(letterOf(rig, 4).length).toBeLessThanOrEqual(4);
  });

  it("is told in the time of whoever hears it", () => {
    const rig = new HealthRig();
    rig.now = 50;
    rig.succeeds(target);
    const [entry] = letterOf(rig);
    expect(shifted((entry as MailEntry).finding, 1_000)).toMatchObject({ record: { at: 1_050, startedAt: 1_050 } });
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
