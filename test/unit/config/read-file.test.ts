import { chmod, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readConfig } from "../../../src/config/read-file.ts";

let root = "";

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "edge-read-"));
});

afterEach(async () => {
  await rm(root, { recursive: true, force: true });
});

async function read(text: string, name = "openclaw.json") {
  await writeFile(join(root, name), text);
  return readConfig({ path: join(root, name), env: {}, cwd: root, stateDir: root });
}

describe("reading a config", () => {
  it("gives config, what was written, positions, files and revision", async () => {
    const result = await read(`{\n  gateway: { port: 8080 },\n  agents: { list: [\n    { id: "a" },\n  ] },\n}`);
    if (!result.ok) expect.fail(JSON.stringify(result.complaints));
    expect(result.config.gateway).toMatchObject({ port: 8080, bind: "loopback" });
    expect(result.written).toEqual({ gateway: { port: 8080 }, agents: { list: [{ id: "a" }] } });
    expect(result.files).toEqual([join(root, "openclaw.json")]);
    expect(result.warnings).toEqual([]);
    const place = (...path: (string | number)[]) => {
      const at = result.positions.at(path);
      return [at?.line, at?.column];
    };
    expect(place("gateway", "port")).toEqual([2, 14]);
    expect(place("gateway", "bind")).toEqual([2, 3]);
    expect(place("agents", "list", 0)).toEqual([4, 5]);
    expect(place("agents", "list", 0, "id")).toEqual([4, 7]);
    expect(place("edge", "workers")).toEqual([1, 1]);
  });

  it("has one revision for one content", async () => {
    const texts = ["{ gateway: { port: 1 } }", "{ gateway: { port: 1 } }", "{ gateway: { port: 2 } }"];
    const revisions: string[] = [];
    for (const text of texts) {
      const result = await read(text);
      revisions.push(result.ok ? result.revision : "");
    }
    expect(revisions[0]).toMatch(/^[0-9a-f]{12}$/);
    expect(revisions[1]).toBe(revisions[0]);
    expect(revisions[2]).not.toBe(revisions[0]);
  });

  it("places complaints also in a file with a byte order mark and Windows lines", async () => {
    const result = await read(`\uFEFF{\r\n  gateway: {\r\n    prt: 1 } }`);
    expect(result.ok ? [] : result.complaints).toMatchObject([{ line: 3, column: 5, path: "gateway.prt" }]);
  });

  it("says nothing more of a file with a syntax error", async () => {
    const result = await read(`{ edgy: 1, gateway: { prt 1 } }`);
    expect(result.ok ? [] : result.complaints).toMatchObject([{ code: "syntax", line: 1, column: 27 }]);
  });

  it.each<[string, string, (file: string) => Promise<void>]>([
    ["file_missing", "does not exist", (file) => rm(file)],
    ["file_too_large", "is larger than 4194304 bytes", (file) => writeFile(file, " ".repeat(4_194_305))],
    ["syntax", "is not JSON5: the text ends too early", (file) => writeFile(file, "")],
  ])("refuses with %s: %s", async (code, message, spoil) => {
    await writeFile(join(root, "openclaw.json"), "{}");
    await spoil(join(root, "openclaw.json"));
    const result = await readConfig({ path: join(root, "openclaw.json"), env: {}, cwd: root, stateDir: root });
    expect(result.ok ? [] : result.complaints).toMatchObject([
      { severity: "error", code, message, file: join(root, "openclaw.json") },
    ]);
  });

  it("refuses a folder", async () => {
    const result = await readConfig({ path: root, env: {}, cwd: root, stateDir: root });
    expect(result.ok ? [] : result.complaints).toMatchObject([
      { code: "file_unreadable", message: "is not a regular file" },
    ]);
  });

  it.skipIf(process.getuid?.() === 0)("refuses a file that it may not read", async () => {
    await writeFile(join(root, "openclaw.json"), "{}");
    await chmod(join(root, "openclaw.json"), 0);
    const result = await readConfig({ path: join(root, "openclaw.json"), env: {}, cwd: root, stateDir: root });
    expect(result.ok ? [] : result.complaints).toMatchObject([
      { code: "file_unreadable", message: "may not be read by this user" },
    ]);
  });

  it("wraps a file that OpenClaw loads, too", async () => {
    await writeFile(join(root, "openclaw.json"), `{ channels: {}, gateway: { port: 9 } }`);
    const result = await read(`{ $include: "./openclaw.json", edge: { models: { expose: "all" } } }`, "edge.json5");
    expect(result.ok && result.config).toMatchObject({ gateway: { port: 9 }, edge: { models: { expose: "all" } } });
  });
});
