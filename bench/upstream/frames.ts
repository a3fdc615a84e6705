// Bytes of HTTP/1.1 answers, built once and sent many times. Only what the mock upstream needs.

/** A whole answer: head, length, body. */
export function wholeAnswer(body: Buffer | string, status = "200 OK"): Buffer {
  const bytes = Buffer.from(body);
  const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${bytes.length}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head), bytes]);
}

/** The head of a stream of events; chunks follow. */
export const STREAM_HEAD = Buffer.from(
  "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\ncache-control: no-cache\r\ntransfer-encoding: chunked\r\n\r\n",
);

/** The chunk that ends a stream. */
export const LAST_CHUNK = Buffer.from("0\r\n\r\n");

/** One event in a chunk of its own, as servers send them. */
export function chunkOf(event: string): Buffer {
  return Buffer.from(`${Buffer.byteLength(event).toString(16)}\r\n${event}\r\n`);
}
