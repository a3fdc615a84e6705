// TABLE: the forms in which a chat completion writes a call, by what the client offers: functions, custom tools with their plain text, and
// the single `function_call` of clients that still offer `functions`.
import type { JsonObject } from "../../core/json.ts";
import { InputReader, inputOfArgs } from "../openai-family/custom-tools.ts";
import { asList, asObject, asText } from "../reading.ts";

/** One form. */
export interface CallForm {
  /** `type` and the member of that name; null for the form that is no list. */
  readonly type: "function" | "custom" | null;
  readonly words: (name: string, args: string) => JsonObject;
  /** What arguments that come piece by piece say; absent where they say themselves. */
  readonly reader?: () => InputReader;
  /** The text's member. */
  readonly text: "arguments" | "input";
}

const FUNCTION: CallForm = { type: "function", text: "arguments", words: (name, args) => ({ name, arguments: args }) };
const LEGACY: CallForm = { ...FUNCTION, type: null };
const CUSTOM: CallForm = {
  type: "custom",
  text: "input",
  words: (name, args) => ({ name, input: inputOfArgs(args) }),
  reader: () => new InputReader(),
};

/** The form of a call, which is the `nth` of its answer: there is one `function_call` at most. */
export function callForm(name: string, nth: number, request: JsonObject | null | undefined): CallForm {
  if (request === null || request === undefined) return FUNCTION;
  if (isLegacy(request)) return nth === 0 ? LEGACY : FUNCTION;
  const isCustom = asList(request["tools"]).some((written) => {
    const tool = asObject(written);
    return tool?.["type"] === "custom" && asText((asObject(tool["custom"]) ?? tool)["name"]) === name;
  });
  return isCustom ? CUSTOM : FUNCTION;
}

/** True for a client that offers functions in the way that came before tools. */
export function isLegacy(request: JsonObject | null | undefined): boolean {
  return asList(request?.["functions"]).length > 0 && asList(request?.["tools"]).length === 0;
}
