// Reads the configuration again, when its files change or somebody asks, and has it taken into use; keeps the last good one on any error.
// One reading at a time: whoever asks meanwhile gets one more, together with everybody else who asked.
import { changedKeys } from "../config/changed-keys.ts";
import { type Complaint, inOrder, renderComplaint } from "../config/complaint.ts";
import { FileWatch } from "../config/file-watch.ts";
import type { Loaded, LoadResult, NotLoaded } from "../config/load-snapshot.ts";
import type { Clock } from "../core/clock.ts";
import type { ConfigReloaded, Observer } from "../core/events.ts";
import type { ReloadStanding } from "../server/lobby.ts";
import type { Log } from "../telemetry/log.ts";
import type { Taken } from "./running.ts";

/** What reloading needs. */
export interface ReloaderParts {
  /** What the process was started with. */
  readonly first: Loaded;
  readonly load: () => Promise<LoadResult>;
  readonly take: (next: Loaded) => Promise<Taken>;
  readonly log: Log;
  readonly observe: Observer;
  readonly clock: Clock;
}

/** Keys and complaints that one line of the log shows. */
const SHOWN_MAX = 20;
/** Refused contents that are remembered, so that each is told once. */
const REFUSED_MAX = 64;
const SECRET_CODES = new Set(["missing_secret", "bad_secret", "missing_variable"]);

/** Reloads for the life of the process. */
export class Reloader {
  readonly #parts: ReloaderParts;
  readonly #watch: FileWatch;
  #running: Loaded;
  #standing: ReloadStanding = { readings: 0, result: null, restartNeeded: [] };
  readonly #refused = new Set<string>();
  #degraded = false;
  #underWay: Promise<void> | null = null;
  #next: Promise<void> | null = null;
  /** A person is among those who asked while a reading was under way. */
  #isAwaited = false;
  #stopped = false;

  constructor(parts: ReloaderParts) {
    this.#parts = parts;
    this.#running = parts.first;
    this.#watch = new FileWatch({ clock: parts.clock, onChange: () => void this.ask("watch") });
  }

  /** What came of it so far. */
  get standing(): ReloadStanding {
    return this.#standing;
  }

  /** Watches the files, unless the configuration says not to. */
  start(): void {
    this.#expect(this.#running.marks);
  }

  /** Reads nothing any more: the process goes. */
  stop(): void {
    this.#stopped = true;
    this.#watch.stop();
  }

  /** Reads the configuration again; resolves when it is in use or refused. A person who asks is answered in every case. */
  ask(by: "watch" | "signal"): Promise<void> {
    if (this.#stopped) return Promise.resolve();
    if (this.#underWay === null) {
      this.#underWay = this.#read(by).finally(() => (this.#underWay = null));
      return this.#underWay;
    }
    this.#isAwaited ||= by === "signal";
    this.#next ??= this.#afterwards(this.#underWay);
    return this.#next;
  }

  async #afterwards(underWay: Promise<void>): Promise<void> {
    await underWay;
    const by = this.#isAwaited ? "signal" : "watch";
    this.#next = null;
    this.#isAwaited = false;
    await this.ask(by);
  }

  async #read(by: "watch" | "signal"): Promise<void> {
    try {
      const loaded = await this.#parts.load();
      if (this.#stopped) return;
      if (loaded.ok) await this.#consider(loaded, by);
      else this.#refuse(loaded, by);
    } catch (error) {
      // A bug of ours must not end what serves well; it is told with its stack, and the next change is another try.
      this.#parts.log.error("a bug of the gateway: the config was not read", { error });
      this.#tell("rejected", { complaints: 1, changed: [], restartNeeded: this.#standing.restartNeeded });
    }
  }

