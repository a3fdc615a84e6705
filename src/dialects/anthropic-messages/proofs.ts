// Proofs of thoughts and calls in the places that this API has for its own: `signature` of a thinking block, `data` of a redacted one.
// Those of other authors go there wrapped with their author's name, and come back to it and to nobody else.
import { isJsonObject, type JsonObject, parseJson } from "../../core/json.ts";
import { type BlockNote, noted } from "../collect.ts";
import { given } from "../given.ts";
import { asText } from "../reading.ts";
import { seal, unseal } from "../sealed.ts";
import type { ReasoningPart, ToolCallPart } from "../vocabulary.ts";

const OWN = "anthropic-messages";

/** The `signature` of a thought; empty when nobody proved it or nobody knows who. */
export function thoughtSignature(notes: readonly BlockNote[], provider: string | null): string {
  const own = notes.findLast(({ origin, signature }) => origin === OWN && signature !== undefined)?.signature;
  if (own !== undefined) return own;
  const author = notes.findLast(({ origin }) => origin !== OWN)?.origin;
  if (author === undefined || provider === null) return "";
  const theirs = notes.filter(({ origin }) => origin === author);
  const signature = theirs.findLast((note) => note.signature !== undefined)?.signature;
  const sealed = theirs.findLast((note) => note.encrypted !== undefined)?.encrypted;
  return seal(JSON.stringify(given({ signature, sealed })), { dialect: author, provider });
}

/** The `data` of a thought that this API has redacted; undefined for any other. */
export function redactedData(notes: readonly BlockNote[]): string | undefined {
  return noted(notes, OWN, "encrypted").at(-1);
}

/** The block that carries the proof of a call (Google's), for which a call has no place; null without one. */
export function callProof(id: string, notes: readonly BlockNote[], provider: string | null): JsonObject | null {
  const note = notes.findLast(({ signature }) => signature !== undefined);
  if (note?.signature === undefined) return null;
  const proof = JSON.stringify({ call: id, signature: note.signature });
  return { type: "redacted_thinking", data: seal(proof, { dialect: note.origin, provider }) };
}

type Proofs = Pick<ReasoningPart, "signature" | "sealed" | "origin">;

/** What a signature says of its thought; one that nobody wrapped is of a provider that speaks this API. */
export function readThoughtSignature(written: string): Proofs {
  const { payload, origin } = unseal(written, OWN);
  if (origin.provider === null) return { ...given({ signature: payload === "" ? undefined : payload }), origin };
  return { ...proofsIn(payload), origin };
}

/** What a call is given back. */
export type ProofOfCall = Pick<ToolCallPart, "signature" | "origin">;

/** What redacted data is: a thought, or the proof of a call. */
export type Redacted =
  | { readonly of: "thought"; readonly proofs: Proofs }
  | { readonly of: "call"; readonly id: string; readonly proof: ProofOfCall };

/** Reads the `data` of a redacted block. */
export function readRedacted(written: string): Redacted {
  const { payload, origin } = unseal(written, OWN);
  if (payload === written) return { of: "thought", proofs: { sealed: payload, origin } };
  const proof = parseJson(payload);
  const id = isJsonObject(proof) ? asText(proof["call"]) : null;
  if (id !== null) return { of: "call", id, proof: { ...given({ signature: proofsIn(payload).signature }), origin } };
  return { of: "thought", proofs: { ...proofsIn(payload), origin } };
}

function proofsIn(payload: string): Pick<ReasoningPart, "signature" | "sealed"> {
  const proofs = parseJson(payload);
  if (!isJsonObject(proofs)) return {};
  return given({
    signature: asText(proofs["signature"]) ?? undefined,
    sealed: asText(proofs["sealed"]) ?? undefined,
  });
}
