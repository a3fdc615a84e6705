// What one failure teaches (3.2, 3.3, 3.7; decisions 16 to 20): connections that lie, keys and targets that rest, and no more than that.
import * as does from "../../support/behaviours.ts";
import { polled } from "../../support/wait.ts";
import type { Bench } from "../bench.ts";
import { allServedBy, inTurn, many, probesAllowed, servedBy, statuses, unless } from "../client.ts";
import { WELL } from "../names.ts";
import type { FlowRow, Outcome } from "../row.ts";

const TURNS = 6;
/** Others may promise nothing of the kind, and then there is nothing to hold against them. */
const MEMORY_ONLY = "it is about what the product remembers of failures";

const HOUR_S = 3_600;
/** Failures that last, and for how many seconds the provider rests that has said nothing of a time (decision 16). */
const RESTS: readonly (readonly [status: number, seconds: number])[] = [
  [401, 30],
  [402, 5 * HOUR_S],
  [403, 30],
  [404, 30],
  [429, 30],
  [503, 30],
  [529, 30],
];

/** A provider that fails once in a way that lasts: it rests while another one is well. */
function rests([status, seconds]: readonly [number, number]): FlowRow {
  const name = `rests-${status}`;
  return {
    id: `U32-rests-${status}`,
    onlyHere: MEMORY_ONLY,
    says: `it answered ${status} a moment ago`,
    wants: `the next requests go past it at once; it rests for ${seconds} s`,
    actors: [name],
    agents: { [name]: [name, WELL] },
    play: async (bench) => {
      bench.on(name, does.status(status));
      const outcomes = await inTurn(bench, TURNS, name);
      const told = await bench.edge.logged(
        ({ provider, state }) => provider === name && state === "cooling",
        "its rest",
      );
      const until = Number(told["disabledUntil"] ?? told["cooldownUntil"]);
      const rest = (until - Date.parse(String(told["time"]))) / 1_000;
      const asked = bench.failing.requestsFor(name).length;
      return [
        ...unless(allServedBy(outcomes, WELL), `statuses ${JSON.stringify(statuses(outcomes))}`),
        ...unless(asked === 1, `asked ${asked} times for ${TURNS} requests`),
        ...unless(Math.abs(rest - seconds) < 1, `rests for ${rest} s`),
        ...(await bench.counts("openclaw_edge_cooldown_state", { provider: name })),
      ];
    },
  };
}

function all200(outcomes: readonly Outcome[]): readonly string[] {
  const seen = statuses(outcomes);
  return unless(seen[200] === outcomes.length, `statuses ${JSON.stringify(seen)}`);
}

/** One model of a provider fails; is the other one still asked? */
function siblings(status: number, wants: { readonly id: string; readonly sibling: "asked" | "rests" }): FlowRow {
  const name = wants.id.toLowerCase();
  const entry = { models: [{ id: name }, { id: `${name}-sibling` }] };
  return {
    id: wants.id,
    onlyHere: MEMORY_ONLY,
    says: `one of its models answered ${status}`,
    wants: wants.sibling === "asked" ? "its other model is asked all the same" : "its other model rests, too",
    actors: [name],
    entry,
    agents: { [name]: [name, WELL], [`${name}-other`]: [`${name}/${name}-sibling`, WELL] },
    play: async (bench) => {
      bench.on(name, does.status(status));
      bench.on(`${name}-sibling`, does.answer());
      await bench.ask(name, "whole");
      const { headers } = await bench.ask(`${name}-other`, "whole");
      const served = headers.get("x-openclaw-served-by")?.split("/")[0];
      return unless(served === (wants.sibling === "asked" ? name : WELL), `served by ${served}`);
    },
  };
}

async function reused(bench: Bench, name: string, behaviour: does.Behaviour): Promise<readonly string[]> {
  bench.on(name, behaviour);
  return all200(await inTurn(bench, 120, name));
}

