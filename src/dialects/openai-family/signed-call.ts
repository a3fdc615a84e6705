// Proofs of tool calls (Google's thought signatures) in chat completions: where Google's own chat endpoint writes them.
import type { Json, JsonObject } from "../../core/json.ts";
import type { BlockNote } from "../collect.ts";
import type { AnswerContext } from "../dialect.ts";
import { asObject, asText } from "../reading.ts";
import { isSealed, seal, unseal } from "../sealed.ts";
import type { ToolCallPart } from "../vocabulary.ts";

/** The `extra_content` of a call: empty without proof; one of another dialect is wrapped with its author's name. */
export function signedCall(notes: readonly BlockNote[], { provider }: AnswerContext): JsonObject {
  const note = notes.findLast(({ signature }) => signature !== undefined);
  if (note?.signature === undefined) return {};
  const { signature, origin } = note;
  const written =
    origin === "openai-chat" ? signature : seal(signature, { dialect: origin, provider: provider ?? null });
  return { extra_content: { google: { thought_signature: written } } };
}

/** The proof as it stands in a call; null without one. */
export function writtenSignature(call: JsonObject | null): string | null {
  return asText(asObject(asObject(call?.["extra_content"])?.["google"])?.["thought_signature"]);
}

/** The proof of a call of the history. One that nobody wrapped is of a provider that speaks chat completions. */
export function readSignature(call: JsonObject | null): Pick<ToolCallPart, "signature" | "origin"> {
  const written = writtenSignature(call);
  if (written === null) return {};
  const { payload, origin } = unseal(written, "openai-chat");
  return { signature: payload, origin };
}

/** The call without a proof that we wrapped. */
export function withoutSignature(call: Json): Json {
  const tree = asObject(call);
  if (tree === null || !isSealed(writtenSignature(tree))) return call;
  const { extra_content: _proof, ...rest } = tree;
  return rest;
}
