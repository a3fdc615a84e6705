// Help, and what a wrong command line should have been: drawn by commander from the same tables that a right one is read with.
import { Command as Program, CommanderError, Help } from "commander";
import type { Command } from "./command.ts";
import type { Paint } from "./paint.ts";

const NAME = "openclaw-edge";
const ABOUT = "An OpenAI-compatible front door for models, from an OpenClaw config.";
const COLUMNS_MIN = 60;
const COLUMNS_MAX = 120;

/** How help is drawn. */
export interface HelpStyle {
  /** Of the terminal; undefined when it is none. */
  readonly columns: number | undefined;
  readonly paint: Paint;
}

/** A command with its name and one line about it. */
export interface Named {
  readonly name: string;
  readonly summary: string;
  readonly command: Command;
}

/** All commands, one line each. */
export function overview(rows: readonly Omit<Named, "command">[], style: HelpStyle): string {
  const program = new Program(NAME).description(ABOUT).usage("[command] [options]").helpOption(false);
  program.helpCommand(false);
  for (const { name, summary } of rows) program.addCommand(new Program(name).description(summary).helpOption(false));
  const more = `\n'${NAME} <command> --help' tells the options of one. Without a command: serve.\n--no-color, or NO_COLOR: no colours. -v, --version: the version.\n`;
  return drawn(program, style) + more;
}

/** One command with its options. */
export function commandHelp(named: Named, style: HelpStyle): string {
  return drawn(programOf(named), style);
}

/** `usage: …` of one command. */
export function usageLine(named: Named): string {
  return `usage: ${new Help().commandUsage(programOf(named))}   (--help tells more)`;
}

/** What commander says about options that were refused, with the one that was probably meant; null when it is not about them. */
export function correction(named: Named, args: readonly string[]): string | null {
  const program = programOf(named).allowExcessArguments(true);
  for (const operand of program.registeredArguments) operand.required = false;
  return complaintOf(program, args);
}

/** What it says about a command that does not exist. */
export function unknownCommand(words: readonly string[], names: readonly string[]): string {
  const root = silent(new Program(NAME));
  for (const name of names) {
    const parts = name.split(" ");
    let at = root;
    for (const part of parts) at = at.commands.find((each) => each.name() === part) ?? silent(at.command(part));
  }
  return complaintOf(root, words) ?? `unknown command '${words.join(" ")}'`;
}

function programOf({ name, summary, command }: Named): Program {
  const program = silent(new Program(`${NAME} ${name}`)).description(summary);
  program.helpOption("-h, --help", "Print this.").allowExcessArguments(false);
  for (const operand of command.operands) program.argument(operand);
  for (const [long, { short, value, about }] of Object.entries(command.options)) {
    const flags = `${short === undefined ? "" : `-${short}, `}--${long}${value === undefined ? "" : ` <${value}>`}`;
    program.option(flags, about);
  }
  return program;
}

/** Throws instead of ending the process, and writes nothing. */
function silent(program: Program): Program {
  return program.exitOverride().configureOutput({ writeErr: () => undefined, writeOut: () => undefined });
}

function complaintOf(program: Program, args: readonly string[]): string | null {
  try {
    program.parse([...args], { from: "user" });
    return null;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    const text = error.message.replace(/^error: /, "").replaceAll("\n", " ");
    return text === "" || text.startsWith("(") ? null : text;
  }
}

function drawn(program: Program, { columns, paint }: HelpStyle): string {
  const helpWidth = Math.min(Math.max(columns ?? COLUMNS_MAX, COLUMNS_MIN), COLUMNS_MAX);
  program.configureHelp({ helpWidth, styleTitle: paint.bold });
  program.configureOutput({ getOutHasColors: () => true });
  return program.helpInformation();
}
