// Event streams as tests read them: events through eventsource-parser (the oracle), blocks by their bytes, and what a chat stream amounts to.
import { createParser, type EventSourceMessage } from "eventsource-parser";

/** Everything that a reader of the stream is told, in order. */
export interface SseReading {
  readonly events: readonly EventSourceMessage[];
  readonly comments: readonly string[];
}

/** Reads a whole stream. An event that has no blank line behind it counts, as it does for many clients. */
export function readSse(bytes: Uint8Array | string): SseReading {
  const events: EventSourceMessage[] = [];
  const comments: string[] = [];
  const parser = createParser({ onEvent: (event) => events.push(event), onComment: (text) => comments.push(text) });
  parser.feed(typeof bytes === "string" ? bytes : new TextDecoder().decode(bytes));
  parser.feed("\n\n");
  return { events, comments };
}

/** The events of a body as they arrive; an incomplete last one is not given. */
export async function* eventsOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<EventSourceMessage> {
  const arrived: EventSourceMessage[] = [];
  const parser = createParser({ onEvent: (event) => arrived.push(event) });
  const decoder = new TextDecoder();
  for await (const chunk of body) {
    parser.feed(decoder.decode(chunk, { stream: true }));
    yield* arrived.splice(0);
  }
}

const CR = 13;
const LF = 10;

/** The blocks of a stream, each with the blank line that ends it, byte for byte; what follows the last blank line is the last block. */
export function blocksOf(bytes: Buffer): Buffer[] {
  const blocks: Buffer[] = [];
  let from = 0;
  let lineStart = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte !== CR && byte !== LF) continue;
    const blank = at === lineStart;
    if (byte === CR && bytes[at + 1] === LF) at += 1;
    lineStart = at + 1;
    if (!blank) continue;
    blocks.push(bytes.subarray(from, lineStart));
    from = lineStart;
  }
  if (from < bytes.length) blocks.push(bytes.subarray(from));
  return blocks;
}

/** What a chat completion stream amounts to for a client. */
export interface ChatReading {
  /** The text of choice 0. */
  readonly text: string;
  readonly finish: string | null;
  /** The last usage given, or null. */
  readonly usage: unknown;
  /** Chunks without choices: usage, as a client that did not ask must not see it. */
  readonly usageChunks: number;
  /** `error` objects inside the stream. */
  readonly errors: readonly Record<string, unknown>[];
  /** How often `[DONE]` was said. */
  readonly dones: number;
  readonly models: readonly string[];
}

interface ChatChunk {
  readonly model?: string;
  readonly error?: Record<string, unknown>;
  readonly usage?: unknown;
  readonly choices?: readonly {
    readonly delta?: { readonly content?: string | null };
    readonly finish_reason?: string | null;
  }[];
}

/** Folds a chat completion stream. Throws when an event other than `[DONE]` is not JSON. */
export function readChat(bytes: Uint8Array | string): ChatReading {
  const { events } = readSse(bytes);
  const chunks = events.filter(({ data }) => data !== "[DONE]").map(({ data }) => JSON.parse(data) as ChatChunk);
  const choices = chunks.flatMap((chunk) => chunk.choices?.slice(0, 1) ?? []);
  return {
    text: choices.map(({ delta }) => delta?.content ?? "").join(""),
    finish: choices.findLast(({ finish_reason }) => typeof finish_reason === "string")?.finish_reason ?? null,
    usage: chunks.findLast(({ usage }) => usage !== undefined && usage !== null)?.usage ?? null,
    usageChunks: chunks.filter((chunk) => chunk.choices?.length === 0).length,
    errors: chunks.flatMap(({ error }) => (error === undefined ? [] : [error])),
    dones: events.length - chunks.length,
    models: [...new Set(chunks.flatMap(({ model }) => model ?? []))],
  };
}
