// HTTP/1.1 messages as bytes (RFC 9112), so that tests see exactly what was on the wire and can put anything there.
// Reads leniently what our own product and fetch write; it is no judge of messages.

/** A head: its lines without line ends, the first one included, and its headers with lower-case names. */
export interface Head {
  readonly lines: readonly string[];
  /** Values of one name are joined with `, `. */
  readonly headers: Readonly<Record<string, string>>;
  /** Bytes up to the body. */
  readonly size: number;
}

/** A body taken out of its framing. */
export interface FramedBody {
  readonly bytes: Buffer;
  /** Bytes that it took on the wire. */
  readonly size: number;
  /** False while more is to come; for a body that only the connection's end delimits, always. */
  readonly complete: boolean;
}

/** Bytes that keep arriving, joined without copying them again and again. */
export class ByteStore {
  #buffer = Buffer.allocUnsafe(1024);
  #length = 0;

  append(bytes: Uint8Array): void {
    const needed = this.#length + bytes.length;
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
      this.#buffer.copy(larger, 0, 0, this.#length);
      this.#buffer = larger;
    }
    this.#buffer.set(bytes, this.#length);
    this.#length = needed;
  }

  /** Everything there is; valid until the next change. */
  view(): Buffer {
    return this.#buffer.subarray(0, this.#length);
  }

  /** Forgets the first bytes. */
  drop(count: number): void {
    this.#buffer.copyWithin(0, count, this.#length);
    this.#length -= count;
  }

  get length(): number {
    return this.#length;
  }
}

/** The head at the start of the bytes, or null while it is not complete. */
export function readHead(bytes: Buffer): Head | null {
  const end = bytes.indexOf("\r\n\r\n");
  if (end < 0) return null;
  const lines = bytes.toString("latin1", 0, end).split("\r\n");
  const headers: Record<string, string> = Object.create(null);
  for (const line of lines.slice(1)) {
    const colon = line.indexOf(":");
    const name = line.slice(0, colon).toLowerCase();
    const value = line.slice(colon + 1).trim();
    headers[name] = headers[name] === undefined ? value : `${headers[name]}, ${value}`;
  }
  return { lines, headers, size: end + 4 };
}

/** The body behind a head. `absent` says what no framing header means: nothing (a request) or everything until the end (a response). */
export function readBody(head: Head, bytes: Buffer, absent: "nothing" | "until-close"): FramedBody {
  if (head.headers["transfer-encoding"]?.toLowerCase().endsWith("chunked") === true) return readChunked(bytes);
  const declared = head.headers["content-length"];
  if (declared === undefined && absent === "until-close") return { bytes, size: bytes.length, complete: false };
  const length = Number(declared ?? 0);
  return { bytes: bytes.subarray(0, length), size: Math.min(length, bytes.length), complete: bytes.length >= length };
}

function readChunked(bytes: Buffer): FramedBody {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = bytes.indexOf("\r\n", at);
    const size = lineEnd < 0 ? Number.NaN : Number.parseInt(bytes.toString("latin1", at, lineEnd), 16);
    if (Number.isNaN(size)) return { bytes: Buffer.concat(parts), size: at, complete: false };
    const start = lineEnd + 2;
    if (size === 0) return endOfChunked(bytes, start, parts);
    parts.push(bytes.subarray(start, start + size));
    if (bytes.length < start + size + 2) return { bytes: Buffer.concat(parts), size: bytes.length, complete: false };
    at = start + size + 2;
  }
}

/** Trailer lines up to the empty one. */
function endOfChunked(bytes: Buffer, trailers: number, parts: readonly Buffer[]): FramedBody {
  let at = trailers;
  for (;;) {
    const lineEnd = bytes.indexOf("\r\n", at);
    if (lineEnd < 0) return { bytes: Buffer.concat(parts), size: bytes.length, complete: false };
    if (lineEnd === at) return { bytes: Buffer.concat(parts), size: at + 2, complete: true };
    at = lineEnd + 2;
  }
}

/** A head to send: the first line and `name: value` pairs as written. */
export function headBytes(firstLine: string, headers: readonly (readonly [string, string])[]): Buffer {
  return Buffer.from(
    `${[firstLine, ...headers.map(([name, value]) => `${name}: ${value}`)].join("\r\n")}\r\n\r\n`,
    "latin1",
  );
}

/** One chunk of the chunked coding; empty bytes give the end of it. */
export function chunkBytes(bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from("\r\n")]);
}
