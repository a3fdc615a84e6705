// The process that holds several together: it reads, validates and watches the configuration, hands it over, gathers what they count and
// write, and serves nobody itself.
import cluster from "node:cluster";
import { type Handover, packed, withPorts } from "../../config/handover.ts";
import type { Loaded } from "../../config/load-snapshot.ts";
import { realClock } from "../../core/clock.ts";
import type { Snapshot, SnapshotHolder } from "../../core/snapshot.ts";
import { LoopMonitor } from "../../server/loop-monitor.ts";
import type { ListenFault } from "../../server/servers.ts";
import type { Destination } from "../../telemetry/line-writer.ts";
import { figuresOf } from "../../telemetry/merged-families.ts";
import { RotatingFile } from "../../telemetry/rotating-file.ts";
import type { Observing } from "../observing.ts";
import { openObserving } from "../observing.ts";
import { consoleLook } from "../open-log.ts";
import { Reloader } from "../reloader.ts";
import { prepare, type Taken } from "../running.ts";
import type { Wired, WireOptions } from "../wire.ts";
import { Commons } from "./commons.ts";
import { Fleet } from "./fleet.ts";
import { freePort } from "./free-port.ts";
import { HOST_AHEAD_MS } from "./host-time.ts";
import { Lookout } from "./lookout.ts";
import { Member } from "./member.ts";
import { SharedFile } from "./shared-file.ts";
import type { Beginning, Standing } from "./words.ts";
import { workerEnv } from "./worker-env.ts";
import { WORKER_WORD } from "./worker-word.ts";

/** Beyond the drain's own deadline: last words, exporters, the log. */
const LEAVE_SPARE_MS = 8_000;
const NOWHERE = { door: [], admin: [] };

/** Starts the workers; resolves when all serve. */
export async function wireFleet(first: Loaded, options: WireOptions): Promise<Wired | ListenFault> {
  const primary = new Primary(first, options);
  return primary.open();
}

