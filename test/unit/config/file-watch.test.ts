// The watch over files: real files in a folder of their own, a clock that only the test moves.
import { mkdir, mkdtemp, rename, rm, symlink, unlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ABSENT, FileMarks, marksNow } from "../../../src/config/file-marks.ts";
import { FileWatch } from "../../../src/config/file-watch.ts";
import { FakeClock } from "../../support/fake-clock.ts";

const STEP_MS = 50;

let root = "";
let clock: FakeClock;
let seen = 0;
let watch: FileWatch;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "edge-watch-"));
  clock = new FakeClock();
  seen = 0;
  watch = new FileWatch({ clock, onChange: () => (seen += 1) });
});

afterEach(async () => {
  watch.stop();
  await rm(root, { recursive: true, force: true });
});

const file = (name = "openclaw.json"): string => join(root, name);

async function expectNow(...paths: string[]): Promise<void> {
  watch.expect(await marksNow(paths), 300);
}

/** Lets time pass in small steps, with time for the files to be read at each; ends early once a change was told. */
async function pass(ms: number): Promise<number> {
  const told = seen;
  const isTold = (): boolean => seen !== told;
  for (let passed = 0; passed < ms && !isTold(); passed += STEP_MS) {
    clock.advance(STEP_MS);
    // Reading a file takes turns of the loop and a thread: a read of our own behind it has the same way.
    for (let turn = 0; turn < 3; turn += 1) await marksNow([file(), file("other")]);
  }
  return clock.now();
}

describe("a watched file", () => {
  it.each<[sentence: string, change: () => Promise<unknown>]>([
    ["is written", () => writeFile(file(), "new")],
    ["grows", () => writeFile(file(), "old and more")],
    ["is emptied", () => writeFile(file(), "")],
    ["is deleted", () => unlink(file())],
    [
      "is replaced by a rename",
      async () => {
        await writeFile(file("next"), "new");
        await rename(file("next"), file());
      },
    ],
    [
      "changes without a new time of change",
      async () => {
        await writeFile(file(), "new");
        await utimes(file(), 0, 0);
      },
    ],
    [
      "becomes a link to another one",
      async () => {
        await writeFile(file("target"), "new");
        await unlink(file());
        await symlink("target", file());
      },
    ],
  ])("that %s is told, once, within 5 s even where the system tells nothing", async (_sentence, change) => {
    await writeFile(file(), "old");
    await expectNow(file());
    await change();
    expect(await pass(20_000)).toBeLessThanOrEqual(5_000);
    expect(seen).toBe(1);
  });

  it.each<[sentence: string, change: () => Promise<unknown>]>([
    ["is touched", () => utimes(file(), 1, 1)],
    ["is written with what it held", () => writeFile(file(), "old")],
    ["has a neighbour that changes", () => writeFile(file("neighbour"), "x")],
  ])("that %s is no news", async (_sentence, change) => {
    await writeFile(file(), "old");
    await expectNow(file());
    await change();
    await pass(10_000);
    expect(seen).toBe(0);
  });

  it("may appear later, together with its folder", async () => {
    const later = join(root, "etc", "openclaw.json");
    await expectNow(later);
    await pass(4_000);
    await mkdir(join(root, "etc"));
    await writeFile(later, "new");
    await pass(6_000);
    expect(seen).toBe(1);
  });

  it("is seen again after its folder was taken away and came back", async () => {
    const inner = join(root, "etc", "openclaw.json");
    await mkdir(join(root, "etc"));
    await writeFile(inner, "old");
    await expectNow(inner);
    await rm(join(root, "etc"), { recursive: true });
    await pass(6_000);
    expect(seen).toBe(1);
    await expectNow(inner);
    await mkdir(join(root, "etc"));
    await writeFile(inner, "new");
    await pass(6_000);
    expect(seen).toBe(2);
  });

  it("that nobody watches any more is not looked at, and no timer stays", async () => {
    await writeFile(file(), "old");
    await expectNow(file());
    watch.stop();
    await writeFile(file(), "new");
    await pass(5_000);
    expect([seen, clock.pending]).toEqual([0, 0]);
  });
});

describe("marks of one reading", () => {
  it("keep the first of two readings of a file, and look again at what was refused", async () => {
    await writeFile(file(), "text");
    const marks = new FileMarks();
    marks.note(file(), Buffer.from("first"));
    marks.note(file(), Buffer.from("second"));
    marks.note(file("other"), null);
    const all = await marks.all();
    expect(all.get(file())).toBe((await new FileMarksOf("first").all()).get("x"));
    expect(all.get(file("other"))).toBe(ABSENT);
    expect([marks.of(file("other")), marks.of("never")]).toEqual([null, null]);
  });

  it("of folders and of what is not there are alike", async () => {
    expect([...(await marksNow([root, file()])).values()]).toEqual([ABSENT, ABSENT]);
  });
});

/** The marks of one text. */
class FileMarksOf extends FileMarks {
  constructor(text: string) {
    super();
    this.note("x", Buffer.from(text));
  }
}
