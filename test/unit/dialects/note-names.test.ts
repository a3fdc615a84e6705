// What an answer calls itself: id and model as each API writes them, in the events before the commit and in whole answers. The samples
// are the ones of the providers' references (OpenAI, Azure, Anthropic, Google, Ollama), shortened.
import { assert, describe, expect, it } from "vitest";
import { isFailure } from "../../../src/core/failure.ts";
import { told } from "../../../src/core/lane.ts";
import type { DialectName } from "../../../src/core/names.ts";
import { DIALECTS } from "../../../src/dialects/index.ts";
import { noteNames } from "../../../src/dialects/note-names.ts";
import { toldOf } from "../../../src/dialects/translation.ts";
import { AnswerBody } from "../../../src/dialects/answer-body.ts";
import { DECODING } from "./decoding.ts";

interface Named {
  readonly id: string | null;
  readonly model: string | null;
}

const NAMELESS: Named = { id: null, model: null };
const chunk = (more: object) => ({ object: "chat.completion.chunk", created: 1_694_268_190, ...more });
const started = (more: object) => ({
  type: "message_start",
  message: { type: "message", role: "assistant", content: [], usage: { input_tokens: 25, output_tokens: 1 }, ...more },
});
const candidate = { content: { parts: [{ text: "Hi" }], role: "model" }, finishReason: "STOP", index: 0 };
const completion = {
  object: "chat.completion",
  choices: [{ index: 0, message: { role: "assistant", content: "Hi" }, finish_reason: "stop" }],
};
const MESSAGE = {
  type: "message",
  role: "assistant",
  content: [{ type: "text", text: "Hi" }],
  stop_reason: "end_turn",
  usage: { input_tokens: 12, output_tokens: 6 },
};
const RESPONSE = {
  object: "response",
  status: "completed",
  output: [{ type: "message", role: "assistant", content: [{ type: "output_text", text: "Hi", annotations: [] }] }],
};
const OLLAMA = { created_at: "2023-08-04T19:22:45.499127Z", message: { role: "assistant", content: "Hi" }, done: true };

const OPENAI_NAMES = { id: "chatcmpl-123", model: "gpt-4o-mini-2024-07-18" };
const CLAUDE_NAMES = { id: "msg_1nZdL29xx5MUA1yADyHTEsnR8uuvGzszyy", model: "claude-opus-4-20250514" };
const RESPONSE_NAMES = { id: "resp_67c9fdcecf488190bdd9a0409de3a1ec", model: "gpt-4.1-2025-04-14" };
const GEMINI = { responseId: "mAitaLmkHPPlz7IPvtfUqQ4", modelVersion: "gemini-2.5-flash" };
const GEMINI_NAMES = { id: GEMINI.responseId, model: GEMINI.modelVersion };

describe("a name", () => {
  it("is no text: what is longer than 1,024 is not held for those who record", () => {
    const of = told();
    noteNames(of, "a".repeat(1_025), "m".repeat(1_024));
    expect([of.id, of.model]).toEqual([null, "m".repeat(1_024)]);
  });
});

describe("a stream before its commit tells", () => {
  it.each<[sentence: string, dialect: DialectName, events: readonly object[], named: Named]>([
    [
      "in the first chunk of a completion",
      "openai-chat",
      [chunk({ ...OPENAI_NAMES, choices: [{ index: 0, delta: { role: "assistant", content: "" } }] })],
      OPENAI_NAMES,
    ],
    [
      "behind Azure's first chunk, whose names are empty",
      "openai-chat",
      [
        { choices: [], created: 0, id: "", model: "", object: "", prompt_filter_results: [] },
        chunk({ ...OPENAI_NAMES, choices: [{ index: 0, delta: { role: "assistant", content: "" } }] }),
      ],
      OPENAI_NAMES,
    ],
    [
      "the first names, whatever comes behind them",
      "openai-chat",
      [
        chunk({ ...OPENAI_NAMES, choices: [{ index: 0, delta: { role: "assistant" } }] }),
        chunk({ id: "other", model: "other", choices: [{ index: 0, delta: { content: "Hi" } }] }),
      ],
      OPENAI_NAMES,
    ],
    ["nothing where names are none", "openai-chat", [chunk({ id: 7, model: null, choices: [] })], NAMELESS],
    [
      "in the Response that was created",
      "openai-responses",
      [{ type: "response.created", response: { ...RESPONSE, ...RESPONSE_NAMES, status: "in_progress", output: [] } }],
      RESPONSE_NAMES,
    ],
    [
      "nothing of a Response in the id of an item",
      "openai-responses",
      [{ type: "response.output_text.delta", item_id: "msg_1", delta: "Hi" }],
      NAMELESS,
    ],
    ["in the start of a message", "anthropic-messages", [started(CLAUDE_NAMES)], CLAUDE_NAMES],
    ["in a ping nothing", "anthropic-messages", [{ type: "ping" }], NAMELESS],
    ["in the first chunk of Gemini's", "google-generative", [{ candidates: [candidate], ...GEMINI }], GEMINI_NAMES],
    [
      "only the model in a line of Ollama's",
      "ollama",
      [{ model: "llama3.2", ...OLLAMA }],
      { id: null, model: "llama3.2" },
    ],
  ])("%s", (_sentence, dialect, events, named) => {
    const of = told();
    const look = DIALECTS[dialect].egress?.look?.(of);
    assert(look);
    expect(of).toMatchObject(NAMELESS);
    for (const event of events)
      expect(look({ event: undefined, data: JSON.stringify(event) })).not.toHaveProperty("kind");
    expect(of).toMatchObject(named);
  });
});

const vectors = { object: "list", data: [{ object: "embedding", index: 0, embedding: [0.1] }] };

describe("a whole answer tells", () => {
  it.each<[sentence: string, dialect: DialectName, answer: object, named: Named]>([
    ["of a completion", "openai-chat", { ...completion, ...OPENAI_NAMES }, OPENAI_NAMES],
    ["of a completion without names", "openai-chat", completion, NAMELESS],
    ["of a Response", "openai-responses", { ...RESPONSE, ...RESPONSE_NAMES }, RESPONSE_NAMES],
    ["of a message", "anthropic-messages", { ...MESSAGE, ...CLAUDE_NAMES }, CLAUDE_NAMES],
    ["of Gemini's answer", "google-generative", { candidates: [candidate], ...GEMINI }, GEMINI_NAMES],
    ["of Ollama's answer", "ollama", { model: "llama3.2", ...OLLAMA }, { id: null, model: "llama3.2" }],
    [
      "of vectors, the id as vLLM writes one",
      "openai-embeddings",
      { id: "embd-9f1c", model: "text-embedding-3-small", ...vectors },
      { id: "embd-9f1c", model: "text-embedding-3-small" },
    ],
    [
      "of Ollama's vectors",
      "ollama-embeddings",
      { model: "all-minilm", embeddings: [[0.1]] },
      { id: null, model: "all-minilm" },
    ],
    ["nothing of a count", "anthropic-count-tokens", { input_tokens: 14 }, NAMELESS],
  ])("%s", (_sentence, dialect, answer, named) => {
    const egress = DIALECTS[dialect].egress;
    const checked = egress?.checkAnswer(new AnswerBody(Buffer.from(JSON.stringify(answer))));
    assert(checked !== undefined && !isFailure(checked));
    expect(checked).toMatchObject(named);
    const events = egress?.decodeAnswer?.(JSON.parse(JSON.stringify(answer)), DECODING);
    // The same is known of an answer that is told on as another one.
    if (events !== undefined) expect(toldOf(events)).toMatchObject(named);
  });
});
