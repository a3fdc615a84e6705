// A whole message: the fold of the streamed one.
import { readExactIntegers } from "../../core/exact-integers.ts";
import { isJsonObject, type JsonObject } from "../../core/json.ts";
import { collect, type CollectedBlock } from "../collect.ts";
import type { AnswerContext } from "../dialect.ts";
import type { ChatEvent } from "../vocabulary.ts";
import { callId, messageFrame, messagesUsage, stopReason } from "./answer-parts.ts";
import { callProof, redactedData, thoughtSignature } from "./proofs.ts";

/** Encodes a whole answer as a `message`. */
export function encodeMessagesAnswer(events: readonly ChatEvent[], context: AnswerContext): JsonObject {
  const { blocks, finish, usage } = collect(events);
  const refused = blocks.some(({ kind }) => kind === "refusal");
  return messageFrame(context, {
    content: blocks.flatMap((block) => contentOf(block, context)),
    stop_reason: stopReason(finish, refused),
    usage: messagesUsage(usage),
  });
}

/** What a block is on the wire; blocks that say nothing are left out, as in streams. */
function contentOf(block: CollectedBlock, context: AnswerContext): JsonObject[] {
  const { kind, text, notes } = block;
  const provider = context.provider ?? null;
  if (kind === "tool-call") {
    const id = callId(block.id, block.block, context);
    const proof = callProof(id, notes, provider);
    const call = { type: "tool_use", id, name: block.name ?? "", input: inputOf(text) };
    return proof === null ? [call] : [call, proof];
  }
  if (kind === "reasoning") {
    const signature = thoughtSignature(notes, provider);
    const data = redactedData(notes);
    return [
      ...(text === "" && signature === "" ? [] : [{ type: "thinking", thinking: text, signature }]),
      ...(data === undefined ? [] : [{ type: "redacted_thinking", data }]),
    ];
  }
  return text === "" || kind === "image" ? [] : [{ type: "text", text }];
}

/** The arguments as the object that they must be; of ones that a limit has cut nothing can be said. */
function inputOf(args: string): JsonObject {
  const input = readExactIntegers(args);
  return isJsonObject(input) ? input : {};
}
