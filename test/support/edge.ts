// The real product as a process on a free loopback port, with a clean environment and a state folder of its own.
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Child, type ChildOptions } from "./child.ts";
import { PROGRAM } from "./program.ts";
import { polled } from "./wait.ts";

/** How long a start may take, in milliseconds: some tests start many at once. */
const START_MS = 60_000;
/** The user of whom nothing is. */
const NOBODY = 65_534;
const root = new URL("../..", import.meta.url).pathname;

/** The token of every edge that a test starts, unless its environment names another one. */
export const EDGE_TOKEN = "edge-test-token-9f3c51d07be24a68";

/** What to start. */
export interface EdgeOptions {
  /** The config file: a value, or its text as written (JSON5). */
  readonly config: object | string;
  /** Added to the clean environment; a null takes a variable out. */
  readonly env?: Readonly<Record<string, string | null>>;
  /** Behind `serve --config <file> --port 0`. */
  readonly args?: readonly string[];
  /** `file` leaves out `--port 0`, so that the file can move the listener; it has to say port 0 itself. */
  readonly port?: "file";
  /** How many files the process may open. */
  readonly openFiles?: number;
  /** Nothing of the file system can be written, and the user is nobody where the tests run as root and nobody can read the program. */
  readonly confined?: true;
  /** The program; the source by default, the bundle for the bench. */
  readonly entry?: string;
  /** `listening` for an edge that cannot become ready, because nothing usable is configured. Default `ready`. */
  readonly until?: "listening" | "ready";
  /** How long the start may take; longer for one that starts several processes. */
  readonly patienceMs?: number;
}

/** One parsed line of the log. */
export type LogLine = Readonly<Record<string, unknown>>;

/** A running edge. */
export class Edge {
  /** `http://127.0.0.1:<port>`. */
  readonly url: string;
  readonly token: string;
  readonly configPath: string;
  readonly child: Child;
  readonly #home: Home;

  constructor(child: Child, at: { readonly url: string; readonly token: string; readonly home: Home }) {
    this.child = child;
    this.url = at.url;
    this.token = at.token;
    this.configPath = at.home.configPath;
    this.#home = at.home;
  }

  /** Log lines so far: every line of both streams that is a JSON object. */
  get logs(): LogLine[] {
    return this.child.lines.map(parsedLine).filter((line) => line !== null);
  }

  /** The first log line, past or future, that satisfies the look. */
  async logged(look: (line: LogLine) => boolean, what: string): Promise<LogLine> {
    return this.child.until(() => this.logs.find(look), what);
  }

  /** Request headers with the token and a JSON content type. */
  headers(more: Readonly<Record<string, string>> = {}): Record<string, string> {
    return { authorization: `Bearer ${this.token}`, "content-type": "application/json", ...more };
  }

  /** A POST of a JSON body with the token. */
  async post(path: string, body: object, more: RequestInit = {}): Promise<Response> {
    const headers = { ...this.headers(), ...(more.headers as Record<string, string> | undefined) };
    return fetch(`${this.url}${path}`, { method: "POST", body: JSON.stringify(body), ...more, headers });
  }

  /** A GET with the token. */
  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
    return fetch(`${this.url}${path}`, { headers: { ...this.headers(), ...headers } });
  }

  /** Replaces the config file at once; the reload is the product's own affair. */
  writeConfig(config: object | string): void {
    writeFileSync(this.configPath, configText(config));
  }

  /** Ends the process and removes its folder; the exit code. */
  async stop(signal: NodeJS.Signals = "SIGTERM"): Promise<number> {
    try {
      return await this.child.stop(signal);
    } finally {
      this.#home.remove();
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop("SIGKILL");
  }
}

/** A folder that lives as long as its process. */
class Home {
  readonly path = mkdtempSync(join(tmpdir(), "openclaw-edge-test-"));
  readonly configPath = join(this.path, "openclaw.json");
  #isClosed = false;

  /** Everybody may read here, nobody may write. */
  close(): void {
    chmodSync(this.configPath, 0o444);
    chmodSync(this.path, 0o555);
    this.#isClosed = true;
  }

