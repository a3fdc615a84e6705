// Failing over, as a whole: thousands of sequences of requests, failures, cancels, reloads and time against the real policy and health,
// each step held against a model. More with EDGE_FUZZ_RUNS=200000, another start with EDGE_FUZZ_SEED=…; a failure prints both.
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { aConfig, type Config, failoverCommands, planOf } from "./failover-commands.ts";
import { FailoverWorld } from "./failover-world.ts";

const SEED = Number(process.env["EDGE_FUZZ_SEED"] ?? 20_260_117);
const RUNS = Number(process.env["EDGE_FUZZ_RUNS"] ?? 6_000);
const LONGEST_MS = 25 * 3_600_000;

/** Everything comes to an end, and whoever is asked answers: nothing may be left behind. */
function comesToRest(world: FailoverWorld, config: Config): void {
  for (const sim of world.open) world.cancel(sim, "client-closed");
  expect(world.sims.map(({ ends }) => ends).filter((ends) => ends !== 1)).toEqual([]);
  const providers = new Set([...config.targets.values()].map(({ provider }) => provider));
  expect(
    [...providers].map((provider) => world.health.inflight(provider)).filter((inflight) => inflight !== 0),
  ).toEqual([]);
}

/** Without a restart: time passes, each target is asked once and answers, and nothing is left of what it was. */
function recovers(world: FailoverWorld, config: Config): void {
  world.advance(LONGEST_MS);
  for (const id of config.targets.keys()) {
    world.ask(planOf(config, { chain: [id], limits: {}, count: 1 }));
    const [running] = world.running;
    if (running === undefined) expect.fail(`${id} is not asked`);
    world.complete(running);
  }
  world.advance(5_000);
  expect(world.health.notReady(world.now)).toEqual([]);
  expect(world.sims.every(({ ends }) => ends === 1)).toBe(true);
}

/** What a sequence must be able to reach, or it proves little. */
const REACHED = [
  "first",
  "failover",
  "rotate",
  "replay",
  "larger-context",
  "repair",
  "hedge",
  "probe",
  "repeat",
  "bounded",
];

function reached({ sims }: FailoverWorld): string[] {
  return sims.flatMap(({ tried }) =>
    tried.flatMap(({ step }) => [
      step.because,
      step.probe ? "probe" : "",
      step.repeat ? "repeat" : "",
      step.commitMsMax === null ? "" : "bounded",
    ]),
  );
}

describe("failing over", () => {
  it(`keeps its laws and does what the model does (seed ${SEED}, ${RUNS} sequences)`, () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.commands(failoverCommands, { size: "max", maxCommands: 80 }), (commands) => {
        const config = aConfig(0);
        const world = new FailoverWorld();
        fc.modelRun(() => ({ model: config, real: world }), commands);
        comesToRest(world, config);
        recovers(world, config);
        for (const each of reached(world)) seen.add(each);
      }),
      // All of them, however long it takes: mutation testing bounds laws by their time, and what was never come to is a failure below.
      { seed: SEED, numRuns: RUNS, interruptAfterTimeLimit: Number.POSITIVE_INFINITY },
    );
    expect(REACHED.filter((each) => !seen.has(each))).toEqual([]);
  }, 600_000);
});
