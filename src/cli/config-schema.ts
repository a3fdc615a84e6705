// `openclaw-edge config schema`: the JSON Schema of the config file.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { configJsonSchema } from "../config/json-schema.ts";
import { type Command, EXIT } from "./command.ts";
import { readOptions } from "./options.ts";

const CHECKED_IN = "config/openclaw.schema.json";

/** Prints the schema, or writes the checked-in copy anew. */
export const configSchema: Command = {
  summary: "Print the JSON Schema of the config file; --write renews config/openclaw.schema.json here.",
  usage: "config schema [--write]",
  async run(args, terminal) {
    const given = readOptions(args, { write: { type: "boolean" } });
    const text = `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
    if (given.flag("write")) await writeFile(join(terminal.cwd, CHECKED_IN), text);
    else terminal.stdout.write(text);
    return EXIT.ok;
  },
};
