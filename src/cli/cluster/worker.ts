// One of several processes that serve a port. Its configuration comes from the primary: it reads no file and follows no signal but the
// primary's word. When the primary is gone it lets its streams end, and ends.
import cluster from "node:cluster";
import { Socket } from "node:net";
import { unpacked } from "../../config/handover.ts";
import { realClock } from "../../core/clock.ts";
import type { Snapshot } from "../../core/snapshot.ts";
import type { NotReady } from "../../core/standing.ts";
import { isListenFault } from "../../server/servers.ts";
import { figuresOf } from "../../telemetry/merged-families.ts";
import { EXIT, type Terminal } from "../command.ts";
import { type Gateway, openGateway, type Shared } from "../gateway.ts";
import type { LogOutlet } from "../open-log.ts";
import { reachable } from "../running.ts";
import { Following } from "./following.ts";
import { HOST_AHEAD_MS } from "./host-time.ts";
import { type Hearers, Line } from "./line.ts";
import { type LineUp, NewsDesk } from "./news-desk.ts";
import { FILE_FD } from "./worker-word.ts";
import type { Beginning, PrimaryWords, Standing, View } from "./words.ts";

/** Serves until the primary says otherwise; resolves with the exit code. */
export async function work(terminal: Terminal): Promise<number> {
  const worker = new Worker(terminal);
  return worker.run();
}

