// One line per request, at its end or its refusal. Built by hand: this is the one line that every request pays for. No bodies, no headers,
// no query strings; words that clients or providers chose are quoted, bounded and, where a secret could be in them, redacted.
import type { RequestEnd, RequestRef, RequestRefused } from "../core/events.ts";
import { type AccessLevel, endedLine, type LineMaker, refusedLine } from "./access-line.ts";
import { prettyEnded, prettyRefused } from "./access-pretty.ts";
import { LineParts } from "./line-parts.ts";
import { painter } from "./pretty-line.ts";
import type { Redact } from "./redact.ts";
import { TargetNames } from "./target-names.ts";
import { type Hearing, hearing } from "./hearing.ts";

/** What an access log is made of. */
export interface AccessLogParts {
  /** Takes a line without its line feed. */
  readonly write: (line: string, level: AccessLevel) => void;
  /** Unix milliseconds. */
  readonly wall: () => number;
  readonly redact: Redact;
  readonly style: "json" | "pretty";
  readonly colour?: boolean;
}

const NOTHING: readonly string[] = [];

/** Makes the observer that writes access lines. */
export function createAccessLog({ write, wall, redact, style, colour = false }: AccessLogParts): Hearing {
  const paint = painter(colour);
  const names = new TargetNames(redact);
  const parts = new LineParts(names);
  const maker: LineMaker =
    style === "json"
      ? { ended: endedLine, refused: refusedLine }
      : { ended: (told) => prettyEnded(told, paint), refused: (told) => prettyRefused(told, paint) };
  /** What was changed in requests under way; few have anything, and an event tells it before the end, which every request has. */
  const adjustments = new Map<RequestRef, readonly string[]>();
  return hearing(["request-end", "request-refused", "request-adjusted"], (event) => {
    if (event.type === "request-end") {
      const level = endLevel(event);
      const adjusted = adjustments.size === 0 ? NOTHING : (adjustments.get(event.request) ?? NOTHING);
      adjustments.delete(event.request);
      write(maker.ended({ event, level, wallMs: wall(), adjusted, redact, names, parts }), level);
    } else if (event.type === "request-refused") {
      const level = refusalLevel(event);
      write(maker.refused({ event, level, wallMs: wall(), redact }), level);
    } else {
      const known = adjustments.get(event.request) ?? [];
      adjustments.set(event.request, [...new Set([...known, ...event.adjusted])]);
    }
  });
}

/** A client that left is no failure of anyone here. */
function endLevel({ outcome, status }: RequestEnd): AccessLevel {
  return outcome === "failed" || status >= 500 ? "warn" : "info";
}

function refusalLevel({ status }: RequestRefused): AccessLevel {
  return status >= 500 ? "warn" : "info";
}
