// Who watches: event streams that hang on one timer. Drawn once a second for all, not at all for none, and never queued for somebody slow.
import { failure, type Failure } from "../../core/failure.ts";
import type { Repeating } from "../../core/clock.ts";
import { ANSWERED } from "../answered.ts";
import type { Lobby } from "../lobby.ts";
import { refuse } from "../refuse.ts";
import type { Visit } from "../visit.ts";
import { writeHead } from "../write-head.ts";
import type { Sight } from "../../telemetry/live/board.ts";
import { feedOf, lookFrom } from "./feed.ts";

/** How often the picture is drawn, in milliseconds. */
export const DRAW_MS = 1_000;
const VIEWERS_MAX = 64;
/** A stream ends now and then, so that whoever is not let in any more does not go on watching. */
const STREAM_MS_MAX = 15 * 60_000;

/** One open stream. */
interface Viewer {
  readonly visit: Visit;
  readonly until: number;
  /** Rows that it has; null before its first picture. */
  rows: number | null;
}

/** All open streams. */
export class Viewers {
  readonly #lobby: Lobby;
  readonly #open = new Set<Viewer>();
  #timer: Repeating | null = null;
  #drawing = false;

  constructor(lobby: Lobby) {
    this.#lobby = lobby;
  }

  /** How many watch. */
  get size(): number {
    return this.#open.size;
  }

  /** Opens a stream with the whole picture. */
  async join(visit: Visit): Promise<Response> {
    if (this.#open.size >= VIEWERS_MAX) return refuse(visit, tooMany());
    const { outgoing } = visit;
    if (outgoing.destroyed) return ANSWERED;
    writeHead(visit, 200, [
      "content-type",
      "text/event-stream",
      "cache-control",
      "no-store",
      "x-accel-buffering",
      "no",
    ]);
    const { clock, observe } = this.#lobby.parts;
    const { endpoint, method, startedAt } = visit;
    observe({ type: "request-answered", at: clock.now(), endpoint, method, status: 200, startedAt });
    const viewer: Viewer = { visit, until: clock.now() + STREAM_MS_MAX, rows: null };
    outgoing.on("close", () => this.#leave(viewer));
    outgoing.on("error", () => this.#leave(viewer));
    outgoing.write(`retry: ${DRAW_MS}\n\n`);
    this.#open.add(viewer);
    this.#timer ??= clock.every(DRAW_MS, () => void this.#drawForAll());
    await this.#draw([viewer]);
    return ANSWERED;
  }

  #leave(viewer: Viewer): void {
    this.#open.delete(viewer);
    if (this.#open.size > 0) return;
    this.#timer?.stop();
    this.#timer = null;
  }

  /** Whoever comes late to tell holds up nothing but the picture: pictures stay in order. */
  async #drawForAll(): Promise<void> {
    if (this.#drawing) return;
    this.#drawing = true;
    await this.#draw([...this.#open]);
    this.#drawing = false;
  }

  async #draw(viewers: readonly Viewer[]): Promise<void> {
    try {
      const since = Math.min(...viewers.map(({ rows }) => rows ?? 0));
      this.#drawFor(viewers, await lookFrom(this.#lobby, since));
    } catch (error) {
      // A bug in the picture must not end the process.
      this.#lobby.parts.onBug(error);
      for (const { visit } of viewers) visit.outgoing.destroy();
    }
  }

  /** Viewers who have the same rows get the same text. */
  #drawFor(viewers: readonly Viewer[], sight: Sight): void {
    const texts = new Map<number, string>();
    for (const viewer of viewers) {
      const { outgoing } = viewer.visit;
      if (!this.#open.has(viewer)) continue;
      if (outgoing.writableNeedDrain) {
        // Who does not read gets nothing more, not even an end.
        if (this.#isOver(viewer)) outgoing.destroy();
        continue;
      }
      const since = viewer.rows ?? 0;
      const text = texts.get(since) ?? `data: ${feedOf(this.#lobby, sight, since)}\n\n`;
      texts.set(since, text);
      viewer.rows = sight.rowsUntil;
      outgoing.write(text);
      if (this.#isOver(viewer)) outgoing.end();
    }
  }

  /** Ends with the process, its time, or the configuration that let the viewer in; pages come again by themselves. */
  #isOver({ visit, until }: Viewer): boolean {
    const { holder, clock } = this.#lobby.parts;
    return this.#lobby.isGoing || clock.now() >= until || holder.current.gateway !== visit.snapshot.gateway;
  }
}

function tooMany(): Failure {
  return failure("overloaded-here", "Too many viewers of the status page.", {
    detail: "viewers",
    phase: "request",
    retryAfterMs: 10_000,
  });
}
