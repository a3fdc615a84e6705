// `encrypted_content` of reasoning items: the Responses API's own, or the proofs of another author, wrapped with its name so that they
// come back to it and to nobody else. A thought without proof carries its author's name alone.
import { isJsonObject, parseJson } from "../../core/json.ts";
import { type BlockNote, noted } from "../collect.ts";
import { given } from "../given.ts";
import { asText } from "../reading.ts";
import { seal, unseal } from "../sealed.ts";
import type { ReasoningPart } from "../vocabulary.ts";

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

/** What `encrypted_content` says of a thought's author and proofs. */
export function readEncryptedContent(written: string | null): Pick<ReasoningPart, "signature" | "sealed" | "origin"> {
  if (written === null) return { origin: { dialect: OWN, provider: null } };
  const { payload, origin } = unseal(written, OWN);
  if (origin.provider === null) return { sealed: payload, origin };
  const proofs = parseJson(payload);
  if (!isJsonObject(proofs)) return { origin };
  const signature = asText(proofs["signature"]) ?? undefined;
  const sealed = asText(proofs["sealed"]) ?? undefined;
  return { ...given({ signature, sealed }), origin };
}