  async #consider(loaded: Loaded, by: "watch" | "signal"): Promise<void> {
    const { log, take } = this.#parts;
    const before = this.#running;
    const changed = changedKeys(before.traits, loaded.traits);
    const isSame = changed.length === 0 && before.snapshot.revision === loaded.snapshot.revision;
    if (isSame) this.#noteSame(loaded, by);
    else {
      const taken = await take(loaded);
      if ("fault" in taken) {
        log.warn("config reload skipped (cannot listen)", { reason: taken.fault.message, changed: shown(changed) });
        this.#tell("rejected", { complaints: 1, changed: [], restartNeeded: this.#standing.restartNeeded });
        this.#expect(loaded.marks);
        return;
      }
      this.#running = loaded;
      this.#noteSwap(loaded, before, { changed, restartNeeded: taken.heldBack });
    }
    this.#noteRecovery();
    this.#expect(loaded.marks);
  }

  #noteSame({ snapshot }: Loaded, by: "watch" | "signal"): void {
    const wasRefused = this.#refused.size > 0;
    if (by === "signal" || wasRefused)
      this.#parts.log.info("config read again: nothing changed", { revision: snapshot.revision });
    this.#tell("unchanged", { complaints: 0, changed: [], restartNeeded: this.#standing.restartNeeded });
  }

  #noteSwap(
    { snapshot, warnings }: Loaded,
    before: Loaded,
    what: Pick<ConfigReloaded, "changed" | "restartNeeded">,
  ): void {
    const { log } = this.#parts;
    const { changed, restartNeeded } = what;
    const more = changed.length > SHOWN_MAX ? { more: changed.length - SHOWN_MAX } : {};
    log.info("config reloaded", { revision: snapshot.revision, changed: shown(changed), ...more });
    for (const key of restartNeeded) log.warn(`restart needed: ${key}`, { code: "restart_needed", path: key });
    const known = new Set(before.warnings.map(signature));
    for (const warning of warnings) {
      const { code, path, message, file, line } = warning;
      if (!known.has(signature(warning))) log.warn(message, { code, path, ...(file === null ? {} : { file, line }) });
    }
    this.#tell("swapped", { complaints: warnings.length, changed, restartNeeded });
  }

  #noteRecovery(): void {
    this.#refused.clear();
    if (!this.#degraded) return;
    this.#degraded = false;
    this.#parts.log.info("secrets are whole again", { code: "SECRETS_RELOADER_RECOVERED" });
  }

  /** A content is told once, however often it is looked at; a person who asks hears of it again. */
  #refuse({ complaints, marks }: NotLoaded, by: "watch" | "signal"): void {
    const content = [...marks].flat().join("\n");
    const errors = inOrder(complaints).filter(({ severity }) => severity === "error");
    if (by === "signal" || !this.#refused.has(content)) {
      const isGone = errors.some(({ code }) => code === "file_missing");
      const lacksSecret = errors.some(({ code }) => SECRET_CODES.has(code));
      this.#degraded ||= lacksSecret;
      const told = {
        complaints: errors.slice(0, SHOWN_MAX).map(renderComplaint),
        revision: this.#running.snapshot.revision,
      };
      const code = lacksSecret ? { code: "SECRETS_RELOADER_DEGRADED" } : {};
      this.#parts.log.warn(`config reload skipped (${isGone ? "config file missing" : "invalid config"})`, {
        ...told,
        ...code,
      });
    }
    if (this.#refused.size >= REFUSED_MAX) this.#refused.clear();
    this.#refused.add(content);
    this.#tell("rejected", { complaints: errors.length, changed: [], restartNeeded: this.#standing.restartNeeded });
    // A refused reading may have seen fewer files than the good one: both sets stay watched.
    this.#expect(new Map([...this.#running.marks, ...marks]));
  }

  #tell(
    result: ConfigReloaded["result"],
    what: Pick<ConfigReloaded, "complaints" | "changed" | "restartNeeded">,
  ): void {
    const { observe, clock } = this.#parts;
    const { restartNeeded } = what;
    this.#standing = { readings: this.#standing.readings + 1, result, restartNeeded };
    observe({ type: "config-reloaded", at: clock.now(), result, revision: this.#running.snapshot.revision, ...what });
  }

  #expect(marks: Loaded["marks"]): void {
    const { mode, debounceMs } = this.#running.reload;
    if (mode === "off" || this.#stopped) this.#watch.stop();
    else this.#watch.expect(marks, debounceMs);
  }
}

function shown(keys: readonly string[]): readonly string[] {
  return keys.slice(0, SHOWN_MAX);
}

function signature({ code, path, message }: Complaint): string {
  return `${code} ${path} ${message}`;
}
