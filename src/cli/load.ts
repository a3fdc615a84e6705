// Loading a configuration for a command: the process's surroundings as values.
import { availableParallelism, networkInterfaces, totalmem } from "node:os";
import { EMBEDDED, type Loaded, type LoadInput, loadSnapshot, type LoadResult } from "../config/load-snapshot.ts";
import { realClock } from "../core/clock.ts";
import { randomHex } from "../core/ids.ts";
import { probeModels } from "../upstream/probe.ts";
import type { Terminal } from "./command.ts";
import type { Given } from "./options.ts";
import { tellUnusable } from "./verdict.ts";

export { CONFIG_OPTION, LOAD_OPTIONS } from "./load-options.ts";

/** A local model server answers this fast or is not there: the bound of the whole look-around at start (decision 28). */
const PROBE_MS = 150;

/** For whom a configuration is loaded. */
export interface LoadFor {
  /** What the process runs with; null at the start. */
  readonly first?: Loaded | null;
  /** See `LoadInput.serves`. */
  readonly serves?: boolean;
}

/** Loads what the options and the environment name; again, for a process that runs with `first`. */
export function load(given: Given, terminal: Terminal, whom: LoadFor = {}): Promise<LoadResult> {
  return loadSnapshot(inputOf(given, terminal, whom));
}

function inputOf(given: Given, terminal: Terminal, { first = null, serves = false }: LoadFor = {}): LoadInput {
  return {
    flags: {
      // A file that serves must not give way to the embedded default because it is gone for a moment.
      config: first === null || first.source === EMBEDDED ? given.text("config") : first.source,
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
    cores: availableParallelism(),
    memoryBytes: memoryBytes(),
    wallMs: realClock.wall(),
    serves,
    // A token that was made up and shown stays the token.
    randomHex: first?.generatedToken?.reveal.bind(first.generatedToken) ?? randomHex,
  };
}

/** What a container or a unit gives the process; null where that is no less than the machine has. */
function memoryBytes(): number | null {
  const bytes = process.constrainedMemory();
  return bytes > 0 && bytes < totalmem() ? bytes : null;
}

/** The same for commands that read and open no door, and therefore need no credential for one. */
export function loadForReading(given: Given, terminal: Terminal): Promise<LoadResult> {
  return loadSnapshot({ ...inputOf(given, terminal), interactive: true });
}

/**
 * The same, null when it was told why there is nothing to read: on stderr, and with `--json` as the document of `config validate` as well.
 * The exit code is then EXIT.config.
 */
export async function loadOrTell(given: Given, terminal: Terminal): Promise<Loaded | null> {
  const loaded = await loadForReading(given, terminal);
  if (loaded.ok) return loaded;
  await tellUnusable(loaded, { given, terminal });
  return null;
}
