// `openclaw-edge config validate`: the list that `serve` would print, without serving.
import { type Command, EXIT } from "./command.ts";
import { load, LOAD_OPTIONS } from "./load.ts";
import { JSON_OPTION } from "./options.ts";
import { say } from "./print.ts";
import { complain, verdict } from "./verdict.ts";

/** Checks a config file; exit code 1 when it has an error. */
export const configValidate: Command = {
  operands: ["[file]"],
  options: {
    ...LOAD_OPTIONS,
    strict: { type: "boolean", about: "Warnings are errors." },
    ...JSON_OPTION,
  },
  async run(given, terminal) {
    const file = given.positionals[0] ?? given.text("config");
    const loaded = await load({ ...given, text: (name) => (name === "config" ? file : given.text(name)) }, terminal);
    const complaints = loaded.ok ? loaded.warnings : loaded.complaints;
    const document = verdict(loaded.source, complaints, { strict: given.flag("strict") });
    const { valid } = document;
    if (given.flag("json")) {
      await say(`${JSON.stringify(document, null, 2)}\n`, terminal);
    } else {
      await complain(complaints, terminal);
      if (valid) await say(`${loaded.source}: valid\n`, terminal);
    }
    return valid ? EXIT.ok : EXIT.failed;
  },
};
