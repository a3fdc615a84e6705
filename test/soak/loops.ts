// L2 to L4: whole answers, as fast as they go; at half that rate; at three times that rate, which nobody can answer, and after it.
import { BODIES } from "../../bench/load/bodies.ts";
import { runWholes, type WholeReport } from "../../bench/load/wholes.ts";
import type { Target } from "../../bench/load/streams.ts";
import { WHOLE_MODEL } from "../../bench/upstream/ask.ts";
import { openStage, quantileMs, type Stage } from "./stage.ts";
import type { Soak, SoakFigure } from "./soak.ts";

const CONNECTIONS = 64;
const WARM_MS = 3_000;
const OVERLOAD = 3;
const AFTERWARDS_MS = 5_000;
/** Connections of an overload: who finds none waits, and its waiting counts. */
const CROWD = 1_000;
/** A turn of the loop hears the whole crowd, and an answer takes some turns: with a tenth of the crowd under way, the provider idles meanwhile. */
const INFLIGHT = 400;

const inSeconds = (report: WholeReport): number => (report.requests - report.bad.length) / report.seconds;
const badOf = ({ bad }: WholeReport): SoakFigure => ({
  what: `wrong answers${bad[0] === undefined ? "" : ` (${bad[0].slice(0, 80)})`}`,
  value: bad.length,
  unit: "",
  atMost: 0,
});

async function closed(target: Target, durationMs: number): Promise<WholeReport> {
  return runWholes(target, { connections: CONNECTIONS, durationMs, rate: null, requests: null, shape: BODIES.small });
}

async function open(target: Target, rate: number, durationMs: number, connections = CONNECTIONS): Promise<WholeReport> {
  return runWholes(target, { connections, durationMs, rate, requests: null, shape: BODIES.small });
}

/** Requests a second that it answers when warm. */
async function capacity({ subject }: Stage, durationMs: number): Promise<number> {
  await closed(subject, WARM_MS);
  return inSeconds(await closed(subject, durationMs));
}

/** The rows. */
export const closedLoop: Soak = {
  what: `L2: whole answers, ${CONNECTIONS} connections, as fast as they go`,
  minutes: 1,
  run: async ({ entry, seconds }) => {
    await using stage = await openStage(entry, [WHOLE_MODEL]);
    await closed(stage.subject, WARM_MS);
    const through = await closed(stage.subject, seconds * 800);
    const rate = inSeconds(through) / 2;
    const half = await open(stage.subject, rate, seconds * 100);
    const direct = await open({ url: stage.upstream.url, headers: stage.subject.headers }, rate, seconds * 100);
    const added = (share: number): number => quantileMs(half.latencyUs, share) - quantileMs(direct.latencyUs, share);
    return [
      { what: "requests a second", value: inSeconds(through), unit: "", atLeast: 3_000 },
      { what: "added at half that rate, p50", value: added(0.5), unit: "ms", atMost: 1 },
      { what: "added at half that rate, p99", value: added(0.99), unit: "ms", atMost: 5 },
      badOf(through),
    ];
  },
};

export const openLoop: Soak = {
  what: "L3: whole answers at half of what goes, timed from when each was due",
  minutes: 2,
  run: async ({ entry, seconds }) => {
    await using stage = await openStage(entry, [WHOLE_MODEL]);
    const rate = (await capacity(stage, WARM_MS)) / 2;
    const first = await open(stage.subject, rate, seconds * 450);
    const second = await open(stage.subject, rate, seconds * 450);
    return [
      { what: "requests a second", value: rate, unit: "" },
      { what: "latency p99", value: quantileMs(second.latencyUs, 0.99), unit: "ms", atMost: 5 },
      { what: "latency p99.9", value: quantileMs(second.latencyUs, 0.999), unit: "ms", atMost: 20 },
      {
        what: "drift of p50, second half to first",
        value: quantileMs(second.latencyUs, 0.5) / quantileMs(first.latencyUs, 0.5),
        unit: "x",
        atMost: 1.5,
      },
      badOf(second),
    ];
  },
};

const SHED = /^status 503|gateway_overloaded/;

export const overload: Soak = {
  what: "L4: three times what goes; what is not answered is refused, and afterwards all is well",
  minutes: 1,
  run: async ({ entry, seconds, say }) => {
    await using stage = await openStage(entry, [WHOLE_MODEL], { limits: { inflight: INFLIGHT } });
    const most = await capacity(stage, WARM_MS * 2);
    say(`${most.toFixed(0)} requests a second go; ${(most * OVERLOAD).toFixed(0)} come`);
    const over = await open(stage.subject, most * OVERLOAD, seconds * 700, CROWD);
    const strange = over.bad.filter((why) => !SHED.test(why));
    await open(stage.subject, most / 4, AFTERWARDS_MS);
    const after = await open(stage.subject, most / 2, seconds * 100);
    return [
      { what: "answered, of what goes", value: inSeconds(over) / most, unit: "x", atLeast: 0.8 },
      { what: "refused", value: over.bad.length - strange.length, unit: "", atLeast: 1 },
      {
        what: `neither answered nor refused${strange[0] === undefined ? "" : ` (${strange[0].slice(0, 80)})`}`,
        value: strange.length,
        unit: "",
        atMost: 0,
      },
      {
        what: "5 s later, at half of what goes: latency p99",
        value: quantileMs(after.latencyUs, 0.99),
        unit: "ms",
        atMost: 5,
      },
      badOf(after),
    ];
  },
};
