// How far a command is, for people: a bar on a terminal, else one line at the start. On stderr, so that stdout stays the result's.
import type { Terminal } from "./command.ts";
import { isWatched } from "./paint.ts";

/** Work of a known number of steps. */
export interface Progress {
  /** One step is done. */
  step(what: string): void;
  /** All is done; the words stay on the screen. */
  end(words: string): void;
}

const INTERRUPTED = 130;

/** Begins to show it. */
export async function progress(terminal: Terminal, words: string, steps: number): Promise<Progress> {
  const { stderr, env } = terminal;
  if (!isWatched(terminal, "stderr") || env["TERM"] === "dumb") {
    stderr.write(`${words}\n`);
    return { step: () => undefined, end: () => undefined };
  }
  const clack = await import("@clack/prompts");
  const bar = clack.progress({
    output: stderr,
    max: steps,
    withGuide: false,
    onCancel: () => process.exit(INTERRUPTED),
  });
  bar.start(words);
  return { step: (what) => bar.advance(1, what), end: (last) => bar.stop(last) };
}
