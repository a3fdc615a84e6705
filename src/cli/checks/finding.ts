// What a check of `doctor` finds: a verdict, a line, and what to do.
import type { Loaded, LoadResult } from "../../config/load-snapshot.ts";
import type { Terminal } from "../command.ts";

/** How bad it is: `fail` keeps requests from being answered, `warn` will one day. */
export type Verdict = "ok" | "warn" | "fail";

/** One line of the report. Holds no secret. */
export interface Finding {
  readonly check: string;
  readonly verdict: Verdict;
  readonly message: string;
  /** Null where there is nothing to do. */
  readonly fix: string | null;
}

/** What checks look at. */
export interface Patient {
  readonly terminal: Terminal;
  /** The configuration, when it can run. */
  readonly loaded: Loaded | null;
  readonly result: LoadResult;
  /** False: nothing beyond this machine is asked. */
  readonly online: boolean;
}

/** One check; gives nothing where there is nothing to look at. */
export type Check = (patient: Patient) => Promise<readonly Finding[]>;

/** All is well. */
export function ok(check: string, message: string): Finding {
  return { check, verdict: "ok", message, fix: null };
}

/** Something to look after. */
export function warn(check: string, message: string, fix: string): Finding {
  return { check, verdict: "warn", message, fix };
}

/** Something that keeps requests from being answered. */
export function fail(check: string, message: string, fix: string): Finding {
  return { check, verdict: "fail", message, fix };
}
