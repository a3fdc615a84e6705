// A whole chat completion: the fold of the streamed one.
import type { Json, JsonObject } from "../../core/json.ts";
import { answerId } from "../answer-id.ts";
import { type BlockNote, collect, type CollectedAnswer, noted, textOf } from "../collect.ts";
import type { AnswerContext } from "../dialect.ts";
import { annotationsFor } from "../openai-family/annotations.ts";
import { asList } from "../reading.ts";
import type { ChatEvent } from "../vocabulary.ts";
import { callForm } from "./call-forms.ts";
import { chatUsage, finishReason, toolCall } from "./answer-parts.ts";
import { detailsOfNote, isProof } from "./reasoning-details.ts";

/** Encodes a whole answer as `chat.completion`. */
export function encodeChatAnswer(events: readonly ChatEvent[], context: AnswerContext): JsonObject {
  const answer = collect(events);
  const notes = answer.blocks.flatMap((block) => block.notes);
  const choice = {
    index: 0,
    message: message(answer, notes, context),
    logprobs: logprobs(notes),
    finish_reason: finishReason(answer.finish, context),
  };
  return {
    id: answerId("chatcmpl-", context),
    object: "chat.completion",
    created: context.created,
    model: context.model,
    choices: [choice],
    ...(answer.usage === null ? {} : { usage: chatUsage(answer.usage) }),
  };
}

/** `content` is null only beside calls or a refusal: to everyone else an answer without text is an empty text. */
function message(answer: CollectedAnswer, notes: readonly BlockNote[], context: AnswerContext): JsonObject {
  const refusal = textOf(answer, "refusal");
  const reasoning = textOf(answer, "reasoning");
  const { calls, legacy } = callsOf(answer, context);
  const annotations = annotationsFor("openai-chat", notes);
  const details = reasoningDetails(answer, context);
  const images = imagesOf(answer);
  const isBare = calls.length === 0 && legacy === null && refusal === null;
  return {
    role: "assistant",
    content: textOf(answer, "text") ?? (isBare ? "" : null),
    refusal,
    ...(reasoning === null || reasoning === "" ? {} : { reasoning_content: reasoning }),
    ...(details.length === 0 ? {} : { reasoning_details: details }),
    ...(calls.length === 0 ? {} : { tool_calls: calls }),
    ...(legacy === null ? {} : { function_call: legacy }),
    ...(annotations.length === 0 ? {} : { annotations }),
    ...(images.length === 0 ? {} : { images }),
  };
}

/** OpenAI has no place for images in an answer; this is OpenRouter's, which clients know. */
function imagesOf({ blocks }: CollectedAnswer): JsonObject[] {
  const images = blocks.filter(({ kind }) => kind === "image");
  return images.map(({ text }, index) => ({ type: "image_url", index, image_url: { url: text } }));
}

interface Calls {
  readonly calls: readonly JsonObject[];
  /** `function_call`. */
  readonly legacy: JsonObject | null;
}

function callsOf({ blocks }: CollectedAnswer, context: AnswerContext): Calls {
  const calls: JsonObject[] = [];
  let legacy: JsonObject | null = null;
  for (const [nth, block] of blocks.filter(({ kind }) => kind === "tool-call").entries()) {
    const form = callForm(block.name ?? "", nth, context.request);
    if (form.type === null) legacy = toolCall(block, form, context);
    else calls.push(toolCall(block, form, context));
  }
  return { calls, legacy };
}

/** The proofs of the thoughts, for a client that sends them back. Of several proofs of one thought the first stands with its words. */
function reasoningDetails({ blocks }: CollectedAnswer, context: AnswerContext): JsonObject[] {
  const provider = context.provider ?? null;
  const thoughts = blocks.filter(({ kind }) => kind === "reasoning");
  return thoughts.flatMap(({ notes, text }, index) => {
    const proofs = notes.filter(isProof);
    const told = proofs.length === 0 ? notes.slice(0, 1) : proofs;
    return told.flatMap((note, nth) => detailsOfNote(note, { index, provider, text: nth === 0 ? text : "" }));
  });
}

/** The log probabilities of all notes in one list each. */
function logprobs(notes: readonly BlockNote[]): Json {
  const lists = [...noted(notes, "openai-chat", "logprobs"), ...noted(notes, "openai-responses", "logprobs")];
  if (lists.length === 0) return null;
  const joined = (field: string): Json => {
    const entries = lists.flatMap((list) => asList(list[field]));
    return entries.length === 0 ? null : entries;
  };
  return { content: joined("content"), refusal: joined("refusal") };
}
