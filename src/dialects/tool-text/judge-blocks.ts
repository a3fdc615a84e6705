// What becomes of a text that is all bracketed blocks (OpenClaw §5.4): calls when every name is offered and every object can be read;
// anything else is no text that a user is meant to see.
import { derivedCallId } from "./call-id.ts";
import { BracketedText, type ToolBlock } from "./bracketed-text.ts";

/** One call that was written as text. */
export interface TextCall {
  /** Made of the request's id and the call's place. */
  readonly id: string;
  readonly name: string;
  /** The object as written. */
  readonly json: string;
}

/** What the request says of tools. */
export interface Offer {
  readonly requestId: string;
  /** Names of the tools offered. */
  readonly tools: () => ReadonlySet<string>;
}

/** The calls; `hidden` for blocks that are none; null when there are no blocks. */
export function judgeBlocks(
  blocks: readonly ToolBlock[] | null,
  { requestId, tools }: Offer,
): readonly TextCall[] | "hidden" | null {
  if (blocks === null) return null;
  const offered = tools();
  const calls: TextCall[] = [];
  for (const [at, { name, json }] of blocks.entries()) {
    if (json === null || !offered.has(name)) return "hidden";
    calls.push({ id: derivedCallId(requestId, `0/${at}`), name, json });
  }
  return calls;
}

/** The same for a text that is there as a whole. */
export function judgeText(text: string, offer: Offer): readonly TextCall[] | "hidden" | null {
  const reader = new BracketedText();
  return reader.push(text) ? judgeBlocks(reader.end(), offer) : null;
}
