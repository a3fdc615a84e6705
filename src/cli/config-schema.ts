// `openclaw-edge config schema`: the JSON Schema of the config file.
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { configJsonSchema } from "../config/json-schema.ts";
import { type Command, EXIT, type Terminal } from "./command.ts";
import { say } from "./print.ts";

const CHECKED_IN = "config/openclaw.schema.json";

/** Prints the schema, or writes the checked-in copy anew. */
export const configSchema: Command = {
  operands: [],
  options: {
    write: { type: "boolean", about: `Renew ${CHECKED_IN} in this folder instead.` },
    json: { type: "boolean", about: "It is JSON anyway." },
  },
  async run(given, terminal) {
    const text = `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
    if (given.flag("write")) return renew(text, terminal);
    await say(text, terminal);
    return EXIT.ok;
  },
};

async function renew(text: string, { cwd, stderr }: Terminal): Promise<number> {
  try {
    await writeFile(join(cwd, CHECKED_IN), text);
    return EXIT.ok;
  } catch (error) {
    stderr.write(`openclaw-edge: ${CHECKED_IN} cannot be written here (${(error as NodeJS.ErrnoException).code})\n`);
    return EXIT.failed;
  }
}
