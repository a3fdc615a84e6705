// The thoughts of an assistant message: `reasoning_details` where they are, else the text that providers write under three names.
import type { JsonObject } from "../../core/json.ts";
import { given } from "../given.ts";
import { asList, asText } from "../reading.ts";
import type { ReasoningPart } from "../vocabulary.ts";
import { type Detail, readDetail } from "./reasoning-details.ts";

/** Under what names thoughts are written as text; the first that says something counts. */
const TEXT_FIELDS = ["reasoning_content", "reasoning", "reasoning_text"] as const;

/** The same names. */
export const THOUGHT_FIELDS: ReadonlySet<string> = new Set(TEXT_FIELDS);

/** The readable thought of a message or delta, else null. */
export function reasoningText(message: JsonObject): string | null {
  for (const field of TEXT_FIELDS) {
    const text = asText(message[field]);
    if (text !== null) return text;
  }
  return null;
}

/** The thoughts of an assistant message, in order. */
export function decodeReasoning(message: JsonObject): ReasoningPart[] {
  const thoughts: Detail[] = [];
  for (const entry of asList(message["reasoning_details"])) {
    const detail = readDetail(entry);
    if (detail !== null) join(thoughts, detail);
  }
  return withText(thoughts, reasoningText(message)).map(partOf);
}

function partOf({ text, signature, sealed, origin }: Detail): ReasoningPart {
  return { type: "reasoning", text, ...given({ signature, sealed }), origin };
}

/** Entries of one place are one thought, unless it was complete: a signed text is not continued, and no thought has two proofs of a kind. */
function join(thoughts: Detail[], next: Detail): void {
  const last = thoughts.at(-1);
  if (last === undefined || !belongs(last, next)) {
    thoughts.push(next);
    return;
  }
  const proven = next.signature ?? next.sealed;
  thoughts[thoughts.length - 1] = {
    text: last.text + next.text,
    signature: last.signature ?? next.signature,
    sealed: last.sealed ?? next.sealed,
    origin: proven === undefined ? last.origin : next.origin,
    index: last.index,
  };
}

function belongs(last: Detail, next: Detail): boolean {
  if (last.index !== next.index) return false;
  const isProven = last.signature !== undefined || last.sealed !== undefined;
  if (!isProven) return true;
  const sameOrigin = last.origin.dialect === next.origin.dialect && last.origin.provider === next.origin.provider;
  return sameOrigin && next.text === "" && last.sealed === undefined && next.sealed !== undefined;
}

/**
 * Streamed details bring proofs without the text, which stands beside them (encode-stream.ts). It belongs to the one thought that it can
 * belong to; where there are several, nobody can tell what each has signed, and the text stays without proof.
 */
function withText(thoughts: readonly Detail[], text: string | null): readonly Detail[] {
  if (text === null || thoughts.some((thought) => thought.text !== "")) return thoughts;
  const signed = thoughts.filter(({ signature }) => signature !== undefined);
  const owners = signed.length > 0 ? signed : thoughts.filter(({ origin }) => origin.dialect !== "anthropic-messages");
  const [owner] = owners;
  if (owner !== undefined && owners.length === 1) {
    return thoughts.with(thoughts.indexOf(owner), { ...owner, text });
  }
  const plain: Detail = {
    text,
    signature: undefined,
    sealed: undefined,
    origin: { dialect: "openai-chat", provider: null },
    index: null,
  };
  return [plain, ...thoughts.filter(({ sealed }) => sealed !== undefined)];
}
