// What an embeddings answer must be, as its request says: how many vectors, and in which form. Inputs are large: they are not parsed.
import type { Body } from "../../core/body.ts";
import { readMember } from "../request-check.ts";
import type { EmbeddingsContext } from "./encode-answer.ts";

/** What was asked for. */
export interface AskedVectors {
  readonly count: number;
  readonly encoding: EmbeddingsContext["encoding"];
}

/** A list of numbers is one input: the token ids of a text. */
const TOKENS = /^\[\s*-?\d/;
const OPENING_BYTES = 64;

/** Reads it off a request that has passed its check. */
export function askedVectors(request: Body): AskedVectors {
  const input = request.member("input");
  const opening = input === undefined ? "" : request.raw(input).toString("latin1", 0, OPENING_BYTES);
  const count = input === undefined || input.elements < 0 || TOKENS.test(opening) ? 1 : input.elements;
  return { count, encoding: readMember(request, "encoding_format") === "base64" ? "base64" : "float" };
}
