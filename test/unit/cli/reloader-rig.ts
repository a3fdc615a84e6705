// A reloader over a real file with the real loader; what is taken into use and what is told are recorded.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach } from "vitest";
import { Reloader } from "../../../src/cli/reloader.ts";
import type { Taken } from "../../../src/cli/running.ts";
import type { Environment } from "../../../src/config/environment.ts";
import { marksNow } from "../../../src/config/file-marks.ts";
import { type LoadResult, loadSnapshot } from "../../../src/config/load-snapshot.ts";
import type { ConfigReloaded, ProxyEvent } from "../../../src/core/events.ts";
import type { Snapshot } from "../../../src/core/snapshot.ts";
import { createLog } from "../../../src/telemetry/log.ts";
import { FakeClock } from "../../support/fake-clock.ts";
import { loadInput } from "../../support/load-input.ts";

/** What is told of one reading. */
export type Told = Pick<ConfigReloaded, "result" | "complaints" | "changed" | "restartNeeded">;

/** A config that nothing watches. */
export const BASE = {
  models: { mode: "replace", providers: { mock: { api: "mock" } } },
  agents: { defaults: { model: "mock/echo" } },
  logging: { redactPatterns: ["zero"] },
  gateway: { auth: { token: "reload-test-token-0123456789abc" }, reload: { mode: "off" } },
};
/** It with another pattern. */
export const withRedact = (text: string): object => ({ ...BASE, logging: { redactPatterns: [text] } });
/** Everything was taken into use. */
export const HELD_BACK: Taken = { heldBack: [] };

let folder = "";
let env: Environment = {};

/** The folder that the file is in; a new one for each test. */
export function configFile(): string {
  return join(folder, "openclaw.json");
}

/** Variables that the loader sees, until the end of the test. */
export function setEnv(next: Environment): void {
  env = next;
}

/** Gives each test of a file a folder and an environment of its own. */
export function inFolders(): void {
  beforeEach(() => {
    env = {};
    folder = mkdtempSync(join(tmpdir(), "edge-reloader-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
}

/** A reloader over a file, and everything that came of it. */
export class Rig {
  readonly lines: { readonly level: string; readonly msg: string; readonly [field: string]: unknown }[] = [];
  readonly told: Told[] = [];
  readonly taken: Snapshot[] = [];
  loads = 0;
  take: () => Promise<Taken> | Taken = () => HELD_BACK;
  beforeLoad: () => Promise<void> = () => Promise.resolve();
  readonly reloader: Reloader;
  readonly clock: FakeClock;

  private constructor(first: Extract<LoadResult, { ok: true }>) {
    const clock = new FakeClock();
    this.clock = clock;
    const to = (line: string): void => void this.lines.push(JSON.parse(line) as (typeof this.lines)[number]);
    this.reloader = new Reloader({
      first,
      load: async () => {
        this.loads += 1;
        await this.beforeLoad();
        return load();
      },
      take: async (next) => {
        this.taken.push(next.snapshot);
        return this.take();
      },
      log: createLog({ readers: [{ style: "json", level: "debug", to }], redact: (text) => text, clock }),
      observe: (event: ProxyEvent) => {
        if (event.type !== "config-reloaded") return;
        const { result, complaints, changed, restartNeeded } = event;
        this.told.push({ result, complaints, changed, restartNeeded });
      },
      clock,
    });
  }

  static async open(config: object = BASE): Promise<Rig> {
    write(config);
    const first = await load();
    if (!first.ok) throw new Error("the first config loads");
    return new Rig(first);
  }

  /** Lets time pass in small steps, with turns of the loop for files to be read at each, until another reading is told. */
  async pass(ms: number): Promise<number> {
    const told = this.told.length;
    for (let passed = 0; passed < ms && this.told.length === told; passed += 100) {
      this.clock.advance(100);
      for (let turn = 0; turn < 3; turn += 1) await marksNow([configFile()]);
    }
    return this.told.length - told;
  }

  get said(): string[] {
    return this.lines.map(({ level, msg }) => `${level} ${msg}`);
  }
}

/** Writes the file. */
export function write(config: object | string): void {
  writeFileSync(configFile(), typeof config === "string" ? config : JSON.stringify(config));
}

async function load(): Promise<LoadResult> {
  return loadSnapshot(loadInput(folder, { flags: { config: configFile() }, env, wallMs: 0 }));
}
