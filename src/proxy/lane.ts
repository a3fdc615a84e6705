// What is done to the bytes of one attempt: the request spliced for the target, the response judged and relayed.
import { assert } from "../core/assert.ts";
import type { Pipe } from "../core/lane.ts";
import type { Candidate } from "../core/plan.ts";
import type { Egress, Fitted } from "../dialects/dialect.ts";
import { OPERATION_DIALECTS, type SpokenDialect } from "../dialects/index.ts";
import type { GateContext } from "./gates.ts";
import type { Run } from "./run.ts";

/** The lane of one attempt. */
export class Lane implements GateContext {
  readonly egress: Egress;
  readonly stream: boolean;
  readonly #run: Run;
  readonly #dialect: SpokenDialect;
  readonly #fitted: Fitted;

  constructor(run: Run, { target }: Candidate) {
    this.#run = run;
    this.#dialect = OPERATION_DIALECTS[run.facts.operation];
    this.egress = this.#dialect.egress;
    this.stream = run.facts.stream;
    this.#fitted = this.egress.fitBody(run.facts.body, { target, stream: this.stream });
  }

  /** What the target cannot take and was dropped, renamed or clamped. */
  get adjusted(): readonly string[] {
    return this.#fitted.adjusted;
  }

  get acceptsEmpty(): boolean {
    return this.#run.snapshot.behaviour.emptyAnswer === "accept";
  }

  get answerBytesMax(): number {
    return this.#run.snapshot.limits.answerBytes;
  }

  get eventBytesMax(): number {
    return this.#run.snapshot.limits.eventBytes;
  }

  /** The client's own bytes, spliced. */
  requestBody(): Buffer {
    return this.#run.facts.body.encoded(this.#fitted.edits);
  }

  openPipe(): Pipe {
    const { relay } = this.#dialect;
    assert(relay, "only a dialect with streams opens a pipe");
    return relay({
      wantsUsage: this.#run.facts.wantsUsage,
      eventBytesMax: this.eventBytesMax,
      redact: this.#run.services.redact,
    });
  }

  wallNow(): number {
    return this.#run.services.clock.wall();
  }
}
