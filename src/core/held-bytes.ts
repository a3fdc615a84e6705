// How many bytes of answers the process holds, all requests together: each answer is bounded, and so must be their sum (decision 23).

/** A count with as many releases as holds. */
export class HeldBytes {
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  hold(bytes: number): void {
    this.#bytes += bytes;
  }

  release(bytes: number): void {
    this.#bytes -= bytes;
  }
}
