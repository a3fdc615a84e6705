// One request on one screen: facts, plan, failover, pump. Everything ends in exactly one event and one answer.
import type { Call, Corridor, Running } from "../core/call.ts";
import { failure, type Failure, isFailure, statusOf } from "../core/failure.ts";
import { redactFailure } from "../core/redact-failure.ts";
import { Roster } from "../core/roster.ts";
import { plan } from "../routing/plan.ts";
import { failover } from "./failover.ts";
import { readFacts } from "./read-facts.ts";
import { drawFailure, drawRunFailure, emptyAttempt, emptyHead } from "./reply.ts";
import { Run } from "./run.ts";
import type { Services } from "./services.ts";

const CLIENT_GONE_STATUS = 499;

/** Makes the corridor. */
export function createCorridor(services: Services): Corridor {
  const runs = new Roster<Run>();
  return {
    get inflight() {
      return runs.size;
    },
    underWay() {
      const running: Running[] = [];
      runs.forEach(({ ref, attempts }) => running.push({ request: ref, attempt: attempts.at(-1)?.ref ?? null }));
      return running;
    },
    endAll(because) {
      runs.forEach((run) => run.cancel(because));
    },
    async handle(call) {
      const run = prepare(services, call);
      if (run === null) return;
      const seat = runs.add(run);
      try {
        await carry(run);
      } catch (error) {
        services.onBug(error);
        collapse(run);
      } finally {
        runs.remove(seat);
      }
    },
  };
}

/** Facts and plan; a request that fails here is answered and told as refused. */
function prepare(services: Services, call: Call): Run | null {
  try {
    const facts = readFacts(call);
    if (isFailure(facts)) return refuse(services, call, facts);
    const planned = plan(call.snapshot, facts);
    if (isFailure(planned)) return refuse(services, call, planned);
    return new Run({ services, snapshot: call.snapshot, facts, plan: planned, sink: call.sink });
  } catch (error) {
    services.onBug(error);
    return refuse(services, call, internal());
  }
}

async function carry(run: Run): Promise<void> {
  run.begin();
  const failed = await failover(run);
  if (failed !== null) {
    answerFailure(run, failed.failure);
    return;
  }
  while (!run.finished) await run.happening();
  run.tellRequestEnd(200);
}

/** Nothing was committed: an empty answer as it is, else the failure in the client's dialect. */
function answerFailure(run: Run, because: Failure): void {
  if (run.sink.closed) {
    run.tellRequestEnd(CLIENT_GONE_STATUS, run.over ?? because);
    return;
  }
  if (because.emptyAnswer !== null) {
    if (run.sink.headSent) run.opening.fail(because);
    else {
      run.sink.head(200, emptyHead(run, because.emptyAnswer));
      run.sink.end(because.emptyAnswer);
    }
    run.tellRequestEnd(200, null, emptyAttempt(run)?.ref);
    return;
  }
  if (run.sink.headSent) {
    run.opening.fail(redactFailure(because, run.services.redact));
    run.tellRequestEnd(200, because);
    return;
  }
  const { status, headers, body } = drawRunFailure(run, because);
  run.sink.head(status, headers);
  run.sink.end(body);
  run.tellRequestEnd(status, because);
}

/** A bug of ours: 500 where nothing was sent, else a cut connection; the provider is let go. */
function collapse(run: Run): void {
  const because = internal();
  run.over ??= because;
  for (const attempt of run.attempts) attempt.cancel(because);
  if (run.sink.headSent) run.sink.abort();
  else if (!run.sink.closed) {
    const { status, headers, body } = drawRunFailure(run, because);
    run.sink.head(status, headers);
    run.sink.end(body);
  }
  run.tellRequestEnd(500, because);
}

function refuse(services: Services, call: Call, because: Failure): null {
  const { status, headers, body } = drawFailure(because, call.operation, call.requestId);
  if (!call.sink.closed) {
    call.sink.head(status, headers);
    call.sink.end(body);
  }
  services.observe({
    type: "request-refused",
    at: services.clock.now(),
    requestId: call.requestId,
    trace: call.trace,
    endpoint: call.endpoint,
    method: "POST",
    status: statusOf(because),
    failure: because,
    startedAt: call.startedAt,
    requestBytes: call.body.length,
  });
  return null;
}

function internal(): Failure {
  return failure("internal", "The gateway failed to handle the request.", { phase: "request" });
}
