// The events of a provider's stream, on their way into other words. Most of a stream says the same thing over and over, one text excepted:
// a word of the answer. Two such events show where that text stands, and those behind them are read by comparing what is around it, which
// takes a quarter of what parsing does.
import { readExactIntegers } from "../core/exact-integers.ts";
import { isJsonObject, type Json, type JsonObject, parseJson } from "../core/json.ts";

/** Longer events are parsed: comparing saves little there, and what is short needs no bounds (`core/json.ts`). */
const LENGTH_MAX = 4_096;
/** How often a stream is looked at for such a place. Streams in which more than one text changes have none. */
const TRIES = 12;
/** A text in more lists and objects than these is not looked for: no dialect has its words half as deep, and each level takes stack. */
const LEVELS_MAX = 16;
/** Events of one kind begin alike. */
const KIND_LENGTH = 24;
/** A text that stands in JSON as it is: no quote, no backslash, and nothing below the blank, which JSON forbids. */
const PLAIN = /^[ !#-[\]-\uffff]*$/;
/** The end of a text and of what it stands in. */
const BRACKETS = /^"[\]} ]*$/;

type Step = string | number;

interface Read {
  readonly data: string;
  readonly tree: Json;
}

/** An event with a gap where its text stood. */
interface Template {
  readonly before: string;
  readonly after: string;
  /** What is behind the text without its blanks, where that is brackets alone: Anthropic puts a number of blanks there that tells nothing. */
  readonly closing: string | null;
  readonly tree: Json;
  /** Where the text stands in the tree. */
  readonly way: readonly Step[];
}

/** Reads the events of one stream. Trees are for reading only: they share what does not change. */
export class EventReader {
  readonly #callWord: string;
  #template: Template | null = null;
  #last: Read | null = null;
  #tries = TRIES;

  /**
   * `callWord`, in quotes, announces a call: only the arguments of calls may hold integers that ours do not, and events without this word
   * are spared the look.
   */
  constructor(callWord: string) {
    this.#callWord = callWord;
  }

  /** The event's tree; undefined when it is not JSON. */
  read(data: string): Json | undefined {
    if (data.length > LENGTH_MAX) return this.#parse(data);
    const template = this.#template;
    const text = template === null ? null : textIn(data, template);
    if (template === null || text === null) return this.#learn(data, this.#parse(data));
    const announces = this.#callWord === `"${text}"`;
    return announces || !PLAIN.test(text) ? this.#parse(data) : withText(template.tree, template.way, text);
  }

  #parse(data: string): Json | undefined {
    return data.includes(this.#callWord) ? readExactIntegers(data) : parseJson(data);
  }

  /** Looks whether this event and the one before it are the same but for a text. */
  #learn(data: string, tree: Json | undefined): Json | undefined {
    if (tree === undefined || this.#tries === 0) return tree;
    const last = this.#last;
    this.#last = { data, tree };
    if (last === null || !data.startsWith(last.data.slice(0, KIND_LENGTH))) return tree;
    this.#tries -= 1;
    this.#template = templateOf(last, this.#last) ?? this.#template;
    return tree;
  }
}

/** What stands in the gap; null for an event of another form. By cutting and comparing: `startsWith` takes six times as long. */
function textIn(data: string, { before, after, closing }: Template): string | null {
  const isSame = data.endsWith(after);
  const end = isSame ? data.length - after.length : data.lastIndexOf('"');
  if (end < before.length || data.slice(0, before.length) !== before) return null;
  return isSame || data.slice(end).replaceAll(" ", "") === closing ? data.slice(before.length, end) : null;
}

/**
 * What two events have in common where they differ in one text; null for any others. The text stands once in the event as it is written, and
 * the other event is the same with its own in that place: so the place is the text's, and what stands there changes nothing else.
 */
function templateOf(one: Read, other: Read): Template | null {
  const ways: (readonly Step[])[] = [];
  if (!differsInTexts(one.tree, other.tree, { way: [], ways }) || ways.length !== 1) return null;
  const way = ways[0] as readonly Step[];
  // To assign it would not make a member.
  if (way.includes("__proto__")) return null;
  const [text, instead] = [textAt(other.tree, way), textAt(one.tree, way)];
  if (!PLAIN.test(text)) return null;
  const written = `"${text}"`;
  const at = other.data.indexOf(written);
  if (at < 0 || at !== other.data.lastIndexOf(written)) return null;
  const before = other.data.slice(0, at + 1);
  const after = other.data.slice(at + written.length - 1);
  const closing = BRACKETS.test(after) ? after.replaceAll(" ", "") : null;
  const template = { before, after, closing, tree: other.tree, way };
  return textIn(one.data, template) === instead ? template : null;
}

interface Walk {
  readonly way: readonly Step[];
  /** The ways to texts that differ. */
  readonly ways: (readonly Step[])[];
}

/** True for trees that are the same but for texts, as deep as is looked. */
function differsInTexts(one: Json | undefined, other: Json | undefined, { way, ways }: Walk): boolean {
  if (one === other) return true;
  if (typeof one === "string" && typeof other === "string") {
    ways.push(way);
    return true;
  }
  if (way.length === LEVELS_MAX) return false;
  const [steps, others] = [stepsOf(one), stepsOf(other)];
  if (steps === null || others === null || steps.length !== others.length) return false;
  return steps.every((step, at) => {
    return (
      step === others[at] && differsInTexts(memberOf(one, step), memberOf(other, step), { way: [...way, step], ways })
    );
  });
}

/** The members of a list by number, of an object by name; null for anything else. */
function stepsOf(tree: Json | undefined): readonly Step[] | null {
  if (Array.isArray(tree)) return [...tree.keys()];
  return isJsonObject(tree) ? Object.keys(tree) : null;
}

function memberOf(tree: Json | undefined, step: Step): Json | undefined {
  return (tree as JsonObject)[step];
}

function textAt(tree: Json, way: readonly Step[]): string {
  return way.reduce<Json | undefined>(memberOf, tree) as string;
}

/**
 * The tree with another text in this place. What leads there is copied, since readers may keep what they were given; level by level and by
 * assignment, which takes a quarter of what `{ ...tree, [step]: … }` takes in a recursion.
 */
function withText(tree: Json, way: readonly Step[], text: string): Json {
  const last = way.length - 1;
  if (last < 0) return text;
  const root = copyOf(tree);
  let node = root;
  for (let depth = 0; depth < last; depth += 1) {
    const step = way[depth] as Step;
    const member = copyOf(node[step] as Json);
    node[step] = member as Json;
    node = member;
  }
  node[way[last] as Step] = text;
  return root as Json;
}

/** A list or an object, by its members. */
type Open = Record<Step, Json>;

function copyOf(tree: Json): Open {
  return (Array.isArray(tree) ? [...(tree as readonly Json[])] : { ...(tree as JsonObject) }) as Open;
}
