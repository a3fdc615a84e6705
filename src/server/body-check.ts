// What the head says of the body, judged before a byte of it is read (decision 6).
import type { IncomingHttpHeaders } from "node:http";
import { failure, type Failure } from "../core/failure.ts";
import type { Operation } from "../core/names.ts";
import type { Limits } from "../core/snapshot.ts";
import { declaredBytes } from "./unread-input.ts";
import type { Visit } from "./visit.ts";

const JSON_TYPE = /^application\/(?:[a-z0-9.+-]+\+)?json$/i;

/** Null for a body that may be read. */
export function bodyFault(visit: Visit): Failure | null {
  return typeFault(visit.headers) ?? expectationFault(visit) ?? lengthFault(visit);
}

/** True when the client holds its body back until it hears a 100. HTTP/1.0 knows no such thing (RFC 9110 §10.1.1). */
export function expectsContinue({ headers, incoming }: Visit): boolean {
  return headers.expect?.toLowerCase() === "100-continue" && incoming.httpVersionMinor > 0;
}

/** How large a body of this operation may be: as its endpoint says, else as all may. */
export function bodyBytesMax({ bodyBytes, bodyBytesOf }: Limits, operation: Operation): number {
  return bodyBytesOf[operation] ?? bodyBytes;
}

/** The refusal of a body above the limit, declared or counted. */
export function tooLarge(bytesMax: number): Failure {
  const message = `Payload too large: a request body may have ${bytesMax} bytes.`;
  return failure("body-too-large", message, { phase: "request" });
}

/** Any web page can make a browser send a text or a form without asking; only JSON makes it ask. So JSON is demanded of browsers. */
function typeFault(headers: IncomingHttpHeaders): Failure | null {
  const coding = headers["content-encoding"];
  if (coding !== undefined && coding.toLowerCase() !== "identity") {
    return unsupported("Request bodies must not be compressed: leave out the `content-encoding` header.");
  }
  const written = headers["content-type"];
  if (written === "application/json") return null;
  const type = written?.split(";")[0]?.trim() ?? "";
  if (type === "" ? headers.origin === undefined : JSON_TYPE.test(type)) return null;
  return unsupported("The request body must be JSON: add the header `content-type: application/json`.");
}

function expectationFault(visit: Visit): Failure | null {
  const { headers, incoming } = visit;
  if (headers.expect === undefined || incoming.httpVersionMinor === 0 || expectsContinue(visit)) return null;
  return failure("expectation-failed", "Only `Expect: 100-continue` can be met.", { phase: "request" });
}

function lengthFault({ incoming, bodyBytesMax: bytesMax }: Visit): Failure | null {
  return (declaredBytes(incoming) ?? 0) > bytesMax ? tooLarge(bytesMax) : null;
}

function unsupported(message: string): Failure {
  return failure("unsupported-media", message, { phase: "request" });
}
