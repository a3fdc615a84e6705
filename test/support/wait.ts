// Waiting for what happens, not for time: a condition is looked at again whenever somebody rings.
// The limit only turns a hang into a message; nothing passes because time has passed.

/** How long a test waits for something that must happen, in milliseconds, before it says what is missing. */
export const PATIENCE_MS = 30_000;

/** What is waited for, for the message; a function is asked only when it is missing. */
export type What = string | (() => string);

/** What had to happen did not, in all the time that there was. */
export class WaitedInVain extends Error {}

/** Rejects with the sentence `what` unless the promise settles first. */
export async function within<T>(promise: Promise<T>, what: What, patienceMs = PATIENCE_MS): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const missing = (): Error =>
    new WaitedInVain(`waited ${patienceMs} ms for ${typeof what === "string" ? what : what()}`);
  const timer = setTimeout(() => reject(missing()), patienceMs);
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Whoever changes something rings; whoever waits looks again. */
export class Bell {
  readonly #waiting = new Set<() => void>();

  ring(): void {
    for (const look of this.#waiting) look();
  }

  /** Resolves with the first value of `look` that is not undefined, null or false; at once when it is there already. */
  async until<T>(look: () => T, what: What, patienceMs = PATIENCE_MS): Promise<Found<T>> {
    const { promise, resolve, reject } = Promise.withResolvers<Found<T>>();
    const again = (): void => {
      try {
        const value = look();
        if (isFound(value)) resolve(value);
      } catch (error) {
        reject(error);
      }
    };
    this.#waiting.add(again);
    again();
    try {
      return await within(promise, what, patienceMs);
    } finally {
      this.#waiting.delete(again);
    }
  }
}

/** What a look gives once it has found something. */
export type Found<T> = Exclude<T, undefined | null | false>;

function isFound<T>(value: T): value is Found<T> {
  return value !== undefined && value !== null && value !== false;
}

/** Resolves once a figure has not changed for so long: that something has stopped can only be seen in time. */
export async function still(read: () => number, forMs = 100, patienceMs = PATIENCE_MS): Promise<number> {
  const until = performance.now() + patienceMs;
  for (let last = read(); performance.now() < until; last = read()) {
    await new Promise((resolve) => setTimeout(resolve, forMs));
    if (read() === last) return last;
  }
  throw new WaitedInVain(`waited ${patienceMs} ms for a figure to stand still`);
}

/** For states of other processes that nobody announces: asks again and again until the answer is yes. */
export async function polled(ask: () => Promise<boolean>, what: string, patienceMs = PATIENCE_MS): Promise<void> {
  const until = performance.now() + patienceMs;
  while (!(await ask())) {
    if (performance.now() > until) throw new WaitedInVain(`waited ${patienceMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
