// Is what the client saw what the row expects? Each function gives a sentence per demand that is not met.
import { PATIENCE, WELL, WELL_TEXT } from "./names.ts";
import { type Reading, READERS } from "./reading.ts";
import type { Api, Demands, Expectation, Outcome, RequestRow } from "./row.ts";
import { actorOf } from "./row.ts";

const ENVELOPE: readonly string[] = ["code", "message", "param", "type"];
const MESSAGE_MAX = 1024;

/** Everything that is wrong with an answer. */
export function checkAnswer(row: RequestRow, outcome: Outcome): string[] {
  const problems = [
    ...JUDGES[row.expect.see](outcome, row.expect as never, {
      actor: actorOf(row, outcome.shape),
      api: row.api ?? "chat",
    }),
  ];
  if (!outcome.complete) problems.push("the connection ended inside the answer");
  if (outcome.headers.get("x-request-id") === null) problems.push("no x-request-id");
  if (row.withinMs !== undefined && outcome.ms > row.withinMs * PATIENCE) {
    problems.push(`took ${outcome.ms.toFixed(0)} ms, should take ${row.withinMs}`);
  }
  return [...problems, ...textsOf(row, outcome), ...headersOf(row, outcome)];
}

/** What an answer was, in a few words. */
export function seenOf({ api = "chat" }: RequestRow, { status, headers, text, shape }: Outcome): string {
  if (status !== 200) {
    const error = errorOf(text);
    const wait = headers.get("retry-after");
    return `${status} ${String(error["code"])}${wait === null ? "" : `, retry-after ${wait}`}`;
  }
  const served = `200 from ${(headers.get("x-openclaw-served-by") ?? "nobody").split("/")[0]}`;
  if (shape === "whole") return served;
  const read = safely(() => READERS[api].stream(text));
  if (typeof read === "string") return `${served}, ${read}`;
  const [error] = read.errors;
  return error === undefined ? served : `${served}, cut: ${String(error["code"])}`;
}

type See = Expectation["see"];
type Judge<S extends See> = (outcome: Outcome, expected: Extract<Expectation, { see: S }>, of: Judged) => string[];

/** Whose answer is judged. */
interface Judged {
  readonly actor: string;
  readonly api: Api;
}

const JUDGES: { readonly [S in See]: Judge<S> } = {
  next: (outcome, _expected, { api }) => [
    ...good(outcome, { text: WELL_TEXT, finish: "stop", api, usageChunks: 0 }),
    ...servedBy(outcome, WELL),
    ...(Number(outcome.headers.get("x-openclaw-attempts")) >= 2 ? [] : ["no second attempt is told"]),
  ],
  answer: (outcome, { text, finish = "stop", usageChunks = 0 }, { actor, api }) => [
    ...good(outcome, { text: text ?? `Grüße from ${actor} 🦞`, finish, api, usageChunks }),
    ...servedBy(outcome, actor),
  ],
  error: (outcome, { status, code }) => {
    const problems = outcome.status === status ? [] : [`status ${outcome.status} instead of ${status}`];
    if (!(outcome.headers.get("content-type") ?? "").startsWith("application/json")) problems.push("no JSON");
    return [...problems, ...envelope(errorOf(outcome.text), code)];
  },
  broken: brokenInTheMiddle,
};

/** What a good answer says. */
interface Good {
  readonly text: string;
  readonly finish: string;
  readonly api: Api;
  /** Of a stream: as many as were asked for. */
  readonly usageChunks: number;
}

function good(outcome: Outcome, wanted: Good): string[] {
  if (outcome.status !== 200) return [`status ${outcome.status}: ${outcome.text.slice(0, 200)}`];
  const readers = READERS[wanted.api];
  if (outcome.shape === "whole") {
    const whole = safely(() => readers.whole(outcome.text));
    return typeof whole === "string" ? [whole] : says(whole, wanted);
  }
  const read = safely(() => readers.stream(outcome.text));
  if (typeof read === "string") return [read];
  const problems = says(read, wanted);
  if (read.dones !== 1) problems.push(`${read.dones} [DONE]`);
  if (read.errors.length > 0) problems.push("an error event in a good answer");
  if (read.usageChunks > wanted.usageChunks) problems.push("a usage chunk that nobody asked for");
  if (read.usageChunks < wanted.usageChunks) problems.push("no usage chunk though it was asked for");
  return problems;
}

