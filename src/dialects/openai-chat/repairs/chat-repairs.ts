// One answer of chat completions on its way through the rows of the table, behind the text that may be calls. A chunk that no row has to
// do with is not even read: the bytes say so. Most answers are plain from beginning to end, and never open the rows at all.
import type { EventKind } from "../../../core/lane.ts";
import { isJsonObject, type Json, type JsonObject } from "../../../core/json.ts";
import type { AnswerBody } from "../../answer-body.ts";
import { parseExactJson } from "../../exact-json.ts";
import { EventTwins } from "../../event-twins.ts";
import { EVENT_BYTES, PIECE_BYTES } from "../../kept-bytes.ts";
import { keyNeedle } from "../../needles.ts";
import { asList, asNumber, asObject, asText } from "../../reading.ts";
import type { AnswerRepairs, PassingEvent, RepairContext } from "../../repair.ts";
import { HeldText, type Passing } from "../../tool-text/held-text.ts";
import { judgeText } from "../../tool-text/judge-blocks.ts";
import { hasContent, saysError } from "../content.ts";
import { endsAsJson, readEvents } from "../../sse.ts";
import { readCall } from "../call-matching.ts";
import { chatRowsFor, type ChosenRows } from "./index.ts";
import { PlainAnswer } from "./plain-answer.ts";
import { mayEnd } from "./plain-chunk.ts";
import type { AnswerStep, ChoiceDraft, ChoiceStep, Needle } from "./row.ts";
import { CHUNK_SHAPE, readWhole, withMessage } from "./text-shape.ts";
import { asChunk, asWhole } from "./whole-as-chunk.ts";

const DONE = "[DONE]";
/** Choices of one answer that are mended; clients may ask for 16. What the rows keep of each takes 6 KB: one could be opened with every event. */
const CHOICES_MAX = 128;

const NEEDLES = {
  tool_calls: present(keyNeedle("tool_calls")),
  reasoning_details: present(keyNeedle("reasoning_details")),
} as const satisfies Record<Needle, (run: Buffer) => boolean>;

/** Members of a whole answer that only some servers write, and whose usage has to be looked for there. */
const ODD_MEMBERS = ["timings", "x_groq"];
/** Members of a message that rows have to do with. */
const ODD_WORDS = ["tool_calls", "function_call", "reasoning_details"];

/** A step of one row, by the row's name. */
interface NamedStep<Step> {
  readonly name: string;
  readonly step: Step;
}

/** One choice of the answer. */
interface Choice {
  readonly steps: readonly NamedStep<ChoiceStep>[];
  calls: ChoiceDraft["calls"];
}

/** The repairs of one answer; null when this one is to go through none. */
export function openChatRepairs(context: RepairContext): AnswerRepairs | null {
  const chosen = chatRowsFor(context);
  return chosen.rows.length === 0 && context.tools === null ? null : new ChatRepairs(chosen, context);
}

class ChatRepairs implements AnswerRepairs {
  readonly #context: RepairContext;
  readonly #chosen: ChosenRows;
  /** For what may come in the midst of an answer. */
  readonly #needles: readonly Needle[];
  readonly #twins: EventTwins;
  /** Null once something has come that the rows had to see, and for answers whose text may be calls. */
  #plain: PlainAnswer | null = null;
  /** Made with the first event that is read. */
  #answerSteps: readonly NamedStep<AnswerStep>[] = [];
  readonly #choices = new Map<number, Choice>();
  readonly #held: HeldText | null = null;
  #callBytes = 0;
  /** Of the entry of `tool_calls` that was read last. */
  #callIndex: number | null = null;
  /** Content has come: what opens an answer lies behind. */
  #begun = false;
  /** A choice has ended; little is to come. */
  #finished = false;
  /** The terminator has come: what follows in the same run nobody reads. */
  #over = false;

  constructor(chosen: ChosenRows, context: RepairContext) {
    this.#context = context;
    this.#chosen = chosen;
    // Whether an answer has called is asked of it where text may be calls, whatever rows there are.
    const asks = context.tools !== null && !chosen.needles.includes("tool_calls");
    this.#needles = asks ? ["tool_calls", ...chosen.needles] : chosen.needles;
    this.#twins = asks ? new EventTwins() : new EventTwins(chosen.memory);
    const { tools, on, note } = context;
    if (tools === null) this.#plain = new PlainAnswer(on.has("role-added") ? () => note("role-added") : null);
    else {
      this.#held = new HeldText(CHUNK_SHAPE, { ...context, tools });
      this.#answerSteps = this.#openSteps();
    }
  }

