// What any gateway owes its clients, whatever its own words are: the rows' expectations without our codes, headers and receipts.
import { unless } from "./client.ts";
import { WELL_TEXT } from "./names.ts";
import { type Reading, READERS } from "./reading.ts";
import { actorOf, type Expectation, type Outcome, type RequestRow } from "./row.ts";

/** Everything that is wrong with an answer of a gateway that is not ours. */
export function judgeAny(row: RequestRow, outcome: Outcome): readonly string[] {
  const judge = JUDGES[row.expect.see];
  return judge(outcome, row);
}

/** What it was, in a few words. */
export function seenOfAny(row: RequestRow, outcome: Outcome): string {
  const { status, complete } = outcome;
  const read = status === 200 ? readingOf(row, outcome) : null;
  const said = read === null ? "" : `, ${ending(read)}`;
  return `${status}${said}${complete ? "" : ", the connection breaks"}`;
}

function ending({ text, finish, errors, dones }: Reading): string {
  if (errors.length > 0) return "an error event";
  const whose = text === WELL_TEXT ? "the next one's answer" : text === "" ? "no text" : "text";
  return `${whose}${finish === null ? " without a finish" : ""}${dones > 0 ? ", [DONE]" : ""}`;
}

const JUDGES: Readonly<Record<Expectation["see"], (outcome: Outcome, row: RequestRow) => readonly string[]>> = {
  next: (outcome, row) => good(outcome, row, WELL_TEXT),
  answer: (outcome, row) => {
    const { text } = row.expect as Extract<Expectation, { see: "answer" }>;
    return good(outcome, row, text ?? `Grüße from ${actorOf(row, outcome.shape)} 🦞`);
  },
  // Which 5xx is a matter of taste; that it is one, and that it is said in JSON, is not.
  error: ({ status, text, complete }, { expect }) => {
    const wanted = (expect as Extract<Expectation, { see: "error" }>).status;
    const isRight = wanted >= 500 ? status >= 500 : status === wanted;
    return [
      ...unless(isRight, `status ${status} instead of ${wanted}`),
      ...unless(complete && isJson(text), "the refusal is no JSON"),
    ];
  },
  // An error event or a connection that breaks: either tells the client that this was not all.
  broken: (outcome, row) => {
    const read = readingOf(row, outcome);
    if (read === null) return ["the stream cannot be read"];
    return [
      ...unless(outcome.status === 200 && read.text !== "", "the prefix is lost"),
      ...unless(read.errors.length > 0 || !outcome.complete, "a cut looks like an end: no error event"),
      ...unless(read.dones === 0 && read.finish === null, "a cut looks like success"),
    ];
  },
};

function good(outcome: Outcome, row: RequestRow, text: string): readonly string[] {
  const { status, shape, complete } = outcome;
  if (status !== 200) return [`status ${status}: ${outcome.text.slice(0, 80)}`];
  const read = readingOf(row, outcome);
  if (read === null) return ["the answer cannot be read"];
  return [
    ...unless(complete, "the connection breaks"),
    ...unless(read.text === text, `content ${JSON.stringify(read.text.slice(0, 60))}`),
    ...unless(read.finish !== null, "no finish reason"),
    ...unless(shape === "whole" || (row.api ?? "chat") !== "chat" || read.dones === 1, `${read.dones} [DONE]`),
    ...unless(read.errors.length === 0, "an error event in a good answer"),
  ];
}

function readingOf({ api = "chat" }: RequestRow, { shape, text }: Outcome): Reading | null {
  try {
    if (shape === "stream") return READERS[api].stream(text);
    return { errors: [], dones: 0, usageChunks: 0, ...READERS[api].whole(text) };
  } catch {
    return null;
  }
}

function isJson(text: string): boolean {
  try {
    return typeof JSON.parse(text) === "object";
  } catch {
    return false;
  }
}
