// Where each key of the config was written: the index from key path to file, line and column.
import type { KeyPath } from "./key-path.ts";

/** A place in a file. Lines and columns count from 1. */
export interface Position {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

// A character that no JSON5 file can hold unescaped keeps `["a", "b"]` and `["a.b"]` apart.
const indexKey = (path: KeyPath): string => path.join("\u0000");

/** Key paths to positions, over all included files. */
export class Positions {
  readonly #byPath: Map<string, Position>;

  constructor() {
    this.#byPath = new Map();
  }

  /** Notes where a key was written. */
  set(path: KeyPath, position: Position): void {
    this.#byPath.set(indexKey(path), position);
  }

  /** Where the key was written, or the nearest written key around it; null for a config that came from no file. */
  at(path: KeyPath): Position | null {
    for (let length = path.length; length >= 0; length -= 1) {
      const position = this.#byPath.get(indexKey(path.slice(0, length)));
      if (position !== undefined) return position;
    }
    return null;
  }
}
