// One worker process as the primary sees it: started, heard, and seen to its end. Holds no policy.
import cluster, { type Worker } from "node:cluster";
import type { ChildProcess } from "node:child_process";
import type { Readable } from "node:stream";
import type { Clock, Timer } from "../../core/clock.ts";
import type { ListenFault } from "../../server/servers.ts";
import type { Destination } from "../../telemetry/line-writer.ts";
import type { Figures } from "../../telemetry/merged-families.ts";
import { type Hearers, Line, type Packet } from "./line.ts";
import { relayLines } from "./line-relay.ts";
import { closeWhatIsNotTaken } from "./on-their-way.ts";
import type { Place, PrimaryWords, WorkerWords } from "./words.ts";
import { FILE_FD } from "./worker-word.ts";

/** Whoever has not come so far is ended: it would hold up all changes. */
const START_MS = 30_000;
/** What it said last may take so long to go out. A reader that stands still keeps nobody from taking its place. */
const LAST_LINES_MS = 1_000;

/** Where a worker's output goes. */
export interface Outputs {
  readonly stdout: Pick<Destination, "write">;
  readonly stderr: Pick<Destination, "write">;
  readonly file: Pick<Destination, "write">;
}

/** What a member is made of. */
export interface MemberParts {
  /** The place in the fleet, from 0. */
  readonly at: number;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly outputs: Outputs;
  readonly clock: Clock;
  readonly onBug: (error: unknown) => void;
  /** Everybody who hears this worker, beside the member itself. */
  readonly hearers: (member: Member) => Omit<Hearers<WorkerWords>, "serving" | "unable">;
}

/** How a worker ended. */
export interface End {
  readonly code: number | null;
  /** The signal that ended it; for a process that did not come about, the system's reason (`EAGAIN`, `EMFILE`). */
  readonly signal: string | null;
}

/** One worker. */
export class Member {
  readonly at: number;
  readonly line: Line<PrimaryWords, WorkerWords>;
  /** Null when it serves; why it cannot, when it cannot. */
  readonly started: Promise<ListenFault | null>;
  /** Resolves when it has ended and everything that it said is out, as far as somebody takes it. */
  readonly ended: Promise<End>;
  /** Where it listens; null until then. */
  place: Place | null = null;
  /** It was told to go, or goes by itself: nobody waits for it. */
  leaving = false;
  /** What it had counted when it was last asked, in the primary's time. */
  figures: Figures = [];
  readonly #worker: Worker;
  readonly #clock: Clock;
  #servesSince: number | null = null;

  constructor({ at, env, outputs, clock, onBug, hearers }: MemberParts) {
    this.at = at;
    this.#clock = clock;
    this.#worker = cluster.fork(env);
    // Without a process there may be no line to it either.
    if (this.pid !== 0) closeWhatIsNotTaken(this.#worker.process);
    const started = Promise.withResolvers<ListenFault | null>();
    this.started = started.promise;
    this.line = new Line<PrimaryWords, WorkerWords>({
      post: (packet) => this.#post(packet),
      hearers: {
        ...hearers(this),
        serving: (place) => {
          this.place = place;
          this.#servesSince = clock.now();
          started.resolve(null);
        },
        unable: (fault) => started.resolve(fault),
      },
      onBug,
    });
    this.#worker.on("message", (message: unknown) => this.line.take(message));
    const late = this.#endLate(clock);
    this.ended = this.#end(outputs).then((end) => {
      late.cancel();
      this.line.close();
      started.resolve({ code: "ended", message: `a worker ended while it started (${endWords(end)})` });
      return end;
    });
  }

  /** The number within the process; never used again. */
  get id(): number {
    return this.#worker.id;
  }

  get pid(): number {
    return this.#worker.process.pid ?? 0;
  }

  /** True while it takes requests. */
  get serves(): boolean {
    return this.place !== null && !this.leaving;
  }

  /** Milliseconds that it has served. */
  get servedMs(): number {
    return this.#servesSince === null ? 0 : this.#clock.now() - this.#servesSince;
  }

  /** Another one has its place, or nobody needs it: it takes nothing new and ends with its requests. */
  retire(patienceMs: number | null): void {
    this.leaving = true;
    this.line.tell("retire", patienceMs);
  }

  /** Drains; said again, it ends at once. */
  leave(): void {
    this.leaving = true;
    this.line.tell("leave", null);
  }

  kill(): void {
    this.#worker.process.kill("SIGKILL");
  }

  #post(packet: Packet): void {
    if (this.#worker.isConnected()) this.#worker.process.send?.(packet, undefined, undefined, () => undefined);
  }

  #endLate(clock: Clock): Timer {
    return clock.timer(START_MS, () => {
      if (this.place === null) this.kill();
    });
  }

  async #end({ stdout, stderr, file }: Outputs): Promise<End> {
    const { process: child } = this.#worker;
    const { promise, resolve } = Promise.withResolvers<End>();
    this.#worker.on("exit", (code: number | null, signal: string | null) => resolve({ code, signal }));
    // Errors of a running process are those of its line, which has its own end.
    this.#worker.on("error", (error: NodeJS.ErrnoException) => {
      if (this.pid === 0) resolve({ code: null, signal: error.code ?? error.message });
    });
    const relays = this.pid === 0 ? [] : relaysOf(child, { stdout, stderr, file });
    const end = await promise;
    const late = Promise.withResolvers<void>();
    const timer = this.#clock.timer(LAST_LINES_MS, late.resolve);
    await Promise.race([Promise.all(relays), late.promise]);
    timer.cancel();
    return end;
  }
}

/** Everything that a process says, on its way. */
function relaysOf({ stdio }: ChildProcess, { stdout, stderr, file }: Outputs): Promise<void>[] {
  const [, out, err] = stdio;
  const filePipe = stdio[FILE_FD];
  const relays = [relayLines(out as Readable, stdout), relayLines(err as Readable, stderr)];
  if (filePipe) relays.push(relayLines(filePipe as Readable, file));
  return relays;
}

/** An end in words. */
export function endWords({ code, signal }: End): string {
  return signal === null ? `exit code ${code}` : signal;
}
