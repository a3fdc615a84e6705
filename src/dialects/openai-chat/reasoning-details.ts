// `reasoning_details`: how chat completions carry proofs of thoughts (OpenRouter's "Preserving reasoning blocks"). Entries of a provider
// that speaks chat completions must come back as they were, so what is kept of them is the whole entry but its text.
import { isJsonObject, type Json, type JsonObject, parseJson } from "../../core/json.ts";
import type { DialectName } from "../../core/names.ts";
import type { BlockNote } from "../collect.ts";
import { asText } from "../reading.ts";
import { seal, unseal } from "../sealed.ts";
import type { Origin } from "../vocabulary.ts";

const OWN: DialectName = "openai-chat";

/** The kinds of entries and where each has its words: readable ones, and the proof that only the author reads. */
const DETAILS = {
  "reasoning.text": { text: "text", proof: "signature" },
  "reasoning.summary": { text: "summary", proof: null },
  "reasoning.encrypted": { text: null, proof: "data" },
} as const satisfies Record<string, { readonly text: string | null; readonly proof: string | null }>;

type DetailType = keyof typeof DETAILS;

/** `format` of entries by the dialect of their author. */
const FORMATS: Readonly<Partial<Record<DialectName, string>>> = {
  "openai-responses": "openai-responses-v1",
  "anthropic-messages": "anthropic-claude-v1",
  "google-generative": "google-gemini-v1",
};

/** One entry, read. */
export interface Detail {
  readonly text: string;
  readonly signature: string | undefined;
  readonly sealed: string | undefined;
  readonly origin: Origin;
  /** Entries with the same place belong together. */
  readonly index: Json;
}

/** Reads one entry; null for what is none. */
export function readDetail(entry: Json): Detail | null {
  if (!isJsonObject(entry)) return null;
  const type = entry["type"];
  if (typeof type !== "string" || !Object.hasOwn(DETAILS, type)) return null;
  const words = DETAILS[type as DetailType];
  const text = words.text === null ? "" : (asText(entry[words.text]) ?? "");
  const written = words.proof === null ? null : asText(entry[words.proof]);
  const { payload, origin } = proofOf(entry, written);
  const isSignature = words.proof === "signature";
  return {
    text,
    signature: isSignature ? payload : undefined,
    sealed: isSignature ? undefined : payload,
    origin,
    index: entry["index"] ?? null,
  };
}

function proofOf(entry: JsonObject, written: string | null): { payload: string | undefined; origin: Origin } {
  const origin: Origin = { dialect: OWN, provider: null };
  if (written === null) return { payload: undefined, origin };
  const unsealed = unseal(written, OWN);
  // A proof that nobody wrapped is in an entry of the provider's own.
  if (unsealed.origin.provider === null) return { payload: pack(entry), origin };
  return { payload: unsealed.payload === "" ? undefined : unsealed.payload, origin: unsealed.origin };
}

function pack({ text: _text, summary: _summary, ...rest }: JsonObject): string {
  return JSON.stringify(rest);
}

/** What is to be written of a thought for the provider whose proofs these are; empty when there are none. */
export function ownDetails(thought: {
  readonly text: string;
  readonly signature?: string | undefined;
  readonly sealed?: string | undefined;
}): JsonObject[] {
  const signed = unpack(thought.signature);
  const sealed = unpack(thought.sealed);
  const details: JsonObject[] = [];
  if (signed !== null) details.push(thought.text === "" ? signed : { ...signed, text: thought.text });
  if (sealed === null) return details;
  if (signed === null && thought.text !== "") details.push(summary(thought.text, sealed["format"], sealed["index"]));
  return [...details, sealed];
}

function unpack(packed: string | undefined): JsonObject | null {
  const entry = packed === undefined ? undefined : parseJson(packed);
  return isJsonObject(entry) ? entry : null;
}

function summary(text: string, format: Json | undefined, index: Json | undefined): JsonObject {
  return {
    type: "reasoning.summary",
    summary: text,
    ...(format === undefined ? {} : { format }),
    ...(index === undefined ? {} : { index }),
  };
}

/** Where a note stands in its answer. */
export interface DetailPlace {
  /** Number among the thoughts of the answer. */
  readonly index: number;
  readonly provider: string | null;
  /** The thought's text; empty where it has been said already, as in streams. */
  readonly text: string;
}

/** True for a note that proves something. */
export function isProof({ signature, encrypted }: BlockNote): boolean {
  return signature !== undefined || encrypted !== undefined;
}

/**
 * The entries that carry a note's proofs to the client, each wrapped with its author's name; the provider's own go as they were. Where
 * nothing is proven, an empty proof tells whose the thought is: it goes back to its author, and no stranger is shown it.
 */
export function detailsOfNote({ signature, encrypted, origin }: BlockNote, place: DetailPlace): JsonObject[] {
  if (origin === OWN) return ownDetails({ text: place.text, signature, sealed: encrypted });
  const { index, provider, text } = place;
  const format = FORMATS[origin] ?? "unknown";
  const wrap = (payload: string): string => seal(payload, { dialect: origin, provider });
  const details: JsonObject[] = [];
  const proof = signature ?? (encrypted === undefined && provider !== null ? "" : undefined);
  if (proof !== undefined) {
    const said = text === "" ? {} : { text };
    details.push({ type: "reasoning.text", ...said, signature: wrap(proof), format, index });
  }
  if (encrypted !== undefined) {
    if (signature === undefined && text !== "") details.push(summary(text, format, index));
    details.push({ type: "reasoning.encrypted", data: wrap(encrypted), format, index });
  }
  return details;
}
