// Was it the right answer? Judged by content alone: a 200 says nothing. Pure; the bytes come from who asked.

/** How a client wants its answer. */
export type Shape = "whole" | "streamed";

/** What came back over the wire. */
export interface Received {
  /** Null when no head came. */
  readonly status: number | null;
  readonly body: string;
  /** How it ended: properly, with the connection cut, or not while the client was waiting. */
  readonly end: "complete" | "cut" | "late";
}

/** Null for the right answer: the whole text (`expected`; null accepts any but none), a finish reason and, streamed, one `[DONE]` at the end. Else what came instead. */
export function judge(received: Received, shape: Shape, expected: string | null): string | null {
  const { status, body, end } = received;
  if (end === "late") return status === null ? "no answer" : "an answer without an end";
  if (status === null) return "connection cut without an answer";
  if (status !== 200) return `status ${status}`;
  if (end === "cut") return "connection cut inside the answer";
  return shape === "whole" ? judgeWhole(body, expected) : judgeStream(body, expected);
}

interface Choice {
  readonly message?: { readonly content?: string | null };
  readonly delta?: { readonly content?: string | null };
  readonly finish_reason?: string | null;
}

interface Answer {
  readonly error?: unknown;
  readonly choices?: readonly Choice[];
}

function judgeWhole(body: string, expected: string | null): string | null {
  const answer = parsed(body);
  if (answer === null) return "200 with a broken body";
  if (answer.error !== undefined) return "error in a 200";
  const [choice] = answer.choices ?? [];
  return judgeText(choice?.message?.content ?? "", expected) ?? judgeFinish(choice?.finish_reason);
}

function judgeStream(body: string, expected: string | null): string | null {
  const events = eventsOf(body);
  const chunks = events.filter((data) => data !== "[DONE]").map(parsed);
  if (events.length === 0) return body.trim() === "" ? "empty 200" : "200 without an event";
  if (chunks.includes(null)) return "stream with a broken event";
  if (chunks.some((chunk) => chunk?.error !== undefined)) return "error event in a 200";
  const choices = chunks.flatMap((chunk) => chunk?.choices ?? []);
  const text = choices.map(({ delta }) => delta?.content ?? "").join("");
  const finish = choices.map(({ finish_reason }) => finish_reason ?? null).findLast((reason) => reason !== null);
  const ended = events.indexOf("[DONE]") === events.length - 1;
  if (!ended && events.includes("[DONE]")) return "events behind [DONE]";
  const wrong = judgeText(text, expected);
  // An answer that ends as a finished one does, and is not, is the worst: nobody can know.
  if (wrong !== null)
    return finish === undefined && !ended ? `${wrong}, clean end` : `${wrong} with \`${finish ?? "[DONE]"}\``;
  return judgeFinish(finish) ?? (ended ? null : "no [DONE]");
}

function judgeText(text: string, expected: string | null): string | null {
  if (text === "") return expected === "" ? null : "empty answer";
  if (expected === null || text === expected) return null;
  return expected.startsWith(text) ? "truncated text" : "wrong text";
}

function judgeFinish(reason: string | null | undefined): string | null {
  return reason === null || reason === undefined ? "no finish reason" : null;
}

/** The data of every event; other fields and comments are nothing to judge. */
function eventsOf(body: string): string[] {
  const blocks = body
    .split(/\r?\n\r?\n/)
    .map((block) => block.split(/\r?\n/).filter((line) => line.startsWith("data:")));
  return blocks.filter(({ length }) => length > 0).map((lines) => lines.map(dataOf).join("\n"));
}

function dataOf(line: string): string {
  return line.slice(5).replace(/^ /, "");
}

function parsed(text: string): Answer | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? value : null;
  } catch {
    return null;
  }
}
