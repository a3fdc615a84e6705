import { link, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readConfig } from "../../../src/config/read-file.ts";

let base = "";

beforeAll(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), "edge-include-")));
});

afterAll(async () => {
  await rm(base, { recursive: true, force: true });
});

/** Files by name; `openclaw.json` is the config. Objects are written as JSON. */
type Files = Readonly<Record<string, unknown>>;

async function write(files: Files): Promise<string> {
  const root = await mkdtemp(join(base, "case-"));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), typeof content === "string" ? content : JSON.stringify(content));
  }
  return root;
}

async function read(root: string, env: Record<string, string> = {}) {
  return readConfig({ path: join(root, "c/openclaw.json"), env, cwd: root, stateDir: root });
}

/** `file:line:column code path message`, the folder left out. */
async function complaints(root: string, env: Record<string, string> = {}): Promise<string[]> {
  const result = await read(root, env);
  const all = result.ok ? result.warnings : result.complaints;
  return all.map(({ file, line, column, code, path, message }) =>
    `${file}:${line}:${column} ${code} ${path} ${message}`.replaceAll(`${root}/`, ""),
  );
}

/** A config that includes the first of so many files, each including the next. */
const chain = (length: number): Files =>
  Object.fromEntries(
    Array.from({ length: length + 1 }, (_file, i) => [
      i === 0 ? "c/openclaw.json" : `c/${i}.json`,
      i === length ? { gateway: { port: 7 } } : { $include: `./${i + 1}.json` },
    ]),
  );

const brackets = (levels: number): string => "[".repeat(levels) + "]".repeat(levels);
const provider = (baseUrl: string) => ({ models: { providers: { p: { baseUrl } } } });

