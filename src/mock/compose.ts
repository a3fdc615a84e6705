// What the mock says: which blocks an answer has, decided by the request and the manner of the model.
import { hexDigits } from "./seeded-random.ts";
import type { Random } from "../core/ids.ts";
import type { BlockKind } from "../dialects/vocabulary.ts";
import type { Conversation, OfferedTool } from "./conversation.ts";
import { sampleOf } from "./schema-sample.ts";
import { loremText, loremWord } from "./words.ts";

/** One block of an answer, whole. */
export interface PlannedBlock {
  readonly kind: BlockKind;
  readonly text: string;
  /** For tool calls: call id and function name. */
  readonly id?: string;
  readonly name?: string;
}

/** Plans the answer to a request. */
export type Composer = (talk: Conversation, random: Random) => readonly PlannedBlock[];

const LOREM_WORDS = 60;
const REASONING_WORDS = 24;

/** The last words of the user, back. */
export const echo: Composer = (talk, random) => {
  const text = talk.lastUserText === "" ? "There was no text to repeat." : talk.lastUserText;
  return asAsked(talk, { random, prose: text, value: () => text });
};

/** Lorem ipsum. */
export const lorem: Composer = (talk, random) =>
  asAsked(talk, { random, prose: loremText(LOREM_WORDS, random), value: () => loremWord(random) });

/** A call of the first tool; once the tool has answered, its answer. */
export const callTool: Composer = (talk, random) => {
  const [first] = talk.tools;
  if (talk.toolChoice === "auto" && talk.toolResult === null && first !== undefined) return [call(first, random)];
  const prose = talk.toolResult === null ? "There is no tool to call." : `The tool answered: ${talk.toolResult}`;
  return asAsked(talk, { random, prose, value: () => loremWord(random) });
};

/** Thoughts first, then text. */
export const reason: Composer = (talk, random) => [
  { kind: "reasoning", text: loremText(REASONING_WORDS, random) },
  ...lorem(talk, random),
];

/** No block at all. */
export const sayNothing: Composer = () => [];

/** What a model must do whatever its manner: call a tool that is demanded, keep to a schema; else say its prose. */
function asAsked(
  talk: Conversation,
  says: { readonly random: Random; readonly prose: string; readonly value: () => string },
): readonly PlannedBlock[] {
  const demanded = talk.toolChoice === "required" ? talk.tools[0] : talk.toolChoice;
  if (typeof demanded === "object") return [call(demanded, says.random)];
  if (talk.schema === null) return [{ kind: "text", text: says.prose }];
  const value = sampleOf(talk.schema, { random: says.random, text: says.value });
  return [{ kind: "text", text: JSON.stringify(value) }];
}

function call({ name, parameters }: OfferedTool, random: Random): PlannedBlock {
  const input = sampleOf({ type: "object", ...parameters }, { random, text: () => loremWord(random) });
  return { kind: "tool-call", id: `call_${hexDigits(24, random)}`, name, text: JSON.stringify(input) };
}
