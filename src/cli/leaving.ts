// What the outside world says to a running process, and what a crash says: signals, uncaught errors, and the exit code that follows.
import { closeSync, openSync } from "node:fs";
import { EXIT } from "./command.ts";
import type { Wired } from "./wire.ts";

const SIGNAL_EXIT = { SIGTERM: 143, SIGINT: 130 } as const;
const TERMINAL = "/dev/tty";
/** Nothing happens then; what counts is that there is something to wait for. */
const STAYING_MS = 2 ** 30;

/** Drains on the first signal; a second one ends at once (decision 30). SIGHUP reloads. Resolves with the exit code. */
export function untilToldToLeave(wired: Wired): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  let code: number | null = null;
  // Clocks of ours keep no process alive, and all workers may end at once: what brings them back must not find an empty house.
  const staying = setInterval(() => undefined, STAYING_MS);
  void promise.then(() => clearInterval(staying));
  const leave = (next: number): void => {
    code = next;
    void wired.leave().then(() => resolve(code === EXIT.ok && wired.isBroken ? EXIT.failed : (code ?? next)));
  };
  const onStop = (signal: keyof typeof SIGNAL_EXIT | "SIGHUP"): void => {
    wired.log.info(code === null ? "draining" : "second signal: leaving at once", { signal });
    leave(code === null ? EXIT.ok : signal === "SIGHUP" ? code : SIGNAL_EXIT[signal]);
  };
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.on(signal, () => onStop(signal));
  const hadTerminal = hasTerminal();
  process.on("SIGHUP", () => {
    // The same signal says that the terminal was closed; then nobody is there to serve for.
    if (hadTerminal && !hasTerminal()) onStop("SIGHUP");
    else void wired.reloader.ask("signal");
  });
  for (const event of ["uncaughtException", "unhandledRejection"] as const) {
    process.on(event, (error: unknown) => {
      // What is broken may break again before the block of lines has gone out.
      wired.log.error(`${event}: the process ends`, { error });
      wired.log.flushSync();
      // While it goes already, nothing that breaks makes it go faster: streams under way are owed their end.
      if (code === null) leave(EXIT.failed);
      else if (code === EXIT.ok) code = EXIT.failed;
    });
  }
  return promise;
}

/** True while the process has a terminal that is there. */
function hasTerminal(): boolean {
  try {
    closeSync(openSync(TERMINAL, "r"));
    return true;
  } catch {
    return false;
  }
}
