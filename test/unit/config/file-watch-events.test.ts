// The watch over files where the system tells of changes, and what becomes of contents that do not stand still. Real files and real events;
// only the clock is the test's.
import { type FSWatcher, watch as watchFolder } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { marksNow } from "../../../src/config/file-marks.ts";
import { FileWatch } from "../../../src/config/file-watch.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const POLL_MS = 3_000;
const SETTLE_MS = 200;

let root = "";
let clock: FakeClock;
let seen = 0;
let watch: FileWatch;
const file = (name = "openclaw.json"): string => join(root, name);

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "edge-events-"));
  clock = new FakeClock();
  seen = 0;
  watch = new FileWatch({ clock, onChange: () => (seen += 1) });
  await writeFile(file(), "old");
});
afterEach(async () => {
  watch.stop();
  await rm(root, { recursive: true, force: true });
});

async function expectNow(debounceMs: number, ...paths: string[]): Promise<void> {
  watch.expect(await marksNow(paths), debounceMs);
}

/** Turns of the loop in which files that were asked for are read. */
async function turns(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await marksNow([file()]);
}

async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 50) {
    clock.advance(50);
    await turns();
  }
}

/** Resolves once the system's event has armed a look: beside the poll there is a second timer. */
const armed = (): Promise<void> => vi.waitFor(() => expect(clock.pending).toBe(2), { timeout: 10_000, interval: 2 });

/** The look behind the quiet time, and the one that finds the content as it was: however long reading takes. */
async function settled(quietMs: number): Promise<void> {
  clock.advance(quietMs);
  await armed();
  clock.advance(SETTLE_MS);
  await vi.waitFor(() => expect(seen).toBe(1), { timeout: 10_000, interval: 2 });
}

/** Does something, and resolves once a watcher of our own on the same folder was told of it. */
async function told(folder: string, name: string, act: () => Promise<unknown>): Promise<void> {
  const heard = Promise.withResolvers<void>();
  const own: FSWatcher = watchFolder(folder, (_event, which) => which === name && heard.resolve());
  await act();
  await heard.promise;
  own.close();
}

describe("an event of the system", () => {
  it("is looked at after the quiet time, long before the poll", async () => {
    await expectNow(300, file());
    await writeFile(file(), "new");
    await armed();
    expect(clock.nextMs).toBe(300);
    await settled(300);
    expect(clock.now()).toBeLessThan(POLL_MS);
  });

  it("begins the quiet time anew, but not for longer than a second after the first", async () => {
    await expectNow(700, file());
    await writeFile(file(), "new");
    await armed();
    clock.advance(200);
    await told(root, "openclaw.json", () => writeFile(file(), "newer"));
    expect(clock.nextMs).toBe(700);
    clock.advance(600);
    await told(root, "openclaw.json", () => writeFile(file(), "newest"));
    expect(clock.nextMs).toBe(200);
  });

  it("has a quiet time of its own once the last one was looked at", async () => {
    await expectNow(700, file());
    await writeFile(file(), "new");
    await armed();
    await settled(700);
    await told(root, "openclaw.json", () => writeFile(file(), "newer"));
    expect(clock.nextMs).toBe(700);
  });

  it.each([
    ["of a neighbour is none", "neighbour.json", 1],
    ["of a platform's own link is one", "..data", 2],
  ])("%s", async (_sentence, name, timers) => {
    await expectNow(300, file());
    await told(root, name, () => writeFile(file(name), "x"));
    expect(clock.pending).toBe(timers);
  });

  it("of a folder that nobody asks for any more is none", async () => {
    await mkdir(file("inner"));
    await expectNow(300, file("inner/openclaw.json"));
    await expectNow(300, file());
    await told(file("inner"), "openclaw.json", () => writeFile(file("inner/openclaw.json"), "x"));
    expect(clock.pending).toBe(1);
  });

  it("of a folder that goes is one, and the folder is watched again when it is back", async () => {
    await mkdir(file("inner"));
    await writeFile(file("inner/openclaw.json"), "old");
    await expectNow(300, file("inner/openclaw.json"));
    await rm(file("inner"), { recursive: true });
    await armed();
    await pass(2_000);
    expect(seen).toBe(1);
    await mkdir(file("inner"));
    await expectNow(300, file("inner/openclaw.json"));
    await writeFile(file("inner/openclaw.json"), "new");
    await armed();
  });

  it("is none after the end", async () => {
    await expectNow(300, file());
    await writeFile(file(), "new");
    await armed();
    watch.stop();
    expect(clock.pending).toBe(0);
    await told(root, "openclaw.json", () => writeFile(file(), "newer"));
    expect(clock.pending).toBe(0);
  });
});

describe("contents", () => {
  /** A change that only the poll finds: the folder's events come later than this. */
  async function found(text: string): Promise<void> {
    await writeFile(file(), text);
    clock.advance(POLL_MS);
    await turns();
  }

  it("must stand still before they are told", async () => {
    await expectNow(60_000, file());
    await found("new");
    expect(seen).toBe(0);
    clock.advance(SETTLE_MS - 1);
    await turns();
    expect(seen).toBe(0);
    clock.advance(1);
    await turns();
    expect(seen).toBe(1);
  });

  it("that are what they were a moment later are no news", async () => {
    await expectNow(60_000, file());
    await found("new");
    await writeFile(file(), "old");
    await pass(SETTLE_MS * 4);
    expect(seen).toBe(0);
  });

  it("that never stand still are told all the same, after three looks", async () => {
    await expectNow(60_000, file());
    await found("new 0");
    for (let more = 1; more <= 3; more += 1) {
      expect(seen).toBe(0);
      await writeFile(file(), `new ${more}`);
      clock.advance(SETTLE_MS);
      await turns();
    }
    expect(seen).toBe(1);
  });

  it("that were read by somebody else meanwhile are no news", async () => {
    await expectNow(60_000, file());
    await found("new");
    await expectNow(60_000, file());
    await pass(SETTLE_MS * 4);
    expect(seen).toBe(0);
  });

  it("are told again as long as nobody reads them", async () => {
    await expectNow(60_000, file());
    await found("new");
    await pass(SETTLE_MS);
    expect(seen).toBe(1);
    clock.advance(POLL_MS);
    await turns();
    await pass(SETTLE_MS);
    expect(seen).toBe(2);
  });
});
