// `openclaw-edge models list`: what is configured, without asking any provider. Keys, columns and flags are OpenClaw's.
import { type Command, EXIT } from "./command.ts";
import { CONFIG_OPTION, loadOrTell } from "./load.ts";
import { type ModelRow, modelRows } from "./model-rows.ts";
import { JSON_OPTION, PLAIN_OPTION } from "./options.ts";
import { paintFor } from "./paint.ts";
import { print } from "./print.ts";

const TOKENS_PER_K = 1024;
const HEAD = ["Model", "Input", "Ctx", "Local", "Auth", "Tags"];

/** Prints the models; a provider is named by its id, never by a label. */
export const modelsList: Command = {
  operands: [],
  options: {
    ...CONFIG_OPTION,
    all: { type: "boolean", about: "Models of built-in providers, too." },
    local: { type: "boolean", about: "Only those on this machine or its network." },
    provider: { type: "string", value: "ID", about: "Only those of one provider." },
    ...PLAIN_OPTION,
    ...JSON_OPTION,
  },
  async run(given, terminal) {
    const provider = given.text("provider");
    if (provider !== null && /\s/.test(provider.trim())) {
      terminal.stderr.write(`openclaw-edge: --provider takes an id such as "openai", not the label "${provider}"\n`);
      return EXIT.failed;
    }
    const loaded = await loadOrTell(given, terminal);
    if (loaded === null) return EXIT.config;
    const models = modelRows(loaded, { all: given.flag("all"), local: given.flag("local"), provider });
    await print({ count: models.length, models }, { given, terminal }, async () => {
      if (given.flag("plain")) return models.map(({ key }) => `${key}\n`).join("");
      if (models.length === 0) return "No models found.\n";
      const { table } = await import("./table.ts");
      return table(HEAD, models.map(cellsOf), paintFor(terminal, "stdout"));
    });
    return EXIT.ok;
  },
};

function cellsOf(row: ModelRow): string[] {
  const { key, input, contextWindow, contextTokens = contextWindow, local, available, tags } = row;
  const context =
    contextTokens === contextWindow ? tokens(contextWindow) : `${tokens(contextTokens)}/${tokens(contextWindow)}`;
  return [key, input, context, yesNo(local), yesNo(available), tags.join(",")];
}

function yesNo(value: boolean): string {
  return value ? "yes" : "no";
}

function tokens(count: number | null): string {
  if (count === null) return "-";
  return count < TOKENS_PER_K ? String(count) : `${Math.round(count / TOKENS_PER_K)}k`;
}
