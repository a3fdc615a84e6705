// Options of the command line, strictly: an unknown option or a missing value is a usage error. Read by Node's own parser, so that
// a right command line loads no library; what a wrong one should have been is help.ts's to say.
import { parseArgs } from "node:util";
import { UsageError } from "./command.ts";

/** One option. */
export interface OptionRow {
  readonly type: "string" | "boolean";
  readonly short?: string;
  readonly multiple?: boolean;
  /** What stands for the value in the help text; absent for a switch. */
  readonly value?: string;
  /** One line for people. */
  readonly about: string;
}

/** Options by long name. */
export type OptionRows = Readonly<Record<string, OptionRow>>;

/** What was given: option values by name, and the rest. */
export interface Given {
  text(name: string): string | null;
  /** All values of an option that may be repeated. */
  list(name: string): readonly string[];
  flag(name: string): boolean;
  /** A number of at least `least`; `otherwise` when it was not given. Throws UsageError. */
  number(name: string, otherwise: number, least?: number): number;
  /** The same for what can be counted: no fractions. Throws UsageError. */
  count(name: string, otherwise: number, least?: number): number;
  readonly positionals: readonly string[];
}

/** The option that every command with a document of its own has. */
export const JSON_OPTION = {
  json: { type: "boolean", about: "Print one JSON document." },
} as const satisfies OptionRows;

/** The option of commands whose result is a list. */
export const PLAIN_OPTION = {
  plain: { type: "boolean", about: "One bare name a line, for scripts." },
} as const satisfies OptionRows;

/** Reads arguments against a table of options. Throws UsageError. */
export function readOptions(args: readonly string[], options: OptionRows): Given {
  const { values, positionals } = parsed(args, options);
  const text = (name: string): string | null => {
    const value = values[name];
    return typeof value === "string" ? value : null;
  };
  return {
    text,
    list: (name) => [values[name] ?? []].flat().filter((value) => typeof value === "string"),
    flag: (name) => values[name] === true,
    number(name, otherwise, least = 0) {
      const value = numberOf(text(name), otherwise);
      if (Number.isFinite(value) && value >= least) return value;
      throw new UsageError(`--${name} must be a number of at least ${least}`);
    },
    count(name, otherwise, least = 0) {
      const value = numberOf(text(name), otherwise);
      if (Number.isSafeInteger(value) && value >= least) return value;
      throw new UsageError(`--${name} must be a whole number of at least ${least}`);
    },
    positionals,
  };
}

/** NaN for what is none. */
function numberOf(written: string | null, otherwise: number): number {
  if (written === null) return otherwise;
  return written.trim() === "" ? Number.NaN : Number(written);
}

function parsed(args: readonly string[], options: OptionRows): ReturnType<typeof parseArgs> {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
}
