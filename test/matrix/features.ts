// TABLE: what a client wants of a provider, each as one conversation: what the user asks, what the provider must have understood, and
// what the user must get to see. Nothing here knows a wire format.
import { expect } from "vitest";
import type { Actor, Cue } from "./stage.ts";
import { type Client, FORMAT, OUTPUT_MAX, type Seen, type SeenError, SYSTEM, type Talk, TOOL } from "./talk.ts";
import type { Heard, Said } from "./wire.ts";

/** One cell under way. */
export interface Scene {
  readonly client: Client;
  readonly actor: Actor;
  /** A fresh conversation with the provider. */
  readonly talk: () => Talk;
  /** A fresh conversation whose provider has a credential that nobody else uses: what it answers may cool it. */
  readonly asideTalk: () => Talk;
}

const TEXTS = ["Grüße ", "aus Rom ", "🦞"] as const;
const TEXT = TEXTS.join("");
const USAGE = { input: 7, output: 5 };
const THOUGHT = "The user wants the weather of Rome. I know it.";
const PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

const say = (said: Said): Cue => ({ does: "say", said });
const ANSWER = say({ texts: TEXTS });
const ROME = { id: "call_rome_1", name: TOOL.name, args: { city: "Rome" } } as const;
const OSLO = { id: "call_oslo_2", name: TOOL.name, args: { city: "Oslo" } } as const;

/** What every provider must have understood of every request. */
function expectHeard(actor: Actor, ...expected: readonly Partial<Heard>[]): void {
  expect(actor.refused).toEqual([]);
  expect(actor.heard).toMatchObject(
    expected.map((each) => Object.assign({ system: SYSTEM, outputMax: OUTPUT_MAX }, each)),
  );
}

function expectSeen(seen: Seen, expected: Partial<Seen>): void {
  expect(seen).toMatchObject({ finish: "stop", usage: USAGE, ...expected });
}

async function caught(what: Promise<unknown>, client: Client): Promise<SeenError> {
  try {
    await what;
  } catch (error) {
    return client.readError(error);
  }
  throw new Error("the client heard of no error");
}

async function text({ actor, talk }: Scene): Promise<void> {
  actor.cue(ANSWER);
  const open = talk();
  open.user("How is Rome?");
  expectSeen(await open.ask({}), { text: TEXT, calls: [], thought: "" });
  expectHeard(actor, { stream: false, users: ["How is Rome?"], tools: [], schema: null, effort: null });
}

async function stream({ actor, talk }: Scene): Promise<void> {
  actor.cue(ANSWER);
  const open = talk();
  open.user("How is Rome?");
  const pieces: string[] = [];
  const seen = await open.ask({ stream: true, onText: (piece) => pieces.push(piece) });
  expectSeen(seen, { text: TEXT });
  expect(pieces).toEqual(TEXTS);
  expectHeard(actor, { stream: true, users: ["How is Rome?"] });
}

async function toolsLoop({ actor, talk }: Scene): Promise<void> {
  actor.cue(say({ calls: [ROME] }), ANSWER, ANSWER);
  const open = talk();
  open.user("How warm is Rome?");
  const first = await open.ask({ tools: true });
  expectSeen(first, { text: "", finish: "tool-calls" });
  expect(first.calls).toMatchObject([{ name: TOOL.name, args: { city: "Rome" } }]);
  open.results(first.calls.map((call) => ({ call, text: "18 degrees" })));
  expectSeen(await open.ask({ tools: true }), { text: TEXT });
  open.user("And the sea?");
  expectSeen(await open.ask({ tools: true, stream: true }), { text: TEXT });
  const tools = [{ name: TOOL.name, schema: expect.objectContaining({ properties: TOOL.schema.properties }) }];
  const results = [{ name: TOOL.name, args: { city: "Rome" }, text: "18 degrees" }];
  expectHeard(
    actor,
    { tools, results: [] },
    { tools, results, users: ["How warm is Rome?"] },
    { tools, results, users: ["How warm is Rome?", "And the sea?"] },
  );
}

/** Streamed; the results come back in the other order. */
async function parallelTools({ actor, talk }: Scene): Promise<void> {
  actor.cue(say({ texts: ["Let me see."], calls: [ROME, OSLO] }), ANSWER);
  const open = talk();
  open.user("Rome or Oslo?");
  const first = await open.ask({ tools: true, stream: true });
  expectSeen(first, { text: "Let me see.", finish: "tool-calls" });
  expect(first.calls).toMatchObject([
    { name: TOOL.name, args: { city: "Rome" } },
    { name: TOOL.name, args: { city: "Oslo" } },
  ]);
  expect(new Set(first.calls.map(({ id }) => id)).size).toBe(2);
  const results = first.calls.map((call, at) => ({ call, text: ["18 degrees", "3 degrees"][at] ?? "" }));
  open.results(results.toReversed());
  expectSeen(await open.ask({ tools: true, stream: true }), { text: TEXT });
  expectHeard(
    actor,
    {},
    {
      results: [
        { name: TOOL.name, args: { city: "Rome" }, text: "18 degrees" },
        { name: TOOL.name, args: { city: "Oslo" }, text: "3 degrees" },
      ],
    },
  );
}

