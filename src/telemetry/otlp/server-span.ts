// The span of a request as its client felt it: HTTP conventions, and what OpenClaw says of a run.
import type { Attributes } from "@opentelemetry/api";
import type { AttemptRef, RequestEnd, RequestRefused } from "../../core/events.ts";
import { dispositionOf, type Failure } from "../../core/failure.ts";
import { type Operation, ROUTES } from "../../core/names.ts";
import { costUsd } from "../cost.ts";
import { isServerError } from "../failed-requests.ts";
import { errorCategory } from "../failure-kind.ts";
import { OPERATION_NAME } from "../genai-names.ts";
import { overheadMs } from "../request-times.ts";
import { usageStateOf } from "../usage-state.ts";
import { wordOf } from "../word-of.ts";
import { momentsOf, type SpanSketch, type SpanWords } from "./span-sketch.ts";

/** Never sent: the client had gone. */
const CLIENT_GONE_STATUS = 499;
const SERVER_ERROR = 500;
const OTHER_METHOD = "_OTHER";
const METHOD = /^(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE)$/;

/** The span of a request that had a plan. */
export function serverSpan(event: RequestEnd, words: SpanWords): SpanSketch {
  const { at, attempts, failure, firstWriteAt, outcome, request, served, status } = event;
  const route = ROUTES[request.operation];
  return {
    name: `POST ${route}`,
    kind: "server",
    trace: request.trace,
    startedAt: request.startedAt,
    endedAt: at,
    attributes: {
      ...httpAttributes("POST", route, words),
      ...(status !== CLIENT_GONE_STATUS && { "http.response.status_code": status }),
      ...(outcome === "failed" && failureAttributes(failure)),
      "gen_ai.operation.name": OPERATION_NAME[request.operation],
      "openclaw.request_id": request.id,
      "openclaw.agent": request.agent,
      "openclaw.requested": wordOf(request.requested, words.redact),
      "openclaw.channel": wordOf(request.channel ?? "none", words.redact),
      "openclaw.outcome": outcome,
      "openclaw.attempts": attempts.length,
      "openclaw.overhead_ms": overheadMs(event),
      ...(served !== null && servedAttributes(served, request.operation, words)),
    },
    failed: isServerError(event),
    moments: momentsOf(["openclaw.request.read", request.bodyAt], ["openclaw.first_write", firstWriteAt]),
  };
}

/** The span of a request that was refused before there was a plan. */
export function refusedSpan(event: RequestRefused, words: SpanWords): SpanSketch {
  const { at, endpoint, failure, method: written, requestId, startedAt, status, trace } = event;
  const method = METHOD.test(written) ? written : OTHER_METHOD;
  const isRoute = endpoint.startsWith("/");
  return {
    name: `${method === OTHER_METHOD ? "HTTP" : method}${isRoute ? ` ${endpoint}` : ""}`,
    kind: "server",
    trace,
    startedAt,
    endedAt: at,
    attributes: {
      ...httpAttributes(method, isRoute ? endpoint : null, words),
      ...(status !== CLIENT_GONE_STATUS && { "http.response.status_code": status }),
      ...(status >= SERVER_ERROR && { "error.type": failure.kind }),
      "openclaw.request_id": requestId,
      "openclaw.outcome": "refused",
      "openclaw.reason": failure.kind,
    },
    failed: status >= SERVER_ERROR,
    moments: [],
  };
}

/** Ours, OpenClaw's reason, and OpenClaw's category of a run (OpenClaw §6.2). */
function failureAttributes(failure: Failure | null): Attributes {
  if (failure === null) return { "error.type": "_OTHER" };
  const { kind } = failure;
  return {
    "error.type": kind,
    "openclaw.reason": dispositionOf(kind).reason,
    "openclaw.errorCategory": errorCategory(failure),
  };
}

/** The path is the route: clients may write secrets into others. */
function httpAttributes(method: string, route: string | null, { scheme }: SpanWords): Attributes {
  return {
    "http.request.method": method,
    "url.scheme": scheme(),
    "url.path": route ?? "/",
    ...(route !== null && { "http.route": route }),
  };
}

function servedAttributes(served: AttemptRef, operation: Operation, { names, redact }: SpanWords): Attributes {
  const { target, told } = served;
  const answered = told?.model ?? null;
  const { provider, model } = names.of(target);
  const usage = told?.usage ?? null;
  const usd = costUsd(target.stated.cost, usage);
  const state = usageStateOf(served, operation);
  return {
    "openclaw.provider": provider,
    "openclaw.model": model,
    ...(answered !== null && { "gen_ai.response.model": wordOf(answered, redact) }),
    ...(state !== null && { "openclaw.usage": state }),
    ...(usd !== null && { "openclaw.cost.usd": usd }),
  };
}