  remove(): void {
    if (this.#isClosed) chmodSync(this.path, 0o755);
    this.#isClosed = false;
    rmSync(this.path, { recursive: true, force: true });
  }
}

function configText(config: object | string): string {
  return typeof config === "string" ? config : JSON.stringify(config, null, 2);
}

function parsedLine(line: string): LogLine | null {
  if (!line.startsWith("{")) return null;
  try {
    return JSON.parse(line) as LogLine;
  } catch {
    return null;
  }
}

function environment(home: Home, more: EdgeOptions["env"] = {}): Record<string, string> {
  const env: Record<string, string> = {
    PATH: process.env["PATH"] ?? "",
    HOME: home.path,
    OPENCLAW_STATE_DIR: home.path,
    OPENCLAW_GATEWAY_TOKEN: EDGE_TOKEN,
    NO_COLOR: "1",
  };
  for (const [name, value] of Object.entries(more)) {
    if (value === null) delete env[name];
    else env[name] = value;
  }
  return env;
}

/** Starts an edge and waits until it is ready. Rejects with its output when it ends instead. */
export async function startEdge(options: EdgeOptions): Promise<Edge> {
  const { config, env: more, args = [], entry = PROGRAM } = options;
  const home = new Home();
  writeFileSync(home.configPath, configText(config));
  const env = environment(home, more);
  const port = options.port === "file" ? [] : ["--port", "0"];
  const serve = [resolve(root, entry), "serve", "--config", home.configPath, ...port, ...args];
  const { openFiles, confined } = options;
  const limited = openFiles === undefined ? { args: serve } : withOpenFiles(openFiles, serve);
  if (confined === true) home.close();
  const child = Child.start({ ...limited, env, cwd: home.path, ...(confined === true && nobody()) });
  try {
    const listening = await child.line(/https?:\/\/127\.0\.0\.1:\d+/, options.patienceMs ?? START_MS);
    const edge = new Edge(child, { url: listening[0], token: env["OPENCLAW_GATEWAY_TOKEN"] ?? "", home });
    if (options.until !== "listening") await polled(async () => isReady(edge), `${edge.url}/readyz to answer 200`);
    return edge;
  } catch (error) {
    await child.stop("SIGKILL");
    home.remove();
    throw error;
  }
}

/** The user nobody, where we may run programs as another one and it can read this one. */
function nobody(): Pick<ChildOptions, "uid"> {
  if (process.getuid?.() !== 0) return {};
  const look = ["-e", "require('node:fs').accessSync(process.argv[1])", resolve(root, PROGRAM)];
  const { status } = spawnSync(process.execPath, look, { uid: NOBODY, gid: NOBODY });
  return status === 0 ? { uid: NOBODY } : {};
}

/** The same command under `ulimit -n`. */
function withOpenFiles(count: number, args: readonly string[]): ChildOptions {
  return { command: "/bin/sh", args: ["-c", `ulimit -n ${count} && exec "$0" "$@"`, process.execPath, ...args] };
}

async function isReady(edge: Edge): Promise<boolean> {
  if (edge.child.code !== null) throw new Error(`ended with ${edge.child.code}:\n${edge.child.lines.join("\n")}`);
  const response = await fetch(`${edge.url}/readyz`);
  await response.body?.cancel();
  return response.status === 200;
}

/** What a command of the product printed and how it ended. */
export interface CommandResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command of the product to its end, for example `config validate`; `{config}` among the arguments becomes the path of the file. */
export async function runCommand(
  args: readonly string[],
  { config, env, entry = PROGRAM }: EdgeOptions,
): Promise<CommandResult> {
  const home = new Home();
  try {
    writeFileSync(home.configPath, configText(config));
    const filled = args.map((argument) => argument.replace("{config}", home.configPath));
    const child = Child.start({ args: [resolve(root, entry), ...filled], env: environment(home, env), cwd: home.path });
    const code = await child.exited;
    return { code, stdout: child.stdout.join("\n"), stderr: child.stderr.join("\n") };
  } finally {
    home.remove();
  }
}
