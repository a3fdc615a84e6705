// TABLE: the reverse proxies of deploy/, each started with its own file; only where it listens and where it sends to is changed.
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { request } from "node:http";
import type { IncomingMessage } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Child } from "../support/child.ts";
import { polled } from "../support/wait.ts";

const deploy = new URL("../../deploy/", import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, deploy), "utf8");

interface Plan {
  readonly command: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** Writes the proxy's files into a folder, for a gateway at an address and a socket to listen on. */
type Prepare = (at: { readonly folder: string; readonly socket: string; readonly edge: string }) => Plan;

/** Name to preparation. A socket file, since none of them can be asked for a free port. */
export const FRONTS: Readonly<Record<"nginx" | "caddy", Prepare>> = {
  nginx: ({ folder, socket, edge }) => {
    const server = read("nginx/openclaw-edge.conf")
      .replace("listen 443 ssl;", `listen unix:${socket};`)
      .replace(/^ *ssl_certificate.*$/gm, "")
      .replace("server 127.0.0.1:18789;", `server ${edge};`);
    const paths = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map(
      (name) => `${name}_temp_path ${folder}/tmp;`,
    );
    const main = `daemon off; pid ${folder}/pid; error_log stderr; events {} http { access_log off; ${paths.join(" ")}\n${server} }`;
    writeFileSync(join(folder, "nginx.conf"), main);
    return { command: "nginx", args: ["-p", folder, "-c", join(folder, "nginx.conf"), "-g", userOf()] };
  },
  caddy: ({ folder, socket, edge }) => {
    const file = join(folder, "Caddyfile");
    writeFileSync(file, `{\n\tadmin off\n\tdefault_bind unix/${socket}\n}\n${read("caddy/Caddyfile")}`);
    const env = { EDGE_SITE: "http://llm.example.com", EDGE_ADDRESS: edge, HOME: folder, XDG_DATA_HOME: folder };
    return { command: "caddy", args: ["run", "--config", file, "--adapter", "caddyfile"], env };
  },
};

/** nginx changes its workers' user when it is started as root; the test's folder belongs to the one who runs it. */
function userOf(): string {
  return process.getuid?.() === 0 ? "user root;" : "";
}

/** True where the proxy is installed. */
export function isInstalled(name: keyof typeof FRONTS): boolean {
  const asked = spawnSync(name, [name === "nginx" ? "-v" : "version"], { env: systemPath() });
  return asked.status === 0;
}

function systemPath(): Record<string, string> {
  return { PATH: `${process.env["PATH"] ?? ""}:/usr/sbin:/sbin` };
}

/** A running proxy. */
export class Front {
  readonly #child: Child;
  readonly #folder: string;
  readonly #socket: string;

  private constructor(child: Child, at: { readonly folder: string; readonly socket: string }) {
    this.#child = child;
    this.#folder = at.folder;
    this.#socket = at.socket;
  }

  /** Starts one in front of a gateway's URL, and waits until it passes requests on. */
  static async start(name: keyof typeof FRONTS, edgeUrl: string): Promise<Front> {
    const folder = mkdtempSync(join(tmpdir(), `openclaw-edge-${name}-`));
    mkdirSync(join(folder, "tmp"));
    const socket = join(folder, "front.sock");
    const { command, args, env } = FRONTS[name]({ folder, socket, edge: new URL(edgeUrl).host });
    const front = new Front(Child.start({ command, args, env: { ...systemPath(), ...env }, cwd: folder }), {
      folder,
      socket,
    });
    await polled(() => front.#answers(), `${name} to pass requests on`);
    return front;
  }

  async #answers(): Promise<boolean> {
    if (this.#child.code !== null) throw new Error(this.#child.lines.join("\n"));
    const answer = await this.send("GET", "/healthz").catch(() => null);
    answer?.resume();
    return answer?.statusCode === 200;
  }

  /** One request; resolves with the head of its answer. */
  send(method: string, path: string, { headers = {}, body = "" } = {}): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const all = { host: "llm.example.com", ...headers };
    request({ socketPath: this.#socket, method, path, headers: all }, resolve).on("error", reject).end(body);
    return promise;
  }

  async stop(): Promise<void> {
    await this.#child.stop("SIGTERM");
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
