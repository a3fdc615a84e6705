// A streamed request whose answer calls itself JSON or a page. Mostly it is one; some servers say so of their streams, and then the first
// bytes know better than the head.
import type { Failure } from "../core/failure.ts";
import type { Gate, Reply, Told, Verdict } from "../core/lane.ts";
import type { EventLook } from "../dialects/dialect.ts";
import type { GateContext } from "./gate-context.ts";
import { StreamGate } from "./stream-gate.ts";
import { opensStream, OPENING_LENGTH_MAX } from "./whole-from-stream.ts";
import { WholeGate } from "./whole-gate.ts";

/** Whatever begins so is no field of a stream. */
const NO_STREAM = /^(?:\u00ef\u00bb\u00bf)?\s*[^\s\u00ef\u00bb\u00bf:a-z]/;

/** Waits for the first bytes, then stands for the gate that they ask for. */
export class OpeningGate implements Gate {
  readonly bodyMsMax = null;
  readonly #context: GateContext;
  readonly #look: EventLook;
  /** Until there is a gate. */
  readonly #told: Told;
  #opening: Buffer = Buffer.alloc(0);
  #gate: Gate | null = null;

  constructor(context: GateContext, look: EventLook, of: Told) {
    this.#context = context;
    this.#look = look;
    this.#told = of;
  }

  get told(): Told {
    return this.#gate?.told ?? this.#told;
  }

  push(chunk: Buffer): Verdict {
    if (this.#gate !== null) return this.#gate.push(chunk);
    this.#opening = Buffer.concat([this.#opening, chunk]);
    const text = this.#opening.toString("latin1", 0, OPENING_LENGTH_MAX);
    const known = text.includes(":") || NO_STREAM.test(text) || this.#opening.length >= OPENING_LENGTH_MAX;
    return known ? this.#chosen().push(this.#opening) : null;
  }

  end(): Reply | Failure {
    if (this.#gate !== null) return this.#gate.end();
    const gate = this.#chosen();
    return gate.push(this.#opening) ?? gate.end();
  }

  broken(because: Failure): Failure {
    return this.#gate?.broken(because) ?? because;
  }

  #chosen(): Gate {
    const isStream = opensStream(this.#opening, this.#context.framing);
    this.#gate = isStream ? new StreamGate(this.#context, this.#look, this.#told) : new WholeGate(this.#context);
    return this.#gate;
  }
}