/** The rows. */
export const MEMORY: readonly FlowRow[] = [
  {
    id: "U18b",
    says: "its body was longer than declared a moment ago",
    wants: "the next answer is clean",
    actors: ["u18b"],
    play: async (bench) => {
      bench.on("u18b", does.longBody(), does.answer());
      await bench.ask("u18b", "whole");
      const { status, text } = await bench.ask("u18b", "whole");
      return unless(status === 200 && text.startsWith("{") && text.includes("Grüße from u18b"), text.slice(0, 100));
    },
  },
  {
    id: "U27b",
    onlyHere: MEMORY_ONLY,
    says: "it asks to wait a second with 429",
    wants: "it rests for that second, then it is asked again",
    actors: ["u27b"],
    agents: { u27b: ["u27b", WELL] },
    play: async (bench) => {
      bench.on("u27b", does.status(429, undefined, [["retry-after", "1"]]), does.answer());
      const startedAt = performance.now();
      await bench.ask("u27b", "whole");
      await polled(async () => servedBy([await bench.ask("u27b", "whole")], "u27b") === 1, "it to be asked again");
      const ms = performance.now() - startedAt;
      return unless(ms >= 990, `asked again after ${ms.toFixed(0)} ms`);
    },
  },
  ...RESTS.map(rests),
  siblings(429, { id: "U26b", sibling: "asked" }),
  siblings(401, { id: "U32b", sibling: "rests" }),
  {
    id: "U25-opens",
    onlyHere: MEMORY_ONLY,
    says: "it answers 500 again and again",
    wants: "its breaker opens at the fifth; the next requests go past it",
    actors: ["u25-opens"],
    agents: { "u25-opens": ["u25-opens", WELL] },
    play: async (bench) => {
      bench.on("u25-opens", does.status(500));
      const startedAt = performance.now();
      const outcomes = await inTurn(bench, 10, "u25-opens");
      const asked = bench.failing.requestsFor("u25-opens").length;
      return [
        ...unless(allServedBy(outcomes, WELL), `statuses ${JSON.stringify(statuses(outcomes))}`),
        ...unless(asked >= 5 && asked <= probesAllowed(1, startedAt), `asked ${asked} times for 10 requests`),
        ...(await bench.counts("openclaw_edge_breaker_state", { provider: "u25-opens" })),
      ];
    },
  },
  {
    id: "U69",
    says: "it sends a second answer that nobody asked for",
    wants: "the surplus answers nobody",
    actors: ["u69"],
    play: async (bench) => {
      bench.on("u69", does.surplus());
      const outcomes = await inTurn(bench, 10, "u69");
      return [...all200(outcomes), ...unless(!outcomes.some(({ text }) => text.includes("POISONED")), "poisoned")];
    },
  },
  {
    id: "U70",
    says: "it closes idle connections without a word",
    wants: "120 of 120 requests are answered",
    actors: ["u70"],
    play: (bench) => reused(bench, "u70", does.thenClose("fin")),
  },
  {
    id: "U70b",
    says: "it resets a connection when it is used again",
    wants: "120 of 120 requests are answered",
    actors: ["u70b"],
    play: (bench) => reused(bench, "u70b", does.dropWhenReused("reset")),
  },
  {
    id: "X35",
    onlyHere: "several keys of one provider are the product's own",
    says: "the first of its two keys is refused with 401",
    wants: "the second key answers, and goes on answering",
    actors: ["x35"],
    entry: { apiKey: ["sk-canary-upstream-4b7c91-x35-first", "sk-canary-upstream-4b7c91-x35-second"] },
    play: async (bench) => {
      bench.on("x35", does.status(401), does.answer());
      const outcomes = await inTurn(bench, 4, "x35");
      const keys = bench.failing.requestsFor("x35").map(({ headers }) => headers["authorization"]?.split("-").at(-1));
      return [
        ...all200(outcomes),
        ...unless(keys.join(" ") === "first second second second second", `keys ${keys.join(" ")}`),
      ];
    },
  },
  {
    id: "X36",
    onlyHere: "five attempts are the product's own bound",
    says: "seven candidates are dead",
    wants: "five attempts, then the truth",
    actors: ["x36", ...[2, 3, 4, 5, 6, 7].map((number) => `x36-${number}`)],
    agents: { x36: ["x36", ...[2, 3, 4, 5, 6, 7].map((number) => `x36-${number}`)] },
    play: async (bench) => {
      const names = ["x36", ...[2, 3, 4, 5, 6, 7].map((number) => `x36-${number}`)];
      for (const name of names) bench.on(name, does.drop("reset"));
      const { status, headers } = await bench.ask("x36", "whole");
      const asked = names.flatMap((name) => bench.failing.requestsFor(name)).length;
      return [
        ...unless(status === 502, `status ${status}`),
        ...unless(asked === 5, `${asked} attempts`),
        ...unless(headers.get("x-openclaw-attempts") === "5", `told ${headers.get("x-openclaw-attempts")}`),
      ];
    },
  },
  {
    id: "X37",
    onlyHere: "whether embeddings fail over is a setting of others",
    says: "it answers 500 to a request for embeddings",
    wants: "502: vectors of another model would not do",
    actors: ["x37"],
    agents: { x37: ["x37", WELL] },
    play: async (bench) => {
      bench.on("x37", does.status(500));
      const wells = bench.healthy.requests.length;
      const { status } = await bench.edge.post("/v1/embeddings", { model: "openclaw/x37", input: "hello" });
      return [
        ...unless(status === 502, `status ${status}`),
        ...unless(bench.healthy.requests.length === wells, "another model was asked"),
      ];
    },
  },
  {
    id: "B13",
    says: "clients send 30 requests that the provider rejects",
    wants: "30 times 400; the provider is not blamed",
    actors: ["b13"],
    agents: { b13: ["b13", WELL] },
    play: async (bench) => {
      bench.on("b13", does.status(400, { error: { message: "Invalid 'temperature'.", code: "invalid_value" } }));
      const outcomes = await many(bench, 30, "b13");
      bench.on("b13", does.answer());
      const after = await bench.ask("b13", "whole");
      return [
        ...unless(statuses(outcomes)[400] === 30, `statuses ${JSON.stringify(statuses(outcomes))}`),
        ...unless(servedBy([after], "b13") === 1, "the breaker opened"),
      ];
    },
  },
  {
    id: "B13b",
    onlyHere: "it is about requests that the product heals",
    says: "clients send 30 requests at once, and then 30 more, with a field that the provider refuses",
    wants: "what its share of repeats allows is answered without the field; then all are, at the first attempt",
    actors: ["b13b"],
    play: async (bench) => {
      const refused = does.status(400, {
        error: { message: "Unknown parameter: 'seed'.", param: "seed", code: "unknown_parameter" },
      });
      bench.on("b13b", (request) => ("seed" in request.json() ? refused : does.answer())(request));
      const burst = () =>
        Promise.all(Array.from({ length: 30 }, () => bench.ask("b13b", "whole", { body: { seed: 7 } })));
      const first = await burst();
      const before = bench.failing.requestsFor("b13b").length;
      const then = await burst();
      const asked = bench.failing.requestsFor("b13b").length - before;
      const [healed = 0, told = 0] = [statuses(first)[200], statuses(first)[400]];
      return {
        seen: `${healed} of 30 answered, then ${servedBy(then, "b13b")} of 30`,
        problems: [
          ...unless(healed >= 3 && healed + told === 30, `statuses ${JSON.stringify(statuses(first))}`),
          ...unless(servedBy(then, "b13b") === 30 && asked === 30, `${asked} attempts for 30 requests`),
        ],
      };
    },
  },
];
