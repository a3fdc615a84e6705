// The one way from a command's document to stdout: as JSON, or as text for people. Everything else goes to stderr.
import { type Terminal, UnsaidError } from "./command.ts";
import type { Given } from "./options.ts";

/** Who asked, and where the answer goes. */
export interface Asking {
  readonly given: Given;
  readonly terminal: Pick<Terminal, "stdout" | "stderr">;
}

/** Writes the document with `--json`, else its text. Throws UnsaidError. */
export async function print<T>(
  document: T,
  { given, terminal }: Asking,
  text: (document: T) => string | Promise<string>,
): Promise<void> {
  await say(given.flag("json") ? `${JSON.stringify(document, null, 2)}\n` : await text(document), terminal);
}

/** Why there is no document: for people on stderr, and with `--json` as the one document that a program expects. Throws UnsaidError. */
export async function printFault(error: string, { given, terminal }: Asking): Promise<void> {
  terminal.stderr.write(`openclaw-edge: ${error}\n`);
  if (given.flag("json")) await say(`${JSON.stringify({ error }, null, 2)}\n`, terminal);
}

/**
 * Writes to stdout, and waits until it was taken: a pipe takes 64 KiB at once, and a process that ends before its reader has come for the
 * rest loses it. Throws UnsaidError; a reader that has gone, as `head` does, has had what it wanted.
 */
export function say(text: string, { stdout }: Pick<Terminal, "stdout">): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  // It follows the answer of `write`; unheard, it would be an exception.
  stdout.once("error", () => undefined);
  stdout.write(text, (error?: NodeJS.ErrnoException | null) => {
    const fault = error === undefined || error === null ? null : unsaid(error);
    if (fault === null) resolve();
    else reject(fault);
  });
  return promise;
}

/** What a failed write means; null for a reader that has gone. */
export function unsaid({ code, message }: NodeJS.ErrnoException): UnsaidError | null {
  return code === "EPIPE" ? null : new UnsaidError(`stdout cannot be written (${code ?? message})`);
}
