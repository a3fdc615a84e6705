// Holds a stream back while its text may be calls in brackets (OpenClaw §5.4). What turns out to be text goes out as the provider wrote
// it; calls take the place of the text. Knows no wire format: a shape reads and writes the events.
import type { JsonObject } from "../../core/json.ts";
import type { PassingEvent } from "../repair.ts";
import { BracketedText } from "./bracketed-text.ts";
import { judgeBlocks, type Offer, type TextCall } from "./judge-blocks.ts";

/** What one event says. */
export interface ShownText {
  readonly text: string;
  /** It carries a call, or something else that settles what this answer is. */
  readonly structured: boolean;
  /** `cut`: the answer ends before its text does. */
  readonly ending: "whole" | "cut" | null;
}

/** How a wire format writes text and calls. */
export interface TextShape {
  /** Null for an event that cannot be followed. */
  read(tree: JsonObject): ShownText | null;
  /** The event without its text: itself when it has none, null when nothing else is in it. */
  withoutText(tree: JsonObject): JsonObject | null;
  /** An event of these calls, like its neighbour otherwise. */
  callsLike(tree: JsonObject, calls: readonly TextCall[]): JsonObject;
  /** The last event, for an answer that ends in calls. */
  endingInCalls(tree: JsonObject): JsonObject;
}

/** An event that was read; `from` is what it was read of, null when it has changed. */
export interface Passing {
  readonly tree: JsonObject | null;
  readonly from: PassingEvent | null;
}

/** What holding needs to know. */
export interface HoldContext extends Offer {
  readonly note: (repair: string) => void;
}

/** Holds the events of one answer. */
export class HeldText {
  readonly #shape: TextShape;
  readonly #context: HoldContext;
  readonly #text = new BracketedText();
  #held: Passing[] = [];
  #begun = false;
  #settled = false;

  constructor(shape: TextShape, context: HoldContext) {
    this.#shape = shape;
    this.#context = context;
  }

  /** True once it is clear what the text is: everything passes. */
  get settled(): boolean {
    return this.#settled;
  }

  get holds(): boolean {
    return this.#held.length > 0;
  }

  /** What goes on now, in order. */
  push(passing: Passing): readonly Passing[] {
    if (this.#settled) return [passing];
    const shown = passing.tree === null ? NOTHING_SHOWN : this.#shape.read(passing.tree);
    if (shown === null || shown.structured || !this.#text.push(shown.text)) return [...this.release(), passing];
    this.#begun ||= shown.text !== "";
    if (shown.ending !== null) return this.#settle(shown.ending, passing);
    if (!this.#begun) return [passing];
    this.#held.push(passing);
    return [];
  }

  /** The terminator has come. */
  finish(): readonly Passing[] {
    return this.#settled ? [] : this.#settle("whole", null);
  }

  /** It is text. */
  release(): readonly Passing[] {
    this.#settled = true;
    const held = this.#held;
    this.#held = [];
    return held;
  }

  #settle(ending: "whole" | "cut", last: Passing | null): readonly Passing[] {
    const all = last === null ? this.release() : [...this.release(), last];
    const calls = ending === "cut" ? null : judgeBlocks(this.#text.end(), this.#context);
    if (calls === null) return all;
    this.#context.note(calls === "hidden" ? "tool-text-hidden" : "tool-text");
    const bare = all.map((passing) => this.#withoutText(passing)).filter((passing) => passing !== null);
    const like = all.findLast(({ tree }) => tree !== null)?.tree;
    if (calls === "hidden" || like === undefined || like === null) return bare;
    const said: Passing = { tree: this.#shape.callsLike(like, calls), from: null };
    if (last === null) return [...bare, said];
    const end = this.#shape.endingInCalls(last.tree ?? {});
    const tree = this.#shape.withoutText(end) ?? end;
    return [...bare.slice(0, -1), said, { tree, from: null }];
  }

  #withoutText(passing: Passing): Passing | null {
    if (passing.tree === null) return passing;
    const tree = this.#shape.withoutText(passing.tree);
    if (tree === passing.tree) return passing;
    return tree === null ? null : { tree, from: null };
  }
}

const NOTHING_SHOWN: ShownText = { text: "", structured: false, ending: null };
