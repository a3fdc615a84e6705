// Parts of access lines that say the same for most requests of a minute: who asked for what, who was asked, how it ended. Each is kept as it was
// written last, as one text: a line of sixty pieces costs a third more to put together, and to lay flat on its way out, than one of forty.
import type { AttemptRef, RequestEnd, RequestRef } from "../core/events.ts";
import type { Target } from "../core/snapshot.ts";
import type { TargetNames } from "./target-names.ts";

/** What was written last, and for whom. */
export class LineParts {
  readonly #names: TargetNames;
  #operation: RequestRef["operation"] | null = null;
  #agent = "";
  #requested = "";
  #asked = "";
  #server: Target | null = null;
  #model: string | null = null;
  #served = "";
  #status = 0;
  #outcome: RequestEnd["outcome"] | null = null;
  #stream = false;
  #ending = "";
  #target: Target | null = null;
  #credential = "";
  #attempt = "";

  constructor(names: TargetNames) {
    this.#names = names;
  }

  /** Endpoint, agent and what was asked for. */
  asked({ operation, agent, requested }: RequestRef): string {
    if (operation === this.#operation && agent === this.#agent && requested === this.#requested) return this.#asked;
    this.#operation = operation;
    this.#agent = agent;
    this.#requested = requested;
    const names = this.#names;
    this.#asked = one(
      ',"endpoint":"',
      operation,
      '","agent":',
      names.quoted(agent),
      ',"requested":',
      names.quoted(requested),
    );
    return this.#asked;
  }

  /** Who answered, and the model that the answer itself names, where that is another word than the one it was asked by. */
  served({ target, told }: AttemptRef): string {
    const model = told?.model ?? null;
    if (target === this.#server && model === this.#model) return this.#served;
    this.#server = target;
    this.#model = model;
    const names = this.#names;
    const answeredBy =
      model === null || model === target.model ? [] : [',"answeredBy":', names.quotedAnsweredBy(target, model)];
    this.#served = one(',"served":', names.quotedId(target), ...answeredBy);
    return this.#served;
  }

  /** Status, outcome and kind. */
  ending({ status, outcome, request: { stream } }: RequestEnd): string {
    if (status === this.#status && outcome === this.#outcome && stream === this.#stream) return this.#ending;
    this.#status = status;
    this.#outcome = outcome;
    this.#stream = stream;
    this.#ending = one(',"status":', String(status), ',"outcome":"', outcome, '","stream":', String(stream));
    return this.#ending;
  }

  /** The beginning of an attempt: target and credential. */
  attempt({ target, credential: { id } }: AttemptRef): string {
    if (target === this.#target && id === this.#credential) return this.#attempt;
    this.#target = target;
    this.#credential = id;
    this.#attempt = one('{"target":', this.#names.quotedId(target), ',"credential":', this.#names.quoted(id));
    return this.#attempt;
  }
}

/** One flat text: what is only added up is a tree of its pieces until somebody reads it. */
function one(...pieces: readonly string[]): string {
  return pieces.join("");
}
