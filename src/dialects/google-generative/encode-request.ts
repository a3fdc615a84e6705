// A request in Google's words. The model and whether the answer is streamed stand in the path (path.ts).
import { type Failure, isFailure } from "../../core/failure.ts";
import type { Json, JsonObject } from "../../core/json.ts";
import type { EncodeContext, EncodedRequest } from "../dialect.ts";
import type { ChatRequest, Turn } from "../vocabulary.ts";
import { CallIds, ID_RULES } from "../call-ids.ts";
import { encodeContents } from "./encode-contents.ts";
import { familyOf, knowsCallsById } from "./models.ts";
import { encodeSettings } from "./settings.ts";
import { encodeTools } from "./tools.ts";

/** Google's own fields, which a client may write beside those of its API, and how they are spelt here. */
const KNOWN_OTHERS: ReadonlyMap<string, string> = new Map([
  ["cachedContent", "cachedContent"],
  ["cached_content", "cachedContent"],
]);

/** Read among the settings. */
const READ: ReadonlySet<string> = new Set(["modalities"]);

/** What is asked for by saying nothing. */
const DEFAULTS: Readonly<Record<string, Json>> = { store: false, background: false, truncation: "disabled" };

/** Encodes a request for a target. Fails when a tool's result answers no call. */
export function encodeGoogleRequest(request: ChatRequest, { target }: EncodeContext): EncodedRequest | Failure {
  const lost = new Set<string>();
  const { instructions, turns } = splitInstructions(request.turns, lost);
  const contents = encodeContents(turns, {
    provider: target.provider,
    lost,
    ids: knowsCallsById(target.model) ? new CallIds(ID_RULES["google-generative"]) : null,
    wantsSignatures: familyOf(target.model)?.wantsSignatures ?? false,
  });
  if (isFailure(contents)) return contents;
  const settings = encodeSettings(request, target.model, lost);
  const tree = {
    ...(instructions.length === 0 ? {} : { systemInstruction: { parts: instructions } }),
    contents,
    ...encodeTools(request, lost),
    ...(Object.keys(settings).length === 0 ? {} : { generationConfig: settings }),
    ...encodeOthers(request, lost),
  };
  return { tree, lost: [...lost] };
}

interface Split {
  readonly instructions: readonly JsonObject[];
  readonly turns: readonly Turn[];
}

/** System turns have one place here, wherever they stood, and hold text only. A request of them alone has nothing to answer: they become its input. */
function splitInstructions(turns: readonly Turn[], lost: Set<string>): Split {
  const others = turns.filter(({ role }) => role !== "system");
  if (others.length === 0) return { instructions: [], turns: turns.map(({ parts }) => ({ role: "user", parts })) };
  const instructions: JsonObject[] = [];
  for (const part of turns.flatMap(({ role, parts }) => (role === "system" ? parts : []))) {
    if (part.type !== "text") lost.add(`messages.content.${part.type}`);
    else if (part.text !== "") instructions.push({ text: part.text });
    if ("cache" in part && part.cache !== undefined) lost.add("cache_control");
  }
  return { instructions, turns: others };
}

function encodeOthers({ others }: ChatRequest, lost: Set<string>): JsonObject {
  const kept: Record<string, Json> = {};
  for (const [key, value] of others) {
    const name = KNOWN_OTHERS.get(key);
    if (name !== undefined) kept[name] = value;
    else if (READ.has(key)) continue;
    else if (DEFAULTS[key] !== value) lost.add(key);
  }
  return kept;
}
