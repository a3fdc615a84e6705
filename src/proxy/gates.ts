// Judging a response before it may be shown: a stream's first events, a whole answer, an error. One of a few gates, chosen by
// status and content type, so that `attempt` knows of none of them.
import { type Gate, told } from "../core/lane.ts";
import { headerOf, type HeaderBag } from "../core/upstream.ts";
import { FRAMINGS } from "../dialects/framing.ts";
import { ErrorGate } from "./error-gate.ts";
import type { GateContext } from "./gate-context.ts";
import { OpeningGate } from "./opening-gate.ts";
import { StreamGate } from "./stream-gate.ts";
import { WholeGate } from "./whole-gate.ts";

/** Chooses the gate for a response. */
export function openGate(context: GateContext, status: number, headers: HeaderBag): Gate {
  if (status !== 200 && !(status > 200 && status < 300 && status !== 204 && status !== 205)) {
    return new ErrorGate(context, status, headers);
  }
  if (!context.stream) return new WholeGate(context);
  const of = told();
  const look = context.openLook(of);
  const type = headerOf(headers, "content-type") ?? "";
  if (look === null) return new WholeGate(context);
  if (!/^(?:application\/json|text\/html)/i.test(type)) return new StreamGate(context, look, of);
  return context.framing === FRAMINGS.sse ? new OpeningGate(context, look, of) : new WholeGate(context);
}
