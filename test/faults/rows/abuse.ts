// 3.6: what clients do to HTTP/1.1 itself. Refused and the connection ended; what stands behind it is never executed.
import type { Letter, LetterRow, Pen } from "../letter.ts";

/** How a letter is written; a good call of which nothing may be executed stands behind it. */
type Written = (pen: Pen) => Letter;

const ONE = "content-length: 2";

/** A message that has to be refused, whatever stands behind it. */
function refused(id: string, says: string, written: Written, status: number | readonly number[] = 400): LetterRow {
  return {
    id,
    says,
    sends: (pen) => [Buffer.concat([pen.letter({ framing: "as-written", body: "", ...written(pen) }), pen.letter()])],
    answers: [status],
    closes: true,
  };
}

/** Fields that delimit a body in a way of which two readers could think differently. */
const FRAMINGS: readonly (readonly [id: string, says: string, lines: readonly string[], body: string])[] = [
  ["C01", "sends a length and chunks", ["content-length: 5", "transfer-encoding: chunked"], "0\r\n\r\n"],
  ["C01b", "sends chunks and a length", ["transfer-encoding: chunked", "content-length: 5"], "0\r\n\r\n"],
  ["C02", "sends a coding that nobody knows", ["transfer-encoding: xchunked"], "0\r\n\r\n"],
  ["C02b", "sends gzip in front of chunked", ["transfer-encoding: gzip, chunked"], "0\r\n\r\n"],
  ["C02c", "says chunked twice", ["transfer-encoding: chunked", "transfer-encoding: chunked"], "0\r\n\r\n"],
  ["C03", "sends the coding identity", ["transfer-encoding: identity"], ""],
  ["C03b", "sends chunked with a parameter", ["transfer-encoding: chunked;q=1"], "0\r\n\r\n"],
  ["C03c", "sends chunked in quotes", ['transfer-encoding: "chunked"'], "0\r\n\r\n"],
  ["C04", "sends two lengths that differ", [ONE, "content-length: 3"], "{}"],
  ["C04b", "sends a list of lengths", ["content-length: 2, 2"], "{}"],
  ["C05", "puts a space in front of a colon", ["content-length : 2"], "{}"],
  ["C06", "folds a line", ["x-a: b", " c", ONE], "{}"],
  ["C07", "ends a line with a bare line feed", [`x-a: b\nx-c: d`, ONE], "{}"],
  ["C08", "puts NUL into a value", ["x-a: b\0c", ONE], "{}"],
  ["C09", "signs a length", ["content-length: +2"], "{}"],
  ["C09b", "sends a negative length", ["content-length: -2"], "{}"],
  ["C09c", "sends a hexadecimal length", ["content-length: 0x2"], "{}"],
  ["C10", "sends a chunk size that is none", ["transfer-encoding: chunked"], "zz\r\n{}\r\n0\r\n\r\n"],
  ["C10b", "sends a chunk longer than its size", ["transfer-encoding: chunked"], "1\r\n{}\r\n0\r\n\r\n"],
  ["C10c", "signs a chunk size", ["transfer-encoding: chunked"], "+2\r\n{}\r\n0\r\n\r\n"],
];

/** A method on the path of chats. */
function method(name: string, at: number): LetterRow {
  return {
    id: at === 0 ? "C19" : `C19-${name.toLowerCase()}`,
    says: `sends ${name} where only POST is`,
    sends: (pen) => [pen.letter({ start: `${name} ${pen.path} HTTP/1.1`, body: "" })],
    answers: [405],
    code: "method_not_allowed",
    headers: { allow: "POST" },
  };
}

