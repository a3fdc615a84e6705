// `requiresOpenAiAnthropicToolPayload`: an endpoint that speaks anthropic-messages and wants tools in OpenAI's shape.
import { isJsonObject, type Json, type JsonObject } from "../core/json.ts";
import type { Draft } from "./draft.ts";
import { changeEach, rowOf } from "./reading.ts";
import type { Transform } from "./transform.ts";

/** Anthropic's choices in OpenAI's words. */
const CHOICES: Readonly<Record<string, string>> = { auto: "auto", any: "required", none: "none" };

/** Rewrites tools and the choice among them. */
export const anthropicToolPayload: Transform = {
  dialects: ["anthropic-messages"],
  needed: ({ target }) => target.compat.requiresOpenAiAnthropicToolPayload === true,
  apply: (draft) => {
    changeEach(draft, "tools", openAiTool);
    rewriteChoice(draft);
  },
};

/** Tools that the server runs itself have no schema, and stay. */
function openAiTool(tool: JsonObject): JsonObject {
  const { name, description, input_schema: parameters } = tool;
  if (name === undefined || parameters === undefined) return tool;
  const described = description === undefined ? {} : { description };
  return { type: "function", function: { name, ...described, parameters } };
}

function rewriteChoice(draft: Draft): void {
  const choice = draft.get("tool_choice");
  if (!isJsonObject(choice)) return;
  const said = openAiChoice(choice);
  if (said === undefined) return;
  if (choice["disable_parallel_tool_use"] === true) draft.note("tool_choice.disable_parallel_tool_use");
  draft.set("tool_choice", said);
}

function openAiChoice(choice: JsonObject): Json | undefined {
  const { type, name } = choice;
  if (type === "tool" && name !== undefined) return { type: "function", function: { name } };
  const word = typeof type === "string" ? rowOf(CHOICES, type) : undefined;
  // One that we do not know, or that is in OpenAI's shape already, is the provider's to judge.
  return word;
}
