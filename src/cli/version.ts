// `openclaw-edge version`.
import { type Command, EXIT } from "./command.ts";
import { JSON_OPTION } from "./options.ts";
import { print } from "./print.ts";

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
    await print(document, { given, terminal }, () => `${terminal.version}\n`);
    return EXIT.ok;
  },
};
