// TABLE: requests that are mangled. Each is one that a client, a proxy in front or an attacker would send; two behind each other are among
// them, since smuggling needs a second one. Fixtures name seeds by their place: new ones go to the end.
import { EDGE_TOKEN } from "../support/edge.ts";

const BODY = `{"messages":[{"role":"user","content":"case 00000000"}]}`;
const AUTH = `authorization: Bearer ${EDGE_TOKEN}\r\ncontent-type: application/json\r\n`;
const HEAD = head("POST /v1/chat/completions HTTP/1.1");
const SIZED = `content-length: ${BODY.length}\r\n\r\n${BODY}`;
const CHUNKED = chunked(`${BODY.length.toString(16)}`);
const CALL = HEAD + SIZED;

function head(line: string): string {
  return `${line}\r\nhost: 127.0.0.1\r\n${AUTH}`;
}

/** The body as one chunk whose size is written so. */
function chunked(size: string): string {
  return `transfer-encoding: chunked\r\n\r\n${size}\r\n${BODY}\r\n0\r\n\r\n`;
}

const FRAMINGS: readonly string[] = [
  CALL,
  HEAD + CHUNKED,
  CALL + CALL,
  HEAD + CHUNKED + CALL,
  `${HEAD}transfer-encoding: chunked\r\n${SIZED}${CALL}`,
  `${HEAD}expect: 100-continue\r\n${SIZED}`,
  `${HEAD}connection: close, x-secret\r\nx-secret: 1\r\ncookie: a=b\r\n${SIZED}`,
  `${HEAD}upgrade: websocket\r\nconnection: upgrade\r\n${SIZED}${CALL}`,
  `${HEAD}te: trailers\r\ntrailer: x-a\r\ntransfer-encoding: chunked\r\n\r\n${BODY.length.toString(16)};ext=1\r\n${BODY}\r\n0\r\nx-a: 1\r\n\r\n`,
  `GET /v1/models HTTP/1.1\r\nhost: a\r\n${AUTH}\r\n`,
  "GET /healthz HTTP/1.0\r\n\r\n",
  `${HEAD.replace("1.1", "1.0")}${SIZED}`,
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
];

/** Places that are one to some reader and another to the next. None that answers without its body: of those, half a request is enough. */
const TARGETS: readonly string[] = [
  "/v1/chat/completions?model=a&token=b",
  "//v1/chat/completions",
  "/v1/chat/completions/",
  "/v1/../v1/chat/completions",
  "/v1/chat%2fcompletions",
  "/V1/Chat/Completions",
  "/v1;x/chat/completions",
  "/v1/chat/completions#part",
  "http://127.0.0.1/v1/chat/completions",
  "https://evil.example/v1/chat/completions",
  "/v1/responses",
  "/v1/messages",
  "/v1/messages/count_tokens",
  "/v1/models",
  "/%00%ff%",
  "/..%2f..%2fetc/passwd",
  "*",
].map((target) => head(`POST ${target} HTTP/1.1`) + SIZED);

/** Lines that begin a request. */
const LINES: readonly string[] = [
  "OPTIONS /v1/chat/completions HTTP/1.1",
  "OPTIONS * HTTP/1.1",
  "PUT /v1/chat/completions HTTP/1.1",
  "DELETE /v1/models HTTP/1.1",
  "PATCH /status.json HTTP/1.1",
  "TRACE /v1/models HTTP/1.1",
  "CONNECT 127.0.0.1:80 HTTP/1.1",
  "post /v1/chat/completions HTTP/1.1",
  "POST  /v1/chat/completions  HTTP/1.1",
  "POST /v1/chat/completions HTTP/1.2",
  "POST /v1/chat/completions HTTP/2.0",
  "POST /v1/chat/completions",
].map((line) => head(line) + SIZED);

/** Fields about which readers differ, each in front of a call's body and of a second call. */
const FIELDS: readonly string[] = [
  "host: other.example",
  "content-length: 0",
  `content-length: ${BODY.length}`,
  "content-length: 1, 1",
  "content-length: 0x10",
  "content-length : 5",
  "transfer-encoding: gzip, chunked",
  "transfer-encoding: chunked, chunked",
  "transfer-encoding: identity",
  "transfer-encoding: \tchunked",
  "connection: keep-alive, content-length",
  "connection: upgrade, http2-settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__",
  "expect: the-unexpected",
  "x-folded: a\r\n b",
  "x-nul: a\0b",
  "x-bare: a\rb",
  "content-encoding: gzip",
  `x-long: ${"a".repeat(3_000)}`,
].map((field) => `${HEAD}${field}\r\n${SIZED}${CALL}`);

/** How a chunk's size is written. */
const SIZES: readonly string[] = ["0x38", "+38", " 38", "38 ", "0000000000000000038", '38;a="\r\n"', "-1"].map(
  (size) => HEAD + chunked(size) + CALL,
);

/** All of them. */
export const SEEDS: readonly string[] = [...FRAMINGS, ...TARGETS, ...LINES, ...FIELDS, ...SIZES];
