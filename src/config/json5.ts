// JSON5 text to a written tree: comments, trailing commas, bare keys, and the place of every key.
import { parse, type MemberNode, type ValueNode } from "@humanwhocodes/momoa";
import { complainAt, type Complaint } from "./complaint.ts";
import { shapeProblem } from "./json5-shape.ts";
import type { KeyPath } from "./key-path.ts";
import type { Position } from "./positions.ts";
import { DANGEROUS_KEYS, emptyObject, type Written, type WrittenObject } from "./written.ts";

/** Deepest nesting of a config. */
export const DEPTH_MAX = 32;

/** A text to read: its file, and where in the config its root will stand. */
export interface Json5Source {
  readonly text: string;
  readonly file: string;
  readonly path: KeyPath;
}

/** The tree (an empty object when the text is broken), and what is wrong with it. */
export interface Json5Tree {
  readonly root: Written;
  readonly complaints: readonly Complaint[];
}

/** Walks the parser's tree once; collects complaints on the way. */
class Reader {
  readonly complaints: Complaint[];
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
    this.complaints = [];
  }

  position(node: { readonly loc: { readonly start: { readonly line: number; readonly column: number } } }): Position {
    return { file: this.#file, line: node.loc.start.line, column: node.loc.start.column };
  }

  read(node: ValueNode, at: Position, path: KeyPath): Written {
    switch (node.type) {
      case "Object":
        return this.#object(node.members, at, path);
      case "Array": {
        const item = (value: ValueNode, i: number) => this.read(value, this.position(value), [...path, i]);
        return { kind: "list", at, items: node.elements.map((element, i) => item(element.value, i)) };
      }
      case "Null":
        return { kind: "scalar", at, value: null };
      case "NaN":
        return { kind: "scalar", at, value: Number.NaN };
      case "Infinity":
        return { kind: "scalar", at, value: node.sign === "-" ? -Infinity : Infinity };
      default:
        return { kind: "scalar", at, value: node.value };
    }
  }

  #object(written: readonly MemberNode[], at: Position, path: KeyPath): WrittenObject {
    const members = new Map<string, Written>();
    for (const member of written) {
      const key = member.name.type === "String" ? member.name.value : member.name.name;
      const place = this.position(member.name);
      const inside = [...path, key];
      if (DANGEROUS_KEYS.has(key)) this.#warn(place, { code: "dropped_key", path: inside, message: "is dropped" });
      else {
        if (members.has(key))
          this.#warn(place, { code: "duplicate_key", path: inside, message: "is written twice; this one counts" });
        members.set(key, this.read(member.value, place, inside));
      }
    }
    return { kind: "object", at, members };
  }

  #warn(place: Position, grievance: { readonly code: string; readonly path: KeyPath; readonly message: string }): void {
    this.complaints.push(complainAt(place, { severity: "warning", ...grievance }));
  }
}

function broken(source: Json5Source, at: Position, message: string): Json5Tree {
  const complaint = complainAt(at, { code: "syntax", path: source.path, message });
  return { root: emptyObject({ file: source.file, line: 1, column: 1 }), complaints: [complaint] };
}

function positionOf(source: Json5Source, offset: number): Position {
  const before = source.text.slice(0, offset).split(/\r\n|[\r\n]/);
  return { file: source.file, line: before.length, column: (before.at(-1) ?? "").length + 1 };
}

/** What the parser stumbled over, in words that show no more of the text than one character: it may be a secret. */
function syntaxMessage(character: string | undefined): string {
  if (character === undefined) return "is not JSON5: the text ends too early";
  if (/[\w$-]/.test(character)) return "is not JSON5: a word where none can stand; texts need quotes";
  return `is not JSON5: unexpected ${JSON.stringify(character)}`;
}

/** Reads JSON5. Errors are complaints; a text with a syntax error gives one and an empty object. */
export function readJson5(source: Json5Source): Json5Tree {
  const text = source.text.replace(/^\uFEFF/, "");
  const problem = shapeProblem(text, DEPTH_MAX);
  if (problem !== null) return broken(source, positionOf({ ...source, text }, problem.offset), problem.message);
  const reader = new Reader(source.file);
  try {
    const document = parse(text, { mode: "json5" });
    const root = reader.read(document.body, reader.position(document.body), source.path);
    return { root, complaints: reader.complaints };
  } catch (error) {
    // The parser reports by throwing; its own message may quote the text, so only place and kind are taken from it.
    const { line, column, offset, message } = error as Error & { line?: number; column?: number; offset?: number };
    if (line === undefined || column === undefined || offset === undefined) throw error;
    const seen = message.startsWith("Unexpected end") ? undefined : text[offset];
    return broken(source, { file: source.file, line, column }, syntaxMessage(seen));
  }
}
