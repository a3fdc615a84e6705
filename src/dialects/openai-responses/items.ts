// TABLE: what each kind of block is as an output item of the Responses API, and which events tell its life.
import type { JsonObject } from "../../core/json.ts";
import { answerId } from "../answer-id.ts";
import { type CollectedBlock, noted } from "../collect.ts";
import type { AnswerContext } from "../dialect.ts";
import type { BlockKind } from "../vocabulary.ts";

/** How far an item has come. */
export type ItemStatus = "in_progress" | "completed" | "incomplete";

/** One part inside an item: a message's content or a reasoning item's summary. */
interface PartWords {
  /** `.added` and `.done` are events of this name. */
  readonly stem: string;
  readonly index: "content_index" | "summary_index";
  /** True when a part is there before its first byte; a summary is there only once it says something. */
  readonly eager: boolean;
  readonly shape: (block: CollectedBlock) => JsonObject;
}

interface ItemWords {
  readonly prefix: string;
  /** `.delta` and `.done` are events of this name. */
  readonly stem: string;
  /** The field of the `.done` event that repeats the whole text. */
  readonly whole: "text" | "refusal" | "arguments";
  /** Fields that the text events have beside the text. */
  readonly beside: JsonObject;
  readonly part: PartWords | null;
  readonly shape: (block: CollectedBlock, outer: ItemFrame, parts: readonly JsonObject[]) => JsonObject;
}

/** What of an item does not come from its block. */
interface ItemFrame {
  readonly id: string;
  readonly status: ItemStatus;
  readonly context: AnswerContext;
}

const content = { stem: "response.content_part", index: "content_index", eager: true } as const;

function messageShape(_block: CollectedBlock, { id, status }: ItemFrame, parts: readonly JsonObject[]): JsonObject {
  return { id, type: "message", status, role: "assistant", content: parts };
}

/** One row per kind of block; every block becomes one item. */
export const ITEMS = {
  text: {
    prefix: "msg_",
    stem: "response.output_text",
    whole: "text",
    beside: { logprobs: [] },
    part: {
      ...content,
      shape: ({ notes, text }) => {
        return { type: "output_text", annotations: noted(notes, "openai-responses", "annotation"), logprobs: [], text };
      },
    },
    shape: messageShape,
  },
  refusal: {
    prefix: "msg_",
    stem: "response.refusal",
    whole: "refusal",
    beside: {},
    part: { ...content, shape: ({ text }) => ({ type: "refusal", refusal: text }) },
    shape: messageShape,
  },
  reasoning: {
    prefix: "rs_",
    stem: "response.reasoning_summary_text",
    whole: "text",
    beside: {},
    part: {
      stem: "response.reasoning_summary_part",
      index: "summary_index",
      eager: false,
      shape: ({ text }) => ({ type: "summary_text", text }),
    },
    shape: (block, { id }, parts) => ({ id, type: "reasoning", summary: parts, ...encryptedOf(block) }),
  },
  "tool-call": {
    prefix: "fc_",
    stem: "response.function_call_arguments",
    whole: "arguments",
    beside: {},
    part: null,
    shape: ({ block, id: callId, name, text }, { id, status, context }) => ({
      id,
      type: "function_call",
      status,
      arguments: text,
      call_id: callId ?? `${answerId("call_", context)}_${block}`,
      name: name ?? "",
    }),
  },
} as const satisfies Record<BlockKind, ItemWords>;

/** The words of a block's kind, as the wide type. */
export function wordsOf(kind: BlockKind): ItemWords {
  return ITEMS[kind];
}

/** The id of a block's item; the same from `output_item.added` to the terminal event, as clients match by it. */
export function itemId({ kind, block }: CollectedBlock, context: AnswerContext): string {
  return `${answerId(ITEMS[kind].prefix, context)}_${block}`;
}

/** A block as an output item. Before its first byte an item has no parts. */
export function outputItem(block: CollectedBlock, status: ItemStatus, context: AnswerContext): JsonObject {
  const { part, shape } = wordsOf(block.kind);
  const hasPart = part !== null && status !== "in_progress" && (part.eager || block.text !== "");
  return shape(block, { id: itemId(block, context), status, context }, hasPart ? [part.shape(block)] : []);
}

function encryptedOf({ notes }: CollectedBlock): JsonObject {
  const encrypted = noted(notes, "openai-responses", "encrypted").at(-1);
  return encrypted === undefined ? {} : { encrypted_content: encrypted };
}
