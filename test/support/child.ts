// A process that a test or the bench started: its lines, its end, and a way to stop it that can only hit this one.
import { type ChildProcess, spawn } from "node:child_process";
import type { Readable } from "node:stream";
import { Bell, type Found, PATIENCE_MS, within } from "./wait.ts";

/** What to start. The environment is exactly the one given. */
export interface ChildOptions {
  readonly command?: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Another user to run as; only root may say so. */
  readonly uid?: number;
}

const running = new Set<ChildProcess>();
// A test run that dies must not leave its processes behind.
process.on("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

/** A started process. */
export class Child {
  /** Lines of stdout and stderr as they came, without line ends. */
  readonly lines: string[] = [];
  /** The same by stream. */
  readonly stdout: string[] = [];
  readonly stderr: string[] = [];
  /** Resolves with the exit code, or 128 + the number of the signal that ended it, once both streams are read. */
  readonly exited: Promise<number>;
  readonly #process: ChildProcess;
  readonly #bell = new Bell();
  #code: number | null = null;
  #keeping = true;

  private constructor(started: ChildProcess) {
    this.#process = started;
    this.#read(started.stdout, this.stdout);
    this.#read(started.stderr, this.stderr);
    const { promise, resolve, reject } = Promise.withResolvers<number>();
    started.once("error", reject);
    started.once("close", (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : (SIGNALS[signal] ?? 0))));
    this.exited = promise.then((code) => this.#end(code));
    // Whoever awaits it hears of a failed start; nobody has to.
    this.exited.catch(() => this.#end(-1));
  }

  static start({ command = process.execPath, args, env = {}, cwd, uid }: ChildOptions): Child {
    const as = uid === undefined ? {} : { uid, gid: uid };
    const started = spawn(command, args, { env, cwd, ...as, stdio: ["ignore", "pipe", "pipe"] });
    running.add(started);
    started.once("close", () => running.delete(started));
    return new Child(started);
  }

  get pid(): number {
    const { pid } = this.#process;
    if (pid === undefined) throw new Error("the process did not start");
    return pid;
  }

  /** The exit code; null while it runs. */
  get code(): number | null {
    return this.#code;
  }

  /** The first line, past or future, that matches. Rejects when the process ends without one. */
  async line(pattern: RegExp, patienceMs = PATIENCE_MS): Promise<RegExpMatchArray> {
    let seen = 0;
    return this.#bell.until(
      () => {
        for (; seen < this.lines.length; seen += 1) {
          const match = this.lines[seen]?.match(pattern);
          if (match) return match;
        }
        if (this.#code === null) return null;
        throw new Error(`ended with ${this.#code} before a line matched ${pattern}:\n${this.lines.join("\n")}`);
      },
      () => `a line that matches ${pattern}; so far:\n${this.lines.join("\n")}`,
      patienceMs,
    );
  }

  /** Resolves with the first value that `look` finds; it looks again at every line. */
  async until<T>(look: () => T, what: string): Promise<Found<T>> {
    return this.#bell.until(look, () => `${what}; so far:\n${this.lines.join("\n")}`);
  }

  signal(signal: NodeJS.Signals): void {
    if (this.#code === null) this.#process.kill(signal);
  }

  /** Sends the signal and waits for the end; kills when it does not come. */
  async stop(signal: NodeJS.Signals = "SIGTERM", patienceMs = 30_000): Promise<number> {
    this.signal(signal);
    try {
      return await within(this.exited, `process ${this.#process.pid} to end after ${signal}`, patienceMs);
    } catch (error) {
      this.signal("SIGKILL");
      throw error;
    }
  }

  /** Keeps no more lines; what the process writes is still taken from it. */
  mute(): void {
    this.#keeping = false;
  }

  /** Leaves the stream to fill up: a reader that stands still, until it reads on or closes its end. */
  output(what: "stand-still" | "read-on" | "close"): void {
    const { stdout } = this.#process;
    if (what === "stand-still") stdout?.pause();
    else if (what === "read-on") stdout?.resume();
    else stdout?.destroy();
  }

  #read(stream: Readable | null, into: string[]): void {
    let rest = "";
    const keep = (lines: readonly string[]): void => {
      if (!this.#keeping || lines.length === 0) return;
      into.push(...lines);
      this.lines.push(...lines);
      this.#bell.ring();
    };
    stream?.setEncoding("utf8");
    stream?.on("data", (text: string) => {
      const lines = (rest + text).split("\n");
      rest = lines.pop() ?? "";
      keep(lines);
    });
    stream?.on("end", () => keep(rest === "" ? [] : [rest]));
  }

  #end(code: number): number {
    this.#code = code;
    this.#bell.ring();
    return code;
  }
}

const SIGNALS: Readonly<Partial<Record<NodeJS.Signals, number>>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGTERM: 15,
};
