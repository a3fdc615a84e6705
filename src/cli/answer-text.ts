// The text of a chat completion, for commands that only want to know whether a model speaks.
import { isJsonObject, type Json, parseJson } from "../core/json.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { createRedactor, type Redact } from "../telemetry/redact.ts";
import type { GatewayAnswer } from "./gateway-client.ts";
import type { GatewayPlace } from "./gateway-place.ts";
import { oneLine } from "./one-line.ts";

/** Of what is no envelope, in characters. */
const REFUSAL_LENGTH_MAX = 200;

/** Who was asked, and the configuration of who asks. */
interface Asked {
  readonly place: GatewayPlace;
  readonly snapshot: Snapshot;
}

/** The first choice's text; empty when there is none. */
export function answerText(body: Json | undefined): string {
  const choice = firstChoice(body);
  const content = isJsonObject(choice) && isJsonObject(choice["message"]) ? choice["message"]["content"] : null;
  if (typeof content === "string") return content;
  const parts: readonly Json[] = Array.isArray(content) ? content : [];
  return parts.map((part) => (isJsonObject(part) && typeof part["text"] === "string" ? part["text"] : "")).join("");
}

/** How many tools the first choice calls. */
export function toolCalls(body: Json | undefined): number {
  const choice = firstChoice(body);
  const calls = isJsonObject(choice) && isJsonObject(choice["message"]) ? choice["message"]["tool_calls"] : null;
  return Array.isArray(calls) ? calls.length : 0;
}

/** The message of an error envelope; null when it is none. */
function errorText(body: Json | undefined): string | null {
  const error = isJsonObject(body) ? body["error"] : null;
  return isJsonObject(error) && typeof error["message"] === "string" ? error["message"] : null;
}

/** What a gateway refuses us with, without what it was shown or what else of ours it may know; one line, and at most 200 characters of what is no envelope. */
export function refusalText({ text }: Pick<GatewayAnswer, "text">, { place, snapshot }: Asked): string {
  const secrets = [...snapshot.secrets.reveal(), ...(place.secret === null ? [] : [place.secret])];
  const { redact, redactPatterns } = snapshot.logging;
  return saidIn(text, createRedactor(secrets, redact ? redactPatterns : null));
}

/** The same of anybody, of whom nothing is known but what was shown to him; at most 200 characters in any case. */
export function strangersText(text: string, { secret }: Pick<GatewayPlace, "secret">): string {
  return saidIn(text, createRedactor(secret === null ? [] : [secret], [])).slice(0, REFUSAL_LENGTH_MAX);
}

function saidIn(text: string, cleaned: Redact): string {
  const said = errorText(parseJson(text));
  return said === null ? oneLine(cleaned(text)).slice(0, REFUSAL_LENGTH_MAX) : oneLine(cleaned(said));
}

function firstChoice(body: Json | undefined): Json | undefined {
  const choices = isJsonObject(body) ? body["choices"] : null;
  return Array.isArray(choices) ? (choices as readonly Json[])[0] : undefined;
}
