// Loading a configuration for a command: the process's surroundings as values.
import { networkInterfaces } from "node:os";
import { renderComplaints } from "../config/complaint.ts";
import { type Loaded, type LoadInput, loadSnapshot, type LoadResult } from "../config/load-snapshot.ts";
import { randomHex } from "../core/ids.ts";
import { probeModels } from "../upstream/probe.ts";
import type { Terminal } from "./command.ts";
import type { Given, OptionRows } from "./options.ts";

/** A local model server answers this fast or is not there: the bound of the whole look-around at start (decision 28). */
const PROBE_MS = 150;

/** Options that change the configuration, of every command that loads it. */
export const LOAD_OPTIONS = {
  config: { type: "string", short: "c", value: "FILE", about: "The config file; else where OpenClaw looks for it." },
  port: { type: "string", short: "p", value: "N", about: "Port of the gateway." },
  bind: { type: "string", value: "MODE", about: "loopback, lan, tailnet, auto or custom." },
  auth: { type: "string", value: "MODE", about: "none, token, password or trusted-proxy." },
  token: { type: "string", value: "T", about: "The gateway token; better in OPENCLAW_GATEWAY_TOKEN." },
  password: { type: "string", value: "P", about: "The gateway password; better in OPENCLAW_GATEWAY_PASSWORD." },
} as const satisfies OptionRows;

/** The one of them that commands have which only read. */
export const CONFIG_OPTION = { config: LOAD_OPTIONS.config } as const satisfies OptionRows;

/** Loads what the options and the environment name. */
export function load(given: Given, terminal: Terminal): Promise<LoadResult> {
  return loadSnapshot(inputOf(given, terminal));
}

function inputOf(given: Given, terminal: Terminal): LoadInput {
  return {
    flags: {
      config: given.text("config"),
      port: given.text("port"),
      bind: given.text("bind"),
      auth: given.text("auth"),
      token: given.text("token"),
      password: given.text("password"),
    },
    env: terminal.env,
    cwd: terminal.cwd,
    home: terminal.home,
    interactive: terminal.stderr.isTTY === true,
    probe: (baseUrl) => probeModels(`${baseUrl.replace(/\/+$/, "")}/models`, PROBE_MS),
    localAddresses: Object.values(networkInterfaces()).flatMap((each) => each?.map(({ address }) => address) ?? []),
    version: terminal.version,
    randomHex,
  };
}

/**
 * The same for commands that read and open no door, and therefore need no credential for one. Null when it was told on stderr why
 * there is nothing to read; the exit code is then EXIT.config.
 */
export async function loadOrTell(given: Given, terminal: Terminal): Promise<Loaded | null> {
  const loaded = await loadSnapshot({ ...inputOf(given, terminal), interactive: true });
  if (loaded.ok) return loaded;
  terminal.stderr.write(`${renderComplaints(loaded.complaints)}\n`);
  return null;
}