async function structured({ actor, talk }: Scene): Promise<void> {
  const json = JSON.stringify({ city: "Rome", degrees: 18 });
  actor.cue(say({ texts: [json] }), say({ texts: [json.slice(0, 9), json.slice(9)] }));
  for (const isStream of [false, true]) {
    const open = talk();
    open.user("How warm is Rome?");
    const seen = await open.ask({ schema: true, stream: isStream });
    expectSeen(seen, {});
    expect(JSON.parse(seen.text)).toEqual({ city: "Rome", degrees: 18 });
  }
  const { type, properties, required } = FORMAT.schema;
  const schema = expect.objectContaining({ type, properties, required });
  expectHeard(actor, { schema }, { schema });
}

/** A thought is asked for, shown whole and streamed, and goes back to its author with the proof that the author gave. */
async function reasoning({ actor, client, talk }: Scene): Promise<void> {
  const thinks = say({ thought: THOUGHT, texts: TEXTS });
  actor.cue(thinks, say({ thought: THOUGHT, calls: [ROME] }), ANSWER);
  const open = talk();
  open.user("How is Rome?");
  const thought = client.lacks?.thought === undefined ? THOUGHT : "";
  expectSeen(await open.ask({ effort: true }), { text: TEXT, thought });
  open.user("And today?");
  const second = await open.ask({ effort: true, tools: true, stream: true });
  expectSeen(second, { thought, finish: "tool-calls" });
  open.results(second.calls.map((call) => ({ call, text: "18 degrees" })));
  expectSeen(await open.ask({ effort: true, tools: true }), { text: TEXT });
  expectHeard(actor, { effort: "medium", proofs: [] }, { effort: "medium" }, { effort: "medium" });
  if (client.lacks?.proof !== undefined) return;
  expect(actor.heard.map(({ proofs }) => proofs.length)).toEqual([0, 1, 2]);
}

async function image({ actor, talk }: Scene): Promise<void> {
  actor.cue(ANSWER);
  const open = talk();
  open.user("What is this?", PIXEL);
  expectSeen(await open.ask({}), { text: TEXT });
  expectHeard(actor, { images: [PIXEL], users: ["What is this?"] });
}

/** A refused request, an error in mid-stream, and a limit: each as an error of the client's own library. */
async function error({ actor, client, talk, asideTalk }: Scene): Promise<void> {
  actor.cue({ does: "refuse", message: "temperature: must be less" }, { does: "break-off", texts: TEXTS });
  const refused = talk();
  refused.user("How is Rome?");
  expect(await caught(refused.ask({}), client)).toMatchObject({
    status: 400,
    message:
      client.lacks?.message === undefined ? expect.stringContaining("temperature: must be less") : expect.any(String),
  });
  const pieces: string[] = [];
  const open = asideTalk();
  open.user("How is Rome?");
  const broken = open.ask({ stream: true, onText: (piece) => pieces.push(piece) });
  expect((await caught(broken, client)).message).not.toBe("");
  expect(pieces).toEqual([TEXTS[0]]);
  actor.cue({ does: "limit" });
  const limited = asideTalk();
  limited.user("How is Rome?");
  expect(await caught(limited.ask({}), client)).toMatchObject({ status: actor.wire.limit.status });
}

/** The user leaves behind the first words, and the provider sees it. */
async function abort({ actor, client, talk }: Scene): Promise<void> {
  actor.cue({ does: "begin", texts: TEXTS });
  const open = talk();
  open.user("How is Rome?");
  const leaving = new AbortController();
  await caught(open.ask({ stream: true, signal: leaving.signal, onText: () => leaving.abort() }), client);
  const [request] = actor.requests;
  if (request === undefined) throw new Error("the provider was not asked");
  await request.gone;
  expect(request.answered).toBe(false);
}

/** The features, in the order of the table in the README. */
export const FEATURES = {
  text,
  stream,
  "tools loop": toolsLoop,
  "parallel tools": parallelTools,
  structured,
  reasoning,
  image,
  error,
  abort,
} as const satisfies Record<string, (scene: Scene) => Promise<void>>;
export type Feature = keyof typeof FEATURES;
