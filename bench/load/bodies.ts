// Request bodies of known shape and size, as applications send them: text with some that is not ASCII, quotes and line ends, tools with schemas.
import { userFor } from "../upstream/ask.ts";

const SENTENCE = `Wie spät ist es in Ōsaka, and what does a "small" coffee cost there?\nAnswer briefly. `;

/** What makes a body big. */
export type BodyShape =
  | { readonly kind: "text"; readonly bytes: number }
  | { readonly kind: "tools"; readonly tools: number; readonly bytes: number }
  | { readonly kind: "history"; readonly messages: number };

/** The bodies of the report. */
export const BODIES = {
  /** About 1 KB. */
  small: { kind: "text", bytes: 1024 },
  /** 50 tools, 41 KB in all. */
  tools50: { kind: "tools", tools: 50, bytes: 41 * 1024 },
  mb1: { kind: "text", bytes: 1024 * 1024 },
} as const satisfies Record<string, BodyShape>;

/** A name of the table. */
export type BodyName = keyof typeof BODIES;

/** What to ask for. */
export interface Asked {
  /** Without `openclaw/`. */
  readonly model: string;
  readonly shape: BodyShape;
  /** Which of the texts should come back. */
  readonly variant: number;
  readonly stream: boolean;
}

/** A request body. What the mock upstream looks for stands in front. */
export function bodyOf({ model, shape, variant, stream }: Asked): string {
  const asks = { model: `openclaw/${model}`, user: userFor(variant), ...(stream && { stream: true }) };
  return JSON.stringify({ ...asks, max_tokens: 4096, temperature: 0.2, ...CONTENTS[shape.kind](shape as never) });
}

type Contents = { readonly [K in BodyShape["kind"]]: (shape: Extract<BodyShape, { kind: K }>) => object };

/** What JSON adds around the text of the small body. */
const FRAME_BYTES = 150;

const CONTENTS: Contents = {
  text: ({ bytes }) => ({ messages: conversation(Math.min(60, 2 + Math.floor(bytes / 16_384)), bytes - FRAME_BYTES) }),
  history: ({ messages }) => ({ messages: conversation(messages, messages * 200) }),
  tools: ({ tools, bytes }) => ({
    messages: conversation(6, 4096),
    tools: Array.from({ length: tools }, (_, at) => toolOf(at, Math.floor((bytes - 4096) / tools))),
    tool_choice: "auto",
  }),
};

/** So many messages of so many bytes together: a system prompt, then turns that end with the user's. */
function conversation(count: number, bytes: number): object[] {
  const each = Math.max(16, Math.floor(bytes / count) - 32);
  return Array.from({ length: count }, (_, at) => {
    const role = at === 0 ? "system" : (count - at) % 2 === 1 ? "user" : "assistant";
    return { role, content: filler(each) };
  });
}

function toolOf(at: number, bytes: number): object {
  const text = filler(Math.floor(bytes / 7));
  const property = (type: string): object => ({ type, description: text });
  const properties = { path: property("string"), query: property("string"), limit: property("integer") };
  const parameters = { type: "object", properties, required: ["path"], additionalProperties: false };
  return {
    type: "function",
    function: { name: `tool_${at}`, description: `${text}${text}`, parameters, strict: true },
  };
}

function filler(bytes: number): string {
  return SENTENCE.repeat(Math.ceil(bytes / SENTENCE.length)).slice(0, bytes);
}
