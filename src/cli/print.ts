// The one way from a command's document to stdout: as JSON, or as text for people. Everything else goes to stderr.
import type { Terminal } from "./command.ts";
import type { Given } from "./options.ts";

/** Writes the document with `--json`, else its text. */
export async function print<T>(
  document: T,
  { given, terminal }: { readonly given: Given; readonly terminal: Terminal },
  text: (document: T) => string | Promise<string>,
): Promise<void> {
  terminal.stdout.write(given.flag("json") ? `${JSON.stringify(document, null, 2)}\n` : await text(document));
}

/** Why there is no document: for people on stderr, and with `--json` as the one document that a program expects. */
export function printFault(
  error: string,
  { given, terminal }: { readonly given: Given; readonly terminal: Terminal },
): void {
  terminal.stderr.write(`openclaw-edge: ${error}\n`);
  if (given.flag("json")) terminal.stdout.write(`${JSON.stringify({ error }, null, 2)}\n`);
}
