// A response that says that the provider failed: its words are read, bounded in bytes and in time, and its dialect says what they mean.
import { dispositionOf, type Failure } from "../core/failure.ts";
import { Gathering } from "../core/gathering.ts";
import { type Gate, told, type Verdict } from "../core/lane.ts";
import type { HeaderBag } from "../core/upstream.ts";
import type { GateContext } from "./gate-context.ts";

/** An error body is read this far and no further. */
const ERROR_BYTES_MAX = 64 * 1024;
/** That the provider failed is known with its head; its words are worth no longer wait than this. */
const ERROR_BODY_MS_MAX = 1_000;

/** Reads an error response, bounded, and has the dialect say what it means. */
export class ErrorGate implements Gate {
  readonly told = told();
  readonly bodyMsMax = ERROR_BODY_MS_MAX;
  readonly #context: GateContext;
  readonly #status: number;
  readonly #headers: HeaderBag;
  readonly #gathered = new Gathering();

  constructor(context: GateContext, status: number, headers: HeaderBag) {
    this.#context = context;
    this.#status = status;
    this.#headers = headers;
  }

  push(chunk: Buffer): Verdict {
    this.#gathered.push(chunk);
    return this.#gathered.bytes >= ERROR_BYTES_MAX ? this.end() : null;
  }

  end(): Failure {
    const body = this.#gathered.take().subarray(0, ERROR_BYTES_MAX);
    return this.#context.egress.classify(this.#status, this.#headers, body, this.#context.wallNow());
  }

  /** Status, headers and the words that came stay true, but for a complaint that they do not explain: its reason is what is missing. */
  broken(because: Failure): Failure {
    if (dispositionOf(because.kind).advance === "never") return because;
    const said = this.end();
    return said.kind === "rejected" ? because : said;
  }
}
