// `openclaw-edge models aliases list`, as OpenClaw prints it.
import { type Command, EXIT } from "./command.ts";
import { CONFIG_OPTION, loadOrTell } from "./load.ts";
import { JSON_OPTION, PLAIN_OPTION } from "./options.ts";
import { print } from "./print.ts";

/** Prints the aliases of the model list. */
export const modelsAliases: Command = {
  operands: [],
  options: { ...CONFIG_OPTION, ...PLAIN_OPTION, ...JSON_OPTION },
  async run(given, terminal) {
    const loaded = await loadOrTell(given, terminal);
    if (loaded === null) return EXIT.config;
    const aliases = [...loaded.snapshot.aliasNames].map(([alias, { id }]) => [alias, id] as const);
    await print({ aliases: Object.fromEntries(aliases) }, { given, terminal }, () => {
      if (given.flag("plain")) return aliases.map(([alias, ref]) => `${alias} ${ref}\n`).join("");
      const lines = aliases.map(([alias, ref]) => `- ${alias} -> ${ref}\n`);
      return [`Aliases (${aliases.length}):\n`, ...(lines.length === 0 ? ["- none\n"] : lines)].join("");
    });
    return EXIT.ok;
  },
};
