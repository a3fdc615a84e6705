// How the parts of the compiler say what is wrong: they add to one list, and know no files or lines.
import { complain, complainAt, type Complaint, type Grievance } from "./complaint.ts";
import type { Positions } from "./positions.ts";

/** A grievance about a key, or about what was said outside the file. */
export interface Said extends Grievance {
  /** An option or environment variable, such as `--bind`; then no line of the file is to blame. */
  readonly source?: string;
}

/** Takes one grievance; the list's owner finds its place. */
export type Report = (said: Said) => void;

/** The complaint, with its place. */
export function placed(said: Said, positions: Positions): Complaint {
  const { source } = said;
  return source === undefined ? complain(positions, said) : { ...complainAt(null, said), path: source };
}
