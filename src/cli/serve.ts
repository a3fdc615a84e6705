// `openclaw-edge serve`: load, wire, listen, and leave in good order.
import { readFile } from "node:fs/promises";
import { url as inspectorUrl } from "node:inspector";
import { resolve } from "node:path";
import type { Loaded } from "../config/load-snapshot.ts";
import { logLevel } from "../config/schema/observing.ts";
import { isListenFault } from "../server/servers.ts";
import { banner } from "./banner.ts";
import { type Command, EXIT, type Terminal, UsageError } from "./command.ts";
import { untilToldToLeave } from "./leaving.ts";
import { load, LOAD_OPTIONS } from "./load.ts";
import type { Given } from "./options.ts";
import { runtimeFault } from "./runtime-check.ts";
import { runtimeOptions } from "./runtime-options.ts";
import { complain } from "./verdict.ts";
import { wire, type Wired } from "./wire.ts";

/** Serves until a signal ends it. */
export const serve: Command = {
  operands: [],
  options: {
    ...LOAD_OPTIONS,
    "log-level": { type: "string", value: "LEVEL", about: "Least severe level that is written." },
    "password-file": {
      type: "string",
      value: "FILE",
      about: "A file whose first line is the gateway password; read once, at the start.",
    },
    verbose: { type: "boolean", about: "The same as --log-level debug." },
    "allow-unconfigured": {
      type: "boolean",
      about: "Accepted for OpenClaw's service files: no set-up is asked for here.",
    },
  },
  async run(asked, terminal) {
    const level = levelOf(asked);
    const given = await withPassword(asked, terminal);
    const { execArgv } = process;
    const fault = runtimeFault({
      execArgv,
      nodeOptions: terminal.env["NODE_OPTIONS"],
      inspectorUrl: inspectorUrl(),
    });
    if (fault !== null) {
      terminal.stderr.write(`openclaw-edge: ${fault}\n`);
      return EXIT.config;
    }
    const loaded = await load(given, terminal, { serves: true });
    if (!loaded.ok) {
      await complain(loaded.complaints, terminal);
      return loaded.complaints.some(({ path }) => path.includes("--")) ? EXIT.usage : EXIT.config;
    }
    const open = loaded.snapshot.workers === 1 ? wire : (await import("./cluster/primary.ts")).wireFleet;
    const wired = await open(loaded, {
      terminal,
      level,
      load: () => load(given, terminal, { first: loaded, serves: true }),
    });
    if (isListenFault(wired)) {
      terminal.stderr.write(`openclaw-edge: ${wired.message}\n`);
      return EXIT.failed;
    }
    // Before anybody can know that we serve: a signal that nobody hears ends the process.
    const told = untilToldToLeave(wired);
    announce(wired, loaded, terminal);
    wired.reloader.start();
    return told;
  },
};

/** The level that the command line names; null leaves it to the config. Throws UsageError. */
function levelOf(given: Given): string | null {
  const level = given.flag("verbose") ? "debug" : given.text("log-level");
  if (level === null || logLevel.safeParse(level).success) return level;
  throw new UsageError(`--log-level must be one of ${logLevel.options.join(", ")}`);
}

/** The words with the password that a file holds: the command line of a process is everybody's to read. Throws UsageError. */
async function withPassword(given: Given, { cwd }: Terminal): Promise<Given> {
  const file = given.text("password-file");
  if (file === null) return given;
  if (given.text("password") !== null) throw new UsageError("--password and --password-file exclude each other");
  const held = await readFile(resolve(cwd, file), "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new UsageError(`--password-file ${file} cannot be read (${error.code ?? "unknown"})`);
  });
  const [password = ""] = held.split(/\r?\n/, 1);
  if (password === "") throw new UsageError(`--password-file ${file} holds no password in its first line`);
  return { ...given, text: (name) => (name === "password" ? password : given.text(name)) };
}

function announce(wired: Wired, loaded: Loaded, terminal: Terminal): void {
  const url = wired.addresses.door[0] ?? "";
  for (const { code, path, message, file, line } of loaded.warnings) {
    wired.log.warn(message, { code, path, ...(file === null ? {} : { file, line }) });
  }
  const options = runtimeOptions(terminal.env["NODE_OPTIONS"]);
  if (options.length > 0) wired.log.info("NODE_OPTIONS is set", { options });
  const token = loaded.generatedToken?.reveal() ?? null;
  const { version } = terminal;
  terminal.stderr.write(
    banner({ version, snapshot: loaded.snapshot, url, found: loaded.found, generatedToken: token }),
  );
  const { door, admin } = wired.addresses;
  const beside = admin.length === 0 ? {} : { admin };
  const { revision } = loaded.snapshot;
  wired.log.info("listening", { addresses: door, ...beside, revision, source: loaded.source });
}
