// From the words of a command line to the command that they name; help, and what to say when they name none.
import { type Command, EXIT, type Terminal, UnsaidError, UsageError } from "./command.ts";
import { COMMANDS, type CommandName, SYNONYMS } from "./commands.ts";
import { WORKER_WORD } from "./cluster/worker-word.ts";
import { readOptions } from "./options.ts";

const HELP_WORDS = new Set(["--help", "-h"]);
const WORDS_MAX = 3;

/** A command line taken apart. */
interface Line {
  /** Null when no command has this name. */
  readonly name: CommandName | null;
  readonly args: readonly string[];
}

/** Runs the command that the arguments name (`serve` when they name none) and gives its exit code. */
export async function runCommand(argv: readonly string[], terminal: Terminal): Promise<number> {
  const plain = argv.includes("--no-color");
  const words = plain ? argv.filter((word) => word !== "--no-color") : argv;
  try {
    return await runWords(words, plain ? { ...terminal, env: { ...terminal.env, NO_COLOR: "1" } } : terminal);
  } catch (error) {
    if (!(error instanceof UnsaidError)) throw error;
    terminal.stderr.write(`openclaw-edge: ${error.message}\n`);
    return EXIT.failed;
  }
}

async function runWords(words: readonly string[], terminal: Terminal): Promise<number> {
  // No command for people: `serve` starts its workers with it.
  if (words[0] === WORKER_WORD && process.send !== undefined) {
    const { work } = await import("./cluster/worker.ts");
    return work(terminal);
  }
  const asksHelp = words[0] === "help" || words.some((word) => HELP_WORDS.has(word));
  const { name, args } = split(words[0] === "help" ? words.slice(1) : words);
  if (asksHelp) return help(name, words, terminal);
  if (name === null) return unknown(words, terminal);
  const command = await COMMANDS[name].load();
  try {
    return await command.run(readGiven(command, args), terminal);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return misused({ name, args, command }, error, terminal);
  }
}

/** The longest command name that the words start with; options alone mean `serve`. */
function split(words: readonly string[]): Line {
  const [first = ""] = words;
  const alone = SYNONYMS.get(first);
  if (alone === undefined && (first === "" || first.startsWith("-"))) return { name: "serve", args: words };
  for (let count = WORDS_MAX; count > 0; count -= 1) {
    const name = words.slice(0, count).join(" ");
    const found = Object.hasOwn(COMMANDS, name) ? (name as CommandName) : SYNONYMS.get(name);
    if (found !== undefined && !isGroup(name, words[count])) return { name: found, args: words.slice(count) };
  }
  return { name: null, args: words };
}

/** `gateway restart` is not `gateway` with an operand: there are other commands behind that word. */
function isGroup(name: string, next: string | undefined): boolean {
  if (next === undefined || next.startsWith("-")) return false;
  return [...SYNONYMS.keys()].some((each) => each.startsWith(`${name} `));
}

/** Options and operands, as many as the command takes. Throws UsageError. */
function readGiven({ options, operands }: Command, args: readonly string[]) {
  const given = readOptions(args, options);
  const { positionals } = given;
  const lacking = operands.find((operand, at) => operand.startsWith("<") && positionals[at] === undefined);
  if (lacking !== undefined) throw new UsageError(`${lacking} is missing`);
  if (positionals.length > operands.length) throw new UsageError(`unexpected '${positionals[operands.length]}'`);
  return given;
}

async function help(name: CommandName | null, words: readonly string[], terminal: Terminal): Promise<number> {
  const [{ commandHelp, overview }, { paintFor }, { say }] = await Promise.all([
    import("./help.ts"),
    import("./paint.ts"),
    import("./print.ts"),
  ]);
  const style = { columns: terminal.stdout.columns, paint: paintFor(terminal, "stdout") };
  const isNamed = words.some((word) => isWord(word) && word !== "help");
  const group = groupOf(words);
  if (isNamed && name === null && group.length === 0) return unknown(words, terminal);
  const rows = Object.entries(COMMANDS).map(([each, { summary }]) => ({ name: each, summary }));
  if (name === null) {
    await say(overview(isNamed ? rows.filter((row) => group.includes(row.name)) : rows, style), terminal);
  } else if (!isNamed) await say(overview(rows, style), terminal);
  else {
    const { summary, load } = COMMANDS[name];
    await say(commandHelp({ name, summary, command: await load() }, style), terminal);
  }
  return EXIT.ok;
}

/** The commands that begin with these words and have one more: `models` alone is none. */
function groupOf(words: readonly string[]): readonly string[] {
  const said = words.slice(words[0] === "help" ? 1 : 0).filter(isWord);
  return said.length === 0 ? [] : Object.keys(COMMANDS).filter((each) => each.startsWith(`${said.join(" ")} `));
}

async function unknown(words: readonly string[], { stderr }: Terminal): Promise<number> {
  const group = groupOf(words);
  if (group.length > 0) {
    const said = words.filter(isWord).join(" ");
    stderr.write(`openclaw-edge: '${said}' is the beginning of ${group.map((each) => `'${each}'`).join(", ")}\n`);
    stderr.write(`Try 'openclaw-edge ${said} --help'.\n`);
    return EXIT.usage;
  }
  const { OUT_OF_SCOPE } = await import("./out-of-scope.ts");
  const row = OUT_OF_SCOPE.find(({ pattern }) => pattern.test(words.join(" ")));
  const { unknownCommand } = await import("./help.ts");
  const names = [...Object.keys(COMMANDS), ...SYNONYMS.keys()].filter(isWord);
  const why = row?.instead ?? unknownCommand(words.filter(isWord), names);
  stderr.write(`openclaw-edge: ${why}\n${row === undefined ? "Try 'openclaw-edge --help'.\n" : ""}`);
  return EXIT.usage;
}

function isWord(text: string): boolean {
  return !text.startsWith("-");
}

/** A command that was called in a wrong way. */
interface Misuse {
  readonly name: CommandName;
  readonly args: readonly string[];
  readonly command: Command;
}

async function misused({ name, args, command }: Misuse, error: UsageError, { stderr }: Terminal): Promise<number> {
  const { correction, usageLine } = await import("./help.ts");
  const named = { name, summary: COMMANDS[name].summary, command };
  stderr.write(`openclaw-edge: ${correction(named, args) ?? error.message}\n${usageLine(named)}\n`);
  return EXIT.usage;
}