class Primary {
  readonly #options: WireOptions;
  readonly #holder: SnapshotHolder;
  readonly #pulse = new LoopMonitor(realClock);
  readonly #commons: Commons = new Commons(() => this.#fleet?.members ?? [], realClock);
  readonly #lookout: Lookout = new Lookout({
    clock: realClock,
    wall: () => realClock.wall(),
    redact: (text) => this.#observing?.redact(text) ?? "",
    members: () => this.#fleet?.members ?? [],
    snapshot: () => this.#holder.current,
    own: () => this.#observing?.board.state(realClock.now()) ?? null,
  });
  readonly #servedSince = realClock.now() + HOST_AHEAD_MS;
  /** What port 0 is, for both doors. */
  #anyPort: readonly [door: number, admin: number] = [0, 0];
  #latest: Loaded;
  /** The configuration whose listeners are in use. */
  #held: Loaded;
  readonly #file = new SharedFile();
  #observing: Observing | null = null;
  #fleet: Fleet | null = null;
  #reloader: Reloader | null = null;

  constructor(first: Loaded, options: WireOptions) {
    this.#options = options;
    this.#latest = first;
    this.#held = first;
    this.#holder = { current: first.snapshot };
  }

  async open(): Promise<Wired | ListenFault> {
    const first = this.#latest;
    const [host = "127.0.0.1"] = first.snapshot.gateway.hosts;
    this.#anyPort = [await freePort(host), await freePort(host)];
    this.#observing = await this.#openObserving();
    // Both are others after a change of what is read at the start.
    const observing = (): Observing => this.#observing as Observing;
    // Left to the system, one worker of two got 49 of 50 connections that came at once (measured); in turn it is 25 each.
    cluster.schedulingPolicy = cluster.SCHED_RR;
    cluster.setupPrimary({
      exec: this.#options.terminal.program,
      args: [WORKER_WORD],
      serialization: "advanced",
      stdio: ["ignore", "pipe", "pipe", "ipc", "pipe"],
    });
    const fleet = new Fleet({
      clock: realClock,
      get log() {
        return observing().log;
      },
      enlist: (at) => this.#enlist(at),
      onEnd: (member) => {
        this.#commons.bury(member, this.#families());
        this.#lookout.bury(member);
      },
      onStanding: () => this.#tellStanding(),
      tellStanding: ({ line }) => line.ask("standing", this.#standing()),
      patience: () => ({ patienceMs: this.#latest.reload.deferralTimeoutMs || null, drainMs: this.#drainMs }),
    });
    this.#fleet = fleet;
    const reloader = new Reloader({
      first,
      load: this.#options.load,
      take: (next) => this.#take(next),
      get log() {
        return observing().log;
      },
      observe: (event) => {
        observing().observe(event);
        this.#tellStanding();
      },
      clock: realClock,
    });
    this.#reloader = reloader;
    const fault = await fleet.start(first.snapshot.workers);
    if (fault !== null) {
      this.#pulse.stop();
      await observing().stop();
      return fault;
    }
    return {
      addresses: fleet.place?.addresses ?? NOWHERE,
      get log() {
        return observing().log;
      },
      reloader,
      get isBroken() {
        return fleet.isBroken;
      },
      leave: () => this.#leave(),
    };
  }

  async #openObserving(): Promise<Observing> {
    let file: RotatingFile | null = null;
    const opened = await openObserving(this.#holder, this.#pulse, {
      ...this.#options,
      role: {
        exports: (settings) => ({ ...settings, traces: null }),
        aheadMs: HOST_AHEAD_MS,
        gathering: this.#commons.gathering,
        file: (parts) => {
          file = new RotatingFile(parts);
          return this.#file;
        },
      },
    });
    this.#file.follow(file);
    return opened;
  }

  /** What is read at the start only, read again: log and exporters anew, then worker by worker. What was counted stays. */
  async #startAnew(next: Snapshot): Promise<void> {
    const before = this.#observing as Observing;
    // Two SDKs of one process exclude each other.
    await before.stop();
    this.#holder.current = next;
    this.#observing = await this.#openObserving();
    this.#commons.keep(this.#families(), figuresOf(before.families, 0));
    this.#fleet?.renew();
  }

  /** As it is handed to workers: with numbers where the file leaves a port to the system. */
  #packed(loaded: Loaded): Handover {
    const [door, admin] = this.#anyPort;
    return withPorts(packed(loaded), { door, admin });
  }

  /** The longest that a drain takes. */
  get #drainMs(): number {
    const { deadlineMs, preStopMs } = this.#holder.current.gateway.drain;
    return Math.max(deadlineMs, preStopMs) + LEAVE_SPARE_MS;
  }

  #families(): Observing["families"] {
    return this.#observing?.families ?? [];
  }

  #enlist(at: number): Member {
    const { env, stdout, stderr } = this.#options.terminal;
    return new Member({
      at,
      env: workerEnv(env),
      outputs: { stdout, stderr: stderr as Pick<Destination, "write">, file: this.#file },
      clock: realClock,
      onBug: (error) => this.#observing?.log.error("a bug of the gateway", { error }),
      hearers: (member) => ({
        begin: () => this.#beginning(member),
        scrape: async (accept) => (this.#observing as Observing).renderMetrics(accept),
        going: () => this.#fleet?.excuse(member),
        ...this.#commons.hearers(member),
        ...this.#lookout.hearers(member),
      }),
    });
  }

  #beginning({ at }: Member): Beginning {
    const handover = this.#packed(this.#latest);
    const { terminal, level } = this.#options;
    const { logging } = this.#holder.current;
    return {
      handover,
      held: this.#held === this.#latest ? handover : this.#packed(this.#held),
      part: { at, of: this.#latest.snapshot.workers },
      pid: process.pid,
      servedSince: this.#servedSince,
      level,
      look: consoleLook(logging, terminal),
      writesFile: this.#file.isOpen,
      standing: this.#standing(),
      ...this.#commons.beginning,
    };
  }

  /** All or nothing: every worker serves the new one, or every worker serves on with the old one. */
  async #take(next: Loaded): Promise<Taken> {
    const fleet = this.#fleet as Fleet;
    const { snapshot, reload } = next;
    const { mode } = reload;
    const onSwap = (taken: Snapshot): void => this.#observing?.follow(taken);
    const own = await prepare(snapshot, mode, { holder: this.#holder, doorways: [], onSwap, isWorker: true });
    if ("fault" in own) return own;
    const fault = await fleet.change({ handover: this.#packed(next), mode, workers: snapshot.workers });
    if (fault !== null) return { fault };
    own.commit();
    this.#latest = next;
    if (mode !== "hot" || own.heldBack.length === 0) this.#held = next;
    const anew = mode === "hot" ? [] : own.heldBack;
    if (anew.length > 0) {
      await this.#startAnew(snapshot);
      this.#observing?.log.info("workers are replaced, one after the other", { because: anew });
    }
    if (fleet.standing.wanted !== snapshot.workers) await this.#resize(snapshot.workers);
    return { heldBack: mode === "hot" ? own.heldBack : [] };
  }

  async #resize(workers: number): Promise<void> {
    const fault = await (this.#fleet as Fleet).resize(workers);
    if (fault !== null) this.#observing?.log.error("a worker cannot start", { reason: fault.message });
  }

  #standing(): Standing {
    const fleet = this.#fleet?.standing ?? { wanted: 0, serving: 0, outdated: 0 };
    return {
      reloads: (this.#reloader as Reloader).standing,
      workers: fleet,
      starting: this.#fleet?.isStarting ?? true,
    };
  }

  #tellStanding(): void {
    const standing = this.#standing();
    for (const member of this.#fleet?.members ?? []) member.line.tell("standing", standing);
  }

  async #leave(): Promise<void> {
    this.#reloader?.stop();
    await this.#fleet?.leave(this.#drainMs);
    this.#pulse.stop();
    await this.#observing?.stop();
  }
}
