// `openclaw-edge serve`: load, wire, listen, and leave in good order.
import { renderComplaints } from "../config/complaint.ts";
import type { Loaded } from "../config/load-snapshot.ts";
import { isListenFault } from "../server/servers.ts";
import { banner } from "./banner.ts";
import { type Command, EXIT, type Terminal } from "./command.ts";
import { load, LOAD_OPTIONS } from "./load.ts";
import { wire, type Wired } from "./wire.ts";

const SIGNAL_EXIT = { SIGTERM: 143, SIGINT: 130 } as const;

/** Serves until a signal ends it. */
export const serve: Command = {
  operands: [],
  options: {
    ...LOAD_OPTIONS,
    "log-level": { type: "string", value: "LEVEL", about: "Least severe level that is written." },
    verbose: { type: "boolean", about: "The same as --log-level debug." },
    "allow-unconfigured": {
      type: "boolean",
      about: "Accepted for OpenClaw's service files: no set-up is asked for here.",
    },
  },
  async run(given, terminal) {
    const loaded = await load(given, terminal);
    if (!loaded.ok) {
      terminal.stderr.write(`${renderComplaints(loaded.complaints)}\n`);
      return loaded.complaints.some(({ path }) => path.includes("--")) ? EXIT.usage : EXIT.config;
    }
    const level = given.flag("verbose") ? "debug" : given.text("log-level");
    const wired = await wire(loaded, { terminal, level });
    if (isListenFault(wired)) {
      terminal.stderr.write(`openclaw-edge: ${wired.message}\n`);
      return EXIT.failed;
    }
    announce(wired, loaded, terminal);
    return untilSignal(wired);
  },
};

function announce(wired: Wired, loaded: Loaded, terminal: Terminal): void {
  const url = wired.listening.addresses[0] ?? "";
  for (const { code, path, message, file, line } of loaded.warnings) {
    wired.log.warn(message, { code, path, ...(file === null ? {} : { file, line }) });
  }
  const token = loaded.generatedToken?.reveal() ?? null;
  const { version } = terminal;
  terminal.stderr.write(
    banner({ version, snapshot: loaded.snapshot, url, found: loaded.found, generatedToken: token }),
  );
  const { addresses } = wired.listening;
  wired.log.info("listening", { addresses, revision: loaded.snapshot.revision, source: loaded.source });
}

/** Drains on the first signal; a second one ends at once (decision 30). Resolves with the exit code. */
function untilSignal(wired: Wired): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  let code: number | null = null;
  const leave = (next: number): void => {
    code = next;
    void wired.leave().then(() => resolve(code ?? next));
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.on(signal, () => {
      wired.log.info(code === null ? "draining" : "second signal: leaving at once", { signal });
      leave(code === null ? EXIT.ok : SIGNAL_EXIT[signal]);
    });
  }
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      wired.log.error(`${event}: the process ends`, { error });
      leave(EXIT.failed);
    });
  }
  return promise;
}
