// A provider's connection that ends at any byte of its answer: the next candidate answers, or the client is told, or the answer was
// whole. Never a mixture, never half an answer that passes for one. Inside the test's own process: thousands of bytes, one each.
import { expect, it } from "vitest";
import * as play from "../support/behaviours.ts";
import { chainConfig } from "../support/edge-config.ts";
import { House } from "../support/house.ts";
import { chunkBytes, headBytes } from "../support/http-bytes.ts";
import { type Provider, startProvider } from "../support/provider.ts";
import { FIN, raw, RESET } from "../support/script.ts";

/** Every byte takes long; a prime stride meets every kind of place. */
const STRIDE = 7;
/** Fewer than make a breaker open. */
const PER_HOUSE = 4;
const CHUNKED = ["transfer-encoding", "chunked"] as const;
const OTHER = "from the other provider";
const TEXTS = ["from the ", "first, ü 🦞"];
const WHOLE_TEXT = TEXTS.join("");
const ASKED = { path: "/v1/chat/completions", model: "m", body: Buffer.alloc(0), onConnection: 1, json: () => ({}) };

/** A complete answer as it is on the wire, head and framing included. */
function wireBytes(stream: boolean): Buffer {
  const choice = { index: 0, message: { role: "assistant", content: WHOLE_TEXT }, finish_reason: "stop" };
  const whole = { id: "chatcmpl-1", object: "chat.completion", created: 1, model: "m", choices: [choice] };
  const bodies = stream
    ? play.streamEvents({ ...ASKED, stream }, { texts: TEXTS })
    : [Buffer.from(JSON.stringify(whole))];
  const type = ["content-type", stream ? "text/event-stream" : "application/json"] as const;
  const head = headBytes("HTTP/1.1 200 OK", [[...type], [...CHUNKED]]);
  return Buffer.concat([head, ...[...bodies, Buffer.alloc(0)].map((body) => chunkBytes(body))]);
}

interface Seen {
  readonly text: string;
  readonly ends: boolean;
  readonly fails: boolean;
}

async function ask(house: House, stream: boolean): Promise<Seen> {
  using client = await house.connect();
  await client.send(house.chat({ stream }));
  const { status, complete, body } = await client.response();
  expect([status, complete]).toEqual([200, true]);
  const answer = body.toString();
  const found = [...answer.matchAll(/"content":"([^"]*)"/g)].map((match) => match[1] ?? "");
  return { text: found.join(""), ends: !stream || answer.includes("[DONE]"), fails: answer.includes('"error":{') };
}

/** What must be true wherever the cut was. */
function isTrue({ text, ends, fails }: Seen): boolean {
  if (ends) return !fails && (text === OTHER || text === WHOLE_TEXT);
  return fails && text !== "" && WHOLE_TEXT.startsWith(text);
}

async function houseOf(first: Provider, other: Provider): Promise<House> {
  return House.open(chainConfig({ a: first.url, b: other.url }));
}

it.each([
  ["a stream", "reset", true, RESET],
  ["a stream", "fin", true, FIN],
  ["a whole answer", "reset", false, RESET],
  ["a whole answer", "fin", false, FIN],
])(
  "%s that ends with a %s at any byte is replaced, told of, or whole",
  async (_what, _how, stream, ending) => {
    await using first = await startProvider();
    await using other = await startProvider();
    other.on("m", play.answer({ texts: [OTHER] }));
    const bytes = wireBytes(stream);
    const seen = new Set<string>();
    for (let from = 0; from <= bytes.length; from += PER_HOUSE * STRIDE) {
      await using house = await houseOf(first, other);
      for (let at = from; at <= bytes.length && at < from + PER_HOUSE * STRIDE; at += STRIDE) {
        first.on("m", () => [raw(bytes.subarray(0, at)), ending]);
        const what = await ask(house, stream);
        expect(isTrue(what), `cut behind byte ${at}: ${JSON.stringify(what)}`).toBe(true);
        seen.add(what.text);
      }
      expect(house.bugs).toEqual([]);
    }
    // The sweep went through every phase that there is.
    expect([...seen]).toEqual(expect.arrayContaining(stream ? [OTHER, TEXTS[0], WHOLE_TEXT] : [OTHER]));
  },
  30_000,
);