  get holds(): boolean {
    return this.#held?.holds ?? false;
  }

  get called(): boolean {
    return [...this.#choices.values()].some(({ calls }) => calls !== "none");
  }

  /** What opens an answer and what ends it is read; between the two, bytes decide. */
  wantsLook(run: Buffer): boolean {
    if (!this.#begun || this.#finished || this.#held?.settled === false) return true;
    // A terminator behind the others is seen before they are.
    if (!endsAsJson(run)) return true;
    if (this.#twins.knows(run)) return false;
    for (const needle of this.#needles) if (NEEDLES[needle](run)) return true;
    if (mayEnd(run)) return true;
    this.#twins.learn(run);
    return false;
  }

  get kind(): EventKind | null {
    return this.#twins.kind;
  }

  glance(raw: Buffer): Buffer | null {
    const plain = this.#plain;
    if (this.#over || !this.wantsLook(raw)) return raw;
    if (plain === null) return null;
    const goes = plain.take(raw);
    this.#begun = plain.begun;
    this.#finished = plain.finished;
    this.#over = plain.over;
    return goes;
  }

  push(event: PassingEvent): readonly PassingEvent[] {
    if (this.#plain !== null) this.#openRows(this.#plain);
    if (event.data.trim() === DONE) {
      this.#over = true;
      return [...this.#ending(event.event), event];
    }
    const tree = parseExactJson(event.data);
    const chunk = isJsonObject(tree) && !saysError(tree) && event.event !== "error" ? tree : null;
    const passing: Passing = { tree: chunk, from: event };
    const held = this.#held;
    if (held === null) return [this.#mended(passing, event.event)];
    const now = chunk === null ? [...held.release(), passing] : held.push(passing);
    return now.map((each) => this.#mended(each, event.event));
  }

  end(): readonly PassingEvent[] {
    return (this.#held?.release() ?? []).map((each) => this.#mended(each, each.from?.event));
  }

  /** The plain case: somebody speaks, says text, and stops. */
  wantsWhole(answer: AnswerBody): boolean {
    // Where text may be calls all are read, exactly: nobody has to read them twice to know that.
    if (this.#context.tools !== null) return true;
    const { tree } = answer;
    if (!isJsonObject(tree) || ODD_MEMBERS.some((name) => name in tree)) return true;
    const choices = asList(tree["choices"]);
    return choices.length === 0 || !choices.every(isPlainChoice);
  }

  whole(tree: JsonObject): JsonObject {
    if (saysError(tree) && asList(tree["choices"]).length === 0) return tree;
    const spoken = this.#wholeText(tree);
    const { chunk, origins } = asChunk(spoken);
    let whole = asWhole(spoken, this.#choicesOf(chunk), origins);
    // Whole answers state their usage, asked or not.
    for (const { name, row } of chatRowsFor({ ...this.#context, wantsUsage: true }).rows) {
      const mended = row.whole?.(whole) ?? whole;
      if (mended !== whole) this.#context.note(name);
      whole = mended;
    }
    return whole;
  }

  /** The answer is not plain: the rows read what was passed without them, none of which they would have mended otherwise. */
  #openRows({ remembered }: PlainAnswer): void {
    this.#plain = null;
    this.#answerSteps = this.#openSteps();
    for (const raw of remembered) {
      for (const event of readEvents(raw)) this.push({ ...event, raw });
    }
  }

  #openSteps(): readonly NamedStep<AnswerStep>[] {
    return this.#chosen.rows.flatMap(({ name, row }) => {
      const step = row.openAnswer?.(this.#context);
      return step === undefined ? [] : [{ name, step }];
    });
  }

  #wholeText(tree: JsonObject): JsonObject {
    const { tools, note } = this.#context;
    const shown = tools === null ? null : readWhole(tree);
    if (tools === null || shown === null || shown.structured || shown.ending === "cut") return tree;
    const calls = judgeText(shown.text, { ...this.#context, tools });
    if (calls === null) return tree;
    note(calls === "hidden" ? "tool-text-hidden" : "tool-text");
    return withMessage(tree, calls === "hidden" ? [] : calls);
  }

  /** What is to be said before the terminator. */
  #ending(event: string | undefined): readonly PassingEvent[] {
    const held = (this.#held?.finish() ?? []).map((each) => this.#mended(each, event));
    const added = this.#answerSteps.flatMap(({ name, step }) => {
      const trees = step.beforeEnd();
      if (trees.length > 0) this.#context.note(name);
      return trees.map((tree) => written(tree, event));
    });
    return [...held, ...added];
  }

  #mended({ tree, from }: Passing, event: string | undefined): PassingEvent {
    if (tree === null) return from ?? written({}, event);
    let mended = this.#choicesOf(tree);
    for (const { name, step } of this.#answerSteps) {
      const next = step.chunk(mended);
      if (next !== mended) this.#context.note(name);
      mended = next;
    }
    return mended === tree && from !== null ? from : written(mended, event);
  }

  /** The chunk with its choices mended; itself when none was. */
  #choicesOf(tree: JsonObject): JsonObject {
    const choices = asList(tree["choices"]);
    const mended = choices.map((choice) => (isJsonObject(choice) ? this.#choice(choice) : choice));
    return mended.every((choice, at) => choice === choices[at]) ? tree : { ...tree, choices: mended };
  }

  #choice(choice: JsonObject): JsonObject {
    const delta = asObject(choice["delta"]);
    if (delta === null) return choice;
    this.#begun ||= hasContent(delta);
    const number = asNumber(choice["index"]) ?? 0;
    const known = this.#choices.get(number) ?? this.#openChoice(number);
    if (known === null) return choice;
    const entries = asList(delta["tool_calls"]);
    if (entries.length > 0) known.calls = "tools";
    else if (known.calls === "none" && asObject(delta["function_call"]) !== null) known.calls = "function";
    const finish = asText(choice["finish_reason"]);
    this.#finished ||= finish !== null;
    if (entries.length > 0 && !this.#mayKeep(entries)) return choice;
    const draft = { delta, finish, calls: known.calls };
    for (const { name, step } of known.steps) this.#take(name, step, draft);
    if (draft.delta === delta && draft.finish === finish) return choice;
    return {
      ...choice,
      delta: draft.delta,
      ...(draft.finish === finish ? {} : { finish_reason: draft.finish as Json }),
    };
  }

  /** False once there are too many calls: what comes then goes as it came. */
  #mayKeep(entries: readonly Json[]): boolean {
    for (const call of entries.map(readCall)) {
      if (call === null) continue;
      const { index, id, name, args } = call;
      const mayBegin = id !== null || name !== null || index !== this.#callIndex;
      this.#callIndex = index;
      const words = args.length + (id?.length ?? 0) + (name?.length ?? 0);
      this.#callBytes += words + (mayBegin ? EVENT_BYTES : PIECE_BYTES);
    }
    return this.#callBytes <= this.#context.answerBytesMax;
  }

  #take(name: string, step: ChoiceStep, draft: ChoiceDraft): void {
    const { delta, finish } = draft;
    step(draft);
    if (draft.delta !== delta || draft.finish !== finish) this.#context.note(name);
  }

  /** Null for one too many: it goes as it came. */
  #openChoice(number: number): Choice | null {
    if (this.#choices.size >= CHOICES_MAX) return null;
    const steps = this.#chosen.rows.flatMap(({ name, row }) => {
      const step = row.openChoice?.(this.#context, number);
      return step === undefined ? [] : [{ name, step }];
    });
    const choice: Choice = { steps, calls: "none" };
    this.#choices.set(number, choice);
    return choice;
  }
}

function isPlainChoice(choice: Json): boolean {
  const finish = asObject(choice)?.["finish_reason"];
  const message = asObject(asObject(choice)?.["message"]);
  if (message?.["role"] !== "assistant" || (finish !== "stop" && finish !== "length")) return false;
  // Usage that stands in a choice belongs to the top.
  return asObject(choice)?.["usage"] === undefined && !ODD_WORDS.some((name) => name in message);
}

function written(tree: JsonObject, event: string | undefined): PassingEvent {
  return { event, data: JSON.stringify(tree), raw: null };
}

function present(key: Buffer): (run: Buffer) => boolean {
  return (run) => run.indexOf(key) >= 0;
}
