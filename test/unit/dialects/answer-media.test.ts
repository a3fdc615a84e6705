// Media in answers: an image goes where both sides have a place for one; what cannot go on is counted, and nothing is empty that holds it.
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/core/json.ts";
import { told } from "../../../src/core/lane.ts";
import { FRAMINGS } from "../../../src/dialects/framing.ts";
import { DIALECTS, OPERATION_DIALECTS } from "../../../src/dialects/index.ts";
import { lookAtGoogle } from "../../../src/dialects/google-generative/stream.ts";
import { checkGoogleAnswer } from "../../../src/dialects/google-generative/answer.ts";
import { encodeSettings } from "../../../src/dialects/google-generative/settings.ts";
import { decodeChatRequest } from "../../../src/dialects/openai-chat/decode-request.ts";
import { isFailure } from "../../../src/core/failure.ts";
import { AnswerBody } from "../../../src/dialects/answer-body.ts";
import { toldOf, TranslatePipe } from "../../../src/dialects/translation.ts";

const PNG = "iVBORw0KGgoAAAANSUhEUg==";
const URL = `data:image/png;base64,${PNG}`;
const CONTEXT = { requestId: "req_1", model: "m", created: 1, wantsUsage: false };
const DECODING = { created: 1 };

// https://ai.google.dev/gemini-api/docs/image-generation: text and an image in one answer.
const GEMINI = {
  candidates: [
    {
      content: { role: "model", parts: [{ text: "Here: " }, { inlineData: { mimeType: "image/png", data: PNG } }] },
      finishReason: "STOP",
      index: 0,
    },
  ],
};
const SOUND = {
  candidates: [
    { content: { parts: [{ inlineData: { mimeType: "audio/L16;rate=24000", data: "AAAA" } }] }, finishReason: "STOP" },
  ],
};
const CODE = {
  candidates: [{ content: { parts: [{ executableCode: { language: "PYTHON", code: "1+1" } }] }, finishReason: "STOP" }],
};
// https://openrouter.ai/docs/features/multimodal/image-generation
const OPENROUTER = {
  choices: [
    {
      index: 0,
      message: { role: "assistant", content: "Here: ", images: [{ type: "image_url", image_url: { url: URL } }] },
      finish_reason: "stop",
    },
  ],
};
// https://platform.openai.com/docs/guides/image-generation?image-generation-model=gpt-image-1
const RESPONSE = {
  id: "resp_1",
  status: "completed",
  output: [
    { type: "message", role: "assistant", content: [{ type: "output_text", text: "Here: ", annotations: [] }] },
    { type: "image_generation_call", id: "ig_1", status: "completed", output_format: "png", result: PNG },
  ],
};
const PROVIDERS = { "google-generative": GEMINI, "openai-chat": OPENROUTER, "openai-responses": RESPONSE } as const;
type Provider = keyof typeof PROVIDERS;
const NAMES = Object.keys(PROVIDERS) as Provider[];
const eventsOf = (provider: Provider, tree: object) =>
  DIALECTS[provider].egress?.decodeAnswer?.(tree as JsonObject, DECODING) ?? [];

