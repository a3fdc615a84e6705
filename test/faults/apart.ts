// Processes of their own for rows about starting, files, signals and limits; whatever they write is searched for secrets.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { PassThrough } from "node:stream";
import { runCommand } from "../../src/cli/index.ts";
import { Child } from "../support/child.ts";
import { chainConfig } from "../support/edge-config.ts";
import { type Edge, type EdgeOptions, startEdge } from "../support/edge.ts";
import { PROGRAM } from "../support/program.ts";
import { within } from "../support/wait.ts";
import type { Bench } from "./bench.ts";
import { unless } from "./client.ts";
import { KEY_CANARY, PROMPT_CANARY } from "./names.ts";
import type { FlowRow, Measured } from "./row.ts";

/** How long a process may take to refuse to start, in milliseconds: many start at once. */
const REFUSAL_MS = 60_000;
/** The exit code of `config validate` for a file that cannot be served. */
const INVALID = 1;

/** A provider of the bench as the only one of a configuration; the actor's name is its model on the wire. */
export function actorConfig({ failing }: Bench, actor: string, more: object = {}): object {
  const url = failing.url;
  return chainConfig(
    { [actor]: { url, more: { apiKey: `${KEY_CANARY}-${actor}`, models: [{ id: actor }] } } },
    {
      agents: { defaults: { model: { primary: `${actor}/${actor}` } } },
      ...more,
    },
  );
}

/** What is said of a row that is played on a process of its own. */
export type ApartRow = Pick<FlowRow, "id" | "says" | "wants" | "slow">;

/** The row as the runner takes it. `onlyHere` says why no other gateway can be asked. */
export function apart(
  { id, says, wants, slow }: ApartRow,
  { onlyHere, play }: { readonly onlyHere: string; readonly play: FlowRow["play"] },
): FlowRow {
  return { id, says, wants, actors: [], apart: true, onlyHere, ...(slow && { slow }), play };
}

/** Starts the product for one row, plays with it and ends it. */
export async function withEdge(
  options: EdgeOptions,
  play: (edge: Edge) => Promise<readonly string[] | Measured>,
): Promise<readonly string[] | Measured> {
  const edge = await startEdge(options);
  try {
    const found = await play(edge);
    const leaks = leaksOf(edge.child.lines, edge.token);
    if (!("seen" in found)) return [...found, ...leaks];
    return { seen: found.seen, problems: [...found.problems, ...leaks] };
  } finally {
    await edge.stop("SIGKILL");
  }
}

/** Secrets and prompts in what a process wrote. The line for people who try it out shows the token on purpose. */
function leaksOf(lines: readonly string[], token: string): readonly string[] {
  const text = lines.filter((line) => !line.startsWith("try ")).join("\n");
  return [KEY_CANARY, PROMPT_CANARY, token]
    .filter((secret) => secret !== "" && text.includes(secret))
    .map((leak) => `${leak} was logged`);
}

/** How a start that must fail is asked for. */
export interface Attempt {
  /** The file's text; none where there shall be no file. */
  readonly config?: object | string;
  readonly env?: Readonly<Record<string, string>>;
  /** Behind `serve`; default the file and a free port. */
  readonly args?: readonly string[];
  /** In front of the program: flags of Node. */
  readonly node?: readonly string[];
  /** Further files of the folder, by name. */
  readonly files?: (folder: string) => void;
}

/** What a refusal has to be. */
export interface Refusal {
  readonly code: number;
  /** Texts that must be said. */
  readonly says: readonly (RegExp | string)[];
  readonly lacks?: readonly string[];
  /** True: nothing but this is said. */
  readonly oneLine?: true;
}

/** A start that must fail: its exit code, what it says and what it must not. */
export function refusesToStart(attempt: Attempt, refusal: Refusal): Promise<readonly string[]> {
  return inFolder(attempt, async (folder, file) => {
    const { env = {}, node = [], args = ["--config", file, "--port", "0"] } = attempt;
    const child = Child.start({
      args: [...node, resolve(PROGRAM), "serve", ...args],
      env: { PATH: process.env["PATH"] ?? "", ...homeOf(folder), ...env },
      cwd: folder,
    });
    const ended = await within(child.exited, "it to refuse", REFUSAL_MS).catch(() => null);
    if (ended === null) await child.stop("SIGKILL");
    return judgeRefusal({ code: ended, text: child.lines.join("\n") }, refusal);
  });
}

/** A file that must be refused: `config validate` says what `serve` would, and costs no process. */
export function refusesFile(attempt: Attempt, refusal: Omit<Refusal, "code">): Promise<readonly string[]> {
  return inFolder(attempt, async (folder, file) => {
    const [stdout, stderr] = [new PassThrough(), new PassThrough()];
    const code = await runCommand(["config", "validate", file], {
      env: { ...homeOf(folder), ...attempt.env },
      cwd: folder,
      home: folder,
      version: "0",
      program: "main.ts",
      stdout: stdout as unknown as NodeJS.WriteStream,
      stderr: stderr as unknown as NodeJS.WriteStream,
    });
    const text = `${String(stdout.read() ?? "")}${String(stderr.read() ?? "")}`;
    return judgeRefusal({ code, text }, { ...refusal, code: INVALID });
  });
}

function homeOf(folder: string): Record<string, string> {
  return { HOME: folder, OPENCLAW_STATE_DIR: folder, NO_COLOR: "1" };
}

async function inFolder<T>(attempt: Attempt, play: (folder: string, file: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "openclaw-edge-faults-"));
  const file = join(folder, "openclaw.json");
  const { config } = attempt;
  try {
    if (config !== undefined) writeFileSync(file, typeof config === "string" ? config : JSON.stringify(config));
    attempt.files?.(folder);
    return await play(folder, file);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Ended {
  /** Null for a process that had to be ended. */
  readonly code: number | null;
  readonly text: string;
}

function judgeRefusal(ended: Ended, { code, says, lacks = [], oneLine }: Refusal): readonly string[] {
  const { text } = ended;
  const lines = text.split("\n").filter((line) => line.trim() !== "").length;
  const said = (what: RegExp | string): boolean => (typeof what === "string" ? text.includes(what) : what.test(text));
  return [
    ...unless(
      ended.code === code,
      ended.code === null ? "it started" : `exit code ${ended.code}: ${text.slice(0, 300)}`,
    ),
    ...says.filter((what) => !said(what)).map((what) => `does not say ${String(what)}: ${text.slice(0, 300)}`),
    ...[...lacks, KEY_CANARY].filter((secret) => text.includes(secret)).map((leak) => `says ${leak}`),
    ...unless(!text.includes("\n    at "), "a stack is shown"),
    ...unless(oneLine !== true || lines === 1, `says it in ${lines} lines`),
  ];
}
