// `openclaw-edge config file`: where the config is, by the rules that every command finds it with.
import { access } from "node:fs/promises";
import { locateConfig } from "../config/locate.ts";
import { type Command, EXIT } from "./command.ts";
import { CONFIG_OPTION } from "./load.ts";
import { JSON_OPTION } from "./options.ts";
import { print } from "./print.ts";

/** Prints the path, whether a file lies there or not. */
export const configFile: Command = {
  operands: [],
  options: { ...CONFIG_OPTION, ...JSON_OPTION },
  async run(given, terminal) {
    const { env, cwd, home } = terminal;
    const { path, namedBy, stateDir } = locateConfig({ argument: given.text("config"), env, cwd, home });
    const exists = await access(path).then(
      () => true,
      () => false,
    );
    await print({ path, exists, namedBy, stateDir }, { given, terminal }, () => `${path}\n`);
    if (!exists)
      terminal.stderr.write(
        `openclaw-edge: nothing lies there yet${namedBy === null ? "; the embedded default serves" : ""}\n`,
      );
    return EXIT.ok;
  },
};
