// The scrape as a whole: valid text whatever the names are, bounded, cached, and never in the way of a stream.
import { describe, expect, it } from "vitest";
import { GENAI_METRIC } from "../../../src/telemetry/genai-names.ts";
import { METRIC, STANDING_LABEL_SETS_MAX } from "../../../src/telemetry/names.ts";
import * as told from "../../support/events.ts";
import { aTarget } from "../../support/snapshot.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { labelsOf, type ReadFamily, readExposition, seriesOf } from "./exposition-text.ts";
import { metricsOf, noTurn, scraped } from "./metrics-kit.ts";

const gpt = aTarget("openai/gpt-4o");
/** Cooldowns and breakers each read what is not ready. */
const READS_OF_STANDING = 2;
const OPENMETRICS = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5";
const everything = { isConfigured: () => true };

/** Label sets of metrics that do not know the model: generation, overhead, requests by status, two that count what is under way. */
const LABEL_SETS_OF_ALL = 5;

/** Label sets of a histogram or of anything else. */
function setsOf(family: ReadFamily | undefined): number {
  return [...(family?.samples.keys() ?? [])].filter((key) => !/_bucket\{|_sum\{/.test(key)).length;
}

function endOf(id: string, channel: string | null = null) {
  return told.requestEnded([told.attemptOf(aTarget(id))], { request: told.requestOf({ channel }) });
}

describe("the exposition", () => {
  it("is Prometheus text 0.0.4", async () => {
    expect((await metricsOf().render(null)).contentType).toBe("text/plain; version=0.0.4; charset=utf-8");
  });

  it.each([
    ["Prometheus text", null, "", METRIC.runCompleted],
    ["OpenMetrics, which is cut off without its end", OPENMETRICS, "# EOF\n", "openclaw_run_completed"],
  ])(
    "as %s is empty when diagnostics are off, and whole again when they are on",
    async (_what, accept, empty, name) => {
      let enabled = false;
      const metrics = metricsOf({ enabled: () => enabled });
      metrics.observe(told.requestEnded([told.attemptOf(gpt)]));
      expect((await metrics.render(accept)).body).toBe(empty);
      enabled = true;
      expect((await metrics.render(accept)).body).toContain(name);
    },
  );

  it.each([
    ["quotes", `a"b`],
    ["backslashes", `a\\b\\`],
    ["line feeds", "a\nb\n# TYPE x counter"],
    ["braces and commas", `a",model="b"} 1`],
    ["bars, which the client joins labels with", "a|b|c"],
    ["letters of all kinds", "größe/模型"],
    ["the names of object members", "__proto__"],
  ])("keeps a configured name with %s as it is", async (_what, name) => {
    const families = await scraped([endOf(`p/${name}`)], metricsOf(everything));
    const [series] = [...(families.get(METRIC.runCompleted)?.samples.keys() ?? [])];
    expect(labelsOf(series ?? "").get("model")).toBe(name);
  });

  it("keeps names apart that are the same once they are joined", async () => {
    const families = await scraped([endOf("p|q/m"), endOf("p/q|m")], metricsOf(everything));
    expect(families.get(METRIC.runCompleted)?.samples.size).toBe(2);
  });

  it("draws a family of many label sets with one header, in the order of their coming (slices)", async () => {
    const ids = Array.from({ length: 150 }, (_, at) => `p/m${at}`);
    const families = await scraped(
      ids.map((id) => endOf(id)),
      metricsOf(everything),
    );
    const models = [...(families.get(METRIC.runCompleted)?.samples.keys() ?? [])].map((key) =>
      labelsOf(key).get("model"),
    );
    expect(models).toEqual(ids.map((id) => id.slice(2)));
    expect(families.get(METRIC.runDuration)?.samples.size).toBe(150 * 17);
  });

  it("lets the event loop turn between slices, and counts what comes meanwhile (M03)", async () => {
    let turns = 0;
    const metrics = metricsOf({
      ...everything,
      yieldTurn: () => {
        turns += 1;
        metrics.observe(endOf("p/meanwhile"));
        return noTurn();
      },
    });
    for (let at = 0; at < 200; at += 1) metrics.observe(endOf(`p/m${at}`));
    readExposition((await metrics.render(null)).body);
    expect(turns).toBeGreaterThan(8);
  });
});

describe("label values (M01)", () => {
  it("hold no text of a client: 150 model names, channels and refusals later there are few series", async () => {
    const metrics = metricsOf();
    for (let at = 0; at < 150; at += 1) {
      const hostile = `zzz-${at}"}\n# TYPE`;
      metrics.observe(told.requestStarted(told.requestOf({ channel: hostile })));
      metrics.observe(
        told.attemptEnded(told.attemptOf(aTarget(`openai/zzz-${at}`)), told.requestOf({ channel: hostile })),
      );
      metrics.observe(endOf(`openai/zzz-${at}`, hostile));
      metrics.observe(told.requestRefused("model-unknown", {}, { endpoint: hostile, method: hostile }));
      metrics.observe(told.requestRefused("overloaded-here", { detail: hostile }));
      metrics.observe(told.requestAdjusted(gpt, [hostile]));
    }
    const { body } = await metrics.render(null);
    expect(seriesOf(readExposition(body)).length).toBeLessThan(60);
    expect(body).not.toContain("zzz");
  });

  it.each([
    ["none was named", null, "none"],
    ["an empty one was named", "", "none"],
    ["it is one of OpenClaw's", "telegram", "telegram"],
    ["it is one of OpenClaw's, in other letters", "Telegram", "telegram"],
    ["the file lists it", "Team-A", "team-a"],
    ["nobody knows it", "web.chat_2-b", "other"],
    ["it is a key that somebody put there", "sk-proj-abcdefghij0123456789", "other"],
    ["it has a quote", `web"chat`, "other"],
  ])("name a channel: %s", async (_what, channel, label) => {
    const families = await scraped([endOf("openai/gpt-4o", channel)]);
    const [series] = [...(families.get(METRIC.runCompleted)?.samples.keys() ?? [])];
    expect(labelsOf(series ?? "").get("channel")).toBe(label);
  });

  // Broke: a client that named all channels for all agents took the room of what tells that a provider fails.
  it("leave room for failures, whatever clients name", async () => {
    const metrics = metricsOf({ ...everything, isChannel: () => true });
    for (let at = 0; at < 3_000; at += 1) metrics.observe(endOf("openai/gpt-4o", `channel-${at}`));
    const broken = told.attemptOf(aTarget("anthropic/claude"), { outcome: "failed" });
    const families = await scraped([told.attemptEnded(broken)], metrics);
    expect(setsOf(families.get(METRIC.runCompleted))).toBe(1024);
    expect([...(families.get(METRIC.modelCall)?.samples.keys() ?? [])].join()).toContain('outcome="failed"');
  });

  it("end at 2048 label sets: the rest is dropped and counted, what is known goes on", async () => {
    const metrics = metricsOf(everything);
    for (let at = 0; at < 2100; at += 1) metrics.observe(endOf(`p/m${at}`));
    for (let at = 0; at < 3; at += 1) metrics.observe(endOf("p/m0"));
    const families = readExposition((await metrics.render(null)).body);
    const runs = families.get(METRIC.runCompleted)?.samples ?? new Map<string, number>();
    // Four metrics without these labels have one set each and another two a set per status; three have one per model.
    const perModel = [METRIC.runCompleted, GENAI_METRIC.serverDuration, GENAI_METRIC.serverFirstToken];
    const sets = perModel.map((name) => setsOf(families.get(name)));
    expect(sets.reduce((sum, count) => sum + count)).toBe(2048 - STANDING_LABEL_SETS_MAX - LABEL_SETS_OF_ALL);
    expect([...runs.values()][0]).toBe(4);
    const dropped = sets.reduce((sum, count) => sum + (2100 - count), 0);
    expect(families.get(METRIC.seriesDropped)?.samples.get(METRIC.seriesDropped)).toBe(dropped);
  });
});

describe("the drawing", () => {
  it("is served again for a second", async () => {
    const clock = new FakeClock();
    const metrics = metricsOf({ clock });
    const first = await metrics.render(null);
    metrics.observe(told.requestEnded([told.attemptOf(gpt)]));
    clock.advance(999);
    expect((await metrics.render(null)).body).toBe(first.body);
    clock.advance(1);
    expect((await metrics.render(null)).body).not.toBe(first.body);
  });

  it("is made once for all who ask at the same time", async () => {
    let reads = 0;
    const metrics = metricsOf({
      notReady: () => {
        reads += 1;
        return [];
      },
    });
    await Promise.all([metrics.render(null), metrics.render(null), metrics.render(null)]);
    expect(reads).toBe(READS_OF_STANDING);
  });

  it("is made anew after one that failed", async () => {
    let failing = true;
    const metrics = metricsOf({
      cpu: () => {
        if (failing) throw new Error("no reading");
        return { user: 1_000_000, system: 0 };
      },
    });
    await expect(metrics.render(null)).rejects.toThrow("no reading");
    failing = false;
    expect((await metrics.render(null)).body).toContain("process_cpu_seconds_total 1");
  });
});
