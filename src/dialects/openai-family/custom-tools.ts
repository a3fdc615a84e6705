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
/** Text of a JSON string as far as it is whole: no quote, no escape that lacks its end, no half of a pair whose other half may come. */
const WHOLE =
  /^(?:[^"\\]|\\[^u]|\\u(?![dD][89abAB])[\da-fA-F]{4}|\\u[dD][89abAB][\da-fA-F]{2}(?=[^\\]|\\[^u]|\\u[\da-fA-F]{4}))*/;

/** Reads the input out of arguments while they come. Models that write something else are understood at the end. */
export class InputReader {
  #args = "";
  /** Where the text that has not been told begins; -1 while nothing shows that there is one. */
  #from = -1;
  #over = false;

  /** What of the input is new. */
  push(args: string): string {
    if (this.#over) return "";
    this.#args += args;
    if (this.#from < 0) {
      const opening = OPENING.exec(this.#args);
      if (opening === null) return "";
      this.#from = opening[0].length;
    }
    const rest = this.#args.slice(this.#from);
    const whole = WHOLE.exec(rest)?.[0] ?? "";
    const text = parseJson(`"${whole}"`);
    // A control character as it stands is no JSON and yet what the model means.
    this.#from += whole.length;
    this.#over = rest[whole.length] === '"';
    return typeof text === "string" ? text : whole;
  }

  /** The rest; where the arguments were none of the kind, whatever they say. */
  end(): string {
    if (this.#over || this.#from >= 0) return "";
    this.#over = true;
    const tree = parseJson(this.#args);
    if (!isJsonObject(tree)) return this.#args;
    const values = Object.values(tree);
    const said = tree[INPUT] ?? (values.length === 1 ? values[0] : undefined);
    if (typeof said === "string") return said;
    return values.length === 0 ? "" : this.#args;
  }
}
