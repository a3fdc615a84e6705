// A conversation with tools and thoughts moves from provider to provider and back. Every provider refuses what the real one refuses: a
// signature of another hand, a sealed thought or an id of an item that it never gave out, a result without its call. No client sees a 400.
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Actor, type Api, APIS, type Cue, memberOf, Stage } from "./stage.ts";
import { anthropicClient } from "./talks/anthropic-messages.ts";
import { openaiChatClient } from "./talks/openai-chat.ts";
import { openaiResponsesClient } from "./talks/openai-responses.ts";
import { AI_CLIENTS } from "./talks/vercel-ai.ts";
import { type Client, type Seen, type Talk, TOOL } from "./talk.ts";
import { Wiretap } from "./wiretap.ts";
import type { Said } from "./wire.ts";

const CLIENTS = [openaiChatClient, openaiResponsesClient, anthropicClient, ...AI_CLIENTS];
const CHAIN = ["anthropic-messages", "openai-responses", "openai-completions", "ollama"] as const;
const PAIRS = APIS.flatMap((native) =>
  APIS.filter((other) => other !== native).map((other) => [native, other] as const),
);

let stage: Stage;
beforeAll(async () => {
  const pairs = PAIRS.map(([native, other]) => [pairOf(native, other), [native, other]] as const);
  stage = await Stage.open({ chains: { chain: CHAIN, ...Object.fromEntries(pairs) }, companies: CLIENTS.length });
});
afterAll(async () => {
  await stage.close();
});

function pairOf(native: Api, other: Api): string {
  return `${native}-or-${other}`;
}

const DOWN: Cue = { does: "fail" };
const say = (said: Said): Cue => ({ does: "say", said });

/** Ids as models of that API make them: Kimi's hold colons, which Anthropic refuses. */
function idOf(api: Api, nth: number): string {
  return api === "openai-completions" ? `functions.${TOOL.name}:${nth}` : `call_${nth}`;
}

/** One client's conversation; each step is answered by the provider that is said to be up. */
class Journey {
  readonly tap = new Wiretap();
  readonly #talk: Talk;
  readonly #chain: readonly Api[];
  #step = 0;
  #calls: Seen["calls"] = [];
  /** What every provider refused on the way. */
  readonly refused: string[] = [];
  /** Thoughts that somebody else had. */
  readonly strange: string[] = [];

  constructor(client: Client, name: string, chain: readonly Api[]) {
    const agent = memberOf(name, CLIENTS.indexOf(client));
    const { url, token } = stage.edge;
    this.#talk = client.open({ url, token, fetch: this.tap.fetch }, `openclaw/${agent}`);
    this.#chain = chain;
    this.#talk.user("Compare the weather.");
  }

  /** This provider thinks and calls two tools at once; those before it in the chain are down. */
  async answeredBy(api: Api): Promise<Actor> {
    const step = ++this.#step;
    const calls = ["Rome", "Oslo"].map((city, at) => ({
      id: idOf(api, 2 * step + at),
      name: TOOL.name,
      args: { city },
    }));
    const said = { thought: `Thought ${step} of ${api}.`, texts: [`Step ${step}.`], calls };
    if (step > 1) this.#talk.results(this.#calls.map((call, at) => ({ call, text: `${at} degrees` })));
    for (const each of this.#chain) stage.actors[each].cue(each === api ? say(said) : DOWN);
    const seen = await this.#talk.ask({ tools: true, effort: true, stream: step % 2 === 0 });
    expect(seen).toMatchObject({ text: `Step ${step}.`, finish: "tool-calls" });
    expect(seen.calls.map(({ args }) => args)).toEqual([{ city: "Rome" }, { city: "Oslo" }]);
    this.#calls = seen.calls;
    for (const each of this.#chain) {
      const { heard, refused } = stage.actors[each];
      this.refused.push(...refused);
      this.strange.push(...heard.flatMap((one) => one.strange ?? []));
    }
    return stage.actors[api];
  }

  /** What a provider heard of the conversation: every result with its call. */
  get resultsSoFar(): readonly object[] {
    return Array.from({ length: this.#step - 1 }).flatMap(() =>
      ["Rome", "Oslo"].map((city, at) => ({ name: TOOL.name, args: { city }, text: `${at} degrees` })),
    );
  }
}

describe("a conversation that fails over from step to step", () => {
  it.each(CLIENTS.map((client) => [client.name, client] as const))("%s", async (_name, client) => {
    const journey = new Journey(client, "chain", CHAIN);
    const back: readonly Api[] = ["anthropic-messages", "openai-responses", "openai-completions"];
    for (const api of [...CHAIN, ...back]) {
      const actor = await journey.answeredBy(api);
      expect([api, journey.refused, actor.heard.at(-1)?.results]).toEqual([api, [], journey.resultsSoFar]);
    }
    if (client.lacks?.proof === undefined) expect(journey.strange).toEqual([]);
    expect(await journey.tap.faults()).toEqual([]);
  });
});

describe("a provider gets its own proofs back though another one has answered in between", () => {
  const cells = CLIENTS.flatMap((client) =>
    PAIRS.map(([native, other]) => [client.name, native, other, client] as const),
  );
  it.each(cells)("%s: %s, then %s, then back", async (_name, native, other, client) => {
    const journey = new Journey(client, pairOf(native, other), [native, other]);
    await journey.answeredBy(native);
    await journey.answeredBy(other);
    const [heard] = (await journey.answeredBy(native)).heard;
    expect(journey.refused).toEqual([]);
    expect(heard?.results).toEqual(journey.resultsSoFar);
    if (client.lacks?.proof === undefined) expect([heard?.proofs.length, journey.strange]).toEqual([1, []]);
    expect(await journey.tap.faults()).toEqual([]);
  });
});
