// One request under way: its attempts, its winner, its deadline, and the one way to end it early. What happens is recorded here and
// told as events; what to do about it is routing/decide's.
import { assert } from "../core/assert.ts";
import type { Timer } from "../core/clock.ts";
import type { AttemptRef, RequestRef, RequestEnd } from "../core/events.ts";
import type { RequestFacts } from "../core/facts.ts";
import { failure, type Failure, isFailure, type Phase } from "../core/failure.ts";
import { isSampled } from "../core/ids.ts";
import type { JsonObject } from "../core/json.ts";
import type { Reply } from "../core/lane.ts";
import type { Plan } from "../core/plan.ts";
import type { Seat } from "../core/roster.ts";
import type { Sink, SinkListener } from "../core/sink.ts";
import type { Snapshot } from "../core/snapshot.ts";
import type { AttemptStep, FailStep, Tried } from "../core/step.ts";
import type { Ticking } from "../core/ticker.ts";
import type { DecodedRequest } from "../dialects/dialect.ts";
import { OPERATION_DIALECTS } from "../dialects/index.ts";
import { askedSettings } from "./asked-settings.ts";
import { Attempt } from "./attempt.ts";
import { Pump } from "./pump.ts";
import { Opening } from "./opening.ts";
import { replyHead } from "./reply.ts";
import { RunView } from "./run-view.ts";
import type { Services } from "./services.ts";
import { unechoed } from "./unechoed.ts";

/** What a run is made of. */
export interface RunParts {
  readonly services: Services;
  readonly snapshot: Snapshot;
  readonly facts: RequestFacts;
  readonly plan: Plan;
  readonly sink: Sink;
}

/** One request under way. */
export class Run implements Ticking, SinkListener {
  readonly services: Services;
  readonly snapshot: Snapshot;
  readonly facts: RequestFacts;
  readonly plan: Plan;
  readonly sink: Sink;
  readonly ref: RequestRef;
  readonly tried: Tried[] = [];
  readonly view = new RunView(this);
  /** Sends a streamed request's head before the commit where config asks for it. */
  readonly opening: Opening;
  over: Failure | null = null;
  #attempts: Attempt[] = [];
  #lastEnded: AttemptRef | null = null;
  #winner: Attempt | null = null;
  #pump: Pump | null = null;
  #firstWriteAt: number | null = null;
  #decoded: DecodedRequest | Failure | null = null;
  #seat: Seat | null = null;
  #wake: (() => void) | null = null;
  #alarm: Timer | null = null;
  #finished = false;
  #failure: Failure | null = null;

  constructor({ services, snapshot, facts, plan, sink }: RunParts) {
    this.services = services;
    this.snapshot = snapshot;
    this.facts = facts;
    this.plan = plan;
    this.sink = sink;
    this.opening = new Opening(this);
    this.ref = {
      id: facts.requestId,
      trace: facts.trace,
      operation: facts.operation,
      stream: facts.stream,
      agent: plan.agent,
      channel: facts.steering.channel,
      requested: plan.requested,
      startedAt: facts.startedAt,
      bodyAt: facts.bodyAt,
      requestBytes: facts.body.bytes().length,
      asked: hasSpans(facts, snapshot) ? askedSettings(facts.body) : null,
    };
  }

  /** An answer is on its way to the client. */
  get committed(): boolean {
    return this.#winner !== null;
  }

  /** The answer has ended, well or badly. */
  get finished(): boolean {
    return this.#finished;
  }

  get attempts(): readonly Attempt[] {
    return this.#attempts;
  }

  now(): number {
    return this.services.clock.now();
  }

  begin(): void {
    this.sink.listener = this;
    this.#seat = this.services.ticker.add(this);
    this.services.observe({ type: "request-start", at: this.now(), request: this.ref, plan: this.plan });
    // It may have left while its request was read and planned.
    if (this.sink.closed) this.onClose();
  }

  /** The client has gone. */
  onClose(): void {
    this.cancel(failure("client-closed", "The client closed the connection.", { phase: this.phase() }));
  }

  /** The client has taken what was held for it. */
  onDrain(): void {
    this.#pump?.onDrain();
  }

  /** Tells a step of the policy before it is taken. */
  tellDecision(step: AttemptStep | FailStep): void {
    const last = this.#lastEnded;
    this.services.observe({ type: "request-decided", at: this.now(), request: this.ref, plan: this.plan, step, last });
  }

  start(step: AttemptStep): void {
    const last = this.tried.at(-1);
    const attempt = new Attempt(this, step, this.#attempts.length + 1);
    this.#attempts.push(attempt);
    this.tried.push({ step, startedAt: attempt.ref.startedAt, failure: null, endedAt: null });
    const request = this.ref;
    const from = last?.step.candidate.target ?? null;
    const after = last?.failure ?? null;
    const at = attempt.ref.startedAt;
    this.services.observe({ type: "attempt-start", at, request, attempt: attempt.ref, after, from });
    const { adjusted } = attempt;
    if (adjusted.length > 0) {
      this.services.observe({ type: "request-adjusted", at, request, target: attempt.ref.target, adjusted });
    }
    attempt.start();
  }

  /** The request in the common words, decoded once for all candidates that speak another dialect. */
  decoded(): DecodedRequest | Failure {
    const { decodeRequest } = OPERATION_DIALECTS[this.facts.operation].ingress;
    assert(decodeRequest, "the plan translates only from dialects that can be read");
    const tree = this.asked();
    this.#decoded ??= isFailure(tree) ? tree : decodeRequest(tree);
    return this.#decoded;
  }

  /** The request's tree, for a provider that must be told in other words. */
  asked(): JsonObject | Failure {
    return this.tree() ?? notJson();
  }

  /** The request's tree; null when it is broken below the top level, which only whoever needs the tree finds out. */
  tree(): JsonObject | null {
    try {
      return this.facts.body.tree();
    } catch {
      return null;
    }
  }

  /** Resolves when something has happened that a decision may depend on, or when a monotonic instant has come. */
  happening(until: number | null = null): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#wake = resolve;
    if (until !== null) {
      this.#alarm = this.services.clock.timer(Math.max(1, Math.ceil(until - this.now())), () => this.advance());
    }
    return promise;
  }

