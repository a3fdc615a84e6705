// An answer of a provider that speaks this dialect, as the client asked for it: as many vectors as inputs, in their order, floats or base64.
// Official SDKs ask for base64 unless told otherwise, servers that do not know it send floats, and the SDK then reads floats as bytes.
import type { Body } from "../../core/body.ts";
import type { Failure } from "../../core/failure.ts";
import type { Member } from "../../core/json-scan.ts";
import { isJsonObject, type Json, type JsonObject } from "../../core/json.ts";
import { badPayload } from "../classify.ts";
import type { Checked, FittedAnswer } from "../dialect.ts";
import { asNumber } from "../reading.ts";
import { type AskedVectors, askedVectors } from "./asked.ts";
import { encodeVector } from "./encode-answer.ts";
import { decodeVector } from "./read-vectors.ts";

const FIRST = /"embedding"\s*:\s*([["])/;
/** The value of a vector's key stands this near to its object's beginning. */
const FIRST_BYTES_MAX = 512;
const INDEX = Buffer.from('"index"');
const NUMBER = /^\s*:\s*(\d+)/;
const NUMBER_BYTES_MAX = 32;

/** Null where the answer is as asked for. A list that is short, long or out of order beyond mending is no answer. */
export function fitEmbeddingsAnswer({ scanned: answer }: Checked, request: Body): FittedAnswer | Failure | null {
  const data = answer?.member("data");
  if (answer === undefined || data === undefined) return badPayload("answer", "the answer has no embeddings");
  const asked = askedVectors(request);
  if (data.elements !== asked.count) return badPayload("answer", "the answer has not one vector per input");
  const list = answer.raw(data);
  return isInOrder(list, data) && isEncoded(list, asked) ? null : mended(answer, asked);
}

/** Walks the indexes without parsing what lies between. A list without any goes by its order. */
function isInOrder(list: Buffer, { elements }: Member): boolean {
  let at = list.indexOf(INDEX);
  if (at < 0) return true;
  for (let expected = 0; expected < elements; expected += 1) {
    if (at < 0) return false;
    const behind = at + INDEX.length;
    const written = NUMBER.exec(list.toString("latin1", behind, behind + NUMBER_BYTES_MAX))?.[1];
    if (written !== String(expected)) return false;
    at = list.indexOf(INDEX, behind);
  }
  return at < 0;
}

/** Looks at the first vector: servers write all in one form. One that is not found near by is looked at closely. */
function isEncoded(list: Buffer, { encoding }: AskedVectors): boolean {
  const opening = FIRST.exec(list.toString("latin1", 0, FIRST_BYTES_MAX))?.[1];
  return opening === (encoding === "base64" ? '"' : "[");
}

/** Looks closely: what seemed amiss may be none. */
function mended(answer: Body, { count, encoding }: AskedVectors): FittedAnswer | Failure | null {
  const data = (answer.get("data") ?? []) as readonly Json[];
  const repairs = new Set<string>();
  const slots = new Map<number, JsonObject>();
  for (const [place, entry] of data.entries()) {
    const index = isJsonObject(entry) ? (asNumber(entry["index"]) ?? place) : -1;
    const vector = isJsonObject(entry) ? decodeVector(entry["embedding"]) : null;
    if (!isJsonObject(entry) || vector === null) return badPayload("answer", "a vector of the answer holds no numbers");
    if (!slots.has(index) && Number.isInteger(index) && index >= 0 && index < count) {
      const isRight = typeof entry["embedding"] === (encoding === "base64" ? "string" : "object");
      if (index !== place) repairs.add("embeddings-order");
      if (!isRight) repairs.add("embeddings-encoding");
      slots.set(index, isRight ? entry : { ...entry, embedding: encodeVector(vector, encoding) });
    } else return badPayload("answer", "the answer has not one vector per input");
  }
  if (repairs.size === 0) return null;
  const ordered = Array.from(slots.keys(), (_key, index) => slots.get(index) ?? null);
  return { bytes: answer.encoded(new Map([["data", ordered]])), repairs: [...repairs] };
}
