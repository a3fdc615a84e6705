// What the head of a request must be before anybody routes by it. What Node's parser lets through and proxies have been fooled by ends here.
import type { IncomingMessage } from "node:http";
import { failure, type Failure } from "../core/failure.ts";
import { isPlainAuthority } from "./authority.ts";
import { fieldCount } from "./fields.ts";

/** Header fields of a request at most. Node drops what exceeds its own limit in silence, so that one is set one higher. */
export const HEADERS_MAX = 100;
const TARGET_CHARACTERS_MAX = 8_192;

/** Null for a head that can be routed; else the refusal, after which the connection must end. */
export function headFault(incoming: IncomingMessage): Failure | null {
  if (incoming.rawHeaders.length > 2 * HEADERS_MAX) {
    return failure("head-too-large", "Too many request headers.", { phase: "request" });
  }
  // Node's parser takes HTTP/0.9 and HTTP/2.0 for names of what it reads, which is HTTP/1.
  if (incoming.httpVersionMajor !== 1) return bad("The request is not HTTP/1.");
  return targetFault(incoming.url ?? "") ?? hostFault(incoming) ?? framingFault(incoming);
}

/** Only a path is a target here: no absolute form, no authority, no asterisk (RFC 9112 §3.2). */
function targetFault(target: string): Failure | null {
  if (target.length > TARGET_CHARACTERS_MAX) {
    return failure("head-too-large", "The request target is too long.", {
      status: 414,
      code: "uri_too_long",
      phase: "request",
    });
  }
  if (!target.startsWith("/")) return bad("The request target must be a path.");
  // URL parsers read a backslash as a slash.
  const backslash = target.indexOf("\\");
  if (backslash < 0) return null;
  const query = target.indexOf("?");
  return query >= 0 && query < backslash ? null : bad("The request target must be a path.");
}

/** Exactly one `Host` that says what it means; HTTP/1.0 may leave it out. */
function hostFault({ headers, rawHeaders, httpVersionMinor }: IncomingMessage): Failure | null {
  const { host } = headers;
  if (host === undefined) return httpVersionMinor === 0 ? null : bad("The `Host` header is missing.");
  if (fieldCount(rawHeaders, "host") > 1 || !isPlainAuthority(host)) return bad("The `Host` header is invalid.");
  return null;
}

/** Bodies are delimited by a length or by the plain chunked coding; everything else is a place to hide a second request. */
function framingFault({ headers, httpVersionMinor }: IncomingMessage): Failure | null {
  const coding = headers["transfer-encoding"];
  if (coding !== undefined && (coding.toLowerCase() !== "chunked" || httpVersionMinor === 0)) {
    return bad("The `Transfer-Encoding` is not supported.");
  }
  // Plain HTTP clients that would rather speak HTTP/2 offer it with every request; whoever wants another protocol is told which one this is.
  // Codex, which would rather have a web socket, goes on without one then, and takes 400 for the end of its turn.
  const { upgrade } = headers;
  if (upgrade === undefined || upgrade.toLowerCase() === "h2c") return null;
  return bad("There is no other protocol to upgrade to.", 426);
}

function bad(message: string, status = 400): Failure {
  return failure("request-invalid", message, { status, code: "bad_request", phase: "request" });
}
