// The span of one call of a provider: GenAI conventions, and what OpenClaw says of a model call (OpenClaw §6.2). Failovers, rotations and
// hedges are spans beside each other, each with the reason it was made for.
import type { Attributes } from "@opentelemetry/api";
import type { AttemptRef, RequestEnd } from "../../core/events.ts";
import { dispositionOf } from "../../core/failure.ts";
import type { Usage } from "../../core/lane.ts";
import type { Operation } from "../../core/names.ts";
import type { Target } from "../../core/snapshot.ts";
import { costUsd } from "../cost.ts";
import { brokenBy, errorCategory } from "../failure-kind.ts";
import { shortHash } from "../failure-words.ts";
import { genAiProvider, OPERATION_NAME } from "../genai-names.ts";
import { transportOf } from "../transport.ts";
import { usageStateOf } from "../usage-state.ts";
import { wordOf } from "../word-of.ts";
import { askedAttributes } from "./asked-attributes.ts";
import { momentsOf, type SpanSketch, type SpanWords } from "./span-sketch.ts";

const MS_PER_S = 1000;

/** The span of one attempt of a request that has ended. */
export function clientSpan(attempt: AttemptRef, event: RequestEnd, words: SpanWords): SpanSketch {
  const { request } = event;
  const { committedAt, endedAt, firstByteAt, openedAt, outcome, startedAt, target, trace } = attempt;
  const operation = OPERATION_NAME[request.operation];
  const { model } = words.names.of(target);
  return {
    name: `${operation} ${model}`,
    kind: "client",
    trace,
    startedAt,
    endedAt: endedAt ?? event.at,
    attributes: {
      "gen_ai.operation.name": operation,
      ...targetAttributes(target, words),
      ...(request.stream && { "gen_ai.request.stream": true }),
      ...askedAttributes(request.asked, words.redact),
      ...reasonAttributes(attempt, event, words),
      ...answerAttributes(attempt, request.stream, words),
      ...usageAttributes(attempt, request.operation),
      ...failureAttributes(attempt),
      "openclaw.transport": transportOf(attempt, request.stream),
    },
    failed: outcome === "failed",
    moments: momentsOf(
      ["openclaw.connected", openedAt],
      ["openclaw.first_byte", firstByteAt],
      ["openclaw.committed", committedAt],
    ),
  };
}

function targetAttributes(target: Target, { names, latestGenAi }: SpanWords): Attributes {
  const { model, provider } = names.of(target);
  const name = genAiProvider(provider);
  return {
    "gen_ai.provider.name": name,
    ...(!latestGenAi && { "gen_ai.system": name }),
    "gen_ai.request.model": model,
    ...(target.via === "http" && serverAttributes(target.transport.origin)),
    "openclaw.provider": provider,
    "openclaw.model": model,
    "openclaw.api": target.api,
  };
}

function serverAttributes(origin: string): Attributes {
  if (!URL.canParse(origin)) return {};
  const { hostname, port, protocol } = new URL(origin);
  return { "server.address": hostname, "server.port": Number(port) || (protocol === "https:" ? 443 : 80) };
}

/** Why the attempt was made: the first, or because of the failure before it. */
function reasonAttributes(attempt: AttemptRef, { attempts }: RequestEnd, { names }: SpanWords): Attributes {
  const { because, credential, number, probe, startedAt } = attempt;
  const last = attempts.findLast(({ endedAt, outcome }) => {
    return outcome === "failed" && endedAt !== null && endedAt <= startedAt;
  });
  return {
    ...(number > 1 && { "http.request.resend_count": number - 1 }),
    "openclaw.attempt": number,
    "openclaw.attempt.because": because,
    "openclaw.attempt.credential": credential.id,
    ...(probe && { "openclaw.attempt.probe": true }),
    ...(last !== undefined && {
      "openclaw.fallback.from": names.of(last.target).id,
      "openclaw.fallback.reason": last.failure === null ? "none" : dispositionOf(last.failure.kind).reason,
    }),
  };
}

function answerAttributes(attempt: AttemptRef, stream: boolean, { redact }: SpanWords): Attributes {
  const { committedAt, firstByteAt, outcome, requestBytes, responseBytes, startedAt, status, told, upstreamRequestId } =
    attempt;
  const ttfb = firstByteAt === null ? null : firstByteAt - startedAt;
  const { finish: said = null, id = null, model = null } = told ?? {};
  // A stream that was cut has no reason of its own (conventions).
  const finish = said ?? (committedAt !== null && outcome !== "completed" ? "error" : null);
  return {
    ...(status !== null && { "http.response.status_code": status }),
    ...(id !== null && { "gen_ai.response.id": wordOf(id, redact) }),
    ...(model !== null && { "gen_ai.response.model": wordOf(model, redact) }),
    ...(finish !== null && { "gen_ai.response.finish_reasons": [wordOf(finish, redact)] }),
    ...(stream &&
      committedAt !== null && { "gen_ai.response.time_to_first_chunk": (committedAt - startedAt) / MS_PER_S }),
    ...(requestBytes > 0 && { "openclaw.model_call.request_bytes": requestBytes }),
    ...(responseBytes > 0 && { "openclaw.model_call.response_bytes": responseBytes }),
    ...(ttfb !== null && { "openclaw.model_call.time_to_first_byte_ms": ttfb }),
    ...(upstreamRequestId !== null && {
      "openclaw.provider.request_id_hash": `sha256:${shortHash(upstreamRequestId)}`,
    }),
  };
}

/** Attributes of the token counts that a provider told; the others are unknown and left out. */
const COUNTS: readonly (readonly [of: keyof Usage, genAi: string, openclaw: string | null])[] = [
  ["input", "gen_ai.usage.input_tokens", "openclaw.tokens.input"],
  ["output", "gen_ai.usage.output_tokens", "openclaw.tokens.output"],
  ["cacheRead", "gen_ai.usage.cache_read.input_tokens", "openclaw.tokens.cache_read"],
  ["cacheWrite", "gen_ai.usage.cache_write.input_tokens", "openclaw.tokens.cache_write"],
  ["reasoning", "gen_ai.usage.reasoning.output_tokens", null],
];

function usageAttributes(attempt: AttemptRef, operation: Operation): Attributes {
  const usage = attempt.told?.usage ?? null;
  const state = usageStateOf(attempt, operation);
  if (usage === null) return state === null ? {} : { "openclaw.usage": state };
  const attributes: Attributes = {
    "openclaw.usage": state ?? "partial",
    "openclaw.tokens.total": usage.input + usage.output,
  };
  for (const [of, genAi, openclaw] of COUNTS) {
    const count = usage[of];
    if (count === undefined) continue;
    attributes[genAi] = count;
    if (openclaw !== null) attributes[openclaw] = count;
  }
  const usd = costUsd(attempt.target.stated.cost, usage);
  return usd === null ? attributes : { ...attributes, "openclaw.cost.usd": usd };
}

/** A hedge that lost and a caller that left are no errors: nothing is said of them. */
function failureAttributes({ failure, outcome }: AttemptRef): Attributes {
  if (outcome !== "failed" || failure === null) return { "openclaw.outcome": outcome ?? "unknown" };
  const broken = brokenBy(failure);
  return {
    "openclaw.outcome": outcome,
    "error.type": failure.kind,
    "openclaw.reason": dispositionOf(failure.kind).reason,
    "openclaw.errorCategory": errorCategory(failure),
    ...(broken !== null && { "openclaw.failureKind": broken }),
  };
}
