// What the status page shows, in memory only: events in, a picture out. Listening is adding to plain numbers in rings of fixed size; names
// and figures become a picture only while somebody looks.
import type { Running } from "../../core/call.ts";
import type { ConfigReloaded, ProxyEvent, RequestEnd } from "../../core/events.ts";
import type { Usage } from "../../core/lane.ts";
import type { Snapshot, Target } from "../../core/snapshot.ts";
import type { NotReady } from "../../core/standing.ts";
import { isAlarming } from "../failed-requests.ts";
import type { EventType } from "../hearing.ts";
import type { Redact } from "../redact.ts";
import { overheadMs } from "../request-times.ts";
import { TargetNames } from "../target-names.ts";
import { type AgentChain, chainsOf } from "./chains.ts";
import { type Gauges, gaugesOf } from "./gauges.ts";
import { refusedRow, type Remembered, remembered, requestRow, type RequestRow } from "./request-row.ts";
import { RowRing } from "./row-ring.ts";
import { type TallyState, TargetTally } from "./target-tally.ts";
import { Timeline, type TimelineState } from "./timeline.ts";
import { type UnderWay, underWay } from "./under-way.ts";

/** Requests that are remembered. */
export const ROWS = 200;
/** What clients of models ask for. Other refusals are answers to the page itself, to probes, to scrapers, or to who tries doors. */
const CALLS = "/v1/";

/** The events that the page tells of. */
export const BOARD_EVENTS = [
  "request-start",
  "attempt-start",
  "attempt-end",
  "request-end",
  "request-refused",
  "config-reloaded",
] as const satisfies readonly EventType[];

/** What the board is made with. */
export interface BoardParts {
  readonly redact: Redact;
  /** Unix milliseconds: of the event that is heard, and now while none is. */
  readonly wall: () => number;
  /** By how many milliseconds a clock that several processes share is ahead of the own one; 0 for a process alone. */
  readonly aheadMs?: number;
  /** What an answer cost in USD; null where prices or tokens are unknown. */
  readonly costOf: (target: Target, usage: Usage | null) => number | null;
  /** Requests under way. Whoever carries them is asked: a table of our own would change with every request (see core/roster.ts). */
  readonly running: () => readonly Running[];
  /** Called before every look: delivers events that still wait; absent where none do. */
  readonly catchUp?: () => void;
}

/** The last reload of the configuration. */
export interface Reloaded {
  readonly result: ConfigReloaded["result"];
  readonly wall: number;
  readonly complaints: number;
}

/** What viewers see at one moment. */
export interface Sight {
  readonly picture: Picture;
  /** Ended requests that were asked for, oldest first. */
  readonly rows: readonly RequestRow[];
  /** Number of the row behind the last one. */
  readonly rowsUntil: number;
  /** The longest that an event loop was late, where several were asked. */
  readonly loopDelayMs?: number;
}

/** What a board of one process adds to that of several; plain data. */
export interface BoardState {
  readonly timeline: TimelineState;
  readonly tally: TallyState;
  readonly inFlight: number;
  readonly running: readonly UnderWay[];
  readonly reloaded: Reloaded | null;
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
  readonly #rows: RowRing<Remembered, RequestRow>;
  readonly #parts: BoardParts;
  readonly #names: TargetNames;
  readonly #timeline = new Timeline();
  readonly #tally = new TargetTally();
  readonly #aheadMs: number;
  #inFlight = 0;
  #reloaded: Reloaded | null = null;

  constructor(parts: BoardParts) {
    this.#parts = parts;
    this.#aheadMs = parts.aheadMs ?? 0;
    const names = new TargetNames(parts.redact);
    this.#names = names;
    this.#rows = new RowRing(ROWS, (kept) => requestRow(kept, names));
  }

  /** Requests that have ended, those of events that waited until now among them. */
  get rows(): RowRing<Remembered, RequestRow> {
    this.#parts.catchUp?.();
    return this.#rows;
  }

