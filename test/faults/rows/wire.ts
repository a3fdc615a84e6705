// Answers that are no proper HTTP, or proper HTTP that answers something else (3.1, 3.2): variants of U16 to U23, U36 and U41.
import type { Behaviour } from "../../support/behaviours.ts";
import * as does from "../../support/behaviours.ts";
import { head, HOLD, raw, repeat, wait, write } from "../../support/script.ts";
import { ANSWER, BOTH, NEXT, type Row, STREAM, WHOLE } from "../row.ts";

const QUICK = { timeoutSeconds: 1 };
const OK = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
const EMPTY_OBJECT = "{}";

/** Raw bytes, and then the connection is ours to close. */
function says(...lines: readonly string[]): Behaviour {
  return () => [raw(lines.join("")), HOLD];
}

/** Heads that leave room for two opinions, or for none. */
const HEADS: readonly (readonly [id: string, says: string, behaviour: Behaviour])[] = [
  ["U18c", "it declares two lengths", says(OK, "content-length: 2\r\ncontent-length: 9\r\n\r\n", EMPTY_OBJECT)],
  ["U18d", "it declares a negative length", says(OK, "content-length: -2\r\n\r\n", EMPTY_OBJECT)],
  [
    "U18e",
    "it declares a length and chunked coding",
    says(OK, "content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n"),
  ],
  ["U16b", "it speaks another protocol", says("SSH-2.0-OpenSSH_9.6\r\n")],
  ["U16c", "there is a NUL in a header", says(OK, "x-a: b\0c\r\ncontent-length: 2\r\n\r\n", EMPTY_OBJECT)],
  ["U16d", "its status is no number", says("HTTP/1.1 OK\r\ncontent-length: 2\r\n\r\n", EMPTY_OBJECT)],
  [
    "U20d",
    "it wants another protocol with 101",
    says("HTTP/1.1 101 Switching\r\nupgrade: h2c\r\nconnection: upgrade\r\n\r\n"),
  ],
];

/** Whole bodies that are JSON and no answer, or nearly JSON. */
const BODIES: readonly (readonly [id: string, says: string, body: string])[] = [
  ["U41-null", "it answers null", "null"],
  ["U41-list", "it answers with a list", "[]"],
  ["U41-text", "it answers with a text", '"hello"'],
  ["U41-object", "it answers with an empty object", EMPTY_OBJECT],
  ["U41-no-choices", "it answers without choices", '{"object":"chat.completion","choices":null}'],
  ["U41-surplus", "there is something behind its JSON", `${EMPTY_OBJECT} ${EMPTY_OBJECT}`],
  ["U41-half", "its JSON ends early, as declared", '{"choices":[{"message":{"content":"half'],
  ["U41-blank", "it answers with blanks", "   \n  "],
];

function answers(body: string): Behaviour {
  const length = Buffer.byteLength(body);
  return () => [head(200, [["content-type", "application/json"]], { framing: { length } }), write(body)];
}

/** A good answer whose head says nothing. */
function untyped(): Behaviour {
  return (request) => {
    const [, ...body] = [...does.answer()(request)];
    return [head(200), ...body];
  };
}

/** First events that are no beginning of an answer. */
const EVENTS: readonly (readonly [id: string, says: string, data: string])[] = [
  ["U60-first", "its first event is not JSON", "{nope"],
  ["U60-null", "its first event is null", "null"],
  ["U60-list", "its first event is a list", "[]"],
  ["U60-page", "its first event is a page", "<html>"],
  ["U60-done", "its first event is [DONE]", "[DONE]"],
];

/** The rows. */
export const WIRE: readonly Row[] = [
  ...HEADS.map(([id, what, provider]): Row => ({
    id,
    says: what,
    shapes: BOTH,
    provider,
    expect: NEXT,
    letsGo: true,
    withinMs: 1_000,
  })),
  {
    id: "U20c",
    says: "it sends 103 again and again and never a head",
    shapes: BOTH,
    provider: () => [repeat([raw("HTTP/1.1 103 Early Hints\r\n\r\n"), wait(20)])],
    entry: QUICK,
    expect: NEXT,
    letsGo: true,
  },
  {
    id: "U07c",
    says: "it sends its head letter by letter and never ends it",
    shapes: BOTH,
    provider: () => [raw("HTTP/1.1 200 OK\r\nx-a: "), repeat([raw("b"), wait(20)])],
    entry: QUICK,
    expect: NEXT,
    letsGo: true,
  },
  {
    id: "U24-304",
    says: "it answers 304",
    shapes: BOTH,
    provider: does.status(304, ""),
    expect: NEXT,
  },
  {
    id: "U21-202",
    says: "it answers 202: the answer is yet to come",
    shapes: BOTH,
    provider: does.status(202, { id: "later" }),
    expect: NEXT,
  },
  ...BODIES.map(([id, what, body]): Row => ({
    id,
    says: what,
    shapes: WHOLE,
    provider: answers(body),
    kind: "bad-payload",
    expect: NEXT,
  })),
  ...EVENTS.map(([id, what, data]): Row => ({
    id,
    says: what,
    shapes: STREAM,
    provider: does.streamOf([`data: ${data}\n\n`]),
    kind: "bad-payload",
    expect: NEXT,
  })),
  {
    id: "U36c",
    says: "it streams though a whole answer was asked for",
    shapes: WHOLE,
    provider: (request) => [
      head(200, [["content-type", "text/event-stream"]]),
      ...does.streamEvents(request).map(write),
    ],
    expect: ANSWER,
  },
  {
    id: "U71c",
    says: "it says nothing of its content type",
    shapes: BOTH,
    provider: untyped(),
    expect: ANSWER,
  },
];
