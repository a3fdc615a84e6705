// Embeddings of the mock: unit vectors made of the words of a text, so that texts that share words are near each other.
import type { Json, JsonObject } from "../core/json.ts";
import { asNumber, asText } from "../dialects/reading.ts";
import type { EmbeddingsContext } from "../dialects/openai-embeddings/encode-answer.ts";
import { type Fault, invalidRequest } from "./fault.ts";
import { hashOf, seededRandom } from "./seeded-random.ts";

const DIMENSIONS = 256;
const DIMENSIONS_MAX = 3072;
const INPUTS_MAX = 2048;
/** How many coordinates a word moves. */
const SPREAD = 16;

/** One input: its words, or its token ids. */
export type EmbeddingInput = readonly string[];

/** A request for embeddings. */
export interface EmbeddingRequest {
  readonly inputs: readonly EmbeddingInput[];
  readonly dimensions: number;
  readonly encoding: EmbeddingsContext["encoding"];
}

/** Reads a request, or says what is wrong with it. Accepted: a string, strings, token ids, lists of token ids. */
export function readEmbeddings(body: JsonObject): EmbeddingRequest | Fault {
  const inputs = inputsOf(body["input"]);
  if (inputs === null || inputs.length === 0 || inputs.length > INPUTS_MAX) {
    return invalidRequest("'input' must be a string, an array of strings, or arrays of token ids.", "input");
  }
  const dimensions = asNumber(body["dimensions"]) ?? DIMENSIONS;
  if (!Number.isInteger(dimensions) || dimensions < 1 || dimensions > DIMENSIONS_MAX) {
    return invalidRequest(`'dimensions' must be an integer from 1 to ${DIMENSIONS_MAX}.`, "dimensions");
  }
  return { inputs, dimensions, encoding: asText(body["encoding_format"]) === "base64" ? "base64" : "float" };
}

/** The vector of one input: of length 1, the same on every machine. */
export function vectorOf(input: EmbeddingInput, dimensions: number): Float32Array {
  const sums = new Float64Array(dimensions);
  for (const word of input) {
    const random = seededRandom(hashOf(word));
    for (let moved = 0; moved < SPREAD; moved += 1) {
      const at = Math.floor(random() * dimensions);
      sums[at] = (sums[at] ?? 0) + random() - 0.5;
    }
  }
  const length = Math.sqrt(sums.reduce((sum, value) => sum + value * value, 0));
  // An input without words has no direction of its own; it still needs a length.
  if (length === 0) sums[0] = 1;
  return Float32Array.from(sums, (value) => value / (length || 1));
}

/** How many tokens the inputs count as. */
export function embeddingTokens({ inputs }: EmbeddingRequest): number {
  return inputs.reduce((sum, words) => sum + words.length, 0);
}

function inputsOf(input: Json | undefined): readonly EmbeddingInput[] | null {
  if (typeof input === "string") return [wordsOf(input)];
  if (!Array.isArray(input)) return null;
  const list = input as readonly Json[];
  if (list.every((entry) => typeof entry === "number")) return list.length === 0 ? null : [tokensOf(list)];
  const inputs = list.map((entry) => {
    if (typeof entry === "string") return wordsOf(entry);
    return isTokens(entry) ? tokensOf(entry) : null;
  });
  return inputs.every((entry) => entry !== null) ? inputs : null;
}

function isTokens(entry: Json): entry is readonly number[] {
  return Array.isArray(entry) && entry.length > 0 && entry.every((token) => typeof token === "number");
}

function wordsOf(text: string): EmbeddingInput {
  return text.toLowerCase().match(/[\p{L}\p{N}]+|[^\s\p{L}\p{N}]/gu) ?? [];
}

function tokensOf(tokens: readonly number[]): EmbeddingInput {
  return tokens.map((token) => `#${token}`);
}
