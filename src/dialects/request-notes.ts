// What is noted while a request is put into other words: what got lost, and what made it nonsense. Reading goes on after a fault, so
// that the readers stay plain functions; the first fault is the answer.
import { failure, type Failure } from "../core/failure.ts";

/** Names go into a response header, so what a client made up is no name. */
const SAFE_NAME = /^[\w.-]{1,64}$/;

/** Stands for a name that no header can carry. */
const NAMELESS = "other";

/** True for a name that a header and a log can carry. */
export function isSafeName(name: string): boolean {
  return SAFE_NAME.test(name);
}

/** Notes of one request. */
export class RequestNotes {
  readonly #lost = new Set<string>();
  #fault: Failure | null = null;

  /** Each name once, in order of loss. */
  get lost(): readonly string[] {
    return [...this.#lost];
  }

  get fault(): Failure | null {
    return this.#fault;
  }

  /** Something that was asked for is left out. */
  lose(name: string): void {
    this.#lost.add(isSafeName(name) ? name : NAMELESS);
  }

  /** Something of a kind that the common words do not have: `tools.web_search`. */
  loseKind(place: string, kind: string | null): void {
    const name = kind === null ? place : `${place}.${kind}`;
    this.#lost.add(isSafeName(name) ? name : place);
  }

  /** Nonsense: a 400 that names the parameter. */
  refuse(param: string, message: string): void {
    this.#fault ??= failure("request-invalid", message, { param, phase: "request" });
  }

  /** Sense that must not be dropped silently (decision 12). */
  cannotSay(param: string, message: string): void {
    this.#fault ??= failure("unsupported-parameter", message, { param, phase: "request" });
  }
}
