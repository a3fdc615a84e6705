// A planned answer as the events that a model would produce, token by token and lazily: a slow stream holds no text twice.
import type { ChatEvent, Finish } from "../dialects/vocabulary.ts";
import type { PlannedBlock } from "./compose.ts";
import { piecesOf } from "./words.ts";

/** Frame of an answer. */
export interface AnswerFrame {
  readonly id: string;
  readonly model: string;
  /** Unix seconds. */
  readonly created: number;
  readonly promptTokens: number;
  /** After so many tokens the answer is cut with finish `length`. */
  readonly tokensMax: number;
}

/** The events of one answer; every delta is one token. */
export function* answerEvents(blocks: readonly PlannedBlock[], frame: AnswerFrame): Generator<ChatEvent> {
  yield { type: "answer-start", id: frame.id, model: frame.model, created: frame.created };
  let left = frame.tokensMax;
  let output = 0;
  let reasoning = 0;
  let isCut = false;
  for (const [block, { kind, text, ...call }] of blocks.entries()) {
    yield { type: "block-start", block, kind, ...call };
    for (const piece of piecesOf(text)) {
      isCut = left === 0;
      if (isCut) break;
      left -= 1;
      output += 1;
      if (kind === "reasoning") reasoning += 1;
      yield { type: "block-delta", block, text: piece };
    }
    yield { type: "block-end", block };
    if (isCut) break;
  }
  const usage = { input: frame.promptTokens, output, ...(reasoning === 0 ? {} : { reasoning }) };
  yield { type: "usage", usage };
  yield { type: "answer-end", finish: isCut ? "length" : finishOf(blocks) };
}

function finishOf(blocks: readonly PlannedBlock[]): Finish {
  return blocks.at(-1)?.kind === "tool-call" ? "tool-calls" : "stop";
}
