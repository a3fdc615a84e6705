// The vectors of a provider, checked: one for every text, and every one of them numbers.
import type { Failure } from "../../core/failure.ts";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import { badPayload, classifyErrorObject } from "../classify.ts";
import type { Vector } from "./encode-answer.ts";

const FLOAT_BYTES = 4;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;

/** What came must be as many as were asked for: order is all that tells which is whose. */
export function readVectors(written: readonly (Json | undefined)[], texts: number): readonly Vector[] | Failure {
  if (written.length !== texts || texts === 0) return badPayload("answer", "the answer has not one vector per text");
  return written.every(isVector) ? written : badPayload("answer", "a vector of the answer holds no numbers");
}

/** A vector in either form, base64 being float32 values, little-endian; null for anything else. */
export function decodeVector(written: Json | undefined): Vector | null {
  if (isVector(written)) return written;
  if (typeof written !== "string" || !BASE64.test(written)) return null;
  const bytes = Buffer.from(written, "base64");
  if (bytes.length === 0 || bytes.length % FLOAT_BYTES !== 0) return null;
  const vector = new Float32Array(bytes.length / FLOAT_BYTES);
  for (let at = 0; at < vector.length; at += 1) vector[at] = bytes.readFloatLE(at * FLOAT_BYTES);
  return vector.every(Number.isFinite) ? vector : null;
}

/** The failure that an answer is, else null. */
export function embeddingsError(tree: JsonObject): Failure | null {
  const { error } = tree;
  return isJsonObject(error) || typeof error === "string" ? classifyErrorObject(tree, "answer") : null;
}

function isVector(written: Json | undefined): written is readonly number[] {
  return Array.isArray(written) && written.length > 0 && written.every((value) => typeof value === "number");
}
