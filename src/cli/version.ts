// `openclaw-edge version`.
import { type Command, EXIT } from "./command.ts";

/** Prints the version. */
export const version: Command = {
  summary: "Print the version.",
  usage: "version",
  async run(_args, terminal) {
    terminal.stdout.write(`${terminal.version}\n`);
    return EXIT.ok;
  },
};