  /** Hears what happens; passes over what is none of BOARD_EVENTS. */
  hear(event: ProxyEvent): void {
    switch (event.type) {
      case "request-start":
        this.#inFlight += 1;
        this.#timeline.level(this.#inFlight, this.#shared(event.at));
        break;
      case "attempt-start":
        this.#tally.start(event.attempt);
        break;
      case "attempt-end":
        this.#tally.end(event.request.agent, event.attempt, this.#shared(event.at));
        break;
      case "request-end":
        this.#end(event);
        break;
      case "request-refused":
        if (!event.endpoint.startsWith(CALLS)) return;
        if (event.status >= 500) this.#count("failed", this.#shared(event.at));
        this.#rows.add(refusedRow(event, this.#parts.wall()));
        break;
      case "config-reloaded":
        this.#reloaded = { result: event.result, wall: this.#parts.wall(), complaints: event.complaints };
        break;
      default:
    }
  }

  /** Draws what is known now; rows behind the first `since` ones. */
  sight(looking: Looking, { since, now }: { readonly since: number; readonly now: number }): Sight {
    return { picture: this.picture(looking, now), rows: this.rows.after(since), rowsUntil: this.rows.count };
  }

  /** What is known now, for a board of several processes: instants of the shared clock. */
  state(now: number): BoardState {
    this.#parts.catchUp?.();
    return {
      timeline: this.#timeline.state(this.#shared(now)),
      tally: this.#tally.state(),
      inFlight: this.#inFlight,
      running: this.#underWay(now),
      reloaded: this.#reloaded,
    };
  }

  /** Draws what is known now. */
  picture({ snapshot, notReady }: Looking, now: number): Picture {
    this.#parts.catchUp?.();
    const shared = notReady.map((each) => ({ ...each, until: this.#shared(each.until) }));
    const sources = { snapshot, notReady: shared, tally: this.#tally, names: this.#names };
    return {
      wall: this.#parts.wall(),
      revision: snapshot.revision,
      reloaded: this.#reloaded,
      gauges: gaugesOf(this.#timeline, this.#inFlight, this.#shared(now)),
      chains: chainsOf(sources, this.#shared(now)),
      running: this.#underWay(now),
    };
  }

  #end(event: RequestEnd): void {
    const { request, served, firstWriteAt } = event;
    const timeline = this.#timeline;
    const at = this.#shared(event.at);
    this.#inFlight -= 1;
    timeline.level(this.#inFlight, at);
    this.#count(isAlarming(event) ? "failed" : "ended", at);
    const ours = overheadMs(event);
    timeline.observe("overhead", ours, at);
    if (request.stream && firstWriteAt !== null && served !== null) {
      timeline.observe("ttft", firstWriteAt - request.startedAt, at);
    }
    const usage = served?.told?.usage ?? null;
    if (usage !== null) {
      timeline.add("tokensIn", usage.input, at);
      timeline.addOver("tokensOut", usage.output, {
        from: this.#shared(firstWriteAt ?? event.at),
        until: at,
      });
    }
    const usd = served === null ? null : this.#parts.costOf(served.target, usage);
    if (usd !== null) {
      timeline.add("usd", usd, at);
      timeline.add("priced", 1, at);
    }
    const ended = { event, wall: this.#parts.wall(), usd, overheadMs: ours };
    this.#rows.add(remembered(ended, this.#rows.leaving, this.#names));
  }

  #underWay(now: number): UnderWay[] {
    return underWay(this.#parts.running(), this.#names, now);
  }

  /** An instant by the clock that all processes share. */
  #shared(at: number): number {
    return at + this.#aheadMs;
  }

  /** A failure is an end, too. */
  #count(as: "ended" | "failed", at: number): void {
    this.#timeline.add("ended", 1, at);
    if (as === "failed") this.#timeline.add("failed", 1, at);
  }
}
