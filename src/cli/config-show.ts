// `openclaw-edge config show`: the config as it counts, without its secrets.
import type { Loaded } from "../config/load-snapshot.ts";
import type { ReadConfig } from "../config/read-result.ts";
import { shownConfig } from "../config/shown.ts";
import { type Command, EXIT } from "./command.ts";
import { CONFIG_OPTION, loadOrTell } from "./load.ts";
import { JSON_OPTION } from "./options.ts";
import { say } from "./print.ts";

/** With what depends on the machine and not on the file. */
function effectiveOf({ read, snapshot }: Loaded): ReadConfig {
  const { config, ...rest } = read.reveal();
  const limits = { ...config.edge.limits, bytesInFlight: snapshot.limits.bytesInFlight };
  return { ...rest, config: { ...config, edge: { ...config.edge, limits } } };
}

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
    const shown = shownConfig(effectiveOf(loaded), loaded.snapshot.secrets.reveal());
    await say(`${JSON.stringify(shown, null, 2)}\n`, terminal);
    return EXIT.ok;
  },
};
