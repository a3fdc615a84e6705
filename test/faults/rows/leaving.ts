// 3.7: clients that leave, in every phase: the provider is free at once, nobody is blamed, and nothing more is tried.
import * as does from "../../support/behaviours.ts";
import { RawClient, requestBytes } from "../../support/raw.ts";
import { until } from "../../support/script.ts";
import type { Bench } from "../bench.ts";
import { asking, calling, unless } from "../client.ts";
import { PATIENCE, WELL } from "../names.ts";
import { chatBytes } from "../request.ts";
import { letGo } from "../evidence.ts";
import type { FlowRow } from "../row.ts";

/** What a leaving client should cost at most until the provider is free, in milliseconds. */
const FREED_MS = 100;
/** No clock of the product may do what the leaving must. */
const LONG = { timeoutSeconds: 60 };
const FREED = "the provider is free at once; logged as cancelled; no failure of the provider";

/** A client that is about to leave, and what must happen then. */
interface Leaving {
  readonly agent: string;
  readonly client: RawClient;
  readonly gone: Promise<unknown>;
}

/** Leaves, and tells what should not be: a provider that is held too long, a leaving that is booked as a failure. */
async function leave(bench: Bench, { agent, client, gone }: Leaving): Promise<readonly string[]> {
  const sent = client.bytesIn > 0;
  const startedAt = performance.now();
  client.close();
  const held = await letGo(bench, gone);
  if (held.length > 0) return held;
  const ms = performance.now() - startedAt;
  if (!bench.adapter.own) return unless(ms < FREED_MS * PATIENCE, `the provider was free after ${ms.toFixed(0)} ms`);
  const line = await bench.edge.logged(({ agent: of, outcome }) => of === agent && outcome === "cancelled", "the log");
  return [
    ...unless(ms < FREED_MS * PATIENCE, `the provider was free after ${ms.toFixed(0)} ms`),
    // What was sent stays the truth: 499 is for those who left before there was a status.
    ...unless(line["status"] === (sent ? 200 : 499), `logged as ${String(line["status"])}`),
    ...(await bench.counts("openclaw_edge_client_aborts_total", {})),
    ...unless(!(await bench.metrics()).includes(`stream_errors_total{provider="${agent}"`), "booked as an error"),
  ];
}

/** Rows of one client that leaves in a phase. */
function leaves(id: string, says: string, phase: { readonly does: does.Behaviour; readonly seen?: string }): FlowRow {
  const agent = id.toLowerCase();
  return {
    id,
    says,
    wants: FREED,
    actors: [agent],
    agents: { [agent]: [agent, WELL] },
    entry: LONG,
    play: async (bench) => {
      bench.on(agent, phase.does);
      const wells = bench.healthy.requests.length;
      const { client, request } = await asking(bench, agent);
      const { seen } = phase;
      if (seen !== undefined) await client.until((bytes) => bytes.includes(seen), "content");
      const problems = await leave(bench, { agent, client, gone: request.gone });
      return [...problems, ...unless(bench.healthy.requests.length === wells, "another provider was asked")];
    },
  };
}