/** The rows. */
export const ABUSE: readonly LetterRow[] = [
  ...FRAMINGS.map(([id, says, lines, body]) => refused(id, `the client ${says}`, () => ({ lines, body }))),
  refused("C11", "the client names no Host", () => ({ host: null, lines: [ONE], body: "{}" })),
  refused("C11b", "the client names two Hosts", () => ({ lines: ["Host: other", ONE], body: "{}" })),
  refused("C12", "the client sends a header of 64 KiB", () => ({ lines: [`x-a: ${"x".repeat(65_536)}`] }), 431),
  refused(
    "C13",
    "the client sends a target of 64 KiB",
    () => ({ start: `GET /${"x".repeat(65_536)} HTTP/1.1` }),
    [414, 431],
  ),
  refused("C13b", "the client sends a target of 10 KiB", () => ({ start: `GET /${"x".repeat(10_240)} HTTP/1.1` }), 414),
  refused("C14", "the client sends 2500 headers", () => ({ lines: Array.from({ length: 2_500 }, () => "a: b") }), 431),
  refused("C14b", "the client sends 105 headers", () => ({ lines: Array.from({ length: 105 }, () => "a: b") }), 431),
  refused("C15", "the client asks for a tunnel", () => ({ start: "CONNECT 127.0.0.1:80 HTTP/1.1" }), [400, 405]),
  {
    id: "C15b",
    says: "the client asks to be shown its own request: TRACE",
    sends: (pen) => [pen.letter({ start: `TRACE ${pen.path} HTTP/1.1`, lines: ["x-secret: canary-trace"], body: "" })],
    answers: [[400, 405]],
    lacks: ["canary-trace"],
  },
  refused("C15c", "the client names another server in its target", (pen) => ({
    start: `POST http://127.0.0.1:1${pen.path} HTTP/1.1`,
    lines: [ONE],
    body: "{}",
  })),
  refused(
    "C16",
    "the client wants a web socket",
    (pen) => ({ start: `GET ${pen.path} HTTP/1.1`, lines: ["connection: upgrade", "upgrade: websocket"] }),
    426,
  ),
  {
    id: "C16b",
    says: "the client offers HTTP/2 in the middle of HTTP/1.1",
    sends: (pen) => {
      const lines = ["connection: Upgrade, HTTP2-Settings", "upgrade: h2c", "http2-settings: AAMAAABkAARAAAAAAAIAAAAA"];
      return [Buffer.concat([pen.letter({ lines }), Buffer.from("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")])];
    },
    answers: [200],
    closes: true,
    reaches: 1,
  },
  {
    id: "C17",
    says: "the client waits for 100 Continue",
    sends: (pen) => [pen.letter({ lines: ["expect: 100-continue"] })],
    answers: [200],
    reaches: 1,
    continues: true,
  },
  {
    id: "C17b",
    says: "the client expects something else",
    sends: (pen) => [pen.letter({ lines: ["expect: the-unexpected"] })],
    answers: [417],
    continues: false,
  },
  {
    id: "C17c",
    says: "a stranger waits for 100 Continue",
    sends: (pen) => {
      const lines = ["content-type: application/json", "content-length: 400", "expect: 100-continue"];
      return [pen.letter({ known: false, lines, framing: "as-written", body: "" })];
    },
    answers: [401],
    continues: false,
    closes: true,
    onlyHere: "it would need a gateway that asks its callers for a credential",
  },
  {
    id: "C17d",
    says: "the client waits for 100 Continue and declares 2 GB",
    sends: (pen) => {
      const lines = ["content-length: 2147483648", "expect: 100-continue"];
      return [pen.letter({ lines, framing: "as-written", body: "" })];
    },
    answers: [413],
    continues: false,
    closes: true,
  },
  {
    id: "C18",
    says: "the client speaks HTTP/1.0",
    sends: (pen) => [pen.letter({ start: `POST ${pen.path} HTTP/1.0`, body: pen.json({ stream: true }) })],
    answers: [200],
    closes: true,
    reaches: 1,
    headers: { "transfer-encoding": null },
    contains: ["[DONE]"],
  },
  ...["PUT", "DELETE", "PATCH", "GET"].map(method),
  {
    id: "C20",
    says: "the client sends three requests at once",
    sends: (pen) => [Buffer.concat([pen.letter(), pen.letter({ body: "{" }), pen.letter()])],
    answers: [200, 400, 200],
    reaches: 2,
  },
  {
    id: "C21",
    says: "the client declares 2 GB",
    sends: (pen) => [pen.letter({ lines: ["content-length: 2147483648"], framing: "as-written", body: '{"model":' })],
    answers: [413],
    closes: true,
  },
  {
    id: "C22",
    says: "the client sends chunks without end",
    sends: (pen) => {
      const chunk = Buffer.concat([Buffer.from("100000\r\n"), Buffer.alloc(0x100000, 32), Buffer.from("\r\n")]);
      const head = pen.letter({ lines: ["transfer-encoding: chunked"], framing: "as-written", body: "" });
      return [head, ...Array.from({ length: 24 }, () => chunk)];
    },
    answers: [413],
    closes: true,
  },
  {
    id: "X21",
    says: "the client speaks HTTP/2 without having asked",
    sends: () => ["PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"],
    answers: [[400, 0]],
    closes: true,
  },
  refused("X21c", "the client calls HTTP/1 HTTP/2", (pen) => ({
    start: `POST ${pen.path} HTTP/2.0`,
    lines: [ONE],
    body: "{}",
  })),
  refused("X21d", "the client calls HTTP/1 HTTP/0.9", (pen) => ({ start: `GET ${pen.path} HTTP/0.9` })),
  {
    id: "X21b",
    says: "the client greets as TLS does",
    sends: () => [Buffer.from("16030102000100", "hex"), Buffer.from("01fc0303", "hex")],
    answers: [[400, 0]],
    closes: true,
  },
];
