// Portkey's open gateway as a peer: pinned, installed by this bench only, outside the repository, on loopback, without its log pages.
// Everything here is about getting a fair opponent; nothing is about us.
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Child } from "../../test/support/child.ts";
import { polled } from "../../test/support/wait.ts";
import { freePort } from "./free-port.ts";
import { npm, peerFolder } from "./npm.ts";

/** The release that is compared with. */
export const PORTKEY_VERSION = "1.15.2";

// Without these pins its streams all end in 500: later releases of @hono/node-server do not fit it.
const MANIFEST = {
  name: "portkey-bench",
  private: true,
  dependencies: { "@portkey-ai/gateway": PORTKEY_VERSION },
  overrides: { hono: "4.9.7", "@hono/node-server": "1.13.5", "@hono/node-ws": "1.2.0" },
};
const SERVER = "node_modules/@portkey-ai/gateway/build/start-server.js";
const QUIET = ["--no-audit", "--no-fund", "--loglevel=error", "--fetch-retries=1", "--fetch-retry-mintimeout=1000"];
const INSTALL = ["install", "--ignore-scripts", "--omit=dev", ...QUIET];
const INSTALL_PATIENCE_MS = 60_000;

/** A running Portkey. */
export interface Portkey {
  readonly url: string;
  readonly pid: number;
  [Symbol.asyncDispose](): Promise<void>;
}

/** One target of a fallback list. */
export interface PortkeyTarget {
  /** With `/v1`. */
  readonly baseUrl: string;
  readonly model: string;
}

/** The request header that gives Portkey a chain: no retries of its own, one timeout per target, every status that may fail over. */
export function portkeyHeaders(targets: readonly PortkeyTarget[], timeoutMs: number): Record<string, string> {
  const config = {
    // 401 is not in the list that Portkey's own examples use; without it a dead key would not fail over at all.
    strategy: { mode: "fallback", on_status_codes: [401, 408, 429, 500, 502, 503, 504] },
    request_timeout: timeoutMs,
    retry: { attempts: 0 },
    targets: targets.map(({ baseUrl, model }) => ({
      provider: "openai",
      api_key: "sk-bench-upstream-key",
      custom_host: baseUrl,
      override_params: { model },
    })),
  };
  return { "content-type": "application/json", "x-portkey-config": JSON.stringify(config) };
}

/** Installs (once per machine) and starts it. Rejects with a sentence when there is no network, no npm, or it does not start. */
export async function startPortkey(say: (text: string) => void): Promise<Portkey> {
  const folder = peerFolder(`portkey-${PORTKEY_VERSION}`);
  await install(folder, say);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const preload = new URL("portkey-loopback.ts", import.meta.url).href;
  const args = ["--import", preload, join(folder, SERVER), `--port=${port}`, "--headless"];
  const child = Child.start({ args, cwd: folder, env: { PATH: process.env["PATH"] ?? "", NODE_ENV: "production" } });
  const stop = async (): Promise<void> => {
    await child.stop("SIGKILL");
  };
  try {
    await polled(async () => isUp(child, url), `Portkey at ${url}`);
  } catch (error) {
    await stop();
    throw error;
  }
  child.mute();
  return { url, pid: child.pid, [Symbol.asyncDispose]: stop };
}

async function install(folder: string, say: (text: string) => void): Promise<void> {
  const stamp = join(folder, "installed");
  if (existsSync(stamp) && existsSync(join(folder, SERVER))) return;
  say(`installing Portkey ${PORTKEY_VERSION} into ${folder}`);
  writeFileSync(join(folder, "package.json"), JSON.stringify(MANIFEST, null, 2));
  const { code, said } = await npm(folder, INSTALL, INSTALL_PATIENCE_MS);
  if (code !== 0)
    throw new Error(`npm install failed: ${said.find((line) => line.includes("error")) ?? `code ${code}`}`);
  writeFileSync(stamp, PORTKEY_VERSION);
}

async function isUp(child: Child, url: string): Promise<boolean> {
  if (child.code !== null) throw new Error(`Portkey ended with ${child.code}: ${child.lines.slice(0, 3).join(" ")}`);
  try {
    const response = await fetch(url);
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
