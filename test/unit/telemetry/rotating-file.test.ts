// The log file: lines are appended, a full file is put aside, five are kept, and a disk that fails holds nothing up.
import { execFileSync } from "node:child_process";
import {
  chmodSync,
  closeSync,
  constants,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RotatingFile } from "../../../src/telemetry/rotating-file.ts";
import { FakeClock } from "../../support/fake-clock.ts";

let folder: string;
let clock: FakeClock;
beforeEach(() => {
  clock = new FakeClock();
  folder = mkdtempSync(join(tmpdir(), "rotating-file-"));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function fileOf(path: string, bytesMax = 10, troubles: Error[] = []): RotatingFile {
  return new RotatingFile({ path, bytesMax, onTrouble: (error) => troubles.push(error), clock });
}

async function written(file: RotatingFile, text: string): Promise<Error | null> {
  return new Promise((resolve) => file.write(text, (error) => resolve(error ?? null)));
}

describe("a log file", () => {
  it("is made with its folder, for its owner only, and appended to", async () => {
    const path = join(folder, "a/b/edge.log");
    await written(fileOf(path, 100), "one\n");
    await written(fileOf(path, 100), "two\n");
    expect(readFileSync(path, "utf8")).toBe("one\ntwo\n");
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it("is put aside when it is full; five older ones are kept, whole blocks in each", async () => {
    const path = join(folder, "edge.log");
    const file = fileOf(path);
    for (let at = 0; at < 9; at += 1) await written(file, `block ${at} ${"x".repeat(10)}\n`);
    expect(readdirSync(folder).toSorted()).toEqual([
      "edge.log",
      "edge.log.1",
      "edge.log.2",
      "edge.log.3",
      "edge.log.4",
      "edge.log.5",
    ]);
    expect(readFileSync(path, "utf8")).toContain("block 8");
    expect(readFileSync(`${path}.1`, "utf8")).toContain("block 7");
    expect(readFileSync(`${path}.5`, "utf8")).toContain("block 3");
  });

  it("that an earlier process has filled is put aside before the first line", async () => {
    const path = join(folder, "edge.log");
    writeFileSync(path, "x".repeat(50));
    await written(fileOf(path), "new\n");
    expect(readFileSync(path, "utf8")).toBe("new\n");
    expect(readFileSync(`${path}.1`, "utf8")).toHaveLength(50);
  });

  it("that cannot be written is told of once, loses lines, and comes back", async () => {
    const path = join(folder, "blocked/edge.log");
    writeFileSync(join(folder, "blocked"), "a file where a folder should be");
    const troubles: Error[] = [];
    const file = fileOf(path, 100, troubles);
    expect(await written(file, "lost\n")).toBeInstanceOf(Error);
    expect(await written(file, "lost\n")).toBeInstanceOf(Error);
    expect(troubles).toHaveLength(1);
    rmSync(join(folder, "blocked"));
    expect(await written(file, "found\n")).toBeNull();
    expect(readFileSync(path, "utf8")).toBe("found\n");
  });

  it.skipIf(process.platform === "win32")(
    "may be a pipe, which holds nothing up while nobody reads, and is never put aside",
    async () => {
      const path = join(folder, "pipe");
      execFileSync("mkfifo", [path]);
      const troubles: Error[] = [];
      const file = fileOf(path, 10, troubles);
      expect(await written(file, "lost\n")).toMatchObject({ code: "ENXIO" });
      expect(file.fd).toBeUndefined();
      const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
      const blocks = ["longer than the bound\n", "and as long again\n"];
      for (const block of blocks) expect(await written(file, block)).toBeNull();
      expect(readSync(reader, Buffer.alloc(64))).toBe(blocks.join("").length);
      // More than a pipe holds: what does not fit is lost, and the next line tries again.
      expect(await written(file, "x".repeat(2 ** 21))).toMatchObject({ code: "EAGAIN" });
      closeSync(reader);
      await file.close();
      expect([readdirSync(folder), troubles.length]).toEqual([["pipe"], 2]);
    },
  );

  // Every line after a rotation by logrotate went into the file that had been put aside, or into one that was no more.
  it.each([
    ["put aside", "edge.log.old"],
    ["taken away", null],
  ])("that somebody else has %s is made anew within a second", async (_what, aside) => {
    const path = join(folder, "edge.log");
    const file = fileOf(path, 1_000);
    await written(file, "one\n");
    if (aside === null) rmSync(path);
    else renameSync(path, join(folder, aside));
    await written(file, "two\n");
    clock.advance(1_000);
    await written(file, "three\n");
    expect(readFileSync(path, "utf8")).toBe("three\n");
    if (aside !== null) expect(readFileSync(join(folder, aside), "utf8")).toBe("one\ntwo\n");
  });

  it("that somebody else has emptied is not full", async () => {
    const path = join(folder, "edge.log");
    const file = fileOf(path, 30);
    await written(file, `${"x".repeat(40)}\n`);
    truncateSync(path);
    clock.advance(1_000);
    await written(file, "new\n");
    expect(readdirSync(folder)).toEqual(["edge.log"]);
    expect(readFileSync(path, "utf8")).toBe("new\n");
  });

  it("gives a descriptor for last words, also before its first line", async () => {
    const path = join(folder, "edge.log");
    expect(fileOf(path).fd).toBeTypeOf("number");
    expect(fileOf(join(folder, "no/edge.log")).fd).toBeUndefined();
    expect(existsSync(path)).toBe(true);
    chmodSync(path, 0o600);
  });
});
