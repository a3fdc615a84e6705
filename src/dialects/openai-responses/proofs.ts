// `encrypted_content` of reasoning items: the Responses API's own, or the proofs of another author, wrapped with its name so that they
// come back to it and to nobody else. A thought without proof carries its author's name alone.
import { isJsonObject, parseJson } from "../../core/json.ts";
import { type BlockNote, noted } from "../collect.ts";
import { given } from "../given.ts";
import { asText } from "../reading.ts";
import { seal, unseal } from "../sealed.ts";
import type { ReasoningPart, ToolCallPart } from "../vocabulary.ts";

const OWN = "openai-responses";

/** The proofs of a thought as one text; undefined when nobody noted anything or nobody knows by whom. */
export function encryptedContent(notes: readonly BlockNote[], provider: string | null): string | undefined {
  const own = noted(notes, OWN, "encrypted").at(-1);
  if (own !== undefined) return own;
  const author = notes.findLast(({ origin }) => origin !== OWN)?.origin;
  if (author === undefined || provider === null) return undefined;
  const theirs = notes.filter(({ origin }) => origin === author);
  const signature = theirs.findLast((note) => note.signature !== undefined)?.signature;
  const sealed = theirs.findLast((note) => note.encrypted !== undefined)?.encrypted;
  return seal(JSON.stringify(given({ signature, sealed })), { dialect: author, provider });
}

/** The proof of a call (Google's) as one text; null without one, or when nobody knows by whom. */
export function callProof(call: string, notes: readonly BlockNote[], provider: string | null): string | null {
  const note = notes.findLast(({ signature }) => signature !== undefined);
  if (note?.signature === undefined || provider === null) return null;
  return seal(JSON.stringify({ call, signature: note.signature }), { dialect: note.origin, provider });
}

/** What encrypted content is: a thought's, or the proof of a call of this id. */
export type Encrypted =
  | ({ readonly of: "thought" } & Pick<ReasoningPart, "signature" | "sealed" | "origin">)
  | ({ readonly of: "call"; readonly id: string } & Pick<ToolCallPart, "signature" | "origin">);

/** What `encrypted_content` says of author and proofs. */
export function readEncryptedContent(written: string | null): Encrypted {
  if (written === null) return { of: "thought", origin: { dialect: OWN, provider: null } };
  const { payload, origin } = unseal(written, OWN);
  if (origin.provider === null) return { of: "thought", sealed: payload, origin };
  const proofs = parseJson(payload);
  if (!isJsonObject(proofs)) return { of: "thought", origin };
  const signature = asText(proofs["signature"]) ?? undefined;
  const call = asText(proofs["call"]);
  if (call !== null) return { of: "call", id: call, ...given({ signature }), origin };
  const sealed = asText(proofs["sealed"]) ?? undefined;
  return { of: "thought", ...given({ signature, sealed }), origin };
}
