// What is wrong with a config, as a value: all at once, each with its place. Never holds a secret.
import { formatKeyPath, type KeyPath } from "./key-path.ts";
import type { Position, Positions } from "./positions.ts";

/** One thing that is wrong or worth knowing. An error keeps the config from being used. */
export interface Complaint {
  readonly severity: "error" | "warning";
  /** A fixed word such as `unknown_key`. */
  readonly code: string;
  /** The key, as people write it; empty when the complaint is about the whole file. */
  readonly path: string;
  /** Null for a config that came from no file. */
  readonly file: string | null;
  readonly line: number | null;
  readonly column: number | null;
  readonly message: string;
  /** The key or value that was probably meant. */
  readonly suggestion: string | null;
}

/** What a complaint says, before its place is known. */
export interface Grievance {
  readonly severity?: Complaint["severity"];
  readonly code: string;
  readonly path: KeyPath;
  readonly message: string;
  readonly suggestion?: string | null;
}

/** A complaint about the key at `path`, placed by the index of what was written. */
export function complain(positions: Positions, grievance: Grievance): Complaint {
  return complainAt(positions.at(grievance.path), grievance);
}

/** A complaint about a place in a file, or about no file. */
export function complainAt(position: Position | null, grievance: Grievance): Complaint {
  return {
    severity: grievance.severity ?? "error",
    code: grievance.code,
    path: formatKeyPath(grievance.path),
    file: position?.file ?? null,
    line: position?.line ?? null,
    column: position?.column ?? null,
    message: grievance.message,
    suggestion: grievance.suggestion ?? null,
  };
}

/** True when one of them keeps the config from being used. */
export function hasErrors(complaints: readonly Complaint[]): boolean {
  return complaints.some((complaint) => complaint.severity === "error");
}

/** `file:line:column  path  message (did you mean "x"?)`, for people and for editors that jump to places. */
export function renderComplaint(complaint: Complaint): string {
  const { file, line, column, path, message, severity, suggestion } = complaint;
  const place = file === null ? "" : [file, line, column].filter((part) => part !== null).join(":");
  const said = severity === "warning" ? `warning: ${message}` : message;
  const hint = suggestion === null ? "" : ` (did you mean ${JSON.stringify(suggestion)}?)`;
  return [place, path, said + hint].filter((part) => part !== "").join("  ");
}

const rank = ({ severity }: Complaint): number => (severity === "error" ? 0 : 1);

/** Errors first, then as the files have them; what has no place comes last. */
export function inOrder(complaints: readonly Complaint[]): Complaint[] {
  const files = [...new Set(complaints.map((complaint) => complaint.file))];
  const file = (complaint: Complaint): number =>
    complaint.file === null ? files.length : files.indexOf(complaint.file);
  return complaints.toSorted(
    (a, b) =>
      rank(a) - rank(b) || file(a) - file(b) || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
  );
}

/** One line each, errors first. */
export function renderComplaints(complaints: readonly Complaint[]): string {
  return inOrder(complaints).map(renderComplaint).join("\n");
}