class Worker {
  readonly #terminal: Terminal;
  readonly #line: LineUp;
  readonly #desk = new NewsDesk(() => this.#line, realClock);
  readonly #ended = Promise.withResolvers<number>();
  #gateway: Gateway | null = null;
  #following: Following | null = null;
  #standing: Standing | null = null;
  #code: number | null = null;
  #rowsTold = 0;

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#line = new Line({
      // Whoever has gone cannot be told; the disconnect is what counts then.
      post: (packet) => void process.send?.(packet, undefined, undefined, () => undefined),
      hearers: this.#hearers(),
      onBug: (error) => this.#crash("unhandledRejection", error),
    });
  }

  async run(): Promise<number> {
    // A terminal sends its signals to everybody; who leaves when is the primary's affair.
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => undefined);
    for (const event of ["uncaughtException", "unhandledRejection"] as const) {
      process.on(event, (error: unknown) => this.#crash(event, error));
    }
    // Node would end the process with the primary, and with it every stream.
    if (cluster.worker !== undefined) cluster.worker.exitedAfterDisconnect = true;
    process.on("message", (message) => this.#line.take(message));
    process.on("disconnect", () => this.#orphaned());
    // Without a primary there is nothing to begin with; a crash before the beginning ends as well.
    const begun = this.#line.ask("begin", null).then((beginning) => this.#open(beginning));
    begun.catch((error: unknown) => this.#crash("unhandledRejection", error));
    return this.#ended.promise;
  }

  async #open(beginning: Beginning): Promise<void> {
    this.#standing = beginning.standing;
    const snapshot = snapshotOf(beginning);
    const gateway = await openGateway({
      terminal: this.#terminal,
      snapshot,
      level: beginning.level,
      role: {
        exports: (settings) => ({ ...settings, metrics: null }),
        aheadMs: HOST_AHEAD_MS,
        outlet: outletOf(beginning, this.#terminal),
      },
      reloads: () => (this.#standing as Standing).reloads,
      shared: this.#shared(beginning),
      onHealth: (health) => this.#desk.open(health, beginning),
    });
    if (isListenFault(gateway)) {
      this.#line.tell("unable", gateway);
      return;
    }
    this.#gateway = gateway;
    this.#following = new Following(gateway.followers);
    this.#line.tell("serving", { addresses: gateway.addresses });
  }

  #shared({ part, pid, servedSince }: Beginning): Shared {
    const number = part.at + 1;
    return {
      pid,
      limiter: this.#desk.limiter,
      servedSince: servedSince - HOST_AHEAD_MS,
      renderMetrics: (accept) => this.#line.ask("scrape", accept),
      // Without a primary, each shows what it has itself.
      sight: ({ notReady }, since) =>
        this.#line.ask("sight", { notReady: notReady.map(ahead), since }).catch(() => null),
      workers: () => ({ number, ...(this.#standing as Standing).workers }),
      failing: () => ((this.#standing as Standing).starting ? ["workers-starting"] : []),
      mayProbe: (subject) => this.#desk.mayProbe(subject),
      onNews: this.#desk.tell,
    };
  }

  #hearers(): Hearers<PrimaryWords> {
    return {
      "make-room": (change) => (this.#following?.makeRoom(change), null),
      open: async () => (await this.#following?.open()) ?? null,
      commit: () => (this.#following?.commit(), null),
      "make-room-back": () => (this.#following?.makeRoomBack(), null),
      "go-back": async () => (await this.#following?.goBack(), null),
      mail: (entries) => this.#desk.absorb(entries),
      probing: ({ subject, runs }) => this.#desk.probing(subject, runs),
      guess: (guess) => this.#desk.limiter.absorb({ ...guess, at: guess.at - HOST_AHEAD_MS }),
      figures: () => this.#figures(),
      view: () => this.#view(),
      standing: (standing) => ((this.#standing = standing), null),
      retire: (patienceMs) => void this.#retire(patienceMs),
      leave: () => this.#leave(EXIT.ok),
    };
  }

  #figures() {
    return this.#gateway === null ? [] : figuresOf(this.#gateway.observing.families, HOST_AHEAD_MS);
  }

  #view(): View | null {
    if (this.#gateway === null) return null;
    const { board } = this.#gateway.observing;
    const rows = board.rows.after(this.#rowsTold);
    this.#rowsTold = board.rows.count;
    return { board: board.state(realClock.now()), rows, loopDelayMs: this.#gateway.loopDelayMs };
  }

  /** Requests that take longer than that are drained. */
  async #retire(patienceMs: number | null): Promise<void> {
    const patience = patienceMs === null ? null : realClock.timer(patienceMs, () => this.#leave(EXIT.ok));
    const doorways = this.#gateway?.followers.doorways ?? [];
    await Promise.all(doorways.map((doorway) => doorway.retire()));
    patience?.cancel();
    this.#leave(EXIT.ok);
  }

  /** Drains; called again it ends at once. */
  #leave(code: number): void {
    this.#code ??= code;
    void this.#left().then(() => this.#ended.resolve(this.#code ?? code));
  }

  async #left(): Promise<void> {
    await this.#gateway?.leave();
    this.#desk.send();
    const view = this.#view();
    await Promise.allSettled([
      this.#line.ask("last-figures", this.#figures()),
      ...(view === null ? [] : [this.#line.ask("last-view", view)]),
    ]);
  }

  /** The port is for a primary that comes after this one: it is let go at once, and streams have the time that they always have. */
  #orphaned(): void {
    this.#line.close();
    this.#gateway?.observing.log.error("the primary has gone: this worker ends with its streams");
    for (const doorway of this.#gateway?.followers.doorways ?? []) void doorway.close();
    this.#leave(EXIT.failed);
  }

  #crash(event: string, error: unknown): void {
    const log = this.#gateway?.observing.log;
    if (log === undefined) {
      this.#terminal.stderr.write(`openclaw-edge: a worker could not start: ${String(error)}\n`);
      this.#ended.resolve(EXIT.failed);
      return;
    }
    log.error(`${event}: the process ends`, { error });
    log.flushSync();
    if (this.#code === EXIT.ok) this.#code = EXIT.failed;
    else if (this.#code === null) {
      this.#line.tell("going", null);
      this.#leave(EXIT.failed);
    }
  }
}

function snapshotOf({ handover, held, part }: Beginning): Snapshot {
  const next = unpacked(handover, part);
  if (held.read.revision === handover.read.revision) return next;
  return { ...reachable(unpacked(held, part), next, "hot").taken, workers: part.of };
}

function ahead(each: NotReady): NotReady {
  return { ...each, until: each.until + HOST_AHEAD_MS };
}

function outletOf({ look, writesFile, part }: Beginning, { stdout }: Terminal): LogOutlet {
  return { ...look, console: stdout, file: writesFile ? filePipe() : null, worker: part.at + 1 };
}

/** Lines for the log file: the primary alone rotates it. */
function filePipe(): LogOutlet["file"] {
  const pipe = new Socket({ fd: FILE_FD, readable: false, writable: true });
  return {
    fd: FILE_FD,
    write: (text, done) => pipe.write(text, done),
    on: (event, listener) => pipe.on(event, listener),
  };
}
