// Functions and the choice among them, in Google's words (https://ai.google.dev/api/caching#Tool).
import type { JsonObject } from "../../core/json.ts";
import { given } from "../given.ts";
import type { ChatRequest, Tool, ToolChoice } from "../vocabulary.ts";

const MODES = { auto: "AUTO", none: "NONE", required: "ANY", tool: "ANY" } as const satisfies Record<
  ToolChoice["use"],
  string
>;

/** `tools` and `toolConfig`. A choice among no tools is no choice. */
export function encodeTools({ tools, toolChoice, parallelToolCalls }: ChatRequest, lost: Set<string>): JsonObject {
  if (tools.length === 0) return {};
  // Calls side by side are what Gemini does, and nothing forbids them.
  if (parallelToolCalls === false) lost.add("parallel_tool_calls");
  const declarations = tools.map((tool) => declarationOf(tool, lost));
  return {
    tools: [{ functionDeclarations: declarations }],
    ...(toolChoice === undefined ? {} : { toolConfig: { functionCallingConfig: encodeChoice(toolChoice) } }),
  };
}

/** Schemas go as JSON schema: `parameters`, the older word, wants Google's own dialect of it. */
function declarationOf({ name, description, parameters, strict, cache }: Tool, lost: Set<string>): JsonObject {
  if (strict === true) lost.add("tools.strict");
  if (cache !== undefined) lost.add("cache_control");
  return { name, ...given({ description, parametersJsonSchema: parameters }) };
}

function encodeChoice(choice: ToolChoice): JsonObject {
  return { mode: MODES[choice.use], ...(choice.use === "tool" ? { allowedFunctionNames: [choice.name] } : {}) };
}