function says(read: Pick<Reading, "text" | "finish">, { text, finish }: Good): string[] {
  const problems = read.text === text ? [] : [`content ${shortened(read.text)}`];
  return read.finish === finish ? problems : [...problems, `finish ${read.finish}`];
}

function envelope(error: Readonly<Record<string, unknown>>, code: string | null, keys = ENVELOPE): string[] {
  const missing = keys.filter((key) => !(key in error)).map((key) => `the envelope lacks ${key}`);
  if (error["code"] !== code) missing.push(`code ${String(error["code"])} instead of ${code}`);
  if (String(error["message"]).length > MESSAGE_MAX) missing.push("the message is longer than 1 KiB");
  return missing;
}

/** MID: what was delivered stays, one error event follows, and nothing that looks like success. */
function brokenInTheMiddle(
  outcome: Outcome,
  { code, text }: Extract<Expectation, { see: "broken" }>,
  { api }: Judged,
): string[] {
  if (outcome.status !== 200) return [`status ${outcome.status}`];
  const read = safely(() => READERS[api].stream(outcome.text));
  if (typeof read === "string") return [read];
  const [error] = read.errors;
  return [...notLikeSuccess(read, text), ...(error === undefined ? [] : envelope(error, code, READERS[api].errorKeys))];
}

function notLikeSuccess({ text, errors, dones, finish }: Reading, prefix: string): string[] {
  const problems: string[] = [];
  if (text !== prefix) problems.push(`the prefix is not what was delivered: ${shortened(text)}`);
  if (errors.length !== 1) problems.push(`${errors.length} error events`);
  if (dones !== 0) problems.push("[DONE] behind a cut");
  if (finish !== null) problems.push(`a finish reason behind a cut: ${finish}`);
  return problems;
}

/** By provider alone: the mock calls all its models `script`. */
function servedBy({ headers }: Outcome, name: string): string[] {
  const served = headers.get("x-openclaw-served-by");
  return served?.split("/")[0] === name ? [] : [`served by ${served}`];
}

/** Texts that are missing, and texts that are relayed. */
export function textsOf(
  { contains = [], lacks = [] }: Demands,
  { text, head }: Pick<Outcome, "text" | "head">,
): string[] {
  const missing = contains.filter((each) => !text.includes(each)).map((each) => `${shortened(each)} is missing`);
  const relayed = lacks.filter((each) => text.includes(each) || head.includes(each));
  return [...missing, ...relayed.map((each) => `${shortened(each)} is relayed`)];
}

/** Fields that are not as they should be. */
export function headersOf({ headers: wanted = {} }: Demands, { headers }: Pick<Outcome, "headers">): string[] {
  return Object.entries(wanted).flatMap(([name, want]) => {
    const value = headers.get(name);
    if (want === null) return value === null ? [] : [`${name} is relayed`];
    if (typeof want === "string") return value === want ? [] : [`${name}: ${value} instead of ${want}`];
    const [least, most] = want;
    const isWithin = value !== null && Number(value) >= least && Number(value) <= most;
    return isWithin ? [] : [`${name}: ${value}, not ${least} to ${most}`];
  });
}

/** What is wrong with the envelope of a refusal; any code will do where none is given. */
export function checkEnvelope(text: string, code: string | null | undefined): string[] {
  const error = errorOf(text);
  return envelope(error, code === undefined ? (error["code"] as string | null) : code);
}

function errorOf(text: string): Readonly<Record<string, unknown>> {
  const tree = safely(() => JSON.parse(text) as { readonly error?: Readonly<Record<string, unknown>> });
  return typeof tree === "string" ? { code: tree } : (tree.error ?? {});
}

function shortened(text: string): string {
  return text.length <= 80 ? JSON.stringify(text) : `${JSON.stringify(text.slice(0, 60))}… (${text.length} characters)`;
}

function safely<T>(read: () => T): T | string {
  try {
    return read();
  } catch (error) {
    return `unreadable: ${String(error)}`;
  }
}
