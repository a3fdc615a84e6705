// Sends a letter and judges what comes back.
import { RawClient, type RawResponse } from "../support/raw.ts";
import { within } from "../support/wait.ts";
import type { Bench } from "./bench.ts";
import { checkEnvelope, headersOf, textsOf } from "./check.ts";
import { unless } from "./client.ts";
import { leaksIn } from "./evidence.ts";
import { type LetterRow, markOf, Pen } from "./letter.ts";

/** How long a connection may stay open that should end, in milliseconds: a lingering close reads on for two seconds. */
const CLOSE_MS = 10_000;

/** What came of one letter. */
interface Received {
  readonly responses: readonly RawResponse[];
  readonly problems: readonly string[];
}

/** Sends it and gives what was seen, and a sentence per demand that is not met. */
export async function playLetter(row: LetterRow, bench: Bench): Promise<{ seen: string; problems: readonly string[] }> {
  using client = await RawClient.connect(bench.gateway.url);
  await client.send(...row.sends(new Pen(bench.gateway, row.id)));
  const { responses, problems } = await received(row, client);
  const seen = responses.length === 0 ? "closed" : responses.map(({ status }) => status).join(", ");
  return {
    seen,
    problems: [
      ...problems,
      ...statusesOf(row, responses),
      ...reachedBy(row, bench),
      ...responses.flatMap((response) => checkResponse(row, response, bench)),
    ],
  };
}

async function received(row: LetterRow, client: RawClient): Promise<Received> {
  const responses: RawResponse[] = [];
  const problems: string[] = [];
  const interim: number[] = [];
  while (responses.length < row.answers.length) {
    const response = await client.response().catch(() => null);
    if (response === null) break;
    if (response.status >= 200) responses.push(response);
    else interim.push(response.status);
  }
  const wanted = row.continues === true ? 1 : 0;
  problems.push(
    ...unless(
      row.continues === undefined || interim.length === wanted,
      `${interim.length} interim answers, not ${wanted}`,
    ),
  );
  if (row.closes !== true) return { responses, problems };
  const ended = await within(client.ended(), "its end", CLOSE_MS).catch(() => null);
  problems.push(...unless(ended !== null, "the connection stays open"));
  problems.push(...unless(client.received.length === 0, `${client.received.length} bytes behind the answer`));
  return { responses, problems };
}

function statusesOf({ answers }: LetterRow, responses: readonly RawResponse[]): readonly string[] {
  return answers.flatMap((wanted, at) => {
    const status = responses[at]?.status ?? 0;
    return unless(
      [wanted].flat().includes(status),
      `${status === 0 ? "no answer" : status} instead of ${String(wanted)}`,
    );
  });
}

/** Calls that a provider got: they bear the row's mark. */
function reachedBy(row: LetterRow, { healthy, failing }: Bench): readonly string[] {
  const mark = markOf(row.id);
  const reached = [...healthy.requests, ...failing.requests].filter(({ body }) => body.includes(mark)).length;
  const wanted = row.reaches ?? 0;
  return unless(reached === wanted, `${reached} calls reached a provider, not ${wanted}`);
}

function checkResponse(row: LetterRow, response: RawResponse, bench: Bench): readonly string[] {
  const text = response.body.toString("utf8");
  const judged = { text, head: response.lines.join("\n"), headers: new Headers(response.headers) };
  const { lacks = [], contains = [] } = row;
  const problems = [...textsOf({ lacks }, judged), ...leaksIn(`${judged.head}\n${text}`, bench, "the answer")];
  if (bench.adapter.own) {
    problems.push(...headersOf(row, judged), ...textsOf({ contains }, judged));
    if (judged.headers.get("x-request-id") === null) problems.push("no x-request-id");
    if (response.status >= 400) problems.push(...checkEnvelope(text, row.code));
  }
  return problems;
}
