// 3.7, second half: what one provider's trouble may cost everybody else, and how traffic comes back.
import * as does from "../../support/behaviours.ts";
import { until } from "../../support/script.ts";
import { readSse } from "../../support/sse.ts";
import { polled, still } from "../../support/wait.ts";
import { gatewayOf } from "../adapters/openclaw-edge.ts";
import {
  allServedBy,
  calling,
  inTurn,
  many,
  percentile,
  probesAllowed,
  servedBy,
  statuses,
  unless,
  waiting,
} from "../client.ts";
import { tidied } from "../evidence.ts";
import { PATIENCE, WELL } from "../names.ts";
import type { FlowRow, Outcome } from "../row.ts";

const LONG = { timeoutSeconds: 60 };
const TRUTHS: ReadonlySet<number> = new Set([502, 503, 504]);

function onlyTruth(outcomes: readonly Outcome[]): readonly string[] {
  const isTrue = outcomes.every(({ status }) => TRUTHS.has(status));
  return unless(isTrue, `statuses ${JSON.stringify(statuses(outcomes))}`);
}

/** A 503 says when to come again. */
function trueWaits(outcomes: readonly Outcome[]): readonly string[] {
  const waits = outcomes.filter(({ status }) => status === 503).map(({ headers }) => headers.get("retry-after"));
  const areTrue = waits.every((wait) => Number(wait) >= 1 && Number(wait) <= 3_600);
  return unless(areTrue, `503 with retry-after ${waits.join(", ")}`);
}

