// One request body with two faces: the bytes as the client wrote them, and the tree. Editing a top-level key splices the bytes,
// so numbers, escapes, key order and unknown fields stay as written (decision 9).
import { parseExactIntegers } from "./exact-integers.ts";
import type { Json, JsonObject } from "./json.ts";
import { plainText } from "./plain-text.ts";
import { holdsToken } from "./holds-token.ts";
import { isScanFault, mayStart, type Member, type Scan, type ScanFault, scanObject } from "./json-scan.ts";

/** Top-level keys to set; `undefined` leaves the key out. */
export type Edits = ReadonlyMap<string, Json | undefined>;
/** No edits: the body goes as it is. */
export const NO_EDITS: Edits = new Map();

const QUOTE = 0x22;
const TRUE = 0x74;
const FALSE = 0x66;

/** The depth bound is for clients; what we build ourselves may nest as deep as its source did. */
const OWN_DEPTH_MAX = 4096;

interface Splice {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Every request names its target's model anew: the texts of these few names are kept. */
const NAMES_MAX = 256;
const NAME_LENGTH_MAX = 128;
const names = new Map<string, string>();

function jsonText(value: Json): string {
  if (typeof value !== "string" || value.length > NAME_LENGTH_MAX) return JSON.stringify(value);
  const known = names.get(value);
  if (known !== undefined) return known;
  const text = JSON.stringify(value);
  if (names.size === NAMES_MAX) names.clear();
  names.set(value, text);
  return text;
}

/** An immutable JSON object. */
export class Body {
  readonly #bytes: Buffer;
  readonly #scan: Scan;
  #tree: JsonObject | null = null;

  private constructor(bytes: Buffer, scan: Scan) {
    this.#bytes = bytes;
    this.#scan = scan;
  }

  /** Checks and indexes the bytes; a fault says what is wrong with them. */
  static fromBytes(bytes: Buffer, depthMax = 64, valuesMax = Number.POSITIVE_INFINITY): Body | ScanFault {
    const scan = scanObject(bytes, depthMax, valuesMax);
    return isScanFault(scan) ? scan : new Body(bytes, scan);
  }

  /** A body that we wrote ourselves. */
  static fromTree(tree: JsonObject): Body {
    const bytes = Buffer.from(JSON.stringify(tree));
    const scan = scanObject(bytes, OWN_DEPTH_MAX);
    if (isScanFault(scan)) throw new Error(`a body of our own does not scan: ${scan.why}`);
    return new Body(bytes, scan);
  }

  bytes(): Buffer {
    return this.#bytes;
  }

  /** Top-level keys in the order written. */
  keys(): Iterable<string> {
    return this.#scan.members.keys();
  }

  /** Where a top-level member stands; undefined when the client left it out. */
  member(key: string): Member | undefined {
    return this.#scan.members.get(key);
  }

  /** The bytes of one value, as written. */
  raw(member: Member): Buffer {
    return this.#bytes.subarray(member.start, member.end);
  }

  /** True when a top-level member holds this ASCII text as a key or a value; false when absent. */
  holds(key: string, token: string): boolean {
    const member = this.#scan.members.get(key);
    return member !== undefined && mayStart(member, token) && holdsToken(this.raw(member), token);
  }

  /** One top-level value, parsed; undefined when absent. Throws SyntaxError when that value is broken below the top level. */
  get(key: string): Json | undefined {
    const member = this.#scan.members.get(key);
    if (member === undefined) return undefined;
    const { start, end } = member;
    const first = this.#bytes[start];
    if (first === QUOTE) {
      const plain = plainText(this.#bytes, start + 1, end - 1);
      if (plain !== null) return plain;
    } else if (first === TRUE || first === FALSE) {
      // The scan has read it to its end.
      return first === TRUE;
    }
    return parseExactIntegers(this.#bytes.toString("utf8", start, end));
  }

  /** The whole tree, parsed once and shared. Throws SyntaxError when the body is broken below the top level. */
  tree(): JsonObject {
    this.#tree ??= parseExactIntegers(this.#bytes.toString("utf8")) as JsonObject;
    return this.#tree;
  }

  /** The body with some top-level keys changed; everything else keeps its bytes. */
  with(edits: Edits): Body {
    if (edits.size === 0) return this;
    const changed = Body.fromBytes(this.encoded(edits), OWN_DEPTH_MAX);
    if (isScanFault(changed)) throw new Error(`a spliced body does not scan: ${changed.why}`);
    return changed;
  }

  /** The bytes with some top-level keys changed. */
  encoded(edits: Edits): Buffer {
    const splices = this.#splices(edits);
    if (splices.length === 0) return this.#bytes;
    let size = this.#bytes.length;
    for (const { start, end, text } of splices) size += Buffer.byteLength(text) - (end - start);
    const out = Buffer.allocUnsafe(size);
    let read = 0;
    let written = 0;
    for (const { start, end, text } of splices) {
      written += this.#bytes.copy(out, written, read, start);
      written += out.write(text, written);
      read = end;
    }
    this.#bytes.copy(out, written, read);
    return out;
  }

  #splices(edits: Edits): Splice[] {
    const splices: Splice[] = [];
    let removed: Set<string> | null = null;
    let added = "";
    for (const [key, value] of edits) {
      const member = this.#scan.members.get(key);
      if (value === undefined) {
        if (member !== undefined) (removed ??= new Set()).add(key);
      } else if (member === undefined) {
        added += `,${JSON.stringify(key)}:${JSON.stringify(value)}`;
      } else {
        splices.push({ start: member.start, end: member.end, text: jsonText(value) });
      }
    }
    if (removed !== null) this.#removals(removed, splices);
    if (added !== "") {
      const close = this.#scan.close;
      const alone = this.#scan.members.size === (removed?.size ?? 0);
      splices.push({ start: close, end: close, text: alone ? added.slice(1) : added });
    }
    return splices.length === 1 ? splices : splices.sort((a, b) => a.start - b.start || a.end - b.end);
  }

  /** Each removed member goes with one comma: the one before it once a kept member stands before it, else the one behind it. */
  #removals(removed: ReadonlySet<string>, splices: Splice[]): void {
    const members = [...this.#scan.members.values()];
    let keptEnd = -1;
    members.forEach((member, index) => {
      if (!removed.has(member.key)) {
        keptEnd = member.end;
        return;
      }
      const previous = members[index - 1];
      const next = members[index + 1];
      const start = keptEnd >= 0 && previous !== undefined ? previous.end : member.from;
      const end = keptEnd >= 0 || next === undefined ? member.end : next.from;
      splices.push({ start, end, text: "" });
    });
  }
}
