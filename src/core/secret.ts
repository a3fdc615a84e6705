// A value that cannot be printed by accident: not by string building, JSON, console or a crash report.
import { inspect } from "node:util";

const MASK = "[secret]";

/** Holds a secret; only `reveal()` gives it, and that word is easy to search for. */
export class Secret<T = string> {
  readonly #value: T;

  constructor(value: T) {
    this.#value = value;
  }

  reveal(): T {
    return this.#value;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}
