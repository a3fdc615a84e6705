// What the model said before, in Google's words. Thoughts stay at home and only their signatures go back, on the parts that they sign.
import { readExactIntegers } from "../../core/exact-integers.ts";
import { isJsonObject, type JsonObject } from "../../core/json.ts";
import type { CallIds } from "../call-ids.ts";
import { isOwn } from "../sealed.ts";
import type { Origin, Part, ToolCallPart } from "../vocabulary.ts";
import { encodePart } from "./encode-parts.ts";

/** Whom the turn is written for. */
export interface ModelTurnContext {
  readonly provider: string;
  readonly lost: Set<string>;
  /** Null where calls have none. */
  readonly ids: CallIds | null;
  /** True where a step that begins with an unsigned call is refused. */
  readonly wantsSignatures: boolean;
}

/**
 * Google's word for calls that it did not make itself: those of another provider's answer, or of a client that gives no signatures back
 * (https://ai.google.dev/gemini-api/docs/thought-signatures, "FAQs").
 */
const NOT_SIGNED = "skip_thought_signature_validator";

interface WrittenPart {
  readonly part: JsonObject;
  signature: string | undefined;
}

/** The parts of what the model said in one go. */
export function encodeModelTurn(parts: readonly Part[], context: ModelTurnContext): JsonObject[] {
  const written: WrittenPart[] = [];
  /** A signature whose text is still to come. */
  let waiting: string | undefined;
  const flush = (): void => {
    if (waiting !== undefined) written.push({ part: { text: "" }, signature: waiting });
    waiting = undefined;
  };
  for (const part of parts) {
    if (part.type === "reasoning") {
      const signature = ownSignature(part, context);
      if (signature === undefined) continue;
      const last = written.at(-1);
      if (last !== undefined && "text" in last.part && last.signature === undefined) last.signature = signature;
      else {
        flush();
        waiting = signature;
      }
    } else if (part.type === "tool-call") {
      flush();
      written.push({ part: encodeCall(part, context), signature: ownSignature(part, context) });
    } else {
      const said = encodePart(part, context.lost);
      if (said === null) continue;
      written.push({ part: said, signature: "text" in said ? waiting : undefined });
      if ("text" in said) waiting = undefined;
    }
  }
  flush();
  if (context.wantsSignatures) signFirstCall(written);
  return written.map(withSignature);
}

/** Of calls side by side, only the first is signed. */
function signFirstCall(written: readonly WrittenPart[]): void {
  const first = written.find(({ part }) => "functionCall" in part);
  if (first !== undefined) first.signature ??= NOT_SIGNED;
}

function withSignature({ part, signature }: WrittenPart): JsonObject {
  return signature === undefined ? part : { ...part, thoughtSignature: signature };
}

function ownSignature(
  { signature, origin }: { readonly signature?: string; readonly origin?: Origin },
  { provider }: ModelTurnContext,
): string | undefined {
  if (origin === undefined || !isOwn(origin, { dialect: "google-generative", provider })) return undefined;
  return signature;
}

function encodeCall({ id, name, args }: ToolCallPart, { ids, lost }: ModelTurnContext): JsonObject {
  return { functionCall: { ...(ids === null ? {} : { id: ids.of(id) }), name, args: readArgs(args, lost) } };
}

/** Arguments that a limit has cut are no object, and this API takes nothing else. */
function readArgs(text: string, lost: Set<string>): JsonObject {
  const args = readExactIntegers(text);
  if (isJsonObject(args)) return args;
  if (text.trim() !== "") lost.add("messages.tool_calls.arguments");
  return {};
}
