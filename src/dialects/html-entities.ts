// `toolCallArgumentsEncoding: "html-entities"`: providers that write `&amp;` inside the arguments of a tool call. Entities are decoded in
// the JSON text itself, so that what stands around them keeps its spelling; a decoded quote is escaped as JSON wants it.

const NAMED: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: "\u00a0" };
const ENTITY = /&(#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-z]{2,4});/g;
/** The beginning of an entity at the end of a fragment; none is longer than `&#1114111;`. */
const UNFINISHED = /&(?:#?[0-9A-Za-z]{0,8})?$/;
const CODE_POINT_MAX = 0x10_ff_ff;

/** Arguments as JSON text, with the entities in its strings decoded. */
export function decodeEntities(json: string): string {
  return json.includes("&") ? json.replace(ENTITY, decoded) : json;
}

function decoded(entity: string, name: string): string {
  const character = name.startsWith("#") ? numbered(name.slice(1)) : named(name);
  return character === null ? entity : JSON.stringify(character).slice(1, -1);
}

function named(name: string): string | null {
  return Object.hasOwn(NAMED, name) ? (NAMED[name] ?? null) : null;
}

/** `38` or `x26`. */
function numbered(digits: string): string | null {
  const code = /^[xX]/.test(digits) ? Number.parseInt(digits.slice(1), 16) : Number.parseInt(digits, 10);
  return code > 0 && code <= CODE_POINT_MAX ? String.fromCodePoint(code) : null;
}

/** The same for arguments that come in fragments: half an entity waits for its other half. */
export class EntityDecoder {
  #held: string;

  constructor() {
    this.#held = "";
  }

  push(fragment: string): string {
    const text = this.#held + fragment;
    const from = UNFINISHED.exec(text)?.index ?? text.length;
    this.#held = text.slice(from);
    return decodeEntities(text.slice(0, from));
  }

  /** What was held and is no entity after all. */
  end(): string {
    const rest = this.#held;
    this.#held = "";
    return rest;
  }
}
