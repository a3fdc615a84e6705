// A whole message: the fold of the streamed one.
import { readExactIntegers } from "../../core/exact-integers.ts";
import { failure, type Failure } from "../../core/failure.ts";
import { isJsonObject, type JsonObject } from "../../core/json.ts";
import { saysNothing } from "../arguments-text.ts";
import { collect, type CollectedBlock } from "../collect.ts";
import type { AnswerContext } from "../dialect.ts";
import type { ChatEvent } from "../vocabulary.ts";
import { callId, messageFrame, messagesUsage, stopReason } from "./answer-parts.ts";
import { callProof, redactedData, thoughtSignature } from "./proofs.ts";

const UNREADABLE_CALL = "The provider's model wrote a tool call whose arguments are no JSON object.";

/**
 * Encodes a whole answer as a `message`. A call whose arguments are no object is a failure: a message has no place for others, and a call
 * without arguments is another call, which the client would make. Where a limit has cut them the ending says so.
 */
export function encodeMessagesAnswer(events: readonly ChatEvent[], context: AnswerContext): JsonObject | Failure {
  const { blocks, finish, usage } = collect(events);
  if (finish === "tool-calls" && blocks.some(isUnreadableCall)) {
    return failure("rejected-by-provider", UNREADABLE_CALL, { phase: "answer", code: "invalid_tool_call" });
  }
  const refused = blocks.some(({ kind }) => kind === "refusal");
  return messageFrame(context, {
    content: blocks.flatMap((block) => contentOf(block, context)),
    stop_reason: stopReason(finish, refused),
    usage: messagesUsage(usage),
  });
}

const isUnreadableCall = ({ kind, text }: CollectedBlock): boolean => kind === "tool-call" && argsIn(text) === null;

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
  return argsIn(args) ?? {};
}

/** The object that arguments are; null where they are none. Some models write `null` for no arguments, some servers `[]`. */
function argsIn(args: string): JsonObject | null {
  const input = readExactIntegers(args);
  if (isJsonObject(input)) return input;
  return args.trim() === "" || (input !== undefined && saysNothing(input)) ? {} : null;
}
