// TABLE: settings of a request in the words of the GenAI conventions.
import type { Attributes } from "@opentelemetry/api";
import type { AskedSettings } from "../../core/asked-settings.ts";
import type { Redact } from "../redact.ts";
import { wordOf } from "../word-of.ts";

const ATTRIBUTES = {
  maxTokens: "gen_ai.request.max_tokens",
  temperature: "gen_ai.request.temperature",
  topP: "gen_ai.request.top_p",
  topK: "gen_ai.request.top_k",
  frequencyPenalty: "gen_ai.request.frequency_penalty",
  presencePenalty: "gen_ai.request.presence_penalty",
  seed: "gen_ai.request.seed",
  stopSequences: "gen_ai.request.stop_sequences",
  choiceCount: "gen_ai.request.choice.count",
  reasoningLevel: "gen_ai.request.reasoning.level",
  previousResponseId: "gen_ai.request.previous_response.id",
  conversationId: "gen_ai.conversation.id",
  outputType: "gen_ai.output.type",
} as const satisfies Record<keyof AskedSettings, string>;
const WORDS_MAX = 8;

/** The attributes of what a request asked for. Words are the client's: redacted and bounded. */
export function askedAttributes(asked: AskedSettings | null, redact: Redact): Attributes {
  const attributes: Attributes = {};
  for (const [setting, value] of Object.entries(asked ?? {}) as [
    keyof AskedSettings,
    AskedSettings[keyof AskedSettings],
  ][]) {
    const word = (text: string): string => wordOf(text, redact);
    if (typeof value === "number") attributes[ATTRIBUTES[setting]] = value;
    else if (typeof value === "string") attributes[ATTRIBUTES[setting]] = word(value);
    else if (value !== undefined) attributes[ATTRIBUTES[setting]] = value.slice(0, WORDS_MAX).map(word);
  }
  return attributes;
}