/** The rows. */
export const LEAVING: readonly FlowRow[] = [
  leaves("B01", "the client leaves before the provider's head", { does: does.silent() }),
  {
    id: "B01b",
    onlyHere: "it looks at the product's own log",
    says: "the client leaves while the provider is dialled",
    wants: "logged as cancelled in the phase connect",
    actors: ["b01b"],
    url: ({ places }) => places.holeUrl,
    entry: LONG,
    play: async (bench) => {
      const client = await calling(bench, "b01b", "whole");
      // The answer to this one tells that the request before it is under way.
      await bench.edge.get("/healthz");
      client.close();
      const line = await bench.edge.logged(({ agent, msg }) => agent === "b01b" && msg === "request", "the log");
      const isTold = line["outcome"] === "cancelled" && line["status"] === 499 && line["phase"] === "connect";
      return unless(isTold, JSON.stringify(line));
    },
  },
  {
    id: "B01c",
    says: "the client leaves with 100 requests waiting behind its call",
    wants: FREED,
    actors: ["b01c"],
    entry: LONG,
    play: async (bench) => {
      bench.on("b01c", does.silent());
      const { client, request } = await asking(bench, "b01c");
      const { headers } = bench.gateway.address("b01c", "chat");
      // Were they answered at once, their answers would fill what is held back for one connection, and nobody would read it any more.
      const list = requestBytes({ path: "/v1/models", headers });
      await client.send(Buffer.concat(Array.from({ length: 100 }, () => list)));
      // Answered behind all of them.
      await bench.ask(WELL, "whole");
      return leave(bench, { agent: "b01c", client, gone: request.gone });
    },
  },
  {
    id: "B01d",
    onlyHere: "how many may wait is this product's own rule",
    says: "the client sends 3000 calls on one connection and leaves",
    wants: "one reaches the provider, which is free at once; no failure of the provider",
    actors: ["b01d"],
    entry: LONG,
    play: async (bench) => {
      bench.on("b01d", does.silent());
      const { client, request } = await asking(bench, "b01d");
      const call = chatBytes(bench.gateway, "b01d");
      await client.send(Buffer.concat(Array.from({ length: 2_999 }, () => call)));
      const problems = await leave(bench, { agent: "b01d", client, gone: request.gone });
      const { length } = bench.failing.requestsFor("b01d");
      return [...problems, ...unless(length === 1, `${length} calls reached the provider`)];
    },
  },
  leaves("B02", "the client leaves before the first event", { does: does.silentAfterHead() }),
  leaves("B03", "the client leaves in mid-stream", { does: does.stallAfter(3), seen: "delta" }),
  {
    id: "B04",
    says: "the client leaves while the request fails over",
    wants: "the second provider is free at once; no third is asked",
    actors: ["b04", "b04-second"],
    agents: { b04: ["b04", "b04-second", WELL] },
    entry: LONG,
    play: async (bench) => {
      bench.on("b04", does.status(500));
      bench.on("b04-second", does.silent());
      const wells = bench.healthy.requests.length;
      const before = bench.failing.requests.length;
      const client = await calling(bench, "b04");
      const second = await bench.failing.request(before + 2);
      const problems = await leave(bench, { agent: "b04", client, gone: second.gone });
      return [...problems, ...unless(bench.healthy.requests.length === wells, "a further attempt was made")];
    },
  },
  {
    id: "B04b",
    says: "the client leaves while two providers are asked",
    wants: "both are free at once",
    actors: ["b04b", "b04b-second"],
    agents: { b04b: ["b04b", "b04b-second"] },
    entry: LONG,
    config: { edge: { hedge: { afterMs: 50, share: 1 } } },
    play: async (bench) => {
      for (const name of ["b04b", "b04b-second"]) bench.on(name, does.silent());
      const before = bench.failing.requests.length;
      const client = await calling(bench, "b04b");
      const [first, second] = [await bench.failing.request(before + 1), await bench.failing.request(before + 2)];
      const problems = await leave(bench, { agent: "b04b", client, gone: Promise.all([first.gone, second.gone]) });
      return [...problems, ...unless(first.model !== second.model, "the same provider was asked twice")];
    },
  },
  {
    id: "B05",
    says: "the client leaves while it sends its request",
    wants: "no provider is called",
    actors: ["b05"],
    agents: { b05: ["b05", WELL] },
    play: async (bench) => {
      const wells = bench.healthy.requests.length;
      const client = await RawClient.connect(bench.gateway.url);
      const bytes = chatBytes(bench.gateway, "b05");
      await client.send(bytes.subarray(0, bytes.length - 10));
      client.close();
      const after = await bench.ask(WELL, "whole");
      return [
        ...unless(bench.failing.requestsFor("b05").length === 0, "the provider was called"),
        ...unless(bench.healthy.requests.length === wells + 1, "another provider was called"),
        ...unless(after.status === 200, "the next request fails"),
      ];
    },
  },
  {
    id: "B06",
    says: "the client closes its half behind the request",
    wants: "answered or let go; nothing stays open",
    actors: ["b06"],
    entry: LONG,
    play: async (bench) => {
      const go = Promise.withResolvers<void>();
      bench.on("b06", (request) => [until(go.promise), ...does.answer()(request)]);
      const { client, request } = await asking(bench, "b06", "whole");
      client.finish();
      go.resolve();
      // Answered, or let go: both are right, a leak is not.
      await Promise.race([client.ended(), request.gone]);
      client.close();
      return unless(request.answered || client.ending !== "open", "neither answered nor let go");
    },
  },
];
