// What a repair of chat completions is: a row that says who deviates, what its events look like, and makes a step for one answer.
import type { JsonObject } from "../../../core/json.ts";
import type { RepairContext } from "../../repair.ts";

/** One choice of one chunk on its way through the rows. A whole answer is one chunk: its message stands for the delta. */
export interface ChoiceDraft {
  /** Replaced, never changed: what is still the same object goes out in the provider's own bytes. */
  delta: JsonObject;
  /** `finish_reason` where it is a word. */
  finish: string | null;
  /** What calls this choice has brought so far: those of today, or the one of `function_call`. */
  readonly calls: "none" | "tools" | "function";
}

/**
 * The keys that make an event in the midst of an answer worth reading. What opens an answer, and all that comes from the first reason for
 * ending on, is always read.
 */
export type Needle = "tool_calls" | "reasoning_details";

/** Mends one choice, chunk by chunk. */
export type ChoiceStep = (draft: ChoiceDraft) => void;

/** Mends an answer beyond single choices. */
export interface AnswerStep {
  /** One chunk; itself when nothing is to be mended. */
  chunk(tree: JsonObject): JsonObject;
  /** What is to be said before the terminator. */
  beforeEnd(): readonly JsonObject[];
}

/** One repair. */
export interface RepairRow {
  /** Where the deviation was seen. */
  readonly source: string;
  readonly needles: readonly Needle[];
  /** False when this request has no use for it. */
  readonly needed?: (context: RepairContext) => boolean;
  /** A step for one choice (named by its number) of one answer, streamed or whole. */
  readonly openChoice?: (context: RepairContext, choice: number) => ChoiceStep;
  /** A step for one streamed answer. */
  readonly openAnswer?: (context: RepairContext) => AnswerStep;
  /** The same for a whole answer. */
  readonly whole?: (tree: JsonObject) => JsonObject;
}
