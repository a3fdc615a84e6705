// For bugs only: what is expected to go wrong is a Failure.

/** Throws when a promise of our own code is broken. */
export function assert(condition: unknown, message: string): asserts condition {
  if (condition === false || condition === null || condition === undefined) throw new Error(`bug: ${message}`);
}

/** For the branch that the compiler proves unreachable. */
export function unreachable(value: never): never {
  throw new Error(`bug: unexpected ${String(value)}`);
}
