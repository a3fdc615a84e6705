// `openclaw-edge config validate`: the list that `serve` would print, without serving.
import { type Complaint, hasErrors, renderComplaints } from "../config/complaint.ts";
import { type Command, EXIT } from "./command.ts";
import { load, LOAD_OPTIONS } from "./load.ts";
import { JSON_OPTION } from "./options.ts";

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
    const valid = !hasErrors(complaints) && !(given.flag("strict") && complaints.length > 0);
    if (given.flag("json")) {
      terminal.stdout.write(`${JSON.stringify({ valid, ...documentOf(loaded.source, complaints) }, null, 2)}\n`);
    } else {
      if (complaints.length > 0) terminal.stderr.write(`${renderComplaints(complaints)}\n`);
      if (valid) terminal.stdout.write(`${loaded.source}: valid\n`);
    }
    return valid ? EXIT.ok : EXIT.failed;
  },
};

function documentOf(source: string, complaints: readonly Complaint[]): object {
  return {
    source,
    errors: complaints.filter(({ severity }) => severity === "error"),
    warnings: complaints.filter(({ severity }) => severity === "warning"),
  };
}
