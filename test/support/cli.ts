// Commands as a newcomer runs them: without a terminal and with a clean environment, in a folder of their own; and their output as a
// golden file, with what differs from run to run taken out.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PassThrough } from "node:stream";
import { expect } from "vitest";
import type { Terminal } from "../../src/cli/command.ts";
import { runCommand } from "../../src/cli/index.ts";

/** What a command printed and how it ended. */
export interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How a command is run. */
export interface Running {
  readonly env?: Readonly<Record<string, string>>;
  /** Both streams are a terminal of this width. */
  readonly columns?: number;
}

/** Texts that no output may hold. */
export const SECRETS = {
  provider: "sk-provider-0123456789-abcdefghij",
  token: "cli-test-token-5b1f0e7d92c44a83",
  variable: "sk-variable-9876543210-zyxwvutsrq",
} as const;

/** Takes what a command prints before anybody reads it. */
const ROOMY = { highWaterMark: 1024 * 1024 };

/** A folder with a home, a config and whatever a test puts beside it. */
export class CliRoom {
  readonly home = mkdtempSync(join(tmpdir(), "openclaw-edge-cli-"));

  /** Writes a file into it; gives its path. */
  file(name: string, content: object | string, mode = 0o600): string {
    const path = join(this.home, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === "string" ? content : JSON.stringify(content, null, 2), { mode });
    return path;
  }

  /** Runs a command line in this process. */
  async run(line: string | readonly string[], { env = {}, columns }: Running = {}): Promise<Printed> {
    const args = typeof line === "string" ? line.split(" ").filter((word) => word !== "") : line;
    const [stdout, stderr] = [new PassThrough(ROOMY), new PassThrough(ROOMY)];
    if (columns !== undefined) for (const stream of [stdout, stderr]) Object.assign(stream, { isTTY: true, columns });
    const terminal: Terminal = {
      env: { HOME: this.home, ...env },
      cwd: this.home,
      home: this.home,
      program: "openclaw-edge",
      version: "1.2.3",
      stdout: stdout as unknown as NodeJS.WriteStream,
      stderr: stderr as unknown as NodeJS.WriteStream,
    };
    const code = await runCommand(args, terminal);
    const printed = { code, stdout: String(stdout.read() ?? ""), stderr: String(stderr.read() ?? "") };
    for (const secret of Object.values(SECRETS)) expect(printed.stdout + printed.stderr).not.toContain(secret);
    return printed;
  }

  /** The same, compared with `test/golden/cli/<name>.txt`. */
  async golden(name: string, line: string | readonly string[], running: Running = {}): Promise<Printed> {
    const printed = await this.run(line, running);
    const { code, stdout, stderr } = printed;
    const shown =
      typeof line === "string" ? line : line.map((word) => (word.includes(" ") ? `"${word}"` : word)).join(" ");
    const parts = [`$ openclaw-edge ${shown}`, `exit ${code}`, "--- stdout", stdout, "--- stderr", stderr];
    await expect(this.#still(`${parts.join("\n")}\n`)).toMatchFileSnapshot(`../golden/cli/${name}.txt`);
    return printed;
  }

  remove(): void {
    rmSync(this.home, { recursive: true, force: true });
  }

  /** Without folders, ports, times and hashes. */
  #still(text: string): string {
    return text
      .replaceAll(this.home, "~")
      .replaceAll(/(127\.0\.0\.1|localhost|\[::1\]):\d{4,5}/g, "$1:PORT")
      .replaceAll(/--port \d+/g, "--port PORT")
      .replaceAll(/\brevision (?:[0-9a-f]{12})/g, "revision REVISION")
      .replaceAll(/"revision": "[0-9a-f]{12}"/g, '"revision": "REVISION"')
      .replaceAll(/\bpid \d+/g, "pid N")
      .replaceAll(/\bup \d+ s/g, "up N s")
      .replaceAll(/"(pid|\w*Ms|\w*At|utilization|cpuCoreRatio|until)": \d[\d.e+-]*/g, '"$1": 0')
      .replaceAll(/\d+(?:\.\d+)? ms\b/g, "N ms")
      .replaceAll(/ {2,}(?=\S*N ms)/g, "  ")
      .replaceAll(/in \d+\.\d s/g, "in N s")
      .replaceAll(/Node \d+\.\d+\.\d+/g, "Node VERSION")
      .replaceAll(/[ \t]+$/gm, "");
  }
}
