// Calls of providers as OpenClaw tells them (OpenClaw §6.2). One that the network broke is always told, with the memory of this process
// beside it: who runs out of memory breaks connections, too. All others are told when `diagnostics.flags` names `model.call`.
import type { AttemptEnd, AttemptStart } from "../core/events.ts";
import { brokenBy, errorCategory } from "./failure-kind.ts";
import { shortHash } from "./failure-words.ts";
import type { LogFields } from "./log-fields.ts";
import type { Say } from "./log.ts";
import { transportOf } from "./transport.ts";
import { type Hearing, hearing } from "./hearing.ts";

/** The flag that has every call told. */
export const MODEL_CALL_FLAG = "model.call";
/** Reading the memory takes longer than telling of a call; while a provider is out, every request has one that broke. */
const MEMORY_FRESH_MS = 1_000;

/** What a model call log is made of. */
export interface ModelCallLogParts {
  readonly warn: Say;
  readonly info: Say;
  readonly memory: () => NodeJS.MemoryUsage;
  /** Tells whether a diagnostic is switched on. */
  readonly flagged: (name: string) => boolean;
}

/** Makes the observer. */
export function createModelCallLog(parts: ModelCallLogParts): Hearing {
  const log = new ModelCallLog(parts);
  return hearing(["attempt-start", "attempt-end"], (event) => {
    if (event.type === "attempt-end") log.noteEnd(event);
    else log.noteStart(event);
  });
}

class ModelCallLog {
  readonly #parts: ModelCallLogParts;
  #memory: LogFields | null = null;
  #memoryAt = Number.NEGATIVE_INFINITY;

  constructor(parts: ModelCallLogParts) {
    this.#parts = parts;
  }

  noteStart({ attempt, request }: AttemptStart): void {
    if (!this.#parts.flagged(MODEL_CALL_FLAG)) return;
    this.#parts.info("model call started", { event: "model.call.started", ...callFields({ attempt, request }) });
  }

  noteEnd(end: AttemptEnd): void {
    const { attempt, at } = end;
    const { failure, outcome } = attempt;
    const failed = outcome === "failed" ? failure : null;
    const broken = failed === null ? null : brokenBy(failed);
    if (broken === null && !this.#parts.flagged(MODEL_CALL_FLAG)) return;
    const figures = { ...callFields(end), ...endFields(end) };
    if (failed === null) {
      this.#parts.info("model call ended", { event: "model.call.completed", ...figures, outcome });
      return;
    }
    this.#parts.warn("model call failed", {
      event: "model.call.error",
      ...figures,
      kind: failed.kind,
      errorCategory: errorCategory(failed),
      ...(broken !== null && { failureKind: broken, memory: this.#memoryNow(at) }),
    });
  }

  #memoryNow(at: number): LogFields {
    if (this.#memory === null || at - this.#memoryAt >= MEMORY_FRESH_MS) {
      const { rss, heapTotal, heapUsed, external, arrayBuffers } = this.#parts.memory();
      this.#memory = {
        rssBytes: rss,
        heapTotalBytes: heapTotal,
        heapUsedBytes: heapUsed,
        externalBytes: external,
        arrayBuffersBytes: arrayBuffers,
      };
      this.#memoryAt = at;
    }
    return this.#memory;
  }
}

function callFields({ attempt, request }: Pick<AttemptEnd, "attempt" | "request">): LogFields {
  const { number, target, trace } = attempt;
  return {
    requestId: request.id,
    traceId: trace.traceId,
    spanId: trace.spanId,
    parentSpanId: trace.parentId,
    attempt: number,
    provider: target.provider,
    model: target.model,
    api: target.api,
    transport: transportOf(attempt, request.stream),
  };
}

/** Bytes are told when there were any. */
function endFields({ at, attempt }: AttemptEnd): LogFields {
  const { endedAt, firstByteAt, requestBytes, responseBytes, startedAt, upstreamRequestId } = attempt;
  return {
    durationMs: Math.round((endedAt ?? at) - startedAt),
    ...(requestBytes > 0 && { requestPayloadBytes: requestBytes }),
    ...(responseBytes > 0 && { responseStreamBytes: responseBytes }),
    ...(firstByteAt !== null && { timeToFirstByteMs: Math.round(firstByteAt - startedAt) }),
    ...(upstreamRequestId !== null && { upstreamRequestIdHash: `sha256:${shortHash(upstreamRequestId)}` }),
  };
}