/** The rows. */
export const ISOLATION: readonly FlowRow[] = [
  {
    id: "B10",
    says: "150 requests are stuck on one provider",
    wants: "another one's p95 stays below 400 ms",
    actors: ["b10"],
    entry: LONG,
    quiet: true,
    play: async (bench) => {
      const quiet = (await many(bench, 50, WELL)).map(({ ms }) => ms);
      bench.on("b10", does.silent());
      const { clients, gone } = await waiting(bench, 150, "b10");
      const stuck = (await many(bench, 50, WELL)).map(({ ms }) => ms);
      for (const client of clients) client.close();
      const held = await tidied(bench, gone);
      const [p95, free] = [percentile(stuck, 0.95), percentile(quiet, 0.95)];
      const said = `p95 of others ${p95.toFixed(0)} ms, ${free.toFixed(0)} ms without`;
      return { seen: said, problems: [...unless(p95 < Math.max(400, PATIENCE * free), said), ...held] };
    },
  },
  {
    id: "B10b",
    says: "as many requests as may be are stuck on one provider",
    wants: "the next candidate answers the others at once",
    actors: ["b10b"],
    agents: { b10b: ["b10b", WELL] },
    entry: LONG,
    extras: { inflight: 5 },
    play: async (bench) => {
      bench.on("b10b", does.silent());
      const { clients, gone } = await waiting(bench, 5, "b10b");
      const others = await inTurn(bench, 4, "b10b");
      for (const client of clients) client.close();
      const held = await tidied(bench, gone);
      return [
        ...held,
        ...unless(allServedBy(others, WELL), `statuses ${JSON.stringify(statuses(others))}`),
        ...unless(bench.failing.requestsFor("b10b").length === 5, "more than its share reached it"),
      ];
    },
  },
  {
    id: "B11",
    onlyHere: "it is about breakers and budgets, which are the product's own",
    says: "60 requests at once meet one dead provider",
    wants: "the truth for all; at most 75 attempts",
    actors: ["b11"],
    play: async (bench) => {
      bench.on("b11", does.drop("reset"));
      // Over a reused connection each might be repeated once: that is U70, not this.
      await bench.failing.forget();
      const outcomes = await many(bench, 60, "b11");
      const attempts = bench.failing.requestsFor("b11").length;
      const seen = `${attempts} attempts for 60 requests`;
      return { seen, problems: [...onlyTruth(outcomes), ...trueWaits(outcomes), ...unless(attempts <= 75, seen)] };
    },
  },
  {
    id: "B12",
    onlyHere: "it is about breakers and budgets, which are the product's own",
    says: "the whole chain is dead",
    wants: "the truth; p90 below 1.5 s; attempts bounded by the breakers",
    actors: ["b12", "b12-second"],
    agents: { b12: ["b12", "b12-second"] },
    play: async (bench) => {
      bench.on("b12", does.status(500));
      bench.on("b12-second", does.status(502));
      const startedAt = performance.now();
      const outcomes = await inTurn(bench, 60, "b12");
      const attempts = bench.failing.requestsFor("b12").length + bench.failing.requestsFor("b12-second").length;
      const p90 = percentile(
        outcomes.map(({ ms }) => ms),
        0.9,
      );
      const seen = `${attempts} attempts for 60 requests, p90 ${p90.toFixed(0)} ms`;
      const isBounded = attempts <= probesAllowed(2, startedAt) && p90 < 1_500;
      return { seen, problems: [...onlyTruth(outcomes), ...trueWaits(outcomes), ...unless(isBounded, seen)] };
    },
  },
  {
    id: "B14",
    says: "30 clients leave before the first event",
    wants: "the provider is not blamed",
    actors: ["b14"],
    agents: { b14: ["b14", WELL] },
    entry: LONG,
    play: async (bench) => {
      bench.on("b14", does.silent());
      const { clients, gone } = await waiting(bench, 30, "b14");
      for (const client of clients) client.close();
      const held = await tidied(bench, gone);
      bench.on("b14", does.answer());
      const after = await bench.ask("b14", "whole");
      return [...held, ...unless(servedBy([after], "b14") === 1, "the breaker opened")];
    },
  },
  {
    id: "B16",
    onlyHere: "it is about breakers and budgets, which are the product's own",
    says: "a provider is dead under load for three seconds, then well",
    wants: "few probes meanwhile; all traffic comes back without a restart",
    actors: ["b16"],
    agents: { b16: ["b16", WELL] },
    slow: true,
    play: async (bench) => {
      bench.on("b16", does.status(500));
      const dead: Outcome[] = [];
      const until = performance.now() + 3_000;
      while (performance.now() < until) dead.push(...(await many(bench, 10, "b16")));
      const asked = bench.failing.requestsFor("b16").length;
      bench.on("b16", does.answer());
      await polled(async () => servedBy(await many(bench, 20, "b16"), "b16") === 20, "all traffic to be back", 90_000);
      const seen = `asked ${asked} times by ${dead.length} requests while it was dead`;
      const served = unless(allServedBy(dead, WELL), `statuses ${JSON.stringify(statuses(dead))}`);
      // The first ten at once, and a probe a second.
      return { seen, problems: [...served, ...unless(asked <= 10 + 4, seen)] };
    },
  },
  {
    id: "X30",
    says: "three candidates hang for 2 s each; the deadline is 3 s",
    wants: "504 at the deadline, not at the sum; two attempts",
    actors: ["x30", "x30-second", "x30-third"],
    agents: { x30: ["x30", "x30-second", "x30-third"] },
    config: { edge: { timeouts: { deadlineSeconds: 3 } } },
    play: async (bench) => {
      for (const name of ["x30", "x30-second", "x30-third"]) bench.on(name, does.silent());
      const { status, ms } = await bench.ask("x30", "whole");
      const attempts = bench.failing.requests.length;
      const seen = `${status} after ${ms.toFixed(0)} ms and ${attempts} attempts`;
      const isRight = status === 504 && ms > 2_900 && ms < 3_000 * PATIENCE && attempts === 2;
      return { seen, problems: unless(isRight, seen) };
    },
  },
  {
    id: "X31",
    onlyHere: "it is about breakers and budgets, which are the product's own",
    says: "500 requests come the moment a provider is back",
    wants: "few of them reach it at once; the others are answered elsewhere",
    actors: ["x31"],
    agents: { x31: ["x31", WELL] },
    entry: LONG,
    quiet: true,
    play: async (bench) => {
      bench.on("x31", does.drop("reset"));
      await inTurn(bench, 6, "x31");
      bench.on("x31", does.answer());
      await polled(async () => servedBy([await bench.ask("x31", "whole")], "x31") === 1, "it to be back");
      const before = bench.failing.requestsFor("x31").length;
      const go = Promise.withResolvers<void>();
      bench.on("x31", (request) => [until(go.promise), ...does.answer()(request)]);
      const asked = many(bench, 500, "x31");
      await still(() => bench.healthy.requests.length, 300);
      const burst = bench.failing.requestsFor("x31").length - before;
      go.resolve();
      const outcomes = await asked;
      const seen = `${burst} of 500 reached it at once`;
      const answered = unless(statuses(outcomes)[200] === 500, `statuses ${JSON.stringify(statuses(outcomes))}`);
      return { seen, problems: [...answered, ...unless(burst <= 32, seen)] };
    },
  },
  {
    id: "X32",
    onlyHere: "it starts a second process of the product",
    says: "two gateways in front of one dead provider know nothing of each other",
    wants: "both answer; each asks it no more often than one alone would",
    actors: ["x32"],
    agents: { x32: ["x32", WELL] },
    play: async (bench) => {
      await using edge = await bench.twin();
      bench.on("x32", does.status(500));
      const startedAt = performance.now();
      const outcomes = await inTurn(bench, 10, "x32");
      for (let turn = 0; turn < 10; turn += 1)
        outcomes.push(await bench.ask("x32", "whole", { gateway: gatewayOf(edge) }));
      const asked = bench.failing.requestsFor("x32").length;
      return [
        ...unless(allServedBy(outcomes, WELL), `statuses ${JSON.stringify(statuses(outcomes))}`),
        ...unless(asked <= probesAllowed(2, startedAt), `asked ${asked} times by two gateways`),
      ];
    },
  },
  {
    id: "X33",
    says: "it stays silent, and heads are wanted after a second",
    wants: "200 and comments while it is waited for; then the next candidate answers",
    actors: ["x33"],
    agents: { x33: ["x33", WELL] },
    entry: { timeoutSeconds: 3 },
    config: { edge: { stream: { headersAfterSeconds: 1 } } },
    play: async (bench) => {
      bench.on("x33", does.silent());
      const wells = bench.healthy.requests.length;
      const client = await calling(bench, "x33");
      await client.until((bytes) => bytes.includes("\n:") || bytes.includes("\r\n:"), "a head and a comment");
      const early = bench.healthy.requests.length === wells;
      const { status, body } = await client.response();
      client.close();
      const { events, comments } = readSse(body);
      return [
        ...unless(early, "the head came only with the next candidate"),
        ...unless(status === 200 && comments.length > 0, `status ${status}, ${comments.length} comments`),
        ...unless(events.at(-1)?.data === "[DONE]", "the answer does not end well"),
      ];
    },
  },
  {
    id: "X34",
    says: "it stays silent, and a second provider is asked after 50 ms",
    wants: "the second answers; the first is let go; a won hedge is counted",
    actors: ["x34"],
    agents: { x34: ["x34", WELL] },
    entry: LONG,
    config: { edge: { hedge: { afterMs: 50, share: 1 } } },
    play: async (bench) => {
      bench.on("x34", does.silent());
      const outcome = await bench.ask("x34", "stream");
      await outcome.requests[0]?.gone;
      return [
        ...unless(allServedBy([outcome], WELL), `status ${outcome.status}`),
        ...(await bench.counts("openclaw_edge_hedges_total", { outcome: "won" })),
      ];
    },
  },
];
