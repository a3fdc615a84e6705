// `openclaw-edge config show`: the config as it counts, without its secrets.
import { shownConfig } from "../config/shown.ts";
import { type Command, EXIT } from "./command.ts";
import { CONFIG_OPTION, loadOrTell } from "./load.ts";
import { JSON_OPTION } from "./options.ts";
import { say } from "./print.ts";

/** Prints the effective config; what it prints can be validated again. */
export const configShow: Command = {
  operands: ["[file]"],
  options: { ...CONFIG_OPTION, ...JSON_OPTION },
  async run(given, terminal) {
    const file = given.positionals[0] ?? given.text("config");
    const loaded = await loadOrTell(
      { ...given, text: (name) => (name === "config" ? file : given.text(name)) },
      terminal,
    );
    if (loaded === null) return EXIT.config;
    const shown = shownConfig(loaded.read.reveal(), loaded.snapshot.secrets.reveal());
    await say(`${JSON.stringify(shown, null, 2)}\n`, terminal);
    return EXIT.ok;
  },
};
