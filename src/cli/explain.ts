// `openclaw-edge explain`: what a request would try, without sending it. The plan is the corridor's own; what cools is asked of the
// gateway that runs with this config, if one does.
import { renderComplaints } from "../config/complaint.ts";
import { isFailure } from "../core/failure.ts";
import { askedOf, planOf } from "./asked.ts";
import { type Command, EXIT } from "./command.ts";
import { explained, explainedFailure } from "./explained.ts";
import { failureText, planText } from "./explain-text.ts";
import { gatewayHealth } from "./gateway-health.ts";
import { load, LOAD_OPTIONS } from "./load.ts";
import { readOptions } from "./options.ts";

/** Explains one request; exit code 1 when it would be refused. */
export const explain: Command = {
  summary:
    "Print what a request would try, in which order, with which clocks and keys, and why the rest is passed over.",
  usage:
    "explain MODEL [--operation chat|responses|messages|count-tokens|embeddings] [--stream] [--header NAME=VALUE]… [--body FILE] [--json] [--config FILE]",
  async run(args, terminal) {
    const given = readOptions(args, {
      ...LOAD_OPTIONS,
      operation: { type: "string" },
      stream: { type: "boolean" },
      header: { type: "string", multiple: true },
      body: { type: "string" },
      json: { type: "boolean" },
    });
    const asked = await askedOf(given, terminal.cwd);
    const loaded = await load(given, terminal);
    if (!loaded.ok) {
      terminal.stderr.write(`${renderComplaints(loaded.complaints)}\n`);
      return EXIT.config;
    }
    const print = <T>(document: T, text: (document: T) => string): void => {
      terminal.stdout.write(given.flag("json") ? `${JSON.stringify(document, null, 2)}\n` : text(document));
    };
    const made = planOf(asked, loaded.snapshot);
    if (isFailure(made)) {
      print(explainedFailure(asked, loaded, made), failureText);
      return EXIT.failed;
    }
    const { health, note } = await gatewayHealth(loaded);
    print(explained(made, loaded, health), (document) => planText(document, note));
    return EXIT.ok;
  },
};