describe.each(NAMES)("an image of a provider of %s", (provider) => {
  const events = eventsOf(provider, PROVIDERS[provider]);

  it("is in a chat completion where clients of OpenRouter look for it", () => {
    const chat = OPERATION_DIALECTS.chat.ingress;
    const image = { type: "image_url", index: 0, image_url: { url: URL } };
    expect(chat.encodeAnswer?.(events, CONTEXT)).toMatchObject({
      choices: [{ message: { content: "Here: ", images: [image] } }],
    });
    const encoder = chat.encodeStream?.(CONTEXT);
    const text = events.map((event) => encoder?.push(event)).join("");
    expect(text).toContain(`"delta":${JSON.stringify({ images: [image] })}`);
  });

  it("is in a Response the result of a call that makes images, streamed and whole", () => {
    const responses = OPERATION_DIALECTS.responses.ingress;
    const item = { type: "image_generation_call", status: "completed", result: PNG };
    const whole = responses.encodeAnswer?.(events, CONTEXT) as { output: JsonObject[] } | undefined;
    expect(whole?.output).toMatchObject([{ type: "message" }, item]);
    const encoder = responses.encodeStream?.(CONTEXT);
    const told = events
      .map((event) => encoder?.push(event))
      .join("")
      .split("\n")
      .filter((line) => line.startsWith("data: {"))
      .map((line) => JSON.parse(line.slice(6)) as JsonObject)
      .filter((event) => event["output_index"] === 1);
    expect(told.map(({ type }) => type)).toEqual([
      "response.output_item.added",
      "response.image_generation_call.completed",
      "response.output_item.done",
    ]);
    expect(told[0]).toMatchObject({ item: { status: "in_progress", result: null } });
    expect(told[2]).toMatchObject({ item: { ...item, id: whole?.output[1]?.["id"] } });
  });

  it("has no place in a message, which is counted and breaks nothing", () => {
    const { ingress } = OPERATION_DIALECTS.messages;
    expect(ingress.encodeAnswer?.(events, CONTEXT)).toMatchObject({ content: [{ type: "text", text: "Here: " }] });
    expect(toldOf(events, ingress.unsayable).repairs).toEqual(["lost-image"]);
    const encoder = ingress.encodeStream?.(CONTEXT);
    const text = events.map((event) => encoder?.push(event)).join("");
    expect(text).not.toContain(PNG);
    expect(text.match(/content_block_start"/g)).toHaveLength(1);
    expect(text).toContain('"type":"message_stop"');
  });
});

describe("what has no place anywhere is counted", () => {
  it.each<[string, Provider, object, string]>([
    ["sound of Gemini's", "google-generative", SOUND, "lost-audio"],
    ["code that Google ran", "google-generative", CODE, "lost-code"],
    [
      "sound of a chat completion",
      "openai-chat",
      {
        choices: [
          { message: { content: null, audio: { id: "a", data: "AAAA", transcript: "hi" } }, finish_reason: "stop" },
        ],
      },
      "lost-audio",
    ],
  ])("%s", (_what, provider, tree, repair) => {
    expect(toldOf(eventsOf(provider, tree)).repairs).toEqual([repair]);
  });

  it("in streams as well", () => {
    const decoder = DIALECTS["google-generative"].egress?.decodeStream?.(DECODING);
    const encoder = OPERATION_DIALECTS.chat.ingress.encodeStream?.(CONTEXT);
    if (decoder === undefined || encoder === undefined) throw new Error("no streams");
    const pipe = new TranslatePipe({
      framing: FRAMINGS.sse,
      eventBytesMax: 9999,
      answerBytesMax: 1 << 26,
      decoder,
      encoder,
      redact: (words) => words,
    });
    pipe.push(Buffer.from(`data: ${JSON.stringify(SOUND)}\n\n`));
    pipe.end();
    expect(pipe.told).toMatchObject({ ended: true, repairs: ["lost-audio"] });
  });
});

describe("an answer of an image alone", () => {
  it("is content: it commits, and is not empty", () => {
    const alone = {
      candidates: [
        { content: { parts: [{ inlineData: { mimeType: "image/png", data: PNG } }] }, finishReason: "STOP" },
      ],
    };
    expect(lookAtGoogle(told())({ event: undefined, data: JSON.stringify(alone) })).toBe("commit");
    expect(checkGoogleAnswer(new AnswerBody(Buffer.from(JSON.stringify(alone))))).toMatchObject({ empty: false });
  });
});

describe("what a chat client asks for", () => {
  const settings = (modalities: unknown) => {
    const lost = new Set<string>();
    const decoded = decodeChatRequest({ messages: [{ role: "user", content: "x" }], modalities } as JsonObject);
    if (isFailure(decoded)) throw new Error(decoded.message);
    return [encodeSettings(decoded.request, "gemini-2.5-flash-image", lost), [...lost], decoded.request.others.size];
  };
  it.each<[string, unknown, object, readonly string[]]>([
    ["text is what everybody answers", ["text"], {}, []],
    ["images are asked of Google", ["text", "image"], { responseModalities: ["TEXT", "IMAGE"] }, []],
    ["sound is not", ["text", "audio"], { responseModalities: ["TEXT"] }, ["modalities"]],
  ])("%s", (_what, modalities, expected, lost) => {
    expect(settings(modalities).slice(0, 2)).toEqual([expected, lost]);
  });
});
