// One try at one candidate: build its body, send it, wait under the commit clock, judge what comes. It ends at the commit or with a
// failure; after the commit the pump hears the provider.
import type { Timer } from "../core/clock.ts";
import type { AttemptRef, Outcome } from "../core/events.ts";
import { failure, type Failure, isFailure } from "../core/failure.ts";
import { childOf } from "../core/ids.ts";
import { type Gate, isReply, type Reply, type Verdict } from "../core/lane.ts";
import type { AttemptStep } from "../core/step.ts";
import type { Exchange, HeaderBag, Receiver } from "../core/upstream.ts";
import { providerRequestId } from "../upstream/response-headers.ts";
import { openGate } from "./gates.ts";
import { Lane } from "./lane.ts";
import { Linger } from "./linger.ts";
import type { Pump } from "./pump.ts";
import type { Run } from "./run.ts";
import { unechoed } from "./unechoed.ts";

/** One attempt under way. */
export class Attempt implements Receiver {
  readonly step: AttemptStep;
  readonly ref: AttemptRef;
  readonly #run: Run;
  /** A failure when the request cannot be put into the provider's words. */
  readonly #lane: Lane | Failure;
  #exchange: Exchange | null = null;
  #gate: Gate | null = null;
  #pump: Pump | null = null;
  #linger: Linger | null = null;
  /** The provider has ended or was let go. */
  #closed = false;
  #clock: Timer | null = null;
  /** Bytes of its answer that wait for the commit. */
  #heldBytes = 0;
  /** A pause asked for while `send` was still running. */
  #wantsPause = false;

  constructor(run: Run, step: AttemptStep, number: number) {
    this.#run = run;
    this.step = step;
    this.#lane = Lane.open(run, step.candidate, step.remedies);
    this.ref = {
      number,
      trace: childOf(run.ref.trace),
      target: step.candidate.target,
      credential: step.credential,
      because: step.because,
      remedies: step.remedies,
      probe: step.probe,
      repeat: step.repeat,
      lane: step.candidate.request,
      startedAt: run.now(),
      openedAt: null,
      firstByteAt: null,
      committedAt: null,
      endedAt: null,
      status: null,
      upstreamRequestId: null,
      requestBytes: 0,
      responseBytes: 0,
      told: null,
      failure: null,
      outcome: null,
    };
  }

  /** Asks the provider to wait. */
  pause(): void {
    this.#wantsPause = true;
    this.#exchange?.pause();
  }

  /** Lets the provider go on. */
  resume(): void {
    this.#wantsPause = false;
    this.#exchange?.resume();
  }

  /** True when the provider has nothing more to say. */
  get closed(): boolean {
    return this.#closed;
  }

  /** What was dropped, renamed or clamped for this target. */
  get adjusted(): readonly string[] {
    return isFailure(this.#lane) ? [] : this.#lane.adjusted;
  }

  /** Sends the request. */
  start(): void {
    const { candidate, credential } = this.step;
    const { target, path } = candidate;
    if (isFailure(this.#lane)) {
      this.#fail(this.#lane);
      return;
    }
    const { body, asksStream: stream, egress, added } = this.#lane;
    this.ref.requestBytes = body.length;
    this.#runClock(this.#limitMs());
    const client = this.#run.services.upstreams[target.via];
    const at = egress.pathFor?.(path, stream) ?? path;
    const trace = this.#isFollowed() ? this.ref.trace : null;
    const exchange = client.send({ target, credential, trace, path: at, body, stream, added }, this);
    this.#exchange = exchange;
    // A provider that answered before `send` returned may have ended this attempt: let it go now.
    if (this.ref.outcome !== null) exchange.abort();
    else if (this.#wantsPause) exchange.pause();
  }

  /** Providers hear of traces that somebody records: we, or the caller whose trace goes on here. */
  #isFollowed(): boolean {
    const { otlp } = this.#run.snapshot.telemetry;
    return this.#run.ref.trace.parentId !== null || (otlp?.traces ?? null) !== null;
  }

  /** The commit clock; headers, comments and lifecycle frames do not reset it (decision 22). A timer of its own: failing over must not wait for a tick. */
  #runClock(limitMs: number): void {
    this.#stopClock();
    this.#clock = this.#run.services.clock.timer(limitMs, () => this.#late());
  }

  /** From dispatch to commit, or to the whole answer. */
  #limitMs(): number {
    const { target, attemptMsMax } = this.step.candidate;
    const { commitMs, wholeMs } = target.timeouts;
    const own = this.#streams ? Math.min(commitMs, this.step.commitMsMax ?? commitMs) : wholeMs;
    return Math.min(own, attemptMsMax ?? own);
  }

