// What is said of a configuration that was checked, or that cannot be used.
import { type Complaint, hasErrors, renderComplaints } from "../config/complaint.ts";
import type { Terminal } from "./command.ts";
import { type Asking, say } from "./print.ts";

/** The document of `config validate --json`; warnings are errors where the caller is strict. */
export function verdict(source: string, complaints: readonly Complaint[], { strict = false } = {}) {
  return {
    valid: !hasErrors(complaints) && !(strict && complaints.length > 0),
    source,
    errors: complaints.filter(({ severity }) => severity === "error"),
    warnings: complaints.filter(({ severity }) => severity === "warning"),
  };
}

/** Why a command has no configuration: on stderr for people, and with `--json` as the one document that a program expects. Throws UnsaidError. */
export async function tellUnusable(
  { source, complaints }: { readonly source: string; readonly complaints: readonly Complaint[] },
  { given, terminal }: Asking,
): Promise<void> {
  await complain(complaints, terminal);
  if (given.flag("json")) await say(`${JSON.stringify(verdict(source, complaints), null, 2)}\n`, terminal);
}

/**
 * Writes complaints to stderr, and waits until they were taken: thousands are more than a pipe takes at once, and the command ends behind
 * them. A reader that does not want them is nobody to tell.
 */
export function complain(complaints: readonly Complaint[], { stderr }: Pick<Terminal, "stderr">): Promise<void> {
  if (complaints.length === 0) return Promise.resolve();
  return new Promise((resolve) => {
    stderr.write(`${renderComplaints(complaints)}\n`, () => resolve());
  });
}
