// The access line for a person at a terminal: who asked, who answered, how it ended, how long it took; on one line.
import type { RequestEnd } from "../core/events.ts";
import { dispositionOf } from "../core/failure.ts";
import { dollars, type EndTold, type RefusalTold, tenths } from "./access-line.ts";
import { costUsd } from "./cost.ts";
import { detailOf } from "./failure-words.ts";
import { isoTime } from "./iso-time.ts";
import { type Paint, prettyOpening, type Style } from "./pretty-line.ts";
import { quote } from "./quote.ts";
import { usageStateOf } from "./usage-state.ts";

const OUTCOME_STYLE: Readonly<Record<RequestEnd["outcome"], Style>> = {
  completed: "green",
  failed: "red",
  cancelled: "yellow",
};

/** `03:04:05.678 INFO  chat main → openai/gpt-4o 200 completed 812.3 ms (first byte 120 ms) 12 → 45 tokens req_…`. */
export function prettyEnded({ event, level, wallMs, adjusted, redact, names }: EndTold, paint: Paint): string {
  const { request, served, status, outcome, failure, firstWriteAt, at, attempts } = event;
  const usage = served?.told?.usage ?? null;
  // As on the status page: of an answer that was cut, more may be billed.
  const isPart = served !== null && usageStateOf(served, request.operation) === "partial";
  const repairs = served?.told?.repairs ?? [];
  const usd = costUsd(served?.target.stated.cost ?? null, usage);
  const passed = attempts.filter((attempt) => attempt !== served && attempt.outcome === "failed");
  return joined([
    prettyOpening(isoTime(wallMs), level, paint),
    request.operation,
    `${shown(quote(request.requested))} → ${paint("bold", served === null ? "nobody" : shown(names.quotedId(served.target)))}`,
    paint(OUTCOME_STYLE[outcome], `${status} ${outcome}`),
    `${tenths(at - request.startedAt)} ms`,
    firstWriteAt === null ? "" : paint("dim", `(first byte ${tenths(firstWriteAt - request.startedAt)} ms)`),
    usage === null ? "" : `${usage.input} → ${usage.output}${isPart ? "+" : ""} tokens`,
    usd === null || usd === 0 ? "" : paint("dim", `$${dollars(usd)}`),
    ...passed.map(({ target, failure: why }) =>
      paint("yellow", `[${shown(names.quotedId(target))}: ${why?.kind ?? "failed"}]`),
    ),
    repairs.length === 0 ? "" : paint("dim", `repaired ${repairs.map((name) => shown(quote(name))).join(",")}`),
    adjusted.length === 0 ? "" : paint("dim", `adjusted ${adjusted.map((name) => shown(quote(name))).join(",")}`),
    failure === null ? "" : paint("dim", `${failure.kind} (${dispositionOf(failure.kind).reason}):`),
    failure === null ? "" : quote(detailOf(failure, redact)),
    paint("dim", request.id),
  ]);
}

/** `03:04:05.678 INFO  POST /v1/chat/completions 401 refused 0.4 ms unauthorized: "…" req_…`. */
export function prettyRefused({ event, level, wallMs, redact }: RefusalTold, paint: Paint): string {
  const { method, endpoint, status, failure, at, startedAt, requestId } = event;
  return joined([
    prettyOpening(isoTime(wallMs), level, paint),
    `${shown(quote(redact(method)))} ${shown(quote(endpoint))}`,
    paint(status >= 500 ? "red" : "yellow", `${status} refused`),
    `${tenths(at - startedAt)} ms`,
    paint("dim", `${failure.kind}:`),
    quote(detailOf(failure, redact)),
    paint("dim", requestId),
  ]);
}

function joined(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" ");
}

/** A quoted name, without its quotes where it needs none. */
function shown(quoted: string): string {
  return /^"[\w./:@+-]+"$/.test(quoted) ? quoted.slice(1, -1) : quoted;
}
