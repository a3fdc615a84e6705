// What is fuzzed: a law and the inputs it must hold for. Inputs are JSON values, so that a case that was found once is kept as a fixture.
import { readFileSync } from "node:fs";
import * as fc from "fast-check";

/** A law as it is written. `Input` is a JSON value: bytes are written as Latin-1 text. */
export interface Law<Input> {
  /** Kebab-case; the name on the command line and of the fixture file. */
  readonly name: string;
  /** One sentence that is true of every input. */
  readonly says: string;
  /** How many times fewer cases it gets than the cheapest ones. */
  readonly cost: number;
  readonly input: fc.Arbitrary<Input>;
  /** Throws when the law is broken. */
  readonly check: (input: Input) => void | Promise<void>;
}

/** A law that can be run without knowing its inputs. */
export interface FuzzTarget {
  readonly name: string;
  readonly says: string;
  readonly cost: number;
  /** Runs so many cases of a seed. Null when the law held, else what broke it. */
  run(runs: number, seed: number): Promise<Broken | null>;
  /** Runs the inputs that were found before; each throws when it breaks the law again. */
  replay(): Promise<number>;
}

/** A case that broke a law, shrunk. */
export interface Broken {
  /** JSON text of the input. */
  readonly input: string;
  readonly because: string;
}

/** Makes a target of a law. */
export function target<Input>({ check, input, ...told }: Law<Input>): FuzzTarget {
  const property = fc.asyncProperty(input, async (each) => check(each));
  return {
    ...told,
    run: async (numRuns, seed) => {
      const { failed, counterexample, errorInstance } = await fc.check(property, { numRuns, seed });
      if (!failed) return null;
      const because = errorInstance instanceof Error ? (errorInstance.stack ?? errorInstance.message) : "a hang";
      return { input: JSON.stringify(counterexample?.[0]), because };
    },
    replay: async () => {
      const found = foundBefore(told.name);
      for (const each of found) await check(each as Input);
      return found.length;
    },
  };
}

/** Inputs of `test/fixtures/fuzz/<name>.json`, each a case that broke the law once. */
function foundBefore(name: string): readonly unknown[] {
  const file = new URL(`../fixtures/fuzz/${name}.json`, import.meta.url);
  try {
    return JSON.parse(readFileSync(file, "utf8")) as unknown[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
