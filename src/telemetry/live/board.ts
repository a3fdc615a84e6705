// What the status page shows, in memory only: events in, a picture out. Listening is adding to plain numbers in rings of fixed size; names
// and figures become a picture only while somebody looks.
import type { AttemptRef, ConfigReloaded, ProxyEvent, RequestEnd, RequestRef } from "../../core/events.ts";
import type { Usage } from "../../core/lane.ts";
import type { Snapshot, Target } from "../../core/snapshot.ts";
import type { NotReady } from "../../core/standing.ts";
import type { Redact } from "../redact.ts";
import { overheadMs } from "../request-times.ts";
import { TargetNames } from "../target-names.ts";
import { type AgentChain, chainsOf } from "./chains.ts";
import { type Gauges, gaugesOf } from "./gauges.ts";
import { keptRequest, type KeptRequest, refusedRow, requestRow, type RequestRow } from "./request-row.ts";
import { RowRing } from "./row-ring.ts";
import { TargetTally } from "./target-tally.ts";
import { Timeline } from "./timeline.ts";
import { type UnderWay, underWay } from "./under-way.ts";

/** Requests that are remembered. */
export const ROWS = 200;
/** Refusals of these are answers to the page itself, to whoever asks for health, or to who tries doors: no request to a model. */
const NO_CALLS = /^(?:\/(?:status|$|health|ready)|other$)/;

/** What the board is made with. */
export interface BoardParts {
  readonly redact: Redact;
  /** Unix milliseconds. */
  readonly wall: () => number;
  /** What an answer cost in USD; null where prices or tokens are unknown. */
  readonly costOf: (target: Target, usage: Usage | null) => number | null;
}

/** The last reload of the configuration. */
export interface Reloaded {
  readonly result: ConfigReloaded["result"];
  readonly wall: number;
  readonly complaints: number;
}

/** Everything but the rows. */
export interface Picture {
  readonly wall: number;
  readonly revision: string;
  readonly reloaded: Reloaded | null;
  readonly gauges: Gauges;
  readonly chains: readonly AgentChain[];
  readonly running: readonly UnderWay[];
}

/** What a picture is drawn from beside what was heard. */
export interface Looking {
  readonly snapshot: Snapshot;
  readonly notReady: readonly NotReady[];
}

/** The memory behind the page. */
export class LiveBoard {
  readonly rows: RowRing<KeptRequest, RequestRow>;
  readonly #parts: BoardParts;
  readonly #names: TargetNames;
  readonly #timeline = new Timeline();
  readonly #tally = new TargetTally();
  /** Requests under way with their newest attempt, oldest first. */
  readonly #running = new Map<RequestRef, AttemptRef | null>();
  #reloaded: Reloaded | null = null;

  constructor(parts: BoardParts) {
    this.#parts = parts;
    const names = new TargetNames(parts.redact);
    this.#names = names;
    this.rows = new RowRing(ROWS, (kept) => requestRow(kept, names));
  }

  /** Hears every event. */
  hear(event: ProxyEvent): void {
    switch (event.type) {
      case "request-start":
        this.#running.set(event.request, null);
        this.#timeline.level(this.#running.size, event.at);
        break;
      case "attempt-start":
        this.#running.set(event.request, event.attempt);
        this.#tally.start(event.attempt);
        break;
      case "attempt-end":
        this.#tally.end(event.request.agent, event.attempt, event.at);
        break;
      case "request-end":
        this.#end(event);
        break;
      case "request-refused":
        if (NO_CALLS.test(event.endpoint)) return;
        if (event.status >= 500) this.#count("failed", event.at);
        this.rows.add(refusedRow(event, this.#parts.wall()));
        break;
      case "config-reloaded":
        this.#reloaded = { result: event.result, wall: this.#parts.wall(), complaints: event.complaints };
        break;
      default:
    }
  }

  /** Draws what is known now. */
  picture({ snapshot, notReady }: Looking, now: number): Picture {
    const sources = { snapshot, notReady, tally: this.#tally, names: this.#names };
    return {
      wall: this.#parts.wall(),
      revision: snapshot.revision,
      reloaded: this.#reloaded,
      gauges: gaugesOf(this.#timeline, this.#running.size, now),
      chains: chainsOf(sources, now),
      running: underWay(this.#running, this.#names, now),
    };
  }

  #end(event: RequestEnd): void {
    const { request, served, at, firstWriteAt } = event;
    const timeline = this.#timeline;
    this.#running.delete(request);
    timeline.level(this.#running.size, at);
    this.#count(event.outcome === "failed" ? "failed" : "ended", at);
    timeline.observe("overhead", overheadMs(event), at);
    if (request.stream && firstWriteAt !== null && served !== null) {
      timeline.observe("ttft", firstWriteAt - request.startedAt, at);
    }
    const usage = served?.told?.usage ?? null;
    if (usage !== null) {
      timeline.add("tokensIn", usage.input, at);
      timeline.addOver("tokensOut", usage.output, { from: firstWriteAt ?? at, until: at });
    }
    const usd = served === null ? null : this.#parts.costOf(served.target, usage);
    if (usd !== null) {
      timeline.add("usd", usd, at);
      timeline.add("priced", 1, at);
    }
    this.rows.add(keptRequest({ event, wall: this.#parts.wall(), usd }, this.#names));
  }

  /** A failure is an end, too. */
  #count(as: "ended" | "failed", at: number): void {
    this.#timeline.add("ended", 1, at);
    if (as === "failed") this.#timeline.add("failed", 1, at);
  }
}
