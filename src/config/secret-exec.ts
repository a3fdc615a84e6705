// Asks one program for secrets (OpenClaw §2.2): ids go in as JSON, values come out, all in bounded time and space. No shell, an
// environment of its own, and a process group of its own, so that what it started ends with it. Its stderr is nobody's to read.
import { type ChildProcess, spawn } from "node:child_process";
import { dirname } from "node:path";
import { Gathering } from "../core/gathering.ts";
import type { Environment } from "./environment.ts";
import type { SecretProviderConfig } from "./schema/secrets.ts";
import { judgeCommand } from "./secret-command.ts";

/** `secrets.providers.<alias>` of source `exec`. */
export type ExecPlace = Extract<SecretProviderConfig, { source: "exec" }> & { readonly command: string };

/** What a program wrote, or why that is not to be used. */
export type ExecText = { readonly text: string } | { readonly problem: string };

/** What programs need of ours to find their own things. */
const MINIMAL_ENV = ["PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "TZ", "SystemRoot"] as const;

/** Runs the program of a place with this text on its standard input; never rejects. */
export async function runSecretCommand(place: ExecPlace, input: string, env: Environment): Promise<ExecText> {
  const judged = await judgeCommand({ ...place, trustedDirs: place.trustedDirs });
  if ("problem" in judged) return judged;
  try {
    return await new SecretRun(place).run(judged.file, input, environmentFor(place, env));
  } catch {
    // Node refuses texts with a NUL before it starts anything; what it says would quote them.
    return { problem: `${place.command} cannot be run: its arguments or its environment hold a NUL` };
  }
}

/** A few names of ours, what the file lets through, and what the file sets, in this order. */
function environmentFor({ passEnv = [], env: own = {} }: ExecPlace, env: Environment): Record<string, string> {
  const passed = [...MINIMAL_ENV, ...passEnv].flatMap((name) => {
    const value = env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(passed), ...own };
}

/** One run of a program. */
class SecretRun {
  readonly #place: ExecPlace;
  readonly #output = new Gathering();
  readonly #ended = Promise.withResolvers<ExecText>();
  /** The wait for output that counts; an older one that fires means nothing. */
  #silence: AbortSignal | null = null;
  #child: ChildProcess | null = null;

  constructor(place: ExecPlace) {
    this.#place = place;
  }

  run(file: string, input: string, env: Record<string, string>): Promise<ExecText> {
    const { command, args, timeoutMs } = this.#place;
    const options = { argv0: command, cwd: dirname(command), env, detached: true, windowsHide: true } as const;
    const child = spawn(file, args, { ...options, stdio: ["pipe", "pipe", "ignore"] });
    this.#child = child;
    child.on("error", (error: NodeJS.ErrnoException) => this.#settle({ problem: `cannot be run (${error.code})` }));
    child.on("close", (code, signal) => this.#onClose(code, signal));
    child.stdout.on("data", (chunk: Buffer) => this.#take(chunk));
    // A program that needs no question may be gone before it was asked.
    child.stdin.on("error", () => undefined);
    child.stdin.end(input);
    this.#listen();
    const late = AbortSignal.timeout(timeoutMs);
    late.addEventListener("abort", () => this.#kill(`took longer than ${timeoutMs} ms`), { once: true });
    return this.#ended.promise;
  }

  #listen(): void {
    const { timeoutMs, noOutputTimeoutMs = timeoutMs } = this.#place;
    const silence = AbortSignal.timeout(noOutputTimeoutMs);
    this.#silence = silence;
    const onSilence = (): void => {
      if (this.#silence === silence) this.#kill(`wrote nothing for ${noOutputTimeoutMs} ms`);
    };
    silence.addEventListener("abort", onSilence, { once: true });
  }

  #take(chunk: Buffer): void {
    const { maxOutputBytes } = this.#place;
    this.#output.push(chunk);
    if (this.#output.bytes > maxOutputBytes) this.#kill(`wrote more than ${maxOutputBytes} bytes`);
    else this.#listen();
  }

  #onClose(code: number | null, signal: NodeJS.Signals | null): void {
    if (code === 0)
      this.#settle({
        text: this.#output
          .take()
          .toString("utf8")
          .replace(/^\uFEFF/, ""),
      });
    else this.#settle({ problem: code === null ? `was ended by ${signal}` : `ended with exit code ${code}` });
  }

  #kill(problem: string): void {
    const child = this.#child;
    this.#settle({ problem });
    if (child?.pid === undefined) return;
    try {
      // The whole group: a program that waits for a child of its own would hold the pipe.
      process.kill(-child.pid, "SIGKILL");
    } catch {
      // It has ended by itself meanwhile, or the system has no groups.
      child.kill("SIGKILL");
    }
  }

  /** The first word counts. */
  #settle(outcome: ExecText): void {
    this.#child = null;
    this.#silence = null;
    const { command } = this.#place;
    this.#ended.resolve("problem" in outcome ? { problem: `${command} ${outcome.problem}` } : outcome);
  }
}
