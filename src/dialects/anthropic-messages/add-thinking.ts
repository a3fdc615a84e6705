// A reasoning level of the file for a request that says nothing of thinking (decision 11 c). What the client has said stands above it: a
// forced tool and a temperature, which the API refuses beside thinking.
import type { Body } from "../../core/body.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import type { Target } from "../../core/snapshot.ts";
import type { EncodeContext, FitContext } from "../dialect.ts";
import { RequestNotes } from "../request-notes.ts";
import { asList, asNumber, asObject, asText } from "../reading.ts";
import { type Fitting, readMember } from "../request-check.ts";
import type { ChatRequest } from "../vocabulary.ts";
import { askThinking, limitsFor } from "./encode-thinking.ts";
import { type ModelTraits, traitsOf } from "./models.ts";

/** Fields that speak of thinking: a client that wrote one of them has chosen. */
const CHOSEN = ["thinking", "output_config"] as const;
const SAMPLING = ["temperature", "top_p", "top_k"] as const;
const FORCING: ReadonlySet<string | null> = new Set(["any", "tool"]);
const THOUGHTS: ReadonlySet<string | null> = new Set(["thinking", "redacted_thinking"]);

/** True where a level may be added to a request in the common words. */
export function mayAddThinking(request: ChatRequest, target: EncodeContext["target"]): boolean {
  const { temperature, topP, topK, toolChoice, tools } = request;
  const isForced = tools.length > 0 && (toolChoice?.use === "required" || toolChoice?.use === "tool");
  return mayThink(target) && !isForced && !bars(traitsOf(target.model), [temperature, topP, topK]);
}

/** Adds a level to a client's own message. */
export function addThinking(body: Body, { target, effort }: FitContext, { edits, adjusted }: Fitting): void {
  if (effort === null || !mayThink(target) || CHOSEN.some((key) => body.member(key) !== undefined)) return;
  const traits = traitsOf(target.model);
  const isForced = FORCING.has(asText(asObject(readMember(body, "tool_choice"))?.["type"]));
  const written = SAMPLING.map((key) => (body.member(key) === undefined ? undefined : key));
  if (isForced || bars(traits, written)) return;
  const notes = new RequestNotes();
  const model = { traits, stated: target.stated };
  const wished = askThinking({ thinking: { effort } }, model, { mayThink: true, notes });
  if (wished.budget > 0 && goesOnUnthought(body)) return;
  const outputMax = asNumber(readMember(body, "max_tokens")) ?? 0;
  const { maxTokens, asked } = limitsFor({ thinking: { effort }, outputMax }, wished, { ...model, notes });
  if (asked.thinking !== undefined) edits.set("thinking", asked.thinking);
  if (asked.effort !== undefined) edits.set("output_config", { effort: asked.effort });
  if (maxTokens === outputMax) return;
  edits.set("max_tokens", maxTokens);
  adjusted.push("max_tokens");
}

/** Models that are known to think, or stated to. */
function mayThink({ model, stated }: Target): boolean {
  const traits = traitsOf(model);
  return traits.thinking !== "none" && (traits.off !== "stated" || stated.reasoning === true);
}

/** Models that take no temperature lose nothing by thinking. */
function bars({ sampling }: ModelTraits, written: readonly unknown[]): boolean {
  return sampling !== "none" && written.some((value) => value !== undefined);
}

/** True when results go back to an answer that did not begin with a thought: the API then refuses to think by a budget. */
function goesOnUnthought(body: Body): boolean {
  const [answer, last] = asList(readMember(body, "messages")).slice(-2).map(firstBlock);
  return last?.["type"] === "tool_result" && !THOUGHTS.has(asText(answer?.["type"]));
}

function firstBlock(message: Json): JsonObject | null {
  return asObject(asList(asObject(message)?.["content"])[0]);
}
