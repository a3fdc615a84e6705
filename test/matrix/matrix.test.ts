// The matrix: every client in front of every provider, feature by feature, over a real process.
import { afterAll, beforeAll, describe, it } from "vitest";
import { FEATURES, type Feature } from "./features.ts";
import { type Api, APIS, Stage } from "./stage.ts";
import { anthropicClient } from "./talks/anthropic-messages.ts";
import { openaiChatClient } from "./talks/openai-chat.ts";
import { openaiResponsesClient } from "./talks/openai-responses.ts";
import { AI_CLIENTS } from "./talks/vercel-ai.ts";

const CLIENTS = [openaiChatClient, openaiResponsesClient, anthropicClient, ...AI_CLIENTS];
/** Agents of its own that one cell needs at most. */
const ASIDES = 2;
const CELLS = CLIENTS.flatMap((client) =>
  APIS.flatMap((api) => (Object.keys(FEATURES) as Feature[]).map((feature) => ({ client, api, feature }))),
);

let stage: Stage;
beforeAll(async () => {
  stage = await Stage.open(CLIENTS.length * APIS.length * ASIDES);
});
afterAll(async () => {
  await stage.close();
});

describe("the matrix", () => {
  it.each(CELLS.map((cell) => [cell.client.name, cell.api, cell.feature, cell] as const))(
    "%s in front of %s: %s",
    async (_client, _api, feature, { client, api }) => {
      const open = (agent: string) =>
        client.open({ url: stage.edge.url, token: stage.edge.token, fetch }, `openclaw/${agent}`);
      await FEATURES[feature]({
        client,
        actor: stage.actors[api satisfies Api],
        talk: () => open(api),
        asideTalk: () => open(stage.aside(api)),
      });
    },
  );
});
