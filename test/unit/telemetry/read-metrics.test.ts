// How targets and credentials stand, as gauges: read at the scrape, back to 0 when all is well, and no name of a client in them.
import { describe, expect, it } from "vitest";
import type { NotReady } from "../../../src/core/standing.ts";
import { METRIC } from "../../../src/telemetry/names.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { readExposition } from "./exposition-text.ts";
import { metricsOf } from "./metrics-kit.ts";

function cooling(more: Partial<NotReady> = {}): NotReady {
  const whose = { of: "credential", provider: "openai", target: "openai/gpt-4o", credential: "openai#1" } as const;
  return { ...whose, state: "cooling", reason: "rate_limit", until: 60_000, failures: 1, ...more };
}

function broken(state: NotReady["state"], more: Partial<NotReady> = {}): NotReady {
  return cooling({ of: "target", credential: null, state, reason: "breaker", ...more });
}

/** The samples of both families, in the order of the exposition, at a scrape for each reading. */
async function scrapes(...readings: (readonly NotReady[])[]): Promise<Record<string, number>[]> {
  const clock = new FakeClock();
  let now: readonly NotReady[] = [];
  const metrics = metricsOf({ clock, notReady: () => now });
  const seen: Record<string, number>[] = [];
  for (const reading of readings) {
    now = reading;
    clock.advance(1_000);
    const families = readExposition((await metrics.render(null)).body);
    const samples = [METRIC.cooldownState, METRIC.breakerState].flatMap((name) =>
      Array.from(families.get(name)?.samples ?? []),
    );
    seen.push(Object.fromEntries(samples));
  }
  return seen;
}

const COOLDOWN = `${METRIC.cooldownState}{provider="openai",model="gpt-4o"}`;
const BREAKER = `${METRIC.breakerState}{provider="openai",model="gpt-4o"}`;

const STANDINGS: readonly (readonly [string, readonly NotReady[], Readonly<Record<string, number>>])[] = [
  ["nothing happened: no series", [], {}],
  ["a credential cools on one model", [cooling()], { [COOLDOWN]: 1 }],
  [
    "a credential cools on all models",
    [cooling({ target: null, reason: "billing" })],
    { [`${METRIC.cooldownState}{provider="openai",model="*"}`]: 1 },
  ],
  ["several credentials cool on one model", [cooling(), cooling({ credential: "openai#2" })], { [COOLDOWN]: 1 }],
  [
    "a model that the provider does not have rests for all credentials",
    [cooling({ credential: null, reason: "model_not_found" })],
    { [COOLDOWN]: 1 },
  ],
  ["a breaker is open", [broken("open")], { [BREAKER]: 2 }],
  ["a breaker is half-open", [broken("half-open")], { [BREAKER]: 1 }],
  ["load returns to a target", [broken("ramping")], { [BREAKER]: 1 }],
  ["a target is broken and its credential cools", [broken("open"), cooling()], { [COOLDOWN]: 1, [BREAKER]: 2 }],
  [
    "models that the file does not list are one series, the worst of them",
    [broken("open", { target: "openai/client-1" }), broken("half-open", { target: "openai/client-2" })],
    { [`${METRIC.breakerState}{provider="openai",model="other"}`]: 2 },
  ],
];

describe("gauges of standing", () => {
  it.each(STANDINGS)("%s", async (_sentence, reading, expected) => {
    expect(await scrapes(reading)).toEqual([expected]);
  });

  it("go back to 0 and stay, so that a graph shows the recovery", async () => {
    expect(await scrapes([broken("open"), cooling()], [broken("ramping")], [], [])).toEqual([
      { [COOLDOWN]: 1, [BREAKER]: 2 },
      { [COOLDOWN]: 0, [BREAKER]: 1 },
      { [COOLDOWN]: 0, [BREAKER]: 0 },
      { [COOLDOWN]: 0, [BREAKER]: 0 },
    ]);
  });

  it("keep the whole name of a configured model", async () => {
    const metrics = metricsOf({
      isConfigured: () => true,
      notReady: () => [broken("open", { provider: "openrouter", target: "openrouter/anthropic/claude" })],
    });
    expect((await metrics.render(null)).body).toContain(
      `${METRIC.breakerState}{provider="openrouter",model="anthropic/claude"} 2`,
    );
  });

  it("have words of help that say what the numbers mean", async () => {
    const { body } = await metricsOf({ notReady: () => [broken("open"), cooling()] }).render(null);
    for (const name of [METRIC.cooldownState, METRIC.breakerState]) {
      expect(readExposition(body).get(name)).toMatchObject({ type: "gauge", help: expect.stringMatching(/0 .*\.$/) });
    }
  });
});
