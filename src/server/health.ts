// Liveness and readiness (OpenClaw §7). The public learns one bit; providers are never called from here.
import type { Snapshot } from "../core/snapshot.ts";
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
  const { clock, pid, pulse } = lobby.parts;
  const details = {
    ready,
    failing,
    uptimeMs: Math.round(clock.now() - lobby.startedAt),
    revision: snapshot.revision,
    eventLoop: pulse.reading,
    // Whom `reload` sends its signal to (decision 29).
    ...(trusted && { pid }),
  };
  return jsonAnswer(status, JSON.stringify(details));
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
