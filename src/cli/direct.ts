// Asks models from this process, without a gateway: through the very corridor that the gateway has, so that what a command finds
// is what a request would meet. Keeps nothing between questions but connections.
import { realClock } from "../core/clock.ts";
import type { ProxyEvent } from "../core/events.ts";
import type { Steering } from "../core/facts.ts";
import { failure, type Failure } from "../core/failure.ts";
import { HeldBytes } from "../core/held-bytes.ts";
import { newTrace, requestIdOf } from "../core/ids.ts";
import { type Json, type JsonObject, parseJson } from "../core/json.ts";
import type { Snapshot } from "../core/snapshot.ts";
import { Ticker } from "../core/ticker.ts";
import { MockUpstream } from "../mock/mock-upstream.ts";
import { createCorridor } from "../proxy/handle.ts";
import { Health } from "../routing/health.ts";
import { HttpUpstream } from "../upstream/client.ts";
import { type Attempted, attemptedOf } from "./attempted.ts";
import { CollectingSink } from "./collecting-sink.ts";
import { LiveRedactor } from "./live-redactor.ts";

/** A chat completion that a command wants. */
export interface Question {
  readonly snapshot: Snapshot;
  readonly body: JsonObject;
  /** As `x-openclaw-model`; null goes by the body's `model`. */
  readonly model: string | null;
  readonly timeoutMs: number;
}

/** What came of it. */
export interface DirectAnswer {
  readonly status: number;
  /** Undefined when it is no JSON. Without known secrets: it is shown to whoever looks. */
  readonly body: Json | undefined;
  readonly attempts: readonly Attempted[];
  /** The target that answered; null when none did. */
  readonly served: string | null;
  /** Null when there is an answer. */
  readonly failure: Failure | null;
  readonly latencyMs: number;
}

const NO_STEERING: Steering = { agent: null, model: null, channel: null, betas: null };
const AWAKE_MS = 60_000;

/** A way to providers of its own. */
export class DirectCorridor {
  readonly #http: HttpUpstream;
  readonly #mock: MockUpstream;
  readonly #ticker: Ticker;
  readonly #onBug: (error: unknown) => void;

  constructor({ limits }: Snapshot) {
    const clock = realClock;
    this.#onBug = (error) => {
      throw error;
    };
    const shared = { clock, onBug: this.#onBug };
    this.#http = new HttpUpstream({ ...shared, answerBytesMax: () => limits.answerBytes });
    this.#mock = new MockUpstream(shared);
    this.#ticker = new Ticker(clock, this.#onBug);
  }

  /** Asks once; never rejects for what a provider does. Questions may run side by side. */
  async ask({ snapshot, body, model, timeoutMs }: Question): Promise<DirectAnswer> {
    const events: ProxyEvent[] = [];
    const clock = realClock;
    // What looks like a secret may be an answer; what is one of ours is none.
    const { redact, redactValues } = new LiveRedactor(snapshot);
    const corridor = createCorridor({
      clock,
      ticker: this.#ticker,
      upstreams: { http: this.#http, mock: this.#mock },
      health: new Health({ random: Math.random }),
      held: new HeldBytes(),
      observe: (event) => void events.push(event),
      redact,
      onBug: this.#onBug,
    });
    const sink = new CollectingSink();
    const trace = newTrace();
    const startedAt = clock.now();
    const late = clock.timer(timeoutMs, () => corridor.endAll(tooLate()));
    // Clocks do not keep a process alive, and a provider that is silent has no other clock.
    const awake = setInterval(() => undefined, AWAKE_MS);
    await corridor.handle({
      requestId: requestIdOf(trace),
      trace,
      operation: "chat",
      endpoint: "direct",
      steering: { ...NO_STEERING, model },
      body: Buffer.from(JSON.stringify(body)),
      sink,
      snapshot,
      startedAt,
      bodyAt: startedAt,
    });
    clearInterval(awake);
    late.cancel();
    const failed = failureOf(events);
    const attempts = attemptedOf(events, redact);
    const latencyMs = Math.round(clock.now() - startedAt);
    const served = sink.headers.get("x-openclaw-served-by") ?? null;
    return {
      status: sink.status,
      body: parseJson(redactValues(sink.text)),
      attempts,
      served,
      failure: failed,
      latencyMs,
    };
  }

  close(): Promise<void> {
    return this.#http.destroy();
  }
}

function tooLate(): Failure {
  return failure("whole-timeout", "The provider did not answer in time.", { phase: "answer" });
}

/** Why there is no answer, from the last thing that was told. */
function failureOf(events: readonly ProxyEvent[]): Failure | null {
  const last = events.findLast((event) => event.type === "request-end" || event.type === "request-refused");
  return last?.type === "request-end" || last?.type === "request-refused" ? last.failure : null;
}
