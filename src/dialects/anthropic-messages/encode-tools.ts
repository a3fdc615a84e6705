// Tools, the choice among them, and the form of the answer, which may need a tool of its own: what one of them asks for bounds the others.
import type { Json, JsonObject } from "../../core/json.ts";
import { given } from "../given.ts";
import type { RequestNotes } from "../request-notes.ts";
import type { AnswerFormat, ChatRequest, Tool } from "../vocabulary.ts";
import { ANSWER_TOOL, answerTool } from "./answer-tool.ts";
import type { ModelTraits } from "./models.ts";
import { isOpen, nativeSchema } from "./native-schema.ts";

/** What is written of tools and the form of the answer. */
export interface ToolWords {
  /** `tools` and `tool_choice`; empty without tools. */
  readonly fields: JsonObject;
  /** `output_config.format`. */
  readonly format: JsonObject | undefined;
  /** A tool must be called. */
  readonly isForced: boolean;
}

/** What tools are written for. */
export interface ToolContext {
  readonly traits: ModelTraits;
  /** Tools that the history has called. */
  readonly called: ReadonlySet<string>;
  readonly notes: RequestNotes;
}

type Choice = { readonly type: "auto" | "none" | "any" } | { readonly type: "tool"; readonly name: string };

const CHOICES = { auto: "auto", none: "none", required: "any" } as const;

/** The tools of a request. */
export function encodeTools(request: ChatRequest, context: ToolContext): ToolWords {
  const { traits, notes } = context;
  if (request.tools.some(({ name }) => name === ANSWER_TOOL)) {
    notes.refuse("tools", `The name \`${ANSWER_TOOL}\` is taken.`);
  }
  const { native, byTool } = formOf(request, traits, notes);
  const wanted = wantedChoice(request);
  const isForcedByClient = wanted?.type === "any" || wanted?.type === "tool";
  if (isForcedByClient && !traits.forcedTools)
    notes.cannotSay("tool_choice", "This model cannot be made to call a tool.");
  // A call that the client insists on comes before the answer.
  const answers = byTool !== null && !isForcedByClient;
  const tools = [...declared(request.tools, context), ...(answers ? [answerTool(byTool)] : [])];
  const choice = answers ? answerChoice(request, wanted) : (wanted ?? null);
  const silenced = tools.length > 0 && request.tools.length === 0 && !answers;
  return {
    fields: tools.length === 0 ? {} : { tools, ...choiceWords(silenced ? { type: "none" } : choice, request) },
    format: native,
    isForced: answers || (isForcedByClient && request.tools.length > 0),
  };
}

interface Form {
  readonly native: JsonObject | undefined;
  readonly byTool: Exclude<AnswerFormat, { type: "text" }> | null;
}

/** A schema in the model's own words where it has some that say the same, else by a tool. */
function formOf({ format }: ChatRequest, traits: ModelTraits, notes: RequestNotes): Form {
  if (format === undefined || format.type === "text") return { native: undefined, byTool: null };
  if (format.type === "json") {
    if (!traits.forcedTools) notes.lose("response_format");
    return { native: undefined, byTool: traits.forcedTools ? format : null };
  }
  const root = format.schema["type"];
  if (root !== undefined && root !== "object") {
    notes.cannotSay("response_format", "This target answers with JSON objects only.");
  }
  const isNative = traits.schemas && (!traits.forcedTools || !isOpen(format.schema));
  if (!isNative) return { native: undefined, byTool: format };
  const schema = nativeSchema({ type: "object", ...format.schema }, () => notes.lose("response_format.schema"));
  return { native: { type: "json_schema", schema }, byTool: null };
}

function wantedChoice({ tools, toolChoice }: ChatRequest): Choice | undefined {
  if (toolChoice === undefined || tools.length === 0) return undefined;
  return toolChoice.use === "tool" ? { type: "tool", name: toolChoice.name } : { type: CHOICES[toolChoice.use] };
}

/** The answer, or one of the client's tools before it. */
function answerChoice({ tools }: ChatRequest, wanted: Choice | undefined): Choice {
  return tools.length === 0 || wanted?.type === "none" ? { type: "tool", name: ANSWER_TOOL } : { type: "any" };
}

function declared(tools: readonly Tool[], { called, notes }: ToolContext): JsonObject[] {
  if (tools.some(({ strict }) => strict === true)) notes.lose("tools.strict");
  if (tools.length > 0) return tools.map(encodeTool);
  return [...called].map((name) => ({ name, input_schema: { type: "object", properties: {} } }));
}

function encodeTool({ name, description, parameters, cache }: Tool): JsonObject {
  return {
    name,
    ...given({ description }),
    input_schema: { properties: {}, ...parameters, type: "object" },
    ...given({ cache_control: cache }),
  };
}

/** Not to call several at once is said beside the choice; allowed it is by saying nothing. An answer is given once: two are no JSON. */
function choiceWords(choice: Choice | null, { parallelToolCalls }: ChatRequest): { readonly tool_choice?: Json } {
  const isAnswer = choice?.type === "tool" && choice.name === ANSWER_TOOL;
  const isAlone = isAnswer || (parallelToolCalls === false && choice?.type !== "none");
  if (choice === null) return isAlone ? { tool_choice: { type: "auto", disable_parallel_tool_use: true } } : {};
  return { tool_choice: { ...choice, ...(isAlone ? { disable_parallel_tool_use: true } : {}) } };
}
