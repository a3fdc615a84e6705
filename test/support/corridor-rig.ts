// The corridor between a client in memory and providers played by hand, on a clock that stands still until told.
import type { ProxyEvent, RequestEnd } from "../../src/core/events.ts";
import type { Corridor } from "../../src/core/call.ts";
import type { BehaviourSettings, Snapshot, Target } from "../../src/core/snapshot.ts";
import { newTrace, requestIdOf } from "../../src/core/ids.ts";
import { HeldBytes } from "../../src/core/held-bytes.ts";
import { Secret } from "../../src/core/secret.ts";
import { Ticker } from "../../src/core/ticker.ts";
import type { UpstreamClient } from "../../src/core/upstream.ts";
import { createCorridor } from "../../src/proxy/handle.ts";
import { Health, type HealthNews, type ProbeSubject } from "../../src/routing/health.ts";
import { aCredential, aSnapshot, aTarget, anAgent } from "./snapshot.ts";
import { FakeClock } from "./fake-clock.ts";
import { RecorderSink } from "./recorder-sink.ts";
import { ScriptedUpstream } from "./scripted-upstream.ts";

/** What a test may turn. */
export interface RigOptions {
  readonly deadlineMs?: number;
  readonly answerBytes?: number;
  readonly bytesInFlight?: number;
  readonly behaviour?: Partial<BehaviourSettings>;
  /** Answers for the other processes of a fleet. */
  readonly mayProbe?: (subject: ProbeSubject) => Promise<boolean>;
}

/** One corridor with two providers, `a` and `b`, in the chain of the agent `main`. */
export class CorridorRig {
  readonly clock = new FakeClock();
  readonly ticker = new Ticker(this.clock);
  /** The client of the current request; one that has its answer makes room for the next. */
  sink = new RecorderSink();
  readonly events: ProxyEvent[] = [];
  readonly bugs: unknown[] = [];
  readonly corridor: Corridor;
  /** What other processes are told. */
  readonly news: HealthNews[] = [];
  readonly health = new Health({ random: () => 0.5, onNews: (news) => this.news.push(news) });
  readonly held = new HeldBytes();
  readonly #providers: Readonly<Record<"a" | "b", ScriptedUpstream>> = {
    a: new ScriptedUpstream(),
    b: new ScriptedUpstream(),
  };
  readonly #snapshot: Snapshot;

  constructor(options: RigOptions = {}) {
    this.#snapshot = snapshotOf(options);
    const http: UpstreamClient = {
      send: (request, receiver) => this.provider(request.target.provider as "a" | "b").send(request, receiver),
    };
    this.corridor = createCorridor({
      clock: this.clock,
      ticker: this.ticker,
      upstreams: { http, mock: http },
      health: this.health,
      held: this.held,
      observe: (event) => {
        this.health.note(event);
        this.events.push(event);
      },
      redact: (text) => text.replaceAll(CANARY, "[redacted]"),
      onBug: (error) => this.bugs.push(error),
      ...(options.mayProbe !== undefined && { mayProbe: options.mayProbe }),
    });
  }

  provider(name: "a" | "b"): ScriptedUpstream {
    return this.#providers[name];
  }

  /** Sends a chat request of one message. */
  chat(more: object): Promise<void> {
    return this.chatText(JSON.stringify({ model: "openclaw", messages: [{ role: "user", content: "hi" }], ...more }));
  }

  chatText(body: string): Promise<void> {
    return this.chatBytes(Buffer.from(body));
  }

  chatBytes(body: Buffer): Promise<void> {
    const trace = newTrace();
    if (this.sink.ended) this.sink = new RecorderSink();
    return this.corridor.handle({
      requestId: requestIdOf(trace),
      trace,
      operation: "chat",
      endpoint: "/v1/chat/completions",
      steering: { agent: null, model: null, channel: null, betas: null },
      body,
      sink: this.sink,
      snapshot: this.#snapshot,
      startedAt: this.clock.now(),
      bodyAt: this.clock.now(),
    });
  }

  /** Lets promises that are due run. */
  settle(): Promise<void> {
    return new Promise((resolve) => {
      setImmediate(resolve);
    });
  }

  /** Events of one type, in order. */
  told<T extends ProxyEvent["type"]>(type: T): Extract<ProxyEvent, { type: T }>[] {
    return this.events.filter((event): event is Extract<ProxyEvent, { type: T }> => event.type === type);
  }

  /** The one end of the one request. */
  end(): RequestEnd {
    const ends = this.told("request-end");
    if (ends.length !== 1) throw new Error(`${ends.length} request-end events`);
    return ends[0] as RequestEnd;
  }

  /** True when nothing is left behind: no wait, no open provider, every attempt ended once and before its request. */
  idle(): boolean {
    this.clock.advance(2_000);
    const open = (["a", "b"] as const)
      .flatMap((name) => this.provider(name).exchanges)
      .filter((each) => !each.aborted && !each.ended);
    const balanced = this.told("attempt-start").length === this.told("attempt-end").length;
    return (
      open.length === 0 &&
      balanced &&
      this.ticker.size === 0 &&
      this.held.bytes === 0 &&
      this.events.at(-1)?.type === "request-end"
    );
  }
}

const CANARY = "sk-canary-key";

function rigTarget(id: string): Target {
  return aTarget(id, { credentials: [aCredential(`${id}#1`, ["authorization", `Bearer ${CANARY}`])] });
}

function snapshotOf(options: RigOptions): Snapshot {
  const { deadlineMs = 900_000, answerBytes = 1_000_000, bytesInFlight = 10_000_000, behaviour = {} } = options;
  const chain = [rigTarget("a/m"), rigTarget("b/m")];
  const base = aSnapshot(chain);
  const agents = new Map([["main", anAgent("main", chain, { deadlineMs })]]);
  return {
    ...base,
    agents,
    limits: { ...base.limits, answerBytes, bytesInFlight },
    behaviour: { ...base.behaviour, ...behaviour },
    secrets: new Secret([CANARY]),
  };
}
