// The error as a provider wrote it, found in the envelopes that providers use. Reads; decides nothing.
import { isJsonObject, type Json, type JsonObject, parseJson } from "../../core/json.ts";
import { asList, asNumber, asObject, asText } from "../reading.ts";

/** Characters of a provider's text that are kept: far more than log and envelope show, which cut after redaction. */
const TEXT_MAX = 16_384;
/** Characters of a code or of a parameter's name that are kept. An event may hold megabytes of them, and redaction reads them all. */
const NAME_MAX = 2_048;
/** An error may stand as JSON text inside another one's message, and that again. Not deeper. */
const NESTING_MAX = 2;

/** An error of a provider. */
export interface ProviderError {
  /** What it says, for client and log; empty when there is nothing, or markup. */
  readonly message: string;
  /** What of it may name a class: without the places of complaints, which are keys of the client's. */
  readonly words: string;
  readonly type: string | null;
  /** Its code as written, for the client. A number is written out. */
  readonly code: string | null;
  readonly param: string | null;
  /** Every word that may name a class, most specific first: codes, reasons, types. */
  readonly codes: readonly string[];
  /** The HTTP status that the body states, for errors inside a 200. */
  readonly status: number | null;
  /** The object that says all this, for what else stands in it; null for a text that is no JSON. */
  readonly source: JsonObject | null;
}

/** The error in a list of one that holds nothing else, as Google answers also inside a 200; anything else as it is. */
export function outOfErrorList(tree: Json | undefined): Json | undefined {
  if (!Array.isArray(tree)) return tree;
  const first = firstOf(tree);
  return isJsonObject(first) && Object.keys(first).join(",") === "error" ? first : tree;
}

/** Reads the body of an error response: JSON, a one-element array of it (Google), or bare text. Markup says nothing. */
export function readProviderError(text: string): ProviderError {
  const tree = firstOf(parseJson(text));
  if (isJsonObject(tree)) return readErrorObject(tree);
  const markup = /^\s*</.test(text);
  const message = markup ? "" : text.trim().slice(0, TEXT_MAX);
  return { message, words: message, type: null, code: null, param: null, codes: [], status: null, source: null };
}

/** OpenAI's envelope and its kin, Cloudflare's list, Ollama's `error` string, a bare error object. */
export function readErrorObject(tree: JsonObject, depth = 0): ProviderError {
  const source = asObject(tree["error"]) ?? asObject(asList(tree["errors"])[0]) ?? tree;
  const behind = depth < NESTING_MAX ? readBehind(tree, source, depth) : null;
  const type = asText(source["type"]) ?? asText(source["status"]);
  // Anthropic's code stands beside the message, under the details.
  const coded = source["code"] ?? asObject(source["details"])?.["error_code"];
  const code = asName(coded) ?? asNumber(coded)?.toString() ?? null;
  return {
    ...readMessage(tree, source, behind),
    type,
    code: code ?? behind?.code ?? null,
    param: asName(source["param"]) ?? behind?.param ?? null,
    codes: [...namesOf(tree, source, code), ...(behind?.codes ?? [])],
    status: statusOf(tree, source),
    source,
  };
}

/** What a provider behind this one wrote: OpenRouter's `metadata.raw`, or JSON text as the message (LiteLLM, Mistral). */
function readBehind(tree: JsonObject, source: JsonObject, depth: number): ProviderError | null {
  const raw = asText(asObject(source["metadata"])?.["raw"]);
  const text = raw ?? asText(source["message"]) ?? asText(tree["error"]);
  const inner = text !== null && /^\s*[[{]/.test(text) ? firstOf(parseJson(text)) : undefined;
  if (isJsonObject(inner)) return readErrorObject(inner, depth + 1);
  return raw === null ? null : readProviderError(raw);
}

type Said = Pick<ProviderError, "message" | "words">;

function readMessage(tree: JsonObject, source: JsonObject, behind: ProviderError | null): Said {
  const said = asText(source["message"]) ?? asText(tree["error"]) ?? asText(tree["message"]) ?? asText(tree["Message"]);
  if (said !== null && (behind === null || behind.message === "")) return { message: cut(said), words: cut(said) };
  if (said !== null && behind !== null && !/^\s*[[{]/.test(said)) {
    return { message: cut(`${said}: ${behind.message}`), words: cut(`${said}: ${behind.words}`) };
  }
  if (behind !== null && behind.message !== "") return { message: behind.message, words: behind.words };
  const detail = tree["detail"] ?? asObject(source["message"])?.["detail"] ?? source["message"];
  return typeof detail === "string" ? { message: cut(detail), words: cut(detail) } : readComplaints(asList(detail));
}

/** FastAPI's and pydantic's complaints: place and words, and not the value, which is the client's. */
function readComplaints(complaints: readonly Json[]): Said {
  const words = complaints.map((each) => asText(asObject(each)?.["msg"]) ?? "invalid");
  const message = complaints.map((each, index) => {
    const place = asList(asObject(each)?.["loc"]).join(".");
    return place === "" ? words[index] : `${place}: ${words[index]}`;
  });
  return { message: cut(message.join("; ")), words: cut(words.join("; ")) };
}

function asName(value: Json | undefined): string | null {
  return asText(value)?.slice(0, NAME_MAX) ?? null;
}

function cut(text: string): string {
  return text.slice(0, TEXT_MAX);
}

function namesOf(tree: JsonObject, source: JsonObject, code: string | null): string[] {
  const reasons = asList(source["details"]).map((each) => asObject(each)?.["reason"]);
  const names = [
    code,
    asObject(source["innererror"])?.["code"],
    asObject(source["metadata"])?.["error_type"],
    ...reasons,
    source["type"],
    source["status"],
    // Bedrock: `com.amazonaws.bedrock#ThrottlingException`.
    asText(tree["__type"])?.split("#").at(-1),
  ];
  return names.filter((name): name is string => typeof name === "string" && name !== "");
}

function statusOf(tree: JsonObject, source: JsonObject): number | null {
  const stated = [source["code"], source["status"], source["status_code"], tree["status"], tree["status_code"]];
  for (const each of stated) {
    const status = typeof each === "number" || typeof each === "string" ? Number(each) : Number.NaN;
    if (Number.isInteger(status) && status >= 400 && status <= 599) return status;
  }
  return null;
}

/** The first element of a list, anything else as it is. */
function firstOf(tree: Json | undefined): Json | undefined {
  return Array.isArray(tree) ? (tree as readonly Json[])[0] : tree;
}
