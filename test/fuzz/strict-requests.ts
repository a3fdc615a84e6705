// A second, strict reader of HTTP/1.1 requests (RFC 9112): what it takes for complete requests is the most that the gateway may have answered
// with success. Knows nothing of the gateway; refuses at the first doubt.

const HEAD_END = "\r\n\r\n";
/** More than one space is as good as one (RFC 9112 §3). */
const REQUEST_LINE = /^[A-Z]+ +\S+ +HTTP\/1\.[01]$/;
const FIELD = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \t]*([\t\x20-\x7e\x80-\xff]*)$/;

/** How many complete requests stand at the beginning of this Latin-1 text. */
export function strictRequests(text: string): number {
  let count = 0;
  for (let from = 0; ;) {
    // Blank lines in front of a request (RFC 9112 §2.2), and halves of their ends, which Node's parser skips as well: no two readers can
    // differ on where a request begins that starts with a letter.
    while (text[from] === "\r" || text[from] === "\n") from += 1;
    const next = behindRequest(text, from);
    if (next === null) return count;
    count += 1;
    from = next;
  }
}

/** The offset behind the request that starts here; null when it is incomplete or doubtful. */
function behindRequest(text: string, from: number): number | null {
  const end = text.indexOf(HEAD_END, from);
  if (end < 0) return null;
  const [line = "", ...fields] = text.slice(from, end).split("\r\n");
  if (!REQUEST_LINE.test(line)) return null;
  const named = new Map<string, string[]>();
  for (const field of fields) {
    const [, name, value] = FIELD.exec(field) ?? [];
    if (name === undefined || value === undefined) return null;
    const key = name.toLowerCase();
    named.set(key, [...(named.get(key) ?? []), value.trim()]);
  }
  const body = end + HEAD_END.length;
  const lengths = named.get("content-length") ?? [];
  const codings = named.get("transfer-encoding") ?? [];
  if (codings.length > 0) {
    if (lengths.length > 0 || codings.length > 1 || codings[0]?.toLowerCase() !== "chunked") return null;
    return behindChunks(text, body);
  }
  if (lengths.length === 0) return body;
  if (lengths.length > 1 || !/^\d+$/.test(lengths[0] ?? "")) return null;
  const until = body + Number(lengths[0]);
  return until <= text.length ? until : null;
}

function behindChunks(text: string, from: number): number | null {
  for (let at = from; ;) {
    const end = text.indexOf("\r\n", at);
    const [, size] = /^0*([0-9a-fA-F]{1,8})(?:;[^\r\n]*)?$/.exec(text.slice(at, Math.max(at, end))) ?? [];
    if (end < 0 || size === undefined) return null;
    const bytes = Number.parseInt(size, 16);
    const behind = end + 2 + bytes;
    if (bytes === 0) return behindTrailer(text, end + 2);
    if (text.slice(behind, behind + 2) !== "\r\n") return null;
    at = behind + 2;
  }
}

function behindTrailer(text: string, from: number): number | null {
  if (text.startsWith("\r\n", from)) return from + 2;
  const end = text.indexOf(HEAD_END, from);
  return end < 0 ? null : end + HEAD_END.length;
}
