// A model call on its way in: may its body be read, is there room, reading it, handing it over. Method and credential are checked before.
import type { Call } from "../core/call.ts";
import { failure, isFailure } from "../core/failure.ts";
import type { Operation } from "../core/names.ts";
import { ANSWERED } from "./answered.ts";
import { bodyBytesMax, bodyFault, expectsContinue } from "./body-check.ts";
import { NodeSink } from "./node-sink.ts";
import { readBody } from "./read-body.ts";
import { refuse } from "./refuse.ts";
import { shedding } from "./shed.ts";
import { steeringOf } from "./steering.ts";
import type { Visit } from "./visit.ts";

/** Reads the call and hands it to the corridor; resolves when the answer has ended. */
export async function admit(visit: Visit, operation: Operation): Promise<Response> {
  visit.bodyBytesMax = bodyBytesMax(visit.snapshot.limits, operation);
  // What repeating cannot cure is said first: a 503 invites to come again.
  const refusal = bodyFault(visit) ?? shedding(visit);
  if (refusal !== null) return refuse(visit, refusal);
  const { load } = visit.lobby;
  load.enter();
  try {
    if (expectsContinue(visit)) visit.outgoing.writeContinue();
    const body = await readBody(visit);
    if (isFailure(body)) return refuse(visit, body, { close: true });
    if (body.length === 0) return refuse(visit, emptyBody());
    await visit.lobby.parts.corridor.handle(callOf(visit, operation, body));
    return ANSWERED;
  } finally {
    load.leave(visit.requestBytes);
  }
}

function callOf(visit: Visit, operation: Operation, body: Buffer): Call {
  return {
    requestId: visit.requestId,
    trace: visit.trace,
    operation,
    endpoint: visit.endpoint,
    steering: steeringOf(visit.headers),
    body,
    sink: new NodeSink(visit),
    snapshot: visit.snapshot,
    startedAt: visit.startedAt,
    bodyAt: visit.lobby.parts.clock.now(),
  };
}

function emptyBody() {
  return failure("request-invalid", "The request body is empty.", { code: "invalid_json", phase: "request" });
}
