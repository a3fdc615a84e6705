// Bytes on their way to be one buffer. Small pieces are copied together: a sender of single bytes costs their bytes and not an object each.

/** Pieces from this size on are kept as they are. */
const LARGE_BYTES = 4096;
const BLOCK_BYTES = 8192;

/** Gathers pieces; `take` gives them as one and starts anew. */
export class Gathering {
  #parts: Buffer[] = [];
  #block: Buffer | null = null;
  #used = 0;
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  push(piece: Buffer): void {
    this.#bytes += piece.length;
    if (piece.length >= LARGE_BYTES || this.#bytes === piece.length) {
      this.#seal();
      this.#parts.push(piece);
      return;
    }
    if (this.#block === null || this.#used + piece.length > BLOCK_BYTES) {
      this.#seal();
      this.#block = Buffer.allocUnsafe(BLOCK_BYTES);
    }
    this.#used += piece.copy(this.#block, this.#used);
  }

  /** All that was gathered; one piece is given as it is. */
  take(): Buffer {
    this.#seal();
    const parts = this.#parts;
    this.#parts = [];
    this.#bytes = 0;
    return parts.length === 1 ? (parts[0] as Buffer) : Buffer.concat(parts);
  }

  #seal(): void {
    if (this.#block !== null) this.#parts.push(this.#block.subarray(0, this.#used));
    this.#block = null;
    this.#used = 0;
  }
}
