// The last so many records with their numbers, so that a reader can ask for what came since it last looked. What is kept is what was told;
// it becomes a row when somebody asks, since most records are never looked at.

/** A ring of records that are read as rows. */
export class RowRing<Kept, Row> {
  readonly #kept: (Kept | undefined)[];
  readonly #rowOf: (kept: Kept) => Row;
  #count = 0;

  constructor(size: number, rowOf: (kept: Kept) => Row) {
    this.#kept = Array.from({ length: size }, () => undefined);
    this.#rowOf = rowOf;
  }

  /** Records that were ever added. */
  get count(): number {
    return this.#count;
  }

  /** What the next record takes the place of: whoever adds may write over it. */
  get leaving(): Kept | undefined {
    return this.#kept[this.#count % this.#kept.length];
  }

  add(kept: Kept): void {
    this.#kept[this.#count % this.#kept.length] = kept;
    this.#count += 1;
  }

  /** Rows behind the first `count` ones that are still here, oldest first. */
  after(count: number): Row[] {
    const found: Row[] = [];
    for (let at = Math.max(0, count, this.#count - this.#kept.length); at < this.#count; at += 1) {
      found.push(this.#rowOf(this.#kept[at % this.#kept.length] as Kept));
    }
    return found;
  }
}