  /** True when there is something to commit before the answer is whole: it comes as a stream, and goes as one. */
  get #streams(): boolean {
    return this.#run.facts.stream && !isFailure(this.#lane) && this.#lane.asksStream;
  }

  #late(): void {
    const streams = this.#streams;
    const phase = this.ref.status === null ? "headers" : streams ? "first-event" : "answer";
    const kind = streams ? "commit-timeout" : "whole-timeout";
    this.#failBroken(failure(kind, "The provider did not answer in time.", { phase }));
  }

  #stopClock(): void {
    this.#clock?.cancel();
    this.#clock = null;
  }

  /** Gives the provider a moment to end a response whose answer is complete. */
  linger(): void {
    this.#linger = new Linger(this.#run.services, this);
    this.#linger.start();
  }

  /** Lets the provider go at once, in every phase. */
  letGo(): void {
    if (this.#closed) return;
    this.#close();
    this.#exchange?.abort();
  }

  /** The end of an attempt that is not judged by its answer: cancelled, or lost to another. */
  cancel(because: Failure | null): void {
    if (this.ref.outcome !== null) return;
    this.letGo();
    this.end("cancelled", because);
  }

  /** Books the end, once. */
  end(outcome: Outcome, because: Failure | null): void {
    if (this.ref.outcome !== null) return;
    this.#stopClock();
    this.#release();
    this.ref.outcome = outcome;
    this.ref.failure = because;
    this.ref.endedAt = this.#run.now();
    this.ref.told ??= this.#gate?.told ?? null;
    this.#run.tellEnd(this);
  }

  onOpen(): void {
    this.ref.openedAt = this.#run.now();
  }

  onHead(status: number, headers: HeaderBag): void {
    this.ref.status = status;
    this.ref.upstreamRequestId = providerRequestId(headers);
    if (isFailure(this.#lane)) return;
    const gate = openGate(this.#lane, status, headers);
    this.#gate = gate;
    if (gate.bodyMsMax === null || this.#clock === null) return;
    const leftMs = this.ref.startedAt + this.#limitMs() - this.#run.now();
    if (gate.bodyMsMax < leftMs) this.#runClock(gate.bodyMsMax);
  }

  onChunk(chunk: Buffer): void {
    // What comes behind the end is none of the answer: whoever was told of the end may not have looked yet.
    if (this.ref.outcome === null) this.ref.responseBytes += chunk.length;
    if (this.#pump !== null) {
      this.#pump.onChunk(chunk);
      return;
    }
    this.ref.firstByteAt ??= this.#run.now();
    if (this.#gate === null || this.ref.outcome !== null) return;
    if (this.#hold(chunk.length)) this.#settle(this.#gate.push(chunk));
    else this.#fail(noRoom());
  }

  /** False when all answers together that are not shown yet are larger than the bound; no provider is to blame. */
  #hold(bytes: number): boolean {
    const { services, snapshot } = this.#run;
    this.#heldBytes += bytes;
    services.held.hold(bytes);
    return services.held.bytes <= snapshot.limits.bytesInFlight;
  }

  #release(): void {
    this.#run.services.held.release(this.#heldBytes);
    this.#heldBytes = 0;
  }

  onEnd(): void {
    this.#close();
    if (this.#pump === null && this.#gate !== null && this.ref.outcome === null) this.#settle(this.#gate.end());
    this.#pump?.onEnd();
  }

  onFail(because: Failure): void {
    this.#close();
    if (this.#pump === null) this.#failBroken(because);
    else this.#pump.onFail(because);
  }

  #close(): void {
    this.#closed = true;
    this.#linger?.stop();
  }

  /** No more will come; what came may mean something all the same. */
  #failBroken(because: Failure): void {
    this.#fail(this.#gate?.broken(because) ?? because);
  }

  #settle(verdict: Verdict): void {
    if (verdict === null) return;
    if (isReply(verdict)) this.#commit(verdict);
    else this.#fail(verdict);
  }

  #commit(reply: Reply): void {
    this.#stopClock();
    this.ref.committedAt = this.#run.now();
    this.ref.told = reply.told;
    this.#pump = this.#run.commit(this, reply);
    this.#pump?.start(reply);
    this.#release();
  }

  #fail(because: Failure): void {
    if (this.ref.outcome !== null) return;
    this.letGo();
    this.end(
      "failed",
      unechoed(because, () => this.#run.tree()),
    );
    this.#run.advance();
  }
}

/** Another candidate's answer would find no more room. */
function noRoom(): Failure {
  return failure("overloaded-here", "The gateway is overloaded.", { detail: "bytes", phase: "answer" });
}
