// What reading a config gives: the whole of it, or everything that is wrong with it.
import type { Complaint } from "./complaint.ts";
import type { EnvReference } from "./substitute.ts";
import type { Environment } from "./environment.ts";
import type { Positions } from "./positions.ts";
import type { Config } from "./schema/root.ts";

/** A config that may be compiled. */
export interface ReadConfig {
  readonly ok: true;
  /** Defaults applied. */
  readonly config: Config;
  /** As written, after includes and substitution, without defaults: tells whether a key was written at all. */
  readonly written: unknown;
  readonly positions: Positions;
  /** The real environment, `.env` files and the config's own `env`, in that order of precedence. */
  readonly env: Environment;
  readonly warnings: readonly Complaint[];
  /** Every `${VAR}` that was written, set or not. */
  readonly references: readonly EnvReference[];
  /** Those that are not set, without the parts that are OpenClaw's alone; the text still holds `${VAR}`. Whether that is an error is decided where the key is used. */
  readonly unresolved: readonly EnvReference[];
  /** Places of the parts that are OpenClaw's alone: what stands there is neither looked up nor known to be no secret. */
  readonly foreign: ReadonlySet<string>;
  /** Every file that was read, the config first; `.env` files are not among them. */
  readonly files: readonly string[];
  /** First twelve hex digits of a SHA-256 over the contents of `files`. */
  readonly revision: string;
}

/** A config that may not be used, and why. */
export interface UnreadableConfig {
  readonly ok: false;
  /** At least one error; warnings, too. */
  readonly complaints: readonly Complaint[];
  readonly files: readonly string[];
}

/** What reading a config gives. */
export type ReadResult = ReadConfig | UnreadableConfig;
