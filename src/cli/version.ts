// `openclaw-edge version`.
import { type Command, EXIT } from "./command.ts";
import { JSON_OPTION } from "./options.ts";

/** Prints the version; as a document with the runtime's, for bug reports. */
export const version: Command = {
  operands: [],
  options: JSON_OPTION,
  async run(given, terminal) {
    const document = {
      version: terminal.version,
      node: process.versions.node,
      platform: process.platform,
      arch: process.arch,
    };
    terminal.stdout.write(given.flag("json") ? `${JSON.stringify(document, null, 2)}\n` : `${terminal.version}\n`);
    return EXIT.ok;
  },
};
