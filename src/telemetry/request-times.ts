// Where the time of a finished request went: to providers, or to us. Clients who are slow to send or to read are in neither.
import type { RequestEnd } from "../core/events.ts";

/** Time with at least one attempt under way, in milliseconds; attempts side by side count once. */
export function upstreamMs({ at, attempts }: RequestEnd): number {
  let theirs = 0;
  let countedUntil = Number.NEGATIVE_INFINITY;
  for (const { startedAt, endedAt } of attempts) {
    const until = endedAt ?? at;
    theirs += Math.max(0, until - Math.max(startedAt, countedUntil));
    countedUntil = Math.max(countedUntil, until);
  }
  return theirs;
}

/** What the gateway added, in milliseconds: request read to first dispatch, gaps between attempts, commit to first write. */
export function overheadMs({ request, attempts, served, firstWriteAt }: RequestEnd): number {
  let ours = 0;
  let readyAt = request.bodyAt;
  for (const { startedAt, endedAt } of attempts) {
    ours += Math.max(0, startedAt - readyAt);
    readyAt = Math.max(readyAt, endedAt ?? startedAt);
  }
  const committedAt = served?.committedAt ?? null;
  if (committedAt !== null && firstWriteAt !== null) ours += Math.max(0, firstWriteAt - committedAt);
  return ours;
}
