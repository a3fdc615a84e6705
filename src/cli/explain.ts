// `openclaw-edge explain`: what a request would try, without sending it. The plan is the corridor's own; what cools is asked of the
// gateway that runs with this config, if one does.
import { isFailure } from "../core/failure.ts";
import { askedOf, planOf } from "./asked.ts";
import { type Command, EXIT } from "./command.ts";
import { explained, explainedFailure } from "./explained.ts";
import { failureText, planText } from "./explain-text.ts";
import { gatewayHealth } from "./gateway-health.ts";
import { loadOrTell, LOAD_OPTIONS } from "./load.ts";
import { JSON_OPTION } from "./options.ts";
import { print } from "./print.ts";

/** Explains one request; exit code 1 when it would be refused. */
export const explain: Command = {
  operands: ["[model]"],
  options: {
    ...LOAD_OPTIONS,
    operation: {
      type: "string",
      value: "NAME",
      about: "chat (default), responses, messages, count-tokens or embeddings.",
    },
    stream: { type: "boolean", about: "As a stream." },
    header: {
      type: "string",
      multiple: true,
      value: "NAME=VALUE",
      about: "A request header that steers; may be repeated.",
    },
    body: { type: "string", value: "FILE", about: "A whole request, so that images and tools count." },
    ...JSON_OPTION,
  },
  async run(given, terminal) {
    const asked = await askedOf(given, terminal.cwd);
    const loaded = await loadOrTell(given, terminal);
    if (loaded === null) return EXIT.config;
    const made = planOf(asked, loaded.snapshot);
    if (isFailure(made)) {
      await print(explainedFailure(asked, loaded, made), { given, terminal }, failureText);
      return EXIT.failed;
    }
    const { health, note } = await gatewayHealth(loaded);
    await print(explained(made, loaded, health), { given, terminal }, (document) => planText(document, note));
    return EXIT.ok;
  },
};
