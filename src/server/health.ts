// Liveness and readiness (OpenClaw §7). The public learns one bit; providers are never called from here.
import type { Snapshot } from "../core/snapshot.ts";
import type { NotReady } from "../core/standing.ts";
import { type Answer, jsonAnswer } from "./answer.ts";
import { authenticate } from "./auth.ts";
import { isLoopbackAuthority } from "./authority.ts";
import { isLocalDirect } from "./client-address.ts";
import { field } from "./fields.ts";
import { once } from "./once.ts";
import type { Visit } from "./visit.ts";

const LIVE = jsonAnswer(200, `{"ok":true,"status":"live"}`);

/** True when some agent could serve a request at all. */
const hasUsableAgent = once((snapshot: Snapshot) =>
  [...snapshot.agents.values()].some(({ chain }) => chain.some(({ unavailable }) => unavailable === null)),
);

/** 200 as long as the process serves. */
export function liveness(): Answer {
  return LIVE;
}

/** 200 or 503; details for programs of this machine and for callers with a credential. */
export function readiness(visit: Visit): Answer {
  const { lobby, snapshot } = visit;
  const failing = failingOf(visit);
  const ready = failing.length === 0;
  const status = ready ? 200 : 503;
  const trusted = authenticate(visit.ask()) === null;
  if (!isLocal(visit) && !(trusted && snapshot.gateway.auth.mode !== "none")) {
    return jsonAnswer(status, JSON.stringify({ ready }));
  }
  const { clock, pid, pidSpace, pulse, notReady, learned } = lobby.parts;
  const now = clock.now();
  const details = {
    ready,
    failing,
    uptimeMs: Math.round(now - lobby.startedAt),
    revision: snapshot.revision,
    eventLoop: pulse.reading,
    ...(lobby.parts.workers !== undefined && { workers: lobby.parts.workers() }),
    ...(lobby.parts.reloads !== undefined && { reload: lobby.parts.reloads() }),
    // `pid` is whom `reload` sends its signal to (decision 29), the rest what `explain` merges into its plan.
    ...(trusted && {
      pid,
      pidSpace,
      notReady: notReady(now).map((each) => notReadyLine(each, now)),
      learned: learned(),
    }),
  };
  return jsonAnswer(status, JSON.stringify(details));
}

/** What cools or is broken, as everybody who may know reads it: names and durations, no instants of our clock. */
export interface NotReadyLine extends Omit<NotReady, "until"> {
  /** 0 when it may be tried now, by a probe or in part. */
  readonly recoversInMs: number;
}

function notReadyLine({ until, ...rest }: NotReady, now: number): NotReadyLine {
  return { ...rest, recoversInMs: Math.max(0, Math.round(until - now)) };
}

function failingOf({ lobby, snapshot }: Visit): readonly string[] {
  const failing: string[] = [];
  if (lobby.leaving) failing.push("draining");
  if (!hasUsableAgent(snapshot)) failing.push("no-usable-candidate");
  return failing.concat(lobby.parts.failing?.() ?? []);
}

/** A page in a browser of this machine is local too, but its `Host` is its own. */
function isLocal({ headers, peer }: Visit): boolean {
  return isLocalDirect(headers, peer) && isLoopbackAuthority(field(headers, "host") ?? "");
}
