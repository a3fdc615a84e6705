// The judge, judged: a matrix whose checks cannot fail proves nothing. Every answer here is wrong in one way, and must be told so.
import { describe, expect, it } from "vitest";
import { chatChunks, chatCompletion, sseEvent } from "../support/answers.ts";
import { checkAnswer } from "./check.ts";
import { checkMetrics } from "./evidence.ts";
import { WELL, WELL_TEXT } from "./names.ts";
import {
  ANSWER,
  BOTH,
  broken,
  error,
  type Expectation,
  NEXT,
  type Outcome,
  type RequestRow,
  type Shape,
} from "./row.ts";
import { readSamples } from "./samples.ts";

const BASE: RequestRow = { id: "T1", says: "", shapes: BOTH, provider: null, expect: NEXT };
const RECEIPTS = { "x-request-id": "req_1", "x-openclaw-served-by": `${WELL}/${WELL}`, "x-openclaw-attempts": "2" };
const OWN = { ...RECEIPTS, "x-openclaw-served-by": "t1-stream/t1-stream" };
const JSON_TYPE = { "x-request-id": "req_1", "content-type": "application/json" };
const ENVELOPE = { message: "The connection broke.", type: "upstream_error", param: null, code: "upstream_reset" };

function outcome(shape: Shape, text: string, more: Partial<Outcome> = {}): Outcome {
  const headers = new Headers(RECEIPTS);
  return { shape, text, status: 200, headers, head: "", complete: true, ms: 1, requests: [], ...more };
}

function told(expect: Expectation, of: Outcome, more: Partial<RequestRow> = {}): string {
  return checkAnswer({ ...BASE, expect, ...more }, of).join("; ");
}

const events = (of: readonly (object | string)[]): string => of.map((event) => sseEvent(event)).join("");
const chunks = chatChunks({ model: "m", texts: [WELL_TEXT] });
const GOOD = events([...chunks, "[DONE]"]);
const PREFIX = events(chunks.slice(0, 2));
const CUT = PREFIX + events([{ error: ENVELOPE }]);
const own = { headers: new Headers(OWN) };
const refused = (body: object, status = 502): Outcome =>
  outcome("whole", JSON.stringify(body), { status, headers: new Headers(JSON_TYPE) });

describe("the judge is content with", () => {
  it.each<[string, string]>([
    ["the next one's stream", told(NEXT, outcome("stream", GOOD))],
    ["the next one's whole answer", told(NEXT, outcome("whole", JSON.stringify(completion(WELL_TEXT))))],
    ["an own stream", told({ ...ANSWER, text: WELL_TEXT }, outcome("stream", GOOD, own))],
    ["an envelope", told(error(502, "upstream_reset"), refused({ error: ENVELOPE }))],
    ["a truthful cut", told(broken("upstream_reset", WELL_TEXT), outcome("stream", CUT))],
  ])("%s", (_what, problems) => {
    expect(problems).toBe("");
  });
});

function completion(text: string): object {
  return chatCompletion({ model: "m", texts: [text] });
}

