// TABLE: the commands. Each is one file, loaded only when called.
import { type Command, EXIT, type Terminal, UsageError } from "./command.ts";

const COMMANDS: Readonly<Record<string, () => Promise<Command>>> = {
  serve: async () => (await import("./serve.ts")).serve,
  reload: async () => (await import("./reload.ts")).reload,
  explain: async () => (await import("./explain.ts")).explain,
  "config validate": async () => (await import("./config-validate.ts")).configValidate,
  "config schema": async () => (await import("./config-schema.ts")).configSchema,
  version: async () => (await import("./version.ts")).version,
};

/** Other ways to say the same. */
const SYNONYMS: Readonly<Record<string, string>> = { "--version": "version", "-v": "version" };

/** Runs the command that the arguments name (`serve` when they name none) and gives its exit code. */
export async function runCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  if (argv.includes("--help") || argv.includes("-h") || argv[0] === "help") return help(terminal);
  const { name, args } = split(argv);
  const load = COMMANDS[name];
  if (load === undefined) {
    terminal.stderr.write(`openclaw-edge: unknown command '${name}'. Try 'openclaw-edge --help'.\n`);
    return EXIT.usage;
  }
  const command = await load();
  try {
    return await command.run(args, terminal);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    terminal.stderr.write(`openclaw-edge: ${error.message}\nusage: openclaw-edge ${command.usage}\n`);
    return EXIT.usage;
  }
}

/** The longest command name that the arguments start with; options alone mean `serve`. */
function split(argv: readonly string[]): { readonly name: string; readonly args: readonly string[] } {
  const [first = "", second = ""] = argv;
  const alone = SYNONYMS[first];
  if (alone !== undefined) return { name: alone, args: argv.slice(1) };
  if (first === "" || first.startsWith("-")) return { name: "serve", args: argv };
  const two = `${first} ${second}`;
  return two in COMMANDS ? { name: two, args: argv.slice(2) } : { name: first, args: argv.slice(1) };
}

async function help({ stdout }: Terminal): Promise<number> {
  const lines = [
    "openclaw-edge: an OpenAI-compatible front door for models, from an OpenClaw config",
    "",
    "usage: openclaw-edge [command] [options]",
    "",
  ];
  for (const load of Object.values(COMMANDS)) {
    const { usage, summary } = await load();
    lines.push(`  ${usage}`, `      ${summary}`);
  }
  stdout.write(`${lines.join("\n")}\n`);
  return EXIT.ok;
}
