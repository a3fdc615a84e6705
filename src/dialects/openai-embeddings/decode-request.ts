// An embeddings request for a provider that speaks another dialect: the texts, and how their vectors are wanted.
import type { Failure } from "../../core/failure.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import type { Target } from "../../core/snapshot.ts";
import { RequestNotes } from "../request-notes.ts";
import { FieldReader, readOthers } from "../openai-family/shared-fields.ts";
import { asNumber, asText } from "../reading.ts";

const KNOWN: ReadonlySet<string> = new Set(["model", "input", "dimensions", "encoding_format", "input_type"]);

/** Forms in which a vector can be given to the client, whoever made it. */
const FORMS: ReadonlySet<string> = new Set(["float", "base64"]);

/** What is asked of an embedding model. */
export interface EmbeddingsRequest {
  readonly texts: readonly string[];
  readonly dimensions: number | undefined;
  /** What the texts are for, in the client's word (`query`, `document`), where it says so. */
  readonly inputType: string | undefined;
  /** Names of fields that were left behind. */
  readonly lost: readonly string[];
}

/**
 * Reads a request body; what it leaves out, `memorySearch` gives. Token ids are those of one vendor's models, so elsewhere they say
 * nothing: a 400.
 */
export function decodeEmbeddingsRequest(tree: JsonObject, { fill }: Pick<Target, "fill">): EmbeddingsRequest | Failure {
  const notes = new RequestNotes();
  const read = new FieldReader(tree, notes);
  const texts = readTexts(tree["input"], notes);
  const dimensions = read.number("dimensions") ?? asNumber(fill["dimensions"]) ?? undefined;
  const inputType = read.text("input_type") ?? asText(fill["input_type"]) ?? undefined;
  const form = read.text("encoding_format");
  if (form !== undefined && !FORMS.has(form)) notes.lose("encoding_format");
  for (const key of readOthers(tree, KNOWN, notes).keys()) notes.lose(key);
  return notes.fault ?? { texts, dimensions, inputType, lost: notes.lost };
}

function readTexts(input: Json | undefined, notes: RequestNotes): readonly string[] {
  const inputs = Array.isArray(input) ? (input as readonly Json[]) : [input ?? null];
  if (inputs.every((each) => typeof each === "string")) return inputs;
  const holdsTokens = inputs.some((each) => typeof each === "number" || Array.isArray(each));
  if (holdsTokens) notes.cannotSay("input", "This target embeds texts and knows no token ids.");
  else notes.refuse("input", "`input` must be a string or an array of strings.");
  return [];
}