describe("the judge tells", () => {
  it.each<[what: string, problems: string, word: string]>([
    ["a cut that looks like an end", told(NEXT, outcome("stream", PREFIX)), "0 [DONE]"],
    ["an answer without a finish", told(NEXT, outcome("stream", PREFIX + events(["[DONE]"]))), "finish null"],
    ["a doubled terminator", told(NEXT, outcome("stream", GOOD + events(["[DONE]"]))), "2 [DONE]"],
    ["an error inside a good answer", told(NEXT, outcome("stream", GOOD + events([{ error: {} }]))), "an error event"],
    ["other words", told(NEXT, outcome("whole", JSON.stringify(completion("x")))), "content"],
    ["half a body", told(NEXT, outcome("whole", '{"choices":[{')), "unreadable"],
    ["half a stream", told(NEXT, outcome("stream", GOOD, { complete: false })), "ended inside"],
    ["the wrong provider", told(ANSWER, outcome("stream", GOOD)), `served by ${WELL}`],
    ["a 200 for an error", told(error(502, "upstream_reset"), outcome("whole", "{}")), "status 200 instead of 502"],
    ["another code", told(error(502, "upstream_tls"), refused({ error: ENVELOPE })), "code upstream_reset instead of"],
    ["an envelope without a key", told(error(502, "c"), refused({ error: { code: "c" } })), "lacks param"],
    ["an endless message", told(error(502, "c"), refused({ error: { message: "x".repeat(2000) } })), "1 KiB"],
    ["a page", told(error(502, "c"), refused({}, 200)), "status 200"],
    ["a cut nobody mentions", told(broken("upstream_reset", WELL_TEXT), outcome("stream", PREFIX)), "0 error events"],
    [
      "[DONE] behind a cut",
      told(broken("upstream_reset", WELL_TEXT), outcome("stream", `${CUT}data: [DONE]\n\n`)),
      "[DONE] behind",
    ],
    [
      "an invented finish",
      told(broken("upstream_reset", WELL_TEXT), outcome("stream", GOOD + CUT)),
      "finish reason behind a cut",
    ],
    [
      "a lost prefix",
      told(broken("upstream_reset", WELL_TEXT), outcome("stream", events([{ error: ENVELOPE }]))),
      "prefix is not what was delivered",
    ],
    ["a missing id", told(NEXT, outcome("stream", GOOD, { headers: new Headers() })), "no x-request-id"],
    ["a slow answer", told(NEXT, outcome("stream", GOOD, { ms: 21_000 }), { withinMs: 1_000 }), "took 21000 ms"],
    ["a relayed text", told(NEXT, outcome("stream", GOOD), { lacks: ["🦞"] }), "is relayed"],
    ["a missing text", told(NEXT, outcome("stream", GOOD), { contains: ["tool"] }), "is missing"],
    ["a relayed header", told(NEXT, outcome("stream", GOOD), { headers: { "x-request-id": null } }), "is relayed"],
    ["no wait", told(NEXT, outcome("stream", GOOD), { headers: { "retry-after": [1, 60] } }), "retry-after: null"],
    [
      "an absurd wait",
      told(NEXT, outcome("stream", GOOD), { headers: { "x-openclaw-attempts": [3, 9] } }),
      "not 3 to 9",
    ],
  ])("%s", (_what, problems, word) => {
    expect(problems).toContain(word);
  });
});

describe("the metrics are read", () => {
  const moved = `openclaw_edge_failovers_total{from="t1-stream/m",to="well/well",reason="timeout"} 1`;
  const row: RequestRow = { ...BASE, shapes: ["stream"] };
  const blamed = `openclaw_model_call_total{provider="t1-stream",error_category="auth"} 1`;

  it.each<[string, RequestRow, string, string[]]>([
    ["a move that was made", row, moved, []],
    ["a move that was not", row, "", ["stream: 0 failovers are counted"]],
    [
      "a move for another reason",
      { ...row, kind: "auth" },
      `${moved}\n${blamed}`,
      ["a failover for timeout instead of auth"],
    ],
    [
      "a failure that is not counted",
      { ...row, kind: "server-error" },
      moved,
      ["stream: no call is counted as server-error"],
    ],
    ["a move to elsewhere", row, moved.replace("well/well", "x/x"), ["a failover to nowhere"]],
    ["a move too many", { ...row, expect: ANSWER }, moved, ["stream: 1 failovers are counted"]],
    ["a cut that is not counted", { ...row, expect: broken(null) }, "", ["stream: 0 stream errors are counted"]],
    ["tokens that are not booked", { ...row, expect: ANSWER, tokens: 12 }, "", ["stream: 0 tokens are booked"]],
  ])("%s", (_what, of, text, problems) => {
    expect(checkMetrics(of, readSamples(text))).toEqual(problems);
  });
});
