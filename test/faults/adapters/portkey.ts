// Portkey's open-source gateway as a gateway for rows. Fetched from the registry into a cache folder, and only when it is asked for; pinned,
// because what its own range resolves to cannot stream. One configuration header per agent says where its providers are.
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { once } from "node:events";
import { join } from "node:path";
import { Child } from "../../support/child.ts";
import { polled, within } from "../../support/wait.ts";
import type { Adapter, AgentEntry, BenchConfig, Gateway } from "../gateway.ts";
import { PATHS } from "../request.ts";
import { isFlow, isLetter, isRequest, type Row } from "../row.ts";

const VERSION = "1.15.2";
const INSTALL_MS = 300_000;
const START_MS = 60_000;
/** Statuses that send a request to the next target: those that its documentation advises, and those of this matrix. */
const NEXT_ON = [401, 402, 403, 404, 408, 429, 500, 502, 503, 504, 529];
const MANIFEST = {
  name: "portkey-for-faults",
  private: true,
  dependencies: { "@portkey-ai/gateway": VERSION },
  overrides: { hono: "4.9.7", "@hono/node-server": "1.13.5", "@hono/node-ws": "1.2.0" },
};
/** It has no option for its address and would listen on all of them. */
const ON_LOOPBACK = `
import net from "node:net";
const listen = net.Server.prototype.listen;
net.Server.prototype.listen = function (...args) {
  const isPort = typeof args[0] === "number" && typeof args[1] !== "string";
  return listen.apply(this, isPort ? [args[0], "127.0.0.1", ...args.slice(1).filter((arg) => arg !== undefined)] : args);
};
`;

/** The installed gateway's folder. */
async function installed(): Promise<string> {
  const folder = join(import.meta.dirname, "../../../node_modules/.cache", `portkey-${VERSION}`);
  mkdirSync(folder, { recursive: true });
  if (readdirSync(folder).includes("node_modules")) return folder;
  writeFileSync(join(folder, "package.json"), JSON.stringify(MANIFEST));
  writeFileSync(join(folder, "loopback.mjs"), ON_LOOPBACK);
  const env = process.env as Record<string, string>;
  const args = ["install", "--ignore-scripts", "--no-audit", "--no-fund"];
  const child = Child.start({ command: "npm", args, cwd: folder, env });
  const code = await within(child.exited, "the installation", INSTALL_MS);
  if (code !== 0) throw new Error(`npm install of Portkey ended with ${code}:\n${child.lines.join("\n")}`);
  return folder;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

/** An agent's chain as its configuration header. */
function routing({ models }: BenchConfig, { model }: AgentEntry): string {
  const targets = [model.primary, ...model.fallbacks].map((ref) => {
    const [name = "", ...rest] = ref.split("/");
    const { baseUrl, apiKey, timeoutSeconds = 2 } = models.providers[name] ?? {};
    return {
      provider: "openai",
      custom_host: baseUrl,
      api_key: [apiKey].flat()[0],
      override_params: { model: rest.join("/") },
      request_timeout: timeoutSeconds * 1_000,
    };
  });
  const strategy = { mode: "fallback", on_status_codes: NEXT_ON };
  return JSON.stringify({ strategy, retry: { attempts: 0 }, targets });
}

async function start(config: BenchConfig): Promise<Gateway> {
  const folder = await installed();
  const port = await freePort();
  const program = join(folder, "node_modules/@portkey-ai/gateway/build/start-server.js");
  const child = Child.start({
    args: ["--import", join(folder, "loopback.mjs"), program, `--port=${port}`, "--headless"],
    env: { PATH: process.env["PATH"] ?? "", NODE_ENV: "production" },
    cwd: folder,
  });
  const url = `http://127.0.0.1:${port}`;
  const isUp = (): Promise<boolean> =>
    fetch(url).then(
      () => true,
      () => false,
    );
  await polled(isUp, "Portkey to listen", START_MS);
  const byAgent = new Map(config.agents.list.map((agent) => [agent.id, routing(config, agent)]));
  return {
    url,
    pid: child.pid,
    lines: child.lines,
    token: null,
    edge: null,
    address: (agent, api) => ({
      path: PATHS[api],
      headers: { "content-type": "application/json", "x-portkey-config": byAgent.get(agent) ?? "" },
      model: agent,
    }),
    stop: () => child.stop("SIGKILL"),
  };
}

/** Why a row cannot be said in its terms; null when it can. */
function inexpressible(row: Row): string | null {
  if (!isRequest(row) && row.onlyHere !== undefined) return row.onlyHere;
  if (isLetter(row)) return null;
  if (isFlow(row) && row.config !== undefined) return "it needs a setting that only the product has";
  if (isFlow(row) && row.extras !== undefined) return "it needs a limit per provider";
  return null;
}

/** Takes rows of requests and bytes, and flows that look at nothing but the wire. */
export const PORTKEY: Adapter = { title: `Portkey ${VERSION}`, own: false, inexpressible, start };