describe("$include", () => {
  it.each<[string, Files, unknown]>([
    [
      "replaces the object around it",
      { "c/openclaw.json": { logging: { $include: "./l.json5" } }, "c/l.json5": `{ level: "warn", }` },
      { logging: { level: "warn" } },
    ],
    [
      "goes to the root, with siblings on top",
      {
        "c/openclaw.json": { $include: "./base.json", edge: { workers: 1 } },
        "c/base.json": { ...provider("http://a/"), edge: { receipts: "full", workers: 2 } },
      },
      { ...provider("http://a/"), edge: { receipts: "full", workers: 1 } },
    ],
    [
      "merges a list in order: the later wins, lists are joined",
      {
        "c/openclaw.json": { $include: ["./a.json", "./b.json"], gateway: { trustedProxies: ["10.0.0.3"] } },
        "c/a.json": { gateway: { port: 1, trustedProxies: ["10.0.0.1"] }, logging: { level: "info" } },
        "c/b.json": { gateway: { port: 2, trustedProxies: ["10.0.0.2"] } },
      },
      { gateway: { port: 2, trustedProxies: ["10.0.0.1", "10.0.0.2", "10.0.0.3"] }, logging: { level: "info" } },
    ],
    [
      "is relative to the including file",
      {
        "c/openclaw.json": { $include: "./d/a.json" },
        "c/d/a.json": { $include: "./b.json" },
        "c/d/b.json": { gateway: { port: 3 } },
      },
      { gateway: { port: 3 } },
    ],
    [
      "may name a list",
      { "c/openclaw.json": { agents: { list: { $include: "./l.json" } } }, "c/l.json": [{ id: "x" }] },
      { agents: { list: [{ id: "x" }] } },
    ],
    [
      "works inside lists",
      { "c/openclaw.json": { agents: { list: [{ $include: "./x.json" }] } }, "c/x.json": { id: "x" } },
      { agents: { list: [{ id: "x" }] } },
    ],
    ["takes an empty list", { "c/openclaw.json": { logging: { $include: [] } } }, { logging: {} }],
    [
      "may name one file twice",
      { "c/openclaw.json": { $include: ["./a.json", "./a.json"] }, "c/a.json": { gateway: { port: 4 } } },
      { gateway: { port: 4 } },
    ],
    [
      "drops keys that reach a prototype",
      {
        "c/openclaw.json": { $include: "./a.json" },
        "c/a.json": `{ "__proto__": { "polluted": 1 }, "gateway": { "constructor": {} } }`,
      },
      { gateway: {} },
    ],
  ])("%s", async (_sentence, files, written) => {
    const result = await read(await write(files));
    expect(result.ok ? result.written : result.complaints).toEqual(written);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it("reaches ten files deep and not eleven", async () => {
    const ten = await read(await write(chain(10)));
    expect(ten.ok && ten.config.gateway.port).toBe(7);
    expect(await complaints(await write(chain(11)))).toEqual([
      `c/10.json:1:2 include_too_deep $include "./11.json" is more than 10 files deep`,
    ]);
  });

  it.each<[string, Files, string]>([
    [
      "a file that is not there",
      { "c/openclaw.json": { $include: "./no.json" } },
      `c/openclaw.json:1:2 file_missing $include "./no.json" does not exist`,
    ],
    [
      "a folder",
      { "c/openclaw.json": { $include: "./d" }, "c/d/x": "" },
      `c/openclaw.json:1:2 file_unreadable $include "./d" is not a regular file`,
    ],
    [
      "a file outside",
      { "c/openclaw.json": { $include: "../x.json" }, "x.json": {} },
      `c/openclaw.json:1:2 include_refused $include "../x.json" lies outside the config's folder and OPENCLAW_INCLUDE_ROOTS`,
    ],
    [
      "an absolute path outside",
      { "c/openclaw.json": { $include: "/etc/hostname" } },
      `c/openclaw.json:1:2 include_refused $include "/etc/hostname" lies outside the config's folder and OPENCLAW_INCLUDE_ROOTS`,
    ],
    [
      "a circle",
      {
        "c/openclaw.json": { $include: "./a.json" },
        "c/a.json": { $include: "./b.json" },
        "c/b.json": { logging: { $include: "./a.json" } },
      },
      `c/b.json:1:13 include_cycle logging.$include "./a.json" includes itself: a.json > b.json > a.json`,
    ],
    [
      "the config itself",
      { "c/openclaw.json": { $include: "./openclaw.json" } },
      `c/openclaw.json:1:2 include_cycle $include "./openclaw.json" includes itself`,
    ],
    [
      "a number",
      { "c/openclaw.json": { $include: 5 } },
      "c/openclaw.json:1:2 include_invalid $include must be a path or a list of paths",
    ],
    [
      "a list with an empty path",
      { "c/openclaw.json": { $include: [""] } },
      "c/openclaw.json:1:14 include_invalid $include must be a path or a list of paths",
    ],
    [
      "a path with a NUL",
      { "c/openclaw.json": `{ $include: "a\\0b" }` },
      "c/openclaw.json:1:3 include_invalid $include must be a path or a list of paths",
    ],
    [
      "a list with siblings",
      { "c/openclaw.json": { agents: { $include: "./l.json", list: [] } }, "c/l.json": [] },
      "c/openclaw.json:1:12 include_invalid agents.$include must name objects: other keys stand next to it",
    ],
    [
      "a file above 2 MiB",
      { "c/openclaw.json": { $include: "./a.json" }, "c/a.json": `{}${" ".repeat(2_097_152)}` },
      `c/openclaw.json:1:2 file_too_large $include "./a.json" is larger than 2097152 bytes`,
    ],
    [
      "broken JSON5",
      { "c/openclaw.json": { $include: "./a.json" }, "c/a.json": `{\n  a: }` },
      `c/a.json:2:6 syntax  is not JSON5: unexpected "}"`,
    ],
  ])("refuses %s", async (_sentence, files, complaint) => {
    expect(await complaints(await write(files))).toEqual([complaint]);
  });

  it("bounds the whole, not only each file", async () => {
    const filler = `{ logging: {} /*${"x".repeat(2_000_000)}*/ }`;
    const files = {
      "c/openclaw.json": { $include: ["./a.json", "./b.json", "./a.json"] },
      "c/a.json": filler,
      "c/b.json": filler,
    };
    expect(await complaints(await write(files))).toEqual([
      `c/openclaw.json:1:36 file_too_large $include "./a.json" makes the config larger than 4194304 bytes`,
    ]);
  });

  it("bounds the nesting of the whole, not only of each file", async () => {
    const files = {
      "c/openclaw.json": `{ meta: ${"[".repeat(20)}{ $include: "./a.json" }${"]".repeat(20)} }`,
      "c/a.json": brackets(20),
    };
    expect(await complaints(await write(files))).toContainEqual(expect.stringMatching(/^c\/a\.json:1:12 too_deep /));
  });

  it("says every error of every file at once, each where it was written", async () => {
    const root = await write({
      "c/openclaw.json": `{\n  $include: ["./a.json5", "./no.json"],\n  gateway: { prt: 1 },\n}`,
      "c/a.json5": `{\n  // of the base\n  models: { providers: { p: {\n    baseURL: "x" } } },\n  gateway: { bind: "lann" },\n}`,
    });
    expect(await complaints(root)).toEqual([
      `c/openclaw.json:2:27 file_missing $include "./no.json" does not exist`,
      "c/a.json5:4:5 unknown_key models.providers.p.baseURL is not a key of the config",
      `c/a.json5:5:14 wrong_value gateway.bind must be "loopback", "lan", "tailnet", "custom" or "auto", not "lann"`,
      "c/openclaw.json:3:14 unknown_key gateway.prt is not a key of the config",
    ]);
  });
});

describe("where included files may lie", () => {
  it("follows a symbolic link that stays inside", async () => {
    const root = await write({ "c/openclaw.json": { $include: "./l.json" }, "c/d/a.json": { gateway: { port: 5 } } });
    await symlink(join(root, "c/d/a.json"), join(root, "c/l.json"));
    const result = await read(root);
    expect(result.ok && result.config.gateway.port).toBe(5);
  });

  it("refuses a symbolic link that leads outside", async () => {
    const root = await write({ "c/openclaw.json": { $include: "./l.json" }, "secret.json": {} });
    await symlink(join(root, "secret.json"), join(root, "c/l.json"));
    expect(await complaints(root)).toEqual([expect.stringContaining("include_refused")]);
  });

  it("refuses a folder that is a symbolic link to the outside", async () => {
    const root = await write({ "c/openclaw.json": { $include: "./d/a.json" }, "out/a.json": {} });
    await symlink(join(root, "out"), join(root, "c/d"));
    expect(await complaints(root)).toEqual([expect.stringContaining("include_refused")]);
  });

  it("refuses a file with a second name", async () => {
    const root = await write({ "c/openclaw.json": { $include: "./a.json" }, "other.json": {} });
    await link(join(root, "other.json"), join(root, "c/a.json"));
    expect(await complaints(root)).toEqual([
      `c/openclaw.json:1:2 include_refused $include "./a.json" has extra hard links`,
    ]);
  });

  it("opens the folders of OPENCLAW_INCLUDE_ROOTS, and of absolute ones only", async () => {
    const root = await write({
      "c/openclaw.json": { $include: "../shared/a.json" },
      "shared/a.json": { gateway: { port: 6 } },
    });
    const result = await read(root, { OPENCLAW_INCLUDE_ROOTS: `/nowhere:${root}/shared` });
    expect(result.ok && result.config.gateway.port).toBe(6);
    expect(await complaints(root, { OPENCLAW_INCLUDE_ROOTS: "shared" })).toEqual([
      expect.stringContaining("include_refused"),
    ]);
  });

  it("lets the config itself be a symbolic link, as a mounted ConfigMap is", async () => {
    const root = await write({
      "c/..data/openclaw.json": { $include: "./a.json" },
      "c/..data/a.json": { gateway: { port: 8 } },
    });
    await symlink(join(root, "c/..data/openclaw.json"), join(root, "c/openclaw.json"));
    await symlink(join(root, "c/..data/a.json"), join(root, "c/a.json"));
    const result = await read(root);
    expect(result.ok && result.config.gateway.port).toBe(8);
    expect(result.files).toEqual([join(root, "c/openclaw.json"), join(root, "c/..data/a.json")]);
  });
});
