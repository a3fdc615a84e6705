// Custom tools, as Codex offers `apply_patch`: the model writes plain text, perhaps by a grammar, and no JSON. Other dialects know functions
// only, so such a tool goes out as a function of one text, its calls come back as calls of that tool, and its history goes out likewise.
import { isJsonObject, type JsonObject, parseJson } from "../../core/json.ts";
import { asObject, asText } from "../reading.ts";
import type { Tool } from "../vocabulary.ts";
import { given } from "../given.ts";
import type { RequestNotes } from "../request-notes.ts";

/** The one argument. */
const INPUT = "input";

/** A custom tool as a function; null without a name. Nobody holds the model to a grammar then: it is told of it. */
export function customFunction(tool: JsonObject, notes: RequestNotes): Tool | null {
  const name = asText(tool["name"]);
  if (name === null) return null;
  const format = asObject(tool["format"]);
  const grammar = asObject(format?.["grammar"]) ?? format;
  const definition = asText(grammar?.["definition"]);
  if (definition !== null) notes.lose("tools.format");
  const syntax = asText(grammar?.["syntax"]) ?? "given";
  const words =
    definition === null
      ? "The whole input of the tool."
      : `The whole input of the tool, by this ${syntax} grammar:\n${definition}`;
  return {
    name,
    ...given({ description: asText(tool["description"]) ?? undefined }),
    parameters: {
      type: "object",
      properties: { [INPUT]: { type: "string", description: words } },
      required: [INPUT],
      additionalProperties: false,
    },
  };
}

/** The arguments that stand for an input. */
export function argsOfInput(input: string): string {
  return JSON.stringify({ [INPUT]: input });
}

/** The input that arguments stand for. */
export function inputOfArgs(args: string): string {
  const reader = new InputReader();
  return reader.push(args) + reader.end();
}

/** What begins the arguments as they are asked for. */
const OPENING = /^\s*\{\s*"input"\s*:\s*"/;
/** Arguments of which so much has come without that beginning are others: they are read at their end. */
const OPENING_MAX = 1_024;
/**
 * Text of a JSON string as far as it is whole: no quote, no escape that lacks its end, no half of a pair whose other half may come. An
 * escape that JSON does not know, as in `C:\users`, is the text that stands there.
 */
const WHOLE =
  /^(?:[^"\\]|\\[^u]|\\u(?=[\da-fA-F]{0,3}[^\da-fA-F])|\\u(?![dD][89abAB])[\da-fA-F]{4}|\\u[dD][89abAB][\da-fA-F]{2}(?=[^\\]|\\[^u]|\\u(?:[\da-fA-F]{4}|[\da-fA-F]{0,3}[^\da-fA-F])))*/;
const ESCAPE = /\\(?:u([\da-fA-F]{4})|(.))/gs;
const ESCAPED: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t" };
const AS_THEY_ARE: ReadonlySet<string> = new Set(['"', "\\", "/"]);

/** Reads the input out of arguments while they come. Models that write something else are understood at the end. */
export class InputReader {
  /** What has come and has not been told. */
  #held = "";
  #state: "opening" | "telling" | "other" | "over" = "opening";

  /** What of the input is new. */
  push(args: string): string {
    if (this.#state === "over") return "";
    this.#held += args;
    if (this.#state === "opening") this.#seekOpening();
    return this.#state === "telling" ? this.#tell() : "";
  }

  /** The rest; where the arguments were none of the kind, whatever they say. */
  end(): string {
    const isOther = this.#state === "opening" || this.#state === "other";
    this.#state = "over";
    return isOther ? saidBy(this.#held) : "";
  }

  #seekOpening(): void {
    const opening = OPENING.exec(this.#held);
    if (opening !== null) {
      this.#held = this.#held.slice(opening[0].length);
      this.#state = "telling";
    } else if (this.#held.length > OPENING_MAX) this.#state = "other";
  }

  #tell(): string {
    const whole = WHOLE.exec(this.#held)?.[0] ?? "";
    if (this.#held[whole.length] === '"') this.#state = "over";
    this.#held = this.#held.slice(whole.length);
    const text = parseJson(`"${whole}"`);
    return typeof text === "string" ? text : unescaped(whole);
  }
}

/** A text that is no JSON for a control character or an escape that stands in it as it is. */
function unescaped(text: string): string {
  return text.replaceAll(ESCAPE, (escape, unit: string | undefined, sign: string | undefined) => {
    if (unit !== undefined) return String.fromCharCode(Number.parseInt(unit, 16));
    if (sign === undefined || AS_THEY_ARE.has(sign)) return sign ?? escape;
    return ESCAPED[sign] ?? escape;
  });
}

/** What arguments of another shape say. */
function saidBy(args: string): string {
  const tree = parseJson(args);
  if (!isJsonObject(tree)) return args;
  const values = Object.values(tree);
  const said = tree[INPUT] ?? (values.length === 1 ? values[0] : undefined);
  if (typeof said === "string") return said;
  return values.length === 0 ? "" : args;
}
