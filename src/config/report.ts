// How the parts of the compiler say what is wrong: they add to one list, and know no files or lines.
import type { Grievance } from "./complaint.ts";

/** Takes one grievance; the list's owner finds its place. */
export type Report = (grievance: Grievance) => void;
