// The words between us and a program that gives out secrets, version 1 of OpenClaw's protocol (§2.2). Problems never quote a value.
import { isJsonObject, type Json, parseJson } from "../core/json.ts";

/** What a program said of one id. */
export type ExecAnswer = { readonly value: Json } | { readonly problem: string };

/** How to read an answer. */
export interface AnswerRules {
  /** For messages. */
  readonly command: string;
  /** False: text that is no answer of the protocol is the secret itself, when one was asked for. */
  readonly jsonOnly: boolean;
}

const PROTOCOL_VERSION = 1;
/** A reason of the program's own is shown up to here. */
const REASON_LENGTH_MAX = 200;

/** The question. */
export function secretQuestion(alias: string, ids: readonly string[]): string {
  return JSON.stringify({ protocolVersion: PROTOCOL_VERSION, provider: alias, ids });
}

/** The answer to each id; a text that cannot be used is the same problem for all. */
export function secretAnswers(
  text: string,
  ids: readonly string[],
  { command, jsonOnly }: AnswerRules,
): ReadonlyMap<string, ExecAnswer> {
  const tree = parseJson(text);
  const values = isJsonObject(tree) && tree["protocolVersion"] === PROTOCOL_VERSION ? tree["values"] : undefined;
  const errors = isJsonObject(tree) ? tree["errors"] : undefined;
  if (isJsonObject(values)) return new Map(ids.map((id) => [id, answerTo(id, { values, errors, command })]));
  if (!jsonOnly && ids.length === 1) return new Map(ids.map((id) => [id, { value: text.trim() }]));
  const problem =
    tree === undefined
      ? `${command} did not answer in JSON`
      : `${command} does not answer by protocol ${PROTOCOL_VERSION}`;
  return new Map(ids.map((id) => [id, { problem }]));
}

interface Answered {
  readonly values: { readonly [id: string]: Json | undefined };
  readonly errors: Json | undefined;
  readonly command: string;
}

function answerTo(id: string, { values, errors, command }: Answered): ExecAnswer {
  const error = isJsonObject(errors) && Object.hasOwn(errors, id) ? errors[id] : undefined;
  if (error !== undefined) {
    const reason = isJsonObject(error) ? error["message"] : null;
    return { problem: `${command} has no ${id}${typeof reason === "string" ? `: ${shown(reason)}` : ""}` };
  }
  const value = Object.hasOwn(values, id) ? values[id] : undefined;
  return value === undefined ? { problem: `${command} says nothing of ${id}` } : { value };
}

function shown(reason: string): string {
  return reason.replace(/[\p{Cc}\p{Cf}]+/gu, " ").slice(0, REASON_LENGTH_MAX);
}
