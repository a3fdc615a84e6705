// The matrix: every client in front of every provider, feature by feature, over a real process. What the client's user sees, what the
// provider understood, the shape of every answer on the wire, and that nothing was lost. The README tells what a run finds.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FEATURES, type Feature } from "./features.ts";
import { APIS, Stage } from "./stage.ts";
import { type Cell, readTable, tableOf, writeTable } from "./table.ts";
import { anthropicClient } from "./talks/anthropic-messages.ts";
import { openaiChatClient } from "./talks/openai-chat.ts";
import { openaiResponsesClient } from "./talks/openai-responses.ts";
import { AI_CLIENTS } from "./talks/vercel-ai.ts";
import { Wiretap } from "./wiretap.ts";

const CLIENTS = [openaiChatClient, openaiResponsesClient, anthropicClient, ...AI_CLIENTS];
const NAMES = Object.keys(FEATURES) as Feature[];
/** Agents of its own that one cell needs at most. */
const ASIDES = 2;
/** TABLE: what a provider's wire has no word for, as the receipt names it. Everything else arrives. */
const LOST: Readonly<Record<string, readonly string[]>> = {
  // This client asks for a summary of thoughts; chat completions shows thoughts where a server does, and takes no wish.
  "ai · @ai-sdk/openai responses > openai-completions > reasoning": ["reasoning.summary"],
};
const CELLS = CLIENTS.flatMap((client) =>
  APIS.flatMap((api) => NAMES.map((feature) => [client.name, api, feature, client] as const)),
);

let stage: Stage;
const found: Cell[] = [];

beforeAll(async () => {
  stage = await Stage.open({ asides: CLIENTS.length * ASIDES });
});
afterAll(async () => {
  await stage.close();
});

describe("the matrix", () => {
  it.each(CELLS)("%s in front of %s: %s", async (_name, api, feature, client) => {
    const { url, token } = stage.edge;
    const tap = new Wiretap();
    const open = (agent: string) => client.open({ url, token, fetch: tap.fetch }, `openclaw/${agent}`);
    found.push({ client, api, feature, isGreen: false });
    await FEATURES[feature]({
      client,
      actor: stage.actors[api],
      talk: () => open(api),
      asideTalk: () => open(stage.aside(api)),
    });
    expect(await tap.faults()).toEqual([]);
    expect(tap.adjusted).toEqual(LOST[`${client.name} > ${api} > ${feature}`] ?? []);
    found.push({ ...(found.pop() as Cell), isGreen: true });
  });

  it("is what the README tells", ({ skip }) => {
    if (found.length < CELLS.length) skip("only some cells were run");
    const table = tableOf(found, NAMES);
    if (process.env["MATRIX_TABLE"] === "write") writeTable(table);
    expect(readTable()).toBe(table);
  });
});