  /** Something happened; the loop looks again. */
  advance(): void {
    const wake = this.#wake;
    this.#wake = null;
    this.#alarm?.cancel();
    this.#alarm = null;
    wake?.();
  }

  /** The first commit wins; null for an attempt that came too late. */
  commit(attempt: Attempt, reply: Reply): Pump | null {
    if (this.#winner !== null || this.over !== null) {
      attempt.cancel(null);
      return null;
    }
    this.#winner = attempt;
    this.#pump = new Pump(this, attempt);
    // Of two attempts that run side by side the first commit wins.
    for (const other of this.#attempts) if (other !== attempt) other.cancel(null);
    const { ref } = attempt;
    this.services.observe({
      type: "attempt-commit",
      at: ref.committedAt ?? this.now(),
      request: this.ref,
      attempt: ref,
    });
    if (reply.pipe === null) ref.told = reply.told;
    this.advance();
    return this.#pump;
  }

  sendHead(reply: Reply, attempt: Attempt): void {
    this.#firstWriteAt = this.now();
    if (!this.sink.headSent) this.sink.head(200, replyHead(this, attempt, reply));
  }

  /** Ends the request early: client gone, deadline, drain. Nothing of it is the provider's fault. */
  cancel(because: Failure): void {
    if (this.over !== null || this.#finished) return;
    this.over = because;
    if (this.#pump !== null) {
      if (because.kind === "client-closed") this.#pump.onClientGone(because);
      else this.#pump.onFail(because);
      return;
    }
    for (const attempt of this.#attempts) attempt.cancel(because);
    this.advance();
  }

  tick(now: number): void {
    if (this.#pump !== null) {
      this.#pump.tick(now);
      return;
    }
    if (now >= this.plan.limits.deadlineAt) {
      this.cancel(failure("deadline", "No provider answered before the gateway's deadline.", { phase: this.phase() }));
      return;
    }
    this.opening.tick(now);
  }

  /** Called by the pump: the committed answer has ended. */
  finish(end: Failure | null): void {
    if (this.#finished) return;
    this.#finished = true;
    const because = end === null ? null : unechoed(end, () => this.tree());
    this.#failure = because;
    this.#winner?.end(because === null ? "completed" : cancels(because) ? "cancelled" : "failed", because);
    this.advance();
  }

  /** Tells the end. `status` is what went out; the failure is the request's own, not an attempt's; `served` is whose answer it was. */
  tellRequestEnd(status: number, because = this.#failure, served: AttemptRef | null = this.#winner?.ref ?? null): void {
    this.#finished = true;
    this.services.ticker.remove(this.#seat);
    this.sink.listener = null;
    const end: RequestEnd = {
      type: "request-end",
      at: this.now(),
      request: this.ref,
      status,
      outcome: because === null ? "completed" : cancels(because) ? "cancelled" : "failed",
      failure: because,
      phase: because?.phase ?? this.phase(),
      attempts: this.#attempts.map(({ ref }) => ref),
      served,
      bytesOut: this.sink.bytesOut,
      firstWriteAt: this.#firstWriteAt,
    };
    this.services.observe(end);
  }

  /** Hears of every attempt's end. */
  tellEnd(attempt: Attempt): void {
    this.#lastEnded = attempt.ref;
    const index = this.#attempts.indexOf(attempt);
    const entry = this.tried[index];
    const { ref } = attempt;
    if (entry !== undefined && ref.outcome === "failed") {
      this.tried[index] = { ...entry, failure: ref.failure, endedAt: ref.endedAt };
    }
    this.services.observe({ type: "attempt-end", at: ref.endedAt ?? this.now(), request: this.ref, attempt: ref });
  }

  /** How far the request has come: as far as that attempt under way that has come furthest. */
  phase(): Phase {
    if (this.#winner !== null) return "stream";
    const running = this.#attempts.filter(({ ref }) => ref.outcome === null);
    const shown = running.length === 0 ? this.#attempts.slice(-1) : running;
    if (shown.length === 0) return "request";
    if (shown.every(({ ref }) => ref.openedAt === null)) return "connect";
    if (shown.every(({ ref }) => ref.status === null)) return "headers";
    return this.facts.stream ? "first-event" : "answer";
  }
}

function notJson(): Failure {
  return failure("request-invalid", "The request body is not valid JSON.", { code: "invalid_json", phase: "request" });
}

function hasSpans({ trace }: RequestFacts, { telemetry }: Snapshot): boolean {
  return isSampled(trace) && (telemetry.otlp?.traces ?? null) !== null;
}

/** Ends that are nobody's failure. */
function cancels(because: Failure): boolean {
  return because.kind === "client-closed" || because.kind === "write-idle" || because.kind === "draining";
}
