// `openclaw-edge models fallbacks list`, as OpenClaw prints it.
import { type Command, EXIT } from "./command.ts";
import { CONFIG_OPTION, loadOrTell } from "./load.ts";
import { JSON_OPTION, PLAIN_OPTION } from "./options.ts";
import { print } from "./print.ts";
import { defaultAgentIn, nameOne } from "./usual-agent.ts";

/** Prints what the default agent falls back to, in order. */
export const modelsFallbacks: Command = {
  operands: [],
  options: { ...CONFIG_OPTION, ...PLAIN_OPTION, ...JSON_OPTION },
  async run(given, terminal) {
    const loaded = await loadOrTell(given, terminal);
    if (loaded === null) return EXIT.config;
    const agent = defaultAgentIn(loaded.snapshot);
    if (agent === null) {
      terminal.stderr.write(`openclaw-edge: ${nameOne(loaded.snapshot)}; see models status --agent\n`);
      return EXIT.failed;
    }
    const fallbacks = agent.chain.slice(1).map(({ id }) => id);
    await print({ fallbacks }, { given, terminal }, () => {
      if (given.flag("plain")) return fallbacks.map((ref) => `${ref}\n`).join("");
      const lines = fallbacks.map((ref) => `- ${ref}\n`);
      return [`Fallbacks (${fallbacks.length}):\n`, ...(lines.length === 0 ? ["- none\n"] : lines)].join("");
    });
    return EXIT.ok;
  },
};
