// TABLE: what each kind of block is as an output item of the Responses API, and which events tell its life.
import type { Json, JsonObject } from "../../core/json.ts";
import { answerId } from "../answer-id.ts";
import { answerCallId, ID_RULES } from "../call-ids.ts";
import { type BlockNote, type CollectedBlock, noted } from "../collect.ts";
import { annotationsFor } from "../openai-family/annotations.ts";
import { InputReader, inputOfArgs } from "../openai-family/custom-tools.ts";
import { given } from "../given.ts";
import { asList } from "../reading.ts";
import { OWN_ID_MARK } from "../sealed.ts";
import type { BlockKind } from "../vocabulary.ts";
import { clientName, isCustomTool } from "./namespaces.ts";
import { callProof, encryptedContent } from "./proofs.ts";
import type { ResponsesContext } from "./lifecycle.ts";

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

/** How a block is written. */
export interface ItemWords {
  readonly prefix: string;
  /** `.delta` and `.done` are events of this name. */
  readonly stem: string;
  /** The field of the `.done` event that repeats the whole text; null where there are neither deltas nor such an event. */
  readonly whole: "text" | "refusal" | "arguments" | "input" | null;
  /** What the block's text says here, where that is not the text itself. */
  readonly said?: (text: string) => string;
  /** The same, while the text comes. */
  readonly reader?: () => InputReader;
  /** Fields that the text events have beside the text; a delta has them empty. */
  readonly beside: (block: CollectedBlock) => JsonObject;
  readonly part: PartWords | null;
  readonly shape: (block: CollectedBlock, outer: ItemFrame, parts: readonly JsonObject[]) => JsonObject;
}

/** What of an item does not come from its block. */
interface ItemFrame {
  readonly id: string;
  readonly status: ItemStatus;
  readonly context: ResponsesContext;
}

function nothingBeside(): JsonObject {
  return {};
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
    beside: ({ notes }) => ({ logprobs: logprobsOf(notes) }),
    part: {
      ...content,
      shape: ({ notes, text }) => {
        const annotations = annotationsFor("openai-responses", notes);
        return { type: "output_text", annotations, logprobs: logprobsOf(notes), text };
      },
    },
    shape: messageShape,
  },
  refusal: {
    prefix: "msg_",
    stem: "response.refusal",
    whole: "refusal",
    beside: nothingBeside,
    part: { ...content, shape: ({ text }) => ({ type: "refusal", refusal: text }) },
    shape: messageShape,
  },
  reasoning: {
    prefix: "rs_",
    stem: "response.reasoning_summary_text",
    whole: "text",
    beside: nothingBeside,
    part: {
      stem: "response.reasoning_summary_part",
      index: "summary_index",
      eager: false,
      shape: ({ text }) => ({ type: "summary_text", text }),
    },
    shape: ({ notes }, { id, context }, parts) => {
      const encrypted = encryptedContent(notes, context.provider ?? null);
      return { id, type: "reasoning", summary: parts, ...given({ encrypted_content: encrypted }) };
    },
  },
  "tool-call": {
    prefix: "fc_",
    stem: "response.function_call_arguments",
    whole: "arguments",
    beside: nothingBeside,
    part: null,
    shape: (block, { id, status, context }) => ({
      id,
      type: "function_call",
      status,
      arguments: block.text,
      call_id: callId(block, context),
      ...clientName(block.name ?? "", context.request),
    }),
  },
  image: {
    prefix: "ig_",
    stem: "response.image_generation_call",
    whole: null,
    beside: nothingBeside,
    part: null,
    shape: ({ text }, { id, status }) => {
      // An image comes whole: the API has no word for half of one.
      const stage = status === "in_progress" ? status : "completed";
      return { id, type: "image_generation_call", status: stage, result: base64Of(text) };
    },
  },
} as const satisfies Record<BlockKind, ItemWords>;

/** The bytes of a `data:` URL; null for what stands elsewhere, or has not come. */
function base64Of(url: string): string | null {
  return /^data:[^,]*;base64,(.*)$/s.exec(url)?.[1] ?? null;
}

/** A call of a custom tool, which other dialects know as a function of one text. */
const CUSTOM_CALL: ItemWords = {
  prefix: "ctc_",
  stem: "response.custom_tool_call_input",
  whole: "input",
  said: inputOfArgs,
  reader: () => new InputReader(),
  beside: nothingBeside,
  part: null,
  shape: (block, { id, status, context }) => ({
    id,
    type: "custom_tool_call",
    status,
    call_id: callId(block, context),
    ...clientName(block.name ?? "", context.request),
    input: inputOfArgs(block.text),
  }),
};

/** The words of a block. */
export function wordsOf(
  { kind, name }: Pick<CollectedBlock, "kind" | "name">,
  { request }: ResponsesContext,
): ItemWords {
  return kind === "tool-call" && isCustomTool(name ?? "", request) ? CUSTOM_CALL : ITEMS[kind];
}

/** The id of a block's item; the same from `output_item.added` to the terminal event, as clients match by it. */
export function itemId(block: CollectedBlock, context: ResponsesContext): string {
  return numbered(wordsOf(block, context).prefix, block.block, context);
}

function numbered(prefix: string, number: number, context: ResponsesContext): string {
  return `${answerId(prefix + OWN_ID_MARK, context)}_${number}`;
}

/** The id that a call's result answers to; a missing one is made. */
function callId({ id, block }: CollectedBlock, context: ResponsesContext): string {
  return answerCallId(id ?? `${answerId("call_", context)}_${block}`, block, ID_RULES["openai-responses"]);
}

/** Behind the items of an answer: the proofs of its calls, for which a call has no place, as thoughts that say nothing. */
export function proofItems(blocks: readonly CollectedBlock[], context: ResponsesContext): JsonObject[] {
  const proofs = blocks.flatMap((block) => {
    if (block.kind !== "tool-call") return [];
    return callProof(callId(block, context), block.notes, context.provider ?? null) ?? [];
  });
  return proofs.map((encrypted_content, index) => {
    const id = numbered(ITEMS.reasoning.prefix, blocks.length + index, context);
    return { id, type: "reasoning", summary: [], encrypted_content };
  });
}

/** A block as an output item. Before its first byte an item has no parts. */
export function outputItem(block: CollectedBlock, status: ItemStatus, context: ResponsesContext): JsonObject {
  const { part, shape } = wordsOf(block, context);
  const hasPart = part !== null && status !== "in_progress" && (part.eager || block.text !== "");
  return shape(block, { id: itemId(block, context), status, context }, hasPart ? [part.shape(block)] : []);
}

/** Both OpenAI APIs write log probabilities alike. */
function logprobsOf(notes: readonly BlockNote[]): Json[] {
  return (["openai-chat", "openai-responses"] as const).flatMap((origin) =>
    noted(notes, origin, "logprobs").flatMap((logprobs) => asList(logprobs["content"])),
  );
}
