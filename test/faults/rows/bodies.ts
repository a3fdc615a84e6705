// 3.6, second half: bodies that are no request. Each is refused in words before a provider is called.
import type { LetterRow, Pen } from "../letter.ts";

/** A body that has to be refused. */
function refused(id: string, says: string, body: (pen: Pen) => Uint8Array | string, status = 400): LetterRow {
  return { id, says, sends: (pen) => [pen.letter({ body: body(pen) })], answers: [status] };
}

/** A good body but for one key, which the envelope names. */
function keyed(id: string, says: string, more: object): LetterRow {
  const [param = ""] = Object.keys(more);
  return { ...refused(id, says, (pen) => pen.json(more)), contains: [`"param":"${param}"`] };
}

/** A target that is none of ours. */
function target(id: string, path: string): LetterRow {
  return {
    id,
    says: `the client asks for ${path}`,
    sends: (pen) => [pen.get(path)],
    answers: [[404, 400]],
    lacks: ["root:", "<html"],
  };
}

/** A content type that a browser sends without asking. */
function typed(id: string, type: string, body: (pen: Pen) => string): LetterRow {
  return {
    id,
    says: `the client sends ${type}`,
    sends: (pen) => [
      pen.letter({
        known: false,
        lines: [`authorization: Bearer ${pen.token}`, `content-type: ${type}`],
        body: body(pen),
      }),
    ],
    answers: [415],
  };
}

/** The rows. */
export const BODIES: readonly LetterRow[] = [
  refused("C23", "the body is empty", () => ""),
  refused("C24", "the body is no JSON", () => "model=gpt"),
  refused("C24b", "the body ends in the middle", (pen) => pen.json().slice(0, -3)),
  refused("C24c", "something stands behind the body's object", (pen) => `${pen.json()}{}`),
  refused("C25", "the body is a list", (pen) => `[${pen.json()}]`),
  refused("C25b", "the body is null", () => "null"),
  refused("C26", "the body is a text", () => '"hello"'),
  keyed("C27", "messages are missing", { messages: undefined }),
  keyed("C28", "messages are empty", { messages: [] }),
  keyed("C29", "messages are a text", { messages: "hello" }),
  keyed("C29b", "a message is none", { messages: ["hello"] }),
  keyed("C30", "the model is a number", { model: 7 }),
  keyed("C30b", "the model is blank", { model: " " }),
  keyed("C31", "stream is a text", { stream: "yes" }),
  keyed("C32", "a thousand answers are wanted", { n: 1_000 }),
  {
    id: "C33",
    says: "the input of embeddings is empty",
    sends: (pen) => [pen.letter({ start: "POST /v1/embeddings HTTP/1.1", body: pen.json({ input: "" }) })],
    answers: [400],
    contains: ['"param":"input"'],
  },
  refused("C34", "the body is not UTF-8", (pen) => {
    const bytes = Buffer.from(pen.json({ user: "@@" }));
    bytes.set([0xc3, 0x28], bytes.indexOf("@@"));
    return bytes;
  }),
  {
    id: "C35",
    says: "a text has half a surrogate pair",
    sends: (pen) => [pen.letter({ body: pen.json({ user: "half \ud83e" }) })],
    answers: [[200, 400]],
    reaches: 1,
  },
  refused("C36", "the body is nested 100,000 deep", (pen) =>
    pen.json({ metadata: "@" }).replace('"@"', `${"[".repeat(100_000)}${"]".repeat(100_000)}`),
  ),
  refused("C36b", "the body is nested 65 deep", (pen) =>
    pen.json({ metadata: "@" }).replace('"@"', `${"[".repeat(65)}${"]".repeat(65)}`),
  ),
  refused("C37", "a key stands there twice", (pen) => pen.json().replace("{", '{"model":"openclaw/other",')),
  refused("C37b", "a key stands there twice, once in escapes", (pen) => pen.json().replace("{", '{"\\u006dodel":"x",')),
  {
    id: "C38",
    says: "keys are names of Object.prototype",
    sends: (pen) => [pen.letter({ body: pen.json().replace("{", '{"__proto__":{"stream":true},"constructor":{},') })],
    answers: [[200, 400]],
    reaches: 1,
    lacks: ["data:"],
  },
  typed("C39", "text/plain", (pen) => pen.json()),
  typed("C39b", "application/x-www-form-urlencoded", () => "model=x"),
  typed("C39c", "multipart/form-data; boundary=x", () => "--x--"),
  {
    id: "C39d",
    says: "the body is compressed",
    sends: (pen) => [pen.letter({ lines: ["content-encoding: gzip"] })],
    answers: [415],
  },
  ...["/nothing", "/.env", "/.git/config", "/v1/%zz", "/v1/..%2f..%2fetc/passwd", "/index.html", "/v1/models/%00"].map(
    (path, at) => target(at === 0 ? "C40" : `C40-${at}`, path),
  ),
  {
    id: "C41",
    says: "header names are names of Object.prototype",
    sends: (pen) => [pen.letter({ lines: ["__proto__: x", "constructor: y", "hasOwnProperty: z"] })],
    answers: [200],
    reaches: 1,
  },
];
