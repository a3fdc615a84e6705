// The last so many rows with their numbers, so that a reader can ask for what came since it last looked.

/** A ring of rows. */
export class RowRing<Row> {
  readonly #rows: (Row | undefined)[];
  #count = 0;

  constructor(size: number) {
    this.#rows = Array.from({ length: size }, () => undefined);
  }

  /** Rows that were ever added. */
  get count(): number {
    return this.#count;
  }

  add(row: Row): void {
    this.#rows[this.#count % this.#rows.length] = row;
    this.#count += 1;
  }

  /** Rows behind the first `count` ones that are still here, oldest first. */
  after(count: number): Row[] {
    const found: Row[] = [];
    for (let at = Math.max(0, count, this.#count - this.#rows.length); at < this.#count; at += 1) {
      found.push(this.#rows[at % this.#rows.length] as Row);
    }
    return found;
  }
}
