// Answers of Gemini as clients of other dialects get them, and as they come back.
import { describe, expect, it } from "vitest";
import { isFailure } from "../../../../src/core/failure.ts";
import type { Json, JsonObject } from "../../../../src/core/json.ts";
import { googleGenerative } from "../../../../src/dialects/google-generative/index.ts";
import { openaiChat } from "../../../../src/dialects/openai-chat/index.ts";
import { openaiResponses } from "../../../../src/dialects/openai-responses/index.ts";
import { aTarget } from "../../../support/snapshot.ts";
import { CONTEXT } from "../answer-samples.ts";
import { DECODING, decoded, blocksOf, brokenRules, sayable } from "../decoding.ts";
import { dataOf } from "../golden.ts";
import { fixture, readStream, translated } from "../provider-streams.ts";

const { egress } = googleGenerative;
const CLIENTS = { "openai-chat": openaiChat, "openai-responses": openaiResponses } as const;
const NAMES = Object.keys(CLIENTS) as (keyof typeof CLIENTS)[];
const STREAMS = ["thoughts-then-text", "text-signed-at-its-end", "two-calls"] as const;
const ANSWERED = { ...CONTEXT, provider: "up" };
const PAIRS = NAMES.flatMap((client) => STREAMS.map((name) => [client, name] as const));
const bytesOf = (name: string) => fixture("google-generative", `${name}.sse`);

/** The follow-up of a client that sends back what it got. */
const FOLLOW_UPS: Readonly<Record<keyof typeof CLIENTS, (answer: JsonObject) => JsonObject>> = {
  "openai-chat": (answer) => {
    const [choice] = answer["choices"] as { message: JsonObject }[];
    const said = choice?.message ?? {};
    const results = ((said["tool_calls"] ?? []) as { id: string }[]).map(({ id }) => ({
      role: "tool",
      tool_call_id: id,
      content: "12 °C",
    }));
    return { messages: [{ role: "user", content: "hi" }, said, ...results] };
  },
  "openai-responses": (answer) => {
    const output = answer["output"] as JsonObject[];
    const results = output
      .filter(({ type }) => type === "function_call")
      .map(({ call_id: id }) => ({ type: "function_call_output", call_id: id as Json, output: "12 °C" }));
    return { input: [{ role: "user", content: "hi" }, ...output, ...results] };
  },
};

const contentsOf = (client: keyof typeof CLIENTS, name: string, provider = "up") => {
  const answer = sayable(CLIENTS[client].ingress.encodeAnswer(readStream(egress, [bytesOf(name)]), ANSWERED));
  const read = CLIENTS[client].ingress.decodeRequest(FOLLOW_UPS[client](answer));
  if (isFailure(read)) throw new Error(read.message);
  const target = aTarget(`${provider}/gemini-3-flash-preview`);
  const sent = egress.encodeRequest(read.request, { target, stream: true });
  if (isFailure(sent)) throw new Error(sent.message);
  return sent.tree["contents"] as JsonObject[];
};

describe("an answer of Gemini's", () => {
  it.each(PAIRS)("is a valid stream of %s: %s", (client, name) => {
    const text = translated(egress, CLIENTS[client].ingress, bytesOf(name));
    expect(dataOf(text).length).toBeGreaterThan(2);
    const events = decoded(CLIENTS[client].egress.decodeStream(DECODING), [Buffer.from(text)]);
    expect(brokenRules(events)).toEqual([]);
    expect(events.at(-1)?.type).toBe("answer-end");
    const spoken = (all: typeof events) => blocksOf(all).filter((block) => block.text !== "");
    expect(spoken(events)).toEqual(spoken(readStream(egress, [bytesOf(name)])));
  });

  it.each(NAMES)("that breaks is a broken stream of %s", (client) => {
    const text = translated(egress, CLIENTS[client].ingress, bytesOf("error-without-event"));
    const events = decoded(CLIENTS[client].egress.decodeStream(DECODING), [Buffer.from(text)]);
    expect(events.at(-1)?.type).toBe("failure");
    expect(text).not.toContain("[DONE]");
  });

  it.each(NAMES)("comes back from a client of %s with the signatures of its calls", (client) => {
    expect(contentsOf(client, "two-calls").slice(1)).toEqual([
      {
        role: "model",
        parts: [
          { text: "I ask for both.\n" },
          {
            functionCall: { name: "get_weather", args: { city: "Zürich", unit: "celsius" } },
            thoughtSignature: "EtkCCtYCAb4-signed-by-google==",
          },
          { functionCall: { name: "get_weather", args: { city: "Köln" } } },
        ],
      },
      {
        role: "user",
        parts: [1, 2].map(() => ({ functionResponse: { name: "get_weather", response: { output: "12 °C" } } })),
      },
    ]);
  });

  it.each(NAMES)("comes back from a client of %s with the signature of its text", (client) => {
    expect(contentsOf(client, "text-signed-at-its-end").at(-1)).toEqual({
      role: "model",
      parts: [
        {
          text: "Good morning. What shall we read?",
          thoughtSignature: "AY31c9q8mJ0tWv5Kz2eXhB7dUoN4rLpGfSyQiCw=",
        },
      ],
    });
  });

  it.each(NAMES)("leaves its thoughts with a client of %s: they are not sent back", (client) => {
    expect(contentsOf(client, "thoughts-then-text").at(-1)).toEqual({
      role: "model",
      parts: [{ text: "Three spiders have **24** legs – „vierundzwanzig“ 🕷️." }],
    });
  });

  it.each(NAMES)("goes from a client of %s to another provider without its signatures", (client) => {
    const [, said] = contentsOf(client, "two-calls", "elsewhere");
    expect(JSON.stringify(said)).not.toContain("signed-by-google");
    expect((said as { parts: JsonObject[] }).parts.map((part) => part["thoughtSignature"])).toEqual([
      undefined,
      "skip_thought_signature_validator",
      undefined,
    ]);
  });
});
