// Requests under way as the corridor would name them, found out from the events that it would have told.
import type { Running } from "../../src/core/call.ts";
import type { ProxyEvent, RequestRef } from "../../src/core/events.ts";
import { type BoardParts, LiveBoard } from "../../src/telemetry/live/board.ts";

/** A board, and who carries the requests that it hears of. */
export function carriedBoard(parts: Omit<BoardParts, "running">): LiveBoard {
  const carried = new Map<RequestRef, Running>();
  const board = new LiveBoard({ ...parts, running: () => [...carried.values()] });
  const hear = board.hear.bind(board);
  board.hear = (event: ProxyEvent) => {
    if (event.type === "request-start") carried.set(event.request, { request: event.request, attempt: null });
    if (event.type === "attempt-start") carried.set(event.request, event);
    if (event.type === "request-end") carried.delete(event.request);
    hear(event);
  };
  return board;
}
